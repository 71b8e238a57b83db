/** bank.aleo, auction.aleo, escrow.aleo: what they do, what they refuse, and the attacks on their own logic. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Ledger, player } from '../../support/program/example-ledger.ts';

const [alice, bob, carol, mallory] = [1, 2, 3, 4].map(player);
const U64_MAX = (1n << 64n) - 1n;

describe('bank.aleo', () => {
  const bank = carol;
  /** Alice has opened account 7 with `amount` at `rate`, interest from the end of period 5. */
  function opened(amount: bigint, rate = 500n, most = U64_MAX) {
    const ledger = new Ledger('bank');
    const [cash] = ledger.call(bank, 'issue', alice.address, amount);
    const [terms] = ledger.call(bank, 'offer', alice.address, 7n, rate, 5n, most);
    const [savings, opening] = ledger.call(alice, 'open', cash, terms);
    return { ledger, savings, opening };
  }

  test('cash is issued, paid and joined', () => {
    const ledger = new Ledger('bank');
    const [cash] = ledger.call(bank, 'issue', alice.address, 100n);
    const [paid, rest] = ledger.call(alice, 'pay', cash, bob.address, 30n);
    assert.deepEqual(paid.data, { owner: bob.address, bank: bank.address, amount: 30n });
    assert.deepEqual(rest.data, { owner: alice.address, bank: bank.address, amount: 70n });
    const [back] = ledger.call(bob, 'pay', paid, alice.address, 30n);
    assert.equal(ledger.call(alice, 'join', rest, back)[0].data.amount, 100n);
    assert.equal(ledger.total('amount', 'cash'), 100n);
  });

  test('interest of three periods, rounded down each time; closing gives all of it', () => {
    const { ledger, savings, opening } = opened(1_000n);
    assert.deepEqual(opening.data, {
      owner: bank.address,
      customer: alice.address,
      account: 7n,
      amount: 1_000n,
    });
    let account = savings;
    for (const [period, balance] of [
      [6n, 1_050n],
      [7n, 1_102n],
      [8n, 1_157n],
    ]) {
      const [notice] = ledger.call(bank, 'end_period', alice.address, 7n, period);
      [account] = ledger.call(alice, 'accrue', account, notice);
      assert.equal(account.data.balance, balance);
      assert.equal(account.data.period, period);
    }
    const [cash] = ledger.call(alice, 'close', account);
    assert.deepEqual(cash.data, { owner: alice.address, bank: bank.address, amount: 1_157n });
  });

  test('interest is floor(balance * rate / 10000) for any balance that does not overflow', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: U64_MAX / 2n }), fc.bigInt({ min: 0n, max: 10_000n }), (b, r) => {
        const { ledger, savings } = opened(b, r);
        const [notice] = ledger.call(bank, 'end_period', alice.address, 7n, 6n);
        const [after] = ledger.call(alice, 'accrue', savings, notice);
        assert.equal(after.data.balance, b + (b * r) / 10_000n);
      }),
      { numRuns: 25 },
    );
  });

  test('refuses to overdraw, to exceed the terms, to overflow, and usury', () => {
    const ledger = new Ledger('bank');
    const [cash] = ledger.call(bank, 'issue', alice.address, 100n);
    ledger.refuses('HALT_OVERFLOW', alice, 'pay', cash, bob.address, 101n);
    const [terms] = ledger.call(bank, 'offer', alice.address, 7n, 500n, 5n, 99n);
    ledger.refuses('HALT_ASSERTION', alice, 'open', cash, terms);
    ledger.refuses('HALT_ASSERTION', bank, 'offer', alice.address, 7n, 10_001n, 5n, 99n);
    const rich = opened(U64_MAX, 10_000n);
    const [notice] = rich.ledger.call(bank, 'end_period', alice.address, 7n, 6n);
    rich.ledger.refuses('HALT_OVERFLOW', alice, 'accrue', rich.savings, notice);
    assert.equal(rich.ledger.call(alice, 'close', rich.savings)[0].data.amount, U64_MAX);
  });

  test('attack: interest twice, of a period that is not next, of another account, of an own bank', () => {
    const { ledger, savings } = opened(1_000n);
    const [notice] = ledger.call(bank, 'end_period', alice.address, 7n, 6n);
    const [skipping] = ledger.call(bank, 'end_period', alice.address, 7n, 7n);
    const [other] = ledger.call(bank, 'end_period', alice.address, 8n, 6n);
    const [forged] = ledger.call(alice, 'end_period', alice.address, 7n, 6n);
    for (const wrong of [skipping, other, forged])
      ledger.refuses('HALT_ASSERTION', alice, 'accrue', savings, wrong);
    const [after] = ledger.call(alice, 'accrue', savings, notice);
    const [again] = ledger.call(bank, 'end_period', alice.address, 7n, 6n);
    ledger.refuses('HALT_ASSERTION', alice, 'accrue', after, again);
    assert.throws(() => ledger.call(alice, 'accrue', savings, again), /this record is spent/);
  });

  test('attack: self-made money in place of the bank’s, somebody else’s money', () => {
    const { ledger } = opened(1_000n);
    const [own] = ledger.call(mallory, 'issue', mallory.address, 1_000_000n);
    const [real] = ledger.call(bank, 'issue', mallory.address, 1n);
    ledger.refuses('HALT_ASSERTION', mallory, 'join', real, own);
    const [terms] = ledger.call(bank, 'offer', mallory.address, 9n, 500n, 5n, U64_MAX);
    ledger.refuses('HALT_ASSERTION', mallory, 'open', own, terms);
    const [alices] = ledger.call(bank, 'issue', alice.address, 5n);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'pay', alices, mallory.address, 5n);
  });
});

describe('auction.aleo', () => {
  const house = carol;
  const ITEM = 77n;
  function bidding(...bids: [who: typeof alice, chips: bigint, amount: bigint][]) {
    const ledger = new Ledger('auction');
    const [lot] = ledger.call(house, 'offer', `${ITEM}field`, 50n);
    const made = bids.map(([who, chips, amount]) => {
      const [chip] = ledger.call(house, 'sell_chips', who.address, chips);
      return ledger.call(who, 'place_bid', chip, `${ITEM}field`, amount)[0];
    });
    return { ledger, lot, bids: made };
  }

  test('three bids: the highest wins and pays its price, the others get their chips back', () => {
    const { ledger, lot, bids } = bidding([alice, 100n, 60n], [bob, 90n, 90n], [mallory, 70n, 70n]);
    const [first] = ledger.call(house, 'resolve', bids[0], bids[1]);
    const [winner] = ledger.call(house, 'resolve', first, bids[2]);
    const [prize, price] = ledger.call(house, 'finish', lot, winner);
    assert.deepEqual(prize.data, { owner: bob.address, house: house.address, item: ITEM, price: 90n });
    assert.deepEqual(price.data, { owner: house.address, house: house.address, amount: 90n });
    const chips = (who: typeof alice) => ledger.of(who, 'chip').map(({ data }) => data.amount);
    assert.deepEqual(chips(alice), [40n, 60n]);
    assert.deepEqual(chips(bob), [0n]);
    assert.deepEqual(chips(mallory), [0n, 70n]);
    assert.equal(ledger.total('amount', 'chip', 'bid'), 260n);
  });

  test('any two bids, in any order: the higher is kept, chips are kept', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: U64_MAX / 2n }),
        fc.bigInt({ min: 1n, max: U64_MAX / 2n }),
        (x, y) => {
          const { ledger, bids } = bidding([alice, x, x], [bob, y, y]);
          const [kept, back] = ledger.call(house, 'resolve', bids[0], bids[1]);
          assert.deepEqual(
            [kept.data.bidder, kept.data.amount, back.data.owner, back.data.amount],
            x >= y ? [alice.address, x, bob.address, y] : [bob.address, y, alice.address, x],
          );
          assert.equal(ledger.total('amount', 'chip', 'bid'), x + y);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a bid below the reserve does not buy, and is paid back', () => {
    const { ledger, lot, bids } = bidding([alice, 49n, 49n]);
    ledger.refuses('HALT_ASSERTION', house, 'finish', lot, bids[0]);
    const [chip] = ledger.call(house, 'turn_down', bids[0]);
    assert.deepEqual(chip.data, { owner: alice.address, house: house.address, amount: 49n });
  });

  test('attack: bids without chips, of nothing, lowered, taken back, with chips of another house', () => {
    const { ledger, lot, bids } = bidding([alice, 60n, 60n]);
    const [chip] = ledger.call(house, 'sell_chips', mallory.address, 10n);
    ledger.refuses('HALT_OVERFLOW', mallory, 'place_bid', chip, `${ITEM}field`, 11n);
    ledger.refuses('HALT_ASSERTION', mallory, 'place_bid', chip, `${ITEM}field`, 0n);
    // A bid is the house's: its bidder can neither lower it nor take it back.
    ledger.refuses('VALUE_NOT_OWNED', alice, 'turn_down', bids[0]);
    const [own] = ledger.call(mallory, 'sell_chips', mallory.address, 1_000n);
    ledger.refuses('HALT_ASSERTION', mallory, 'join_chips', chip, own);
    const [elsewhere] = ledger.call(mallory, 'place_bid', own, `${ITEM}field`, 1_000n);
    assert.equal(elsewhere.data.owner, mallory.address);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'finish', lot, elsewhere);
    ledger.refuses('VALUE_NOT_OWNED', house, 'resolve', bids[0], elsewhere);
  });

  test('attack: the house compares bids for different items, sells another item, or sells twice', () => {
    const { ledger, lot, bids } = bidding([alice, 60n, 60n]);
    const [chip] = ledger.call(house, 'sell_chips', bob.address, 80n);
    const [other] = ledger.call(bob, 'place_bid', chip, '78field', 80n);
    ledger.refuses('HALT_ASSERTION', house, 'resolve', bids[0], other);
    ledger.refuses('HALT_ASSERTION', house, 'finish', lot, other);
    ledger.call(house, 'finish', lot, bids[0]);
    assert.throws(() => ledger.call(house, 'finish', lot, bids[0]), /this record is spent/);
  });
});

describe('escrow.aleo', () => {
  const [buyer, seller, arbiter] = [alice, bob, carol];
  function locked(amount = 100n) {
    const ledger = new Ledger('escrow');
    const [cash] = ledger.call(arbiter, 'issue', buyer.address, amount);
    const [deposit, pledge] = ledger.call(buyer, 'lock', cash, seller.address, arbiter.address, '9field');
    const say = (who: typeof alice, kind: bigint, deal: bigint = deposit.data.deal) =>
      ledger.call(who, 'say', arbiter.address, `${deal}field`, kind)[0];
    return { ledger, deposit, pledge, say };
  }

  test('locking gives the arbiter the money and the seller a pledge', () => {
    const { deposit, pledge } = locked();
    const { deal } = deposit.data;
    const issuer = arbiter.address;
    assert.deepEqual(deposit.data, {
      owner: arbiter.address,
      issuer,
      buyer: buyer.address,
      seller: seller.address,
      amount: 100n,
      deal,
    });
    assert.deepEqual(pledge.data, {
      owner: seller.address,
      issuer,
      arbiter: arbiter.address,
      amount: 100n,
      deal,
    });
  });

  test('the buyer confirms: the seller is paid; the seller cancels: the buyer is', () => {
    const one = locked();
    const [paid] = one.ledger.call(arbiter, 'release', one.deposit, one.say(buyer, 1n));
    assert.deepEqual([paid.data.owner, paid.data.amount], [seller.address, 100n]);
    const two = locked();
    const [back] = two.ledger.call(arbiter, 'refund', two.deposit, two.say(seller, 2n));
    assert.deepEqual([back.data.owner, back.data.amount], [buyer.address, 100n]);
  });

  test('a dispute of either lets the arbiter divide, and only divide', () => {
    for (const who of [buyer, seller]) {
      const { ledger, deposit, say } = locked();
      const word = say(who, 3n);
      ledger.refuses('HALT_OVERFLOW', arbiter, 'decide', deposit, word, 101n);
      const [toSeller, toBuyer] = ledger.call(arbiter, 'decide', deposit, word, 40n);
      assert.deepEqual([toSeller.data.owner, toSeller.data.amount], [seller.address, 40n]);
      assert.deepEqual([toBuyer.data.owner, toBuyer.data.amount], [buyer.address, 60n]);
      assert.equal(ledger.total('amount', 'cash', 'deposit'), 100n);
    }
  });

  test('attack: the arbiter without a word, with the wrong one, with one of its own or of another deal', () => {
    const { ledger, deposit, say } = locked();
    const [confirm, cancel, dispute] = [1n, 2n, 3n].map((kind) => (who: typeof alice) => say(who, kind));
    for (const word of [
      cancel(buyer),
      dispute(buyer),
      confirm(seller),
      confirm(arbiter),
      confirm(mallory),
      say(buyer, 1n, 5n),
    ])
      ledger.refuses('HALT_ASSERTION', arbiter, 'release', deposit, word);
    for (const word of [
      confirm(seller),
      dispute(seller),
      cancel(buyer),
      cancel(arbiter),
      say(seller, 2n, 5n),
    ])
      ledger.refuses('HALT_ASSERTION', arbiter, 'refund', deposit, word);
    for (const word of [
      confirm(buyer),
      cancel(seller),
      dispute(arbiter),
      dispute(mallory),
      say(buyer, 3n, 5n),
    ])
      ledger.refuses('HALT_ASSERTION', arbiter, 'decide', deposit, word, 100n);
    for (const kind of [0n, 4n, 255n])
      ledger.refuses('HALT_ASSERTION', buyer, 'say', arbiter.address, '1field', kind);
  });

  test('attack: a party moves the money, locks with itself, uses a word twice', () => {
    const { ledger, deposit, say } = locked();
    for (const who of [buyer, seller, mallory]) {
      ledger.refuses('VALUE_NOT_OWNED', who, 'release', deposit, say(buyer, 1n));
    }
    const [cash] = ledger.call(arbiter, 'issue', buyer.address, 1n);
    const lock = (by: typeof alice, to: typeof alice, judge: typeof alice) =>
      ledger.refuses('HALT_ASSERTION', by, 'lock', cash, to.address, judge.address, '9field');
    lock(buyer, buyer, arbiter);
    lock(buyer, seller, buyer);
    lock(buyer, seller, seller);
    const word = say(buyer, 1n);
    ledger.call(arbiter, 'release', deposit, word);
    const [second] = ledger.call(buyer, 'lock', cash, seller.address, arbiter.address, '9field');
    assert.throws(() => ledger.call(arbiter, 'release', second, word), /this record is spent/);
  });

  test('split and join keep the sum, and never mix issuers', () => {
    const ledger = new Ledger('escrow');
    const [cash] = ledger.call(arbiter, 'issue', alice.address, 10n);
    const [left, right] = ledger.call(alice, 'split', cash, 3n);
    assert.deepEqual([left.data.amount, right.data.amount], [3n, 7n]);
    const [own] = ledger.call(alice, 'issue', alice.address, 10n);
    ledger.refuses('HALT_ASSERTION', alice, 'join', left, own);
    ledger.refuses('HALT_OVERFLOW', alice, 'split', left, 4n);
    assert.equal(ledger.call(alice, 'join', left, right)[0].data.amount, 10n);
  });
});
