/** A PXE's synchronisation over a chain of notes in memory. */
import { type Authorization, authorize } from '../../../protocol/call/request.ts';
import { fieldFromHex, fieldToHex } from '../../../protocol/field.ts';
import { commitmentOf, depositRho } from '../../../protocol/record.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { type HeldAccount, KeyStore } from '../../../pxe/accounts/key-store.ts';
import { RecordStore } from '../../../pxe/records/record-store.ts';
import { directScanner } from '../../../pxe/scan/direct-scanner.ts';
import { memoryBackend, type PxeBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';
import { BlockLog } from '../../../pxe/sync/block-log.ts';
import { NoteTreeMirror } from '../../../pxe/sync/note-tree-mirror.ts';
import {
  Synchronizer,
  type SynchronizerDependencies,
  type SynchronizerOptions,
} from '../../../pxe/sync/synchronizer.ts';
import { TransactionStore } from '../../../pxe/transactions/transaction-store.ts';
import type { NotesBlock, NotesResponse } from '../../../rpc/schema/notes.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };
export const ROLLUP_ID = 4242n;
export const TYPE = 77n;
const ZERO_HASH = `0x${'0'.repeat(64)}`;

/** A chain of blocks as a sequencer would serve them. */
export class FakeChain {
  blocks: NotesBlock[] = [];
  tree = new NoteTree();

  constructor() {
    const root = fieldToHex(this.tree.root());
    this.blocks.push(this.#block(0, 'genesis', root, root, [], []));
  }

  add(
    salt: string,
    authorizations: readonly Authorization[],
    deposits: readonly { ownerHash: bigint; index: number }[] = [],
  ): void {
    const before = fieldToHex(this.tree.root());
    let index = Math.ceil(this.tree.size / 4) * 4;
    const transitions = authorizations.map((authorization, k) => ({
      transactionId: fieldToHex(BigInt(1000 * this.blocks.length + k)),
      tpk: fieldToHex(authorization.signals.tpk),
      r: fieldToHex(authorization.signals.encryptionPoint),
      nullifiers: authorization.signals.nullifiers.map(fieldToHex),
      outputs: authorization.signals.commitments.map((commitment, output) => {
        this.tree.appendSubtree(index, [commitment]);
        return {
          index: index++,
          commitment: fieldToHex(commitment),
          ciphertext: authorization.signals.ciphertexts[output].map(fieldToHex),
          outgoing: fieldToHex(authorization.signals.outgoing[output]),
        };
      }),
    }));
    const data = [5n, 0n, 0n, 0n, 0n];
    const settled = deposits.map((deposit) => {
      const commitment = commitmentOf(TYPE, deposit.ownerHash, depositRho(BigInt(deposit.index)), data);
      this.tree.appendSubtree(index, [commitment]);
      return {
        queueIndex: deposit.index,
        index: index++,
        commitment: fieldToHex(commitment),
        typeId: fieldToHex(TYPE),
        ownerHash: fieldToHex(deposit.ownerHash),
        data: data.map(fieldToHex),
      };
    });
    const number = this.blocks.length;
    this.blocks.push(this.#block(number, salt, before, fieldToHex(this.tree.root()), transitions, settled));
  }

  async getNotes(page: { fromBlock?: number; limit?: number }): Promise<NotesResponse> {
    const from = Math.max(1, page.fromBlock ?? 1);
    const blocks = this.blocks.slice(from, from + Math.min(page.limit ?? 2, 2));
    return { head: this.blocks.length - 1, nextBlock: from + blocks.length, blocks };
  }

  /** The roots that L1 itself stored. */
  l1Root(l2Block: number): bigint | undefined {
    const block = this.blocks[l2Block];
    return block && fieldFromHex(block.noteRoot);
  }

  #block(
    number: number,
    salt: string,
    previousNoteRoot: string,
    noteRoot: string,
    transitions: NotesBlock['transitions'],
    deposits: NotesBlock['deposits'],
  ): NotesBlock {
    const hash = fieldToHex(BigInt(number) * 1000n + BigInt(salt.length));
    const shared = { l1Block: number, l1BlockHash: ZERO_HASH, settled: true, noteCount: this.tree.size };
    return { number, hash, previousNoteRoot, noteRoot, transitions, deposits, ...shared };
  }
}

export async function openPxe(
  chain: FakeChain,
  backend: PxeBackend = memoryBackend(),
  source: Pick<FakeChain, 'getNotes'> = chain,
  more: Partial<SynchronizerDependencies> & Pick<SynchronizerOptions, 'onProgress'> = {},
) {
  const store = await EncryptedStore.open(backend, 'pass', FAST);
  const keys = await KeyStore.open(store);
  const records = await RecordStore.open(store);
  const mirror = await NoteTreeMirror.open(store);
  const blocks = await BlockLog.open(store);
  const transactions = await TransactionStore.open(store);
  const synchronizer = new Synchronizer(
    { rollupId: ROLLUP_ID, onProgress: more.onProgress },
    {
      store,
      keys,
      records,
      mirror,
      blocks,
      transactions,
      source,
      scanner: directScanner(),
      settledRoot: async (l2Block) => chain.l1Root(l2Block),
      l1Head: async () => chain.blocks.length - 1,
      ...more,
    },
  );
  return { transactions, store, keys, records, mirror, synchronizer, blocks };
}

export function pay(
  from: HeldAccount,
  to: bigint,
  amount: bigint,
  inputs: Parameters<typeof authorize>[0]['recordInputs'] = [],
): Authorization {
  return authorize({
    account: from.keys,
    programId: 5n,
    functionId: 6n,
    inputs: Array(16).fill(0n),
    recordInputs: inputs,
    recordOutputs: [{ typeId: TYPE, owner: to, data: [amount, 0n, 0n, 0n, 0n] }],
    anchorRoot: 1n,
    rollupId: ROLLUP_ID,
  });
}
