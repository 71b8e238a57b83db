/** Calls of the large size through the client: planned, signed, sent, found and spent. No proofs are made. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { decodeTransaction } from '../../../protocol/transaction/transaction.ts';
import { parseTransitionSignals } from '../../../protocol/transaction/transition.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../../pxe/client/program.ts';
import { MERGE_PROGRAM } from '../../support/program/merge-program.ts';
import { openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import { CountingProver, type FakeRollup } from '../../support/wallet/fake-rollup.ts';

let rollup: FakeRollup;
let url: string;
let prover: CountingProver;
let azalea: Azalea;
let alice: ClientAccount;
let bob: ClientAccount;
let merge: ClientProgram;

before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());

async function open(): Promise<Azalea> {
  prover = new CountingProver();
  return openFakeClient(rollup, url, { prover });
}

beforeEach(async () => {
  azalea = await open();
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  merge = await azalea.programs.load(MERGE_PROGRAM);
});
afterEach(async () => {
  rollup.hasLarge = true;
  await azalea.close();
});

const authorize = (functionName: string, args: readonly unknown[], from: ClientAccount) =>
  azalea.pxe.authorize({
    program: merge.program,
    functionName,
    args: args as never,
    signer: azalea.addressOf(from),
  });
const amounts = (of: ClientAccount) => azalea.records(of).map(({ data }) => data.amount);

/** Settles one record of this amount for Alice. */
async function give(amount: bigint): Promise<bigint> {
  const { authorization } = await authorize('mint', [alice.address, amount], alice);
  assert.equal(authorization.sizeClass, 'small');
  rollup.settle([authorization]);
  await azalea.sync();
  return authorization.signals.commitments[0];
}

test('four records of one transition are found by their owner, each with its own place', async () => {
  const whole = await give(103n);
  const { authorization, notePaths } = await authorize('split_four', [whole, bob.address], alice);
  assert.equal(authorization.sizeClass, 'large');
  assert.equal(verifyAuthorization(authorization), undefined);
  assert.equal(notePaths.length, 1);
  assert.equal(authorization.signals.nullifiers.length, 4);
  assert.equal(new Set(authorization.signals.nullifiers).size, 4);
  rollup.settle([authorization]);
  await azalea.sync();
  assert.deepEqual(amounts(bob), ['25u64', '25u64', '25u64', '28u64']);
  assert.deepEqual(amounts(alice), []);
  // The sender sees what she sent.
  const sent = azalea.pxe.records.sent(azalea.addressOf(alice));
  assert.equal(sent.filter(({ preimage }) => preimage.owner === azalea.addressOf(bob)).length, 4);
});

test('a wallet restored from its seed finds them, too', async () => {
  const whole = await give(40n);
  rollup.settle([(await authorize('split_four', [whole, bob.address], alice)).authorization]);
  await azalea.sync();
  const seed = azalea.accounts.exportSeed('bob');
  const found = azalea.records(bob).map(({ commitment }) => commitment);
  await azalea.close();
  azalea = await open();
  const restored = await azalea.accounts.import(seed, 'bob');
  await azalea.sync();
  assert.deepEqual(
    azalea.records(restored).map(({ commitment }) => commitment),
    found,
  );
});

test('three records spent at once are marked, and an unused slot spends nothing', async () => {
  const coins = [await give(1n), await give(2n), await give(3n)];
  const { authorization, notePaths } = await authorize('merge_three', [...coins, bob.address], alice);
  assert.equal(verifyAuthorization(authorization), undefined);
  assert.equal(notePaths.length, 3);
  assert.deepEqual(
    authorization.recordInputs.map(({ used }) => used),
    [true, true, true, false],
  );
  rollup.settle([authorization]);
  await azalea.sync();
  assert.deepEqual(amounts(alice), []);
  assert.deepEqual(amounts(bob).at(-1), '6u64');
});

test('a call is proven by the circuit of its size and sent as a transaction of that size', async () => {
  const whole = await give(8n);
  const sent = await merge.functions.split_four(whole, bob.address).send({ from: alice });
  assert.deepEqual(prover.circuits, ['transition-large']);
  const [kept] = azalea.pxe.transactions.list();
  assert.equal(kept.id, sent.id);
  const decoded = decodeTransaction(Buffer.from(kept.bytes.slice(2), 'hex'));
  assert.equal(decoded.transitions[0].keyId, 1);
  const signals = parseTransitionSignals(decoded.transitions[0].signals);
  assert.deepEqual(signals.linkOut, [0n, 0n, 0n, 0n]);
  assert.equal(rollup.accepted.get(sent.id), 'pending');
});

test('a rollup without the large circuit: refused before anything is signed, small calls go on', async () => {
  await azalea.close();
  rollup.hasLarge = false;
  azalea = await open();
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  merge = await azalea.programs.load(MERGE_PROGRAM);
  const whole = await give(8n);
  const call = () => merge.functions.split_four(whole, bob.address);
  await assert.rejects(call().send({ from: alice }), { code: 'SIZE_NOT_ON_ROLLUP' });
  assert.equal(prover.calls, 0);
  // Its effect can still be seen.
  assert.equal((await call().simulate({ from: alice })).spends.length, 1);
});
