/**
 * Child process: opens the stores that are named on its command line, `wallet:DIR` or `sequencer:DIR`, and prints a line of each:
 * `whole` or the code of its error. A signal ends it without a word, which its parent notices.
 */
import { AzaleaError } from '../../../protocol/errors.ts';
import { lmdbBackend } from '../../../pxe/node/lmdb-backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { Store } from '../../../sequencer/state/store.ts';

async function openWallet(directory: string): Promise<string> {
  const backend = lmdbBackend(directory);
  try {
    const store = await EncryptedStore.open(backend, 'pass', { N: 2 ** 4, r: 8, p: 1 });
    const found = await store.list<{ k: number }>('things');
    await store.write([{ collection: 'things', id: 'new', value: { k: 1 } }]);
    return `whole ${found.length}`;
  } finally {
    await backend.close();
  }
}

async function openSequencer(path: string): Promise<string> {
  const store = new Store({ path });
  let found = 0;
  for (const { value } of store.blockBytes.getRange({})) found += value.length > 0 ? 1 : 0;
  await store.close();
  return `whole ${found}`;
}

for (const argument of process.argv.slice(2)) {
  const [kind, directory] = argument.split(':');
  try {
    console.log(await (kind === 'wallet' ? openWallet(directory) : openSequencer(directory)));
  } catch (error) {
    console.log(error instanceof AzaleaError ? error.code : String(error));
  }
}
