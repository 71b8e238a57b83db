/** A client of a FakeRollup: its store is memory, and it proves nothing. */
import assert from 'node:assert/strict';
import type { Field } from '../../../protocol/field.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import { Azalea } from '../../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../../pxe/client/program.ts';
import { Pxe } from '../../../pxe/pxe.ts';
import { memoryBackend, type PxeBackend } from '../../../pxe/store/backend.ts';
import type { NoteSource } from '../../../pxe/sync/note-source.ts';
import { exampleSource } from '../program/programs.ts';
import { CountingProver, FakeRollup } from './fake-rollup.ts';

/** A rollup with the programs of bridged assets, and the URL that it answers on. Close it. */
export async function startFakeRollup(): Promise<{ readonly rollup: FakeRollup; readonly url: string }> {
  const rollup = new FakeRollup(exampleSource('credits'), exampleSource('bridge'));
  return { rollup, url: await rollup.listen() };
}

export interface FakeClientOptions {
  readonly prover?: CountingProver;
  /** Default: a store in memory of its own. */
  readonly backend?: PxeBackend;
  /** Default: the rollup itself, which is honest. */
  readonly noteSource?: NoteSource;
}

/** Opens a client with an empty store. Close it. */
export async function openFakeClient(
  rollup: FakeRollup,
  url: string,
  { prover = new CountingProver(), backend = memoryBackend(), noteSource = rollup }: FakeClientOptions = {},
): Promise<Azalea> {
  const pxe = await Pxe.open(
    {
      sequencer: url,
      l1: rollup.l1(),
      passphrase: 'pass',
      keyDerivation: { N: 2 ** 4, r: 8, p: 1 },
      pollMs: 1,
    },
    { backend, prover, noteSource: () => noteSource },
  );
  return new Azalea(pxe);
}

/** Gives an account settled token records, each in a block of its own, and returns their commitments in order. */
export async function giveTokens(
  rollup: FakeRollup,
  azalea: Azalea,
  token: ClientProgram,
  to: ClientAccount,
  ...amounts: bigint[]
): Promise<Field[]> {
  const { typeId } = token.record('token');
  const before = new Set(azalea.records(to).map(({ commitment }) => commitment));
  for (const amount of amounts) {
    const { ownerHash } = await azalea.pxe.deposits.take(azalea.addressOf(to));
    rollup.settle([], [{ ownerHash, typeId, data: [amount] }]);
  }
  await azalea.sync();
  const made = azalea.records(to).filter(({ commitment }) => !before.has(commitment));
  assert.equal(made.length, amounts.length, 'the records are found');
  return made.map(({ commitment }) => commitment);
}
