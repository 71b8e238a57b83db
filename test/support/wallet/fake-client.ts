/** A client of a FakeRollup: its store is memory, and it proves nothing. */
import { Azalea } from '../../../pxe/client/azalea.ts';
import { Pxe } from '../../../pxe/pxe.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { exampleSource } from '../program/programs.ts';
import { CountingProver, FakeRollup } from './fake-rollup.ts';

/** A rollup with the programs of bridged assets, and the URL that it answers on. Close it. */
export async function startFakeRollup(): Promise<{ readonly rollup: FakeRollup; readonly url: string }> {
  const rollup = new FakeRollup(exampleSource('credits'), exampleSource('bridge'));
  return { rollup, url: await rollup.listen() };
}

/** Opens a client with an empty store. Close it. */
export async function openFakeClient(
  rollup: FakeRollup,
  url: string,
  prover = new CountingProver(),
): Promise<Azalea> {
  const pxe = await Pxe.open(
    {
      sequencer: url,
      l1: rollup.l1(),
      passphrase: 'pass',
      keyDerivation: { N: 2 ** 4, r: 8, p: 1 },
      pollMs: 1,
    },
    { backend: memoryBackend(), prover, noteSource: () => rollup },
  );
  return new Azalea(pxe);
}
