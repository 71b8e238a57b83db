/** Calls at the same time: each reserves its records when it chooses them, and releases them when it comes to nothing. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Field } from '../../../protocol/field.ts';
import type { ProveOptions, ProveResult } from '../../../prover/prover.ts';
import type { CircuitInput } from '../../../prover/witness-calculator.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../../pxe/client/program.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { giveTokens, openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import { CountingProver, type FakeRollup } from '../../support/wallet/fake-rollup.ts';

/** A prover that works until it is told to go on, as a real one works for seconds. */
class SlowProver extends CountingProver {
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  override async prove(
    circuit: string,
    input: CircuitInput,
    options: ProveOptions = {},
  ): Promise<ProveResult> {
    const result = await super.prove(circuit, input, options);
    await this.gate;
    options.signal?.throwIfAborted();
    if (this.failure !== undefined) throw this.failure;
    return result;
  }
}

let rollup: FakeRollup;
let url: string;
let prover: SlowProver;
let azalea: Azalea;
let alice: ClientAccount;
let bob: ClientAccount;
let token: ClientProgram;

before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());
beforeEach(async () => {
  prover = new SlowProver();
  azalea = await openFakeClient(rollup, url, { prover });
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  token = await azalea.programs.load(exampleSource('token'));
});
afterEach(() => {
  rollup.refuseWith = undefined;
  return azalea.close();
});

const give = (...amounts: bigint[]): Promise<Field[]> => giveTokens(rollup, azalea, token, alice, ...amounts);
const pay = (signal?: AbortSignal) =>
  token.functions.transfer({ atLeast: 10n }, bob.address, 10n).send({ from: alice, signal });
const burn = (record: Field) => token.functions.burn(record, 1n).send({ from: alice });
const spent = (): Field[] => azalea.pxe.transactions.list().flatMap(({ spends }) => spends);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('three payments at once spend three records', async () => {
  const records = await give(50n, 50n, 50n);
  const ids = (await Promise.all([pay(), pay(), pay()])).map(({ id }) => id);
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(spent().sort(), [...records].sort());
  assert.equal(prover.calls, 3);
  await assert.rejects(pay(), { code: 'INSUFFICIENT_BALANCE' });
});

test('a payment that starts while another is proven takes another record; one record is locked before any proof', async () => {
  const [first, second] = await give(50n, 50n);
  const gate = Promise.withResolvers<void>();
  prover.gate = gate.promise;
  const one = burn(first);
  await until(() => prover.calls === 1);
  await assert.rejects(burn(first), { code: 'RECORD_LOCKED' });
  await assert.rejects(token.functions.burn(first, 1n).simulate({ from: alice }), { code: 'RECORD_LOCKED' });
  assert.equal(prover.calls, 1);
  const two = pay();
  await until(() => prover.calls === 2);
  await assert.rejects(pay(), (error: { code: string; details: object }) => {
    assert.equal(error.code, 'INSUFFICIENT_BALANCE');
    assert.deepEqual(error.details, { needed: '10', available: '0', waiting: '100' });
    return true;
  });
  gate.resolve();
  await Promise.all([one, two]);
  assert.deepEqual(spent(), [first, second]);
});

test('one explicit record three times at once: one call goes, two are refused without a proof', async () => {
  const [record] = await give(50n);
  const results = await Promise.allSettled([burn(record), burn(record), burn(record)]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected']);
  for (const result of results) {
    if (result.status === 'rejected') assert.equal(result.reason.code, 'RECORD_LOCKED');
  }
  assert.equal(prover.calls, 1);
});

test('a call that fails, is cancelled, is refused or is dropped releases its record', async () => {
  const [record] = await give(50n);
  prover.failure = new Error('out of memory');
  await assert.rejects(pay(), /out of memory/);
  prover.failure = undefined;
  assert.equal(azalea.pxe.lockedRecords().size, 0);

  const gate = Promise.withResolvers<void>();
  prover.gate = gate.promise;
  const stop = new AbortController();
  const cancelled = pay(stop.signal);
  await until(() => prover.calls === 2);
  assert.deepEqual([...azalea.pxe.lockedRecords()], [record]);
  stop.abort(new Error('changed my mind'));
  gate.resolve();
  await assert.rejects(cancelled, /changed my mind/);
  assert.equal(azalea.pxe.lockedRecords().size, 0);

  rollup.refuseWith = { status: 409, code: 'ANCHOR_EXPIRED' };
  await assert.rejects(pay(), { code: 'ANCHOR_EXPIRED' });
  assert.equal(azalea.pxe.lockedRecords().size, 0);
  rollup.refuseWith = undefined;

  const { id } = await pay();
  assert.deepEqual([...azalea.pxe.lockedRecords()], [record]);
  rollup.accepted.set(id, 'dropped');
  await azalea.sync();
  assert.equal(azalea.pxe.lockedRecords().size, 0);
});

test('accounts made at the same time get aliases of their own', async () => {
  const made = await Promise.allSettled([1, 2, 3].map(() => azalea.accounts.create('carol')));
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
  const seeds = azalea.accounts.list().map(({ alias }) => azalea.accounts.exportSeed(alias));
  assert.equal(new Set(seeds).size, 3);
  await Promise.all([1, 2, 3].map(() => azalea.accounts.create()));
  assert.equal(new Set(azalea.accounts.list().map(({ alias }) => alias)).size, 6);
});
