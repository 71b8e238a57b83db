/** A client's refusals: typed errors before anything is signed or proven. No proofs are made. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { AzaleaError } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/field.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../../pxe/client/program.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { giveTokens, openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import { CountingProver, type FakeRollup } from '../../support/wallet/fake-rollup.ts';

const U64_MAX = 2n ** 64n - 1n;

let rollup: FakeRollup;
let url: string;
let prover: CountingProver;
let azalea: Azalea;
let alice: ClientAccount;
let bob: ClientAccount;
let token: ClientProgram;

before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());

beforeEach(async () => {
  prover = new CountingProver();
  azalea = await openFakeClient(rollup, url, { prover });
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  token = await azalea.programs.load(exampleSource('token'));
});
afterEach(async () => {
  rollup.refuseWith = undefined;
  await azalea.close();
});

const give = (to: ClientAccount, ...amounts: bigint[]): Promise<Field[]> =>
  giveTokens(rollup, azalea, token, to, ...amounts);

/** Requires this code, by simulating and by sending, without a proof; returns the error. */
async function refused(
  code: string,
  call: () => ReturnType<ClientProgram['functions'][string]>,
  from: ClientAccount = alice,
): Promise<AzaleaError> {
  const proofs = prover.calls;
  let error: unknown;
  for (const work of [() => call().simulate({ from }), () => call().send({ from })]) {
    await assert.rejects(
      async () => work(),
      (caught) => {
        error = caught;
        assert.ok(caught instanceof AzaleaError, String(caught));
        assert.equal(caught.code, code, caught.message);
        return true;
      },
    );
  }
  assert.equal(prover.calls, proofs, 'it was proven before it was refused');
  assert.equal(azalea.pxe.transactions.list().filter(({ state }) => state === 'made').length, 0);
  return error as AzaleaError;
}

const rejects = (code: string, work: () => Promise<unknown>): Promise<void> =>
  assert.rejects(work, (error: AzaleaError) => {
    assert.equal(error.code, code, String(error));
    return true;
  });

describe('programs and functions', () => {
  test('an unknown function', async () => {
    const error = await refused('PROGRAM_NO_SUCH_FUNCTION', () => token.functions.steal(1n));
    assert.match(error.message, /token\.aleo has no function steal: it has mint, transfer/);
  });

  test('an unknown program, one that does not parse, and its unknown record', async () => {
    assert.throws(
      () => azalea.pxe.programs.get(5n),
      (error: AzaleaError) => error.code === 'PROGRAM_UNKNOWN',
    );
    await rejects('PROGRAM_SYNTAX', () => azalea.programs.load('program token.aleo'));
    assert.throws(
      () => azalea.balance(alice, token, 'coin'),
      (error: AzaleaError) => error.code === 'PROGRAM_NO_SUCH_RECORD',
    );
  });
});

describe('arguments', () => {
  test('too few and too many', async () => {
    const error = await refused('CALL_ARGUMENT_COUNT', () => token.functions.mint(alice.address));
    assert.match(error.message, /token\.aleo\/mint takes 2 arguments \(address, u64\), got 1/);
    await refused('CALL_ARGUMENT_COUNT', () => token.functions.mint(alice.address, 1n, 2n));
  });

  test('of the wrong type', async () => {
    const error = await refused('VALUE_TYPE_MISMATCH', () => token.functions.mint(alice.address, '5u32'));
    assert.match(error.message, /argument 2 of token\.aleo\/mint/);
    await refused('VALUE_TYPE_MISMATCH', () => token.functions.mint(alice.address, true));
    await refused('VALUE_TYPE_MISMATCH', () => token.functions.mint(5n, 5n));
    await refused('CALL_RECORD_ARGUMENT', () => token.functions.burn('5u64', 1n));
    await refused('CALL_RECORD_ARGUMENT', () => token.functions.burn({ atLeast: '5' }, 1n));
  });

  test('out of range', async () => {
    await refused('VALUE_OUT_OF_RANGE', () => token.functions.mint(alice.address, U64_MAX + 1n));
    await refused('VALUE_OUT_OF_RANGE', () => token.functions.mint(alice.address, -1n));
  });

  test('a mistyped address, every single character of it', async () => {
    const text = bob.address;
    await give(alice, 10n);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'q' ? 'p' : 'q';
      const mistyped = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
      await assert.rejects(
        async () => token.functions.transfer({ atLeast: 1n }, mistyped, 1n).simulate({ from: alice }),
        (error: AzaleaError) => {
          assert.match(
            error.code,
            /^(TEXT_FORM|TEXT_KIND|VALUE_INVALID|VALUE_TYPE_MISMATCH|PROGRAM_LITERAL_INVALID)$/,
          );
          return true;
        },
        `position ${at}`,
      );
    }
    await assert.rejects(
      () => azalea.accounts.import(text),
      (error: AzaleaError) => error.code === 'TEXT_KIND' && !error.message.includes(text),
    );
  });
});

describe('what halts', () => {
  test('overflow names program, function, line and values', async () => {
    await give(alice, 100n);
    const error = await refused('HALT_OVERFLOW', () =>
      token.functions.transfer({ atLeast: 100n }, bob.address, 101n),
    );
    assert.match(error.message, /token\.aleo\/transfer/);
    assert.match(error.message, /line 20|:20/);
    assert.match(error.message, /100u64/);
    assert.match(error.message, /101u64/);
  });

  test('joining more than fits', async () => {
    const [a, b] = await give(alice, U64_MAX, 1n);
    await refused('HALT_OVERFLOW', () => token.functions.join(a, b));
  });
});

describe('records', () => {
  test('insufficient balance says what there is and what helps', async () => {
    const none = await refused('INSUFFICIENT_BALANCE', () =>
      token.functions.transfer({ atLeast: 1n }, bob.address, 1n),
    );
    assert.deepEqual(none.details, { needed: '1', available: '0', waiting: '0' });
    await give(alice, 6n, 7n);
    const join = await refused('INSUFFICIENT_BALANCE', () =>
      token.functions.transfer({ atLeast: 10n }, bob.address, 10n),
    );
    assert.match(join.message, /hold 13 together, but none holds 10: join some first/);
    const less = await refused('INSUFFICIENT_BALANCE', () =>
      token.functions.transfer({ atLeast: 14n }, bob.address, 14n),
    );
    assert.doesNotMatch(less.message, /join/);
    assert.deepEqual(less.details, { needed: '14', available: '13', waiting: '0' });
  });

  test('the smallest sufficient one is chosen, of the right account and type', async () => {
    const [, seven] = await give(alice, 9n, 7n, 2n);
    await give(bob, 7n);
    const { spends } = await token.functions.burn({ atLeast: 5n }, 1n).simulate({ from: alice });
    assert.deepEqual(spends, [seven]);
  });

  test("somebody else's, of another type, made up", async () => {
    const [theirs] = await give(bob, 5n);
    await refused('RECORD_NOT_OWNED', () => token.functions.burn(theirs, 1n));
    const { ownerHash } = await azalea.pxe.deposits.take(azalea.addressOf(alice));
    const { typeId } = rollup.credits.records.get('credits')!;
    rollup.settle([], [{ ownerHash, typeId, data: [5n] }]);
    await azalea.sync();
    const [credits] = azalea.records(alice);
    await refused('RECORD_TYPE', () => token.functions.burn(credits.commitment, 1n));
    await refused('RECORD_NOT_SETTLED', () => token.functions.burn(12345n, 1n));
    await refused('RECORD_MEMBER', () => token.functions.burn({ atLeast: 1n, member: 'price' }, 1n));
  });

  test('one made in a transaction cannot be spent before that has settled, then it can', async () => {
    const mint = { program: token.program, functionName: 'mint', args: [alice.address, 50n] };
    const { authorization } = await azalea.pxe.authorize({ ...mint, signer: azalea.addressOf(alice) });
    const [made] = authorization.signals.commitments;
    const error = await refused('RECORD_NOT_SETTLED', () => token.functions.burn(made, 1n));
    assert.match(error.message, /once the transaction that made it has settled/);
    rollup.settle([authorization]);
    await azalea.sync();
    const { spends } = await token.functions.burn(made, 1n).simulate({ from: alice });
    assert.deepEqual(spends, [made]);
  });

  test('one record cannot be two inputs', async () => {
    const [only] = await give(alice, 5n);
    await refused('RECORD_LOCKED', () => token.functions.join(only, only));
    await refused('INSUFFICIENT_BALANCE', () => token.functions.join({ atLeast: 1n }, { atLeast: 1n }));
  });

  test('one that a waiting transaction spends is locked; a dropped transaction frees it', async () => {
    const [record] = await give(alice, 5n);
    const sent = await token.functions.burn(record, 1n).send({ from: alice });
    assert.equal(prover.calls, 1);
    await refused('RECORD_LOCKED', () => token.functions.burn(record, 2n));
    const error = await refused('INSUFFICIENT_BALANCE', () => token.functions.burn({ atLeast: 5n }, 2n));
    assert.match(error.message, /5 more wait for a transaction to settle/);
    rollup.accepted.set(sent.id, 'dropped');
    await rejects('TRANSACTION_DROPPED', () => sent.wait('settled'));
    const { spends } = await token.functions.burn(record, 2n).simulate({ from: alice });
    assert.deepEqual(spends, [record]);
  });

  test('a spent one', async () => {
    const [record] = await give(alice, 5n);
    const burn = { program: token.program, functionName: 'burn', args: [record, 1n] };
    const { authorization } = await azalea.pxe.authorize({ ...burn, signer: azalea.addressOf(alice) });
    rollup.settle([authorization]);
    await azalea.sync();
    await refused('RECORD_SPENT', () => token.functions.burn(record, 1n));
  });
});

describe('submission', () => {
  test('refused for good: the record is free again', async () => {
    const [record] = await give(alice, 5n);
    rollup.refuseWith = { status: 409, code: 'ANCHOR_EXPIRED' };
    await rejects('ANCHOR_EXPIRED', () => token.functions.burn(record, 1n).send({ from: alice }));
    const { spends } = await token.functions.burn(record, 1n).simulate({ from: alice });
    assert.deepEqual(spends, [record]);
  });

  for (const code of ['MEMPOOL_FULL', 'SEQUENCER_STARTING']) {
    test(`refused for now (${code}): kept, locked, and sent again byte for byte`, {
      timeout: 20_000,
    }, async () => {
      const [record] = await give(alice, 5n);
      rollup.refuseWith = { status: 503, code };
      await rejects(code, () => token.functions.burn(record, 1n).send({ from: alice }));
      await rejects('RECORD_LOCKED', async () => token.functions.burn(record, 1n).simulate({ from: alice }));
      const [kept] = azalea.pxe.transactions.waiting();
      rollup.refuseWith = undefined;
      await azalea.sync();
      assert.equal(prover.calls, 1, 'it was proven a second time');
      assert.equal(rollup.accepted.get(kept.id), 'pending');
    });
  }
});

describe('accounts', () => {
  test('alias taken or of another form, account twice, unknown account', async () => {
    await rejects('ALIAS_TAKEN', () => azalea.accounts.create('alice'));
    await rejects('ALIAS_FORM', () => azalea.accounts.create('alice and bob'));
    await rejects('ALIAS_FORM', () => azalea.accounts.create(''));
    const seed = azalea.accounts.exportSeed('alice');
    await rejects('ACCOUNT_EXISTS', () => azalea.accounts.import(seed, 'again'));
    assert.throws(
      () => azalea.accounts.get('carol'),
      (error: AzaleaError) => error.code === 'ACCOUNT_UNKNOWN',
    );
    // Another last character than it has: seeds are random.
    const mistyped = `${seed.slice(0, -1)}${seed.endsWith('x') ? 'q' : 'x'}`;
    await rejects('TEXT_FORM', () => azalea.accounts.import(mistyped));
    assert.equal(azalea.accounts.list().length, 2);
  });

  test('an account of another wallet cannot sign here', async () => {
    const stranger = { alias: 'stranger', address: 'azalea1' };
    await rejects('TEXT_FORM', async () =>
      token.functions.mint(alice.address, 1n).simulate({ from: stranger }),
    );
  });
});
