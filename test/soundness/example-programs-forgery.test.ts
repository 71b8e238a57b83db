/**
 * A forger against the example programs: calls that succeed and calls that halt, with witnesses that no honest prover makes.
 * A refused call must have no proof, and an accepted one must give the outputs that the program means.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCall } from '../support/attack/check-call.ts';
import { random } from '../support/avm/functions.ts';
import { Ledger, player } from '../support/program/example-ledger.ts';

const [alice, bob, carol] = [1, 2, 3].map(player);
/** Forged witnesses for each call. */
const BUDGET = 150;

/** Attacks every call that was made on a ledger; how many there were of each outcome. */
function attack({ program, calls }: Ledger, seed: number): { proven: number; halted: number } {
  const rng = random(seed);
  const count = { proven: 0, halted: 0 };
  let tried = 0;
  for (const { name, inputs, signer } of calls) {
    const context = { signer, caller: signer };
    const call = checkCall({ program, name, inputs, context, random: rng, budget: BUDGET });
    count[call.halts ? 'halted' : 'proven']++;
    tried += call.tried;
  }
  // Without advice, every value follows from the inputs: there is little to forge.
  const free = calls.some(({ name }) => program.functions.get(name)!.lowered.fn.adviceCount > 0);
  assert.ok(tried >= (free ? 500 : 1), `only ${tried} witnesses tried`);
  return count;
}

test('bank.aleo: interest of another period, account or bank; an overdraft', () => {
  const ledger = new Ledger('bank');
  const [cash] = ledger.call(carol, 'issue', alice.address, 1_000n);
  ledger.refuses('HALT_OVERFLOW', alice, 'pay', cash, bob.address, 1_001n);
  ledger.refuses('HALT_ASSERTION', carol, 'offer', alice.address, 7n, 10_001n, 5n, 1n);
  const [terms] = ledger.call(carol, 'offer', alice.address, 7n, 777n, 5n, 1_000n);
  const [savings] = ledger.call(alice, 'open', cash, terms);
  for (const [by, account, period] of [
    [carol, 7n, 7n],
    [carol, 8n, 6n],
    [alice, 7n, 6n],
  ] as const) {
    const [notice] = ledger.call(by, 'end_period', alice.address, account, period);
    ledger.refuses('HALT_ASSERTION', alice, 'accrue', savings, notice);
  }
  const [due] = ledger.call(carol, 'end_period', alice.address, 7n, 6n);
  const [grown] = ledger.call(alice, 'accrue', savings, due);
  ledger.call(alice, 'close', grown);
  assert.deepEqual(attack(ledger, 1), { proven: 9, halted: 5 });
});

test('auction.aleo: the lower bid, a bid below the reserve', () => {
  const ledger = new Ledger('auction');
  const [lot] = ledger.call(carol, 'offer', '7field', 50n);
  const [low, high] = [40n, 45n].map((amount, k) => {
    const bidder = [alice, bob][k];
    const [chip] = ledger.call(carol, 'sell_chips', bidder.address, 100n);
    ledger.refuses('HALT_OVERFLOW', bidder, 'place_bid', chip, '7field', 101n);
    return ledger.call(bidder, 'place_bid', chip, '7field', amount)[0];
  });
  const [kept] = ledger.call(carol, 'resolve', low, high);
  ledger.refuses('HALT_ASSERTION', carol, 'finish', lot, kept);
  assert.deepEqual(attack(ledger, 2), { proven: 6, halted: 3 });
});

test('vote.aleo and nft.aleo: more votes than tickets, a sold-out press, another content', () => {
  const vote = new Ledger('vote');
  const [first, second] = [1, 2].map(() => vote.call(carol, 'propose', '4field', '1field')[0]);
  const [one, ticket] = vote.call(carol, 'invite', first, alice.address);
  const [, other] = vote.call(carol, 'invite', second, bob.address);
  const [yes] = vote.call(alice, 'agree', ticket);
  const [no] = vote.call(bob, 'disagree', other);
  const [both] = vote.call(carol, 'tally', yes, no);
  vote.refuses('HALT_ASSERTION', carol, 'close', one, both);
  assert.deepEqual(attack(vote, 3), { proven: 7, halted: 1 });

  const nft = new Ledger('nft');
  nft.refuses('HALT_ASSERTION', carol, 'create', '7field', 0n);
  const [press] = nft.call(carol, 'create', '7field', 1n);
  const [empty, piece] = nft.call(carol, 'mint', press, alice.address, '1field');
  nft.refuses('HALT_ASSERTION', carol, 'mint', empty, alice.address, '1field');
  nft.refuses('HALT_ASSERTION', alice, 'show', piece, bob.address, ['1field', '2field'], '3field');
  assert.deepEqual(attack(nft, 4), { proven: 2, halted: 3 });
});

test('escrow.aleo: words of others, of another kind, too much', () => {
  const ledger = new Ledger('escrow');
  const [cash] = ledger.call(carol, 'issue', alice.address, 100n);
  const [deposit] = ledger.call(alice, 'lock', cash, bob.address, carol.address, '9field');
  const say = (who: typeof alice, kind: bigint) =>
    ledger.call(who, 'say', carol.address, `${deposit.data.deal}field`, kind)[0];
  ledger.refuses('HALT_ASSERTION', carol, 'say', carol.address, '1field', 4n);
  ledger.refuses('HALT_ASSERTION', carol, 'release', deposit, say(carol, 1n));
  ledger.refuses('HALT_ASSERTION', carol, 'refund', deposit, say(alice, 2n));
  ledger.refuses('HALT_ASSERTION', carol, 'decide', deposit, say(carol, 3n), 5n);
  const dispute = say(bob, 3n);
  ledger.refuses('HALT_OVERFLOW', carol, 'decide', deposit, dispute, 101n);
  ledger.call(carol, 'decide', deposit, dispute, 60n);
  assert.deepEqual(attack(ledger, 5), { proven: 7, halted: 5 });
});

test('tictactoe.aleo: taken and outside cells, a line that is none', () => {
  const ledger = new Ledger('tictactoe');
  let [game] = ledger.call(alice, 'invite', bob.address, '5field');
  for (const [turn, cell] of [0n, 3n, 1n, 4n, 2n].entries()) {
    const mover = turn % 2 === 0 ? bob : alice;
    ledger.refuses('HALT_ASSERTION', mover, 'move', game, 3n, 0n);
    if (turn > 0) ledger.refuses('HALT_ASSERTION', mover, 'move', game, 0n, 0n);
    [game] = ledger.call(mover, 'move', game, cell % 3n, cell / 3n);
  }
  ledger.refuses('HALT_ASSERTION', alice, 'move', game, 2n, 2n);
  ledger.refuses('HALT_ASSERTION', alice, 'resign', game);
  assert.deepEqual(attack(ledger, 6), { proven: 6, halted: 11 });
});

test('battleship.aleo: invalid fleets, a false answer, a shot that does not fit', () => {
  const ledger = new Ledger('battleship');
  const fleet = [0n, 1n, 2n, 3n].map((y) => ({ x: 0n, y, down: false }));
  const replaced = (i: number, x: bigint, y: bigint, down: boolean) =>
    fleet.map((old, k) => (k === i ? { x, y, down } : old));
  for (const ships of [replaced(0, 4n, 0n, false), replaced(3, 0n, 0n, true), replaced(1, 7n, 5n, true)])
    ledger.refuses('HALT_ASSERTION', alice, 'place', bob.address, ships, '1field');
  const place = (who: typeof alice, rival: typeof alice) =>
    ledger.call(who, 'place', rival.address, fleet, '1field')[0];
  const healed = place(alice, bob);
  const [a, invitation] = ledger.call(alice, 'challenge', place(alice, bob));
  const [b, shot] = ledger.call(bob, 'accept', place(bob, alice), invitation, 1n, 1n);
  ledger.refuses('HALT_ASSERTION', alice, 'play', healed, shot, 1n, 1n);
  ledger.refuses('HALT_ASSERTION', alice, 'claim', a, shot);
  const [, answer] = ledger.call(alice, 'play', a, shot, 5n, 5n);
  assert.equal(answer.data.hit, true);
  ledger.refuses('HALT_ASSERTION', bob, 'play', b, answer, 1n, 1n);
  const [, miss] = ledger.call(bob, 'play', b, answer, 2n, 1n);
  assert.equal(miss.data.hit, false);
  assert.deepEqual(attack(ledger, 7), { proven: 7, halted: 6 });
});
