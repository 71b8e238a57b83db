import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldFromHex } from '../../protocol/field.ts';
import type { NotesBlock } from '../../rpc/schema/notes.ts';
import type { KeyStore } from '../accounts/key-store.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { BackendWrite } from '../store/backend.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';
import type { Scanner } from '../sync/account-search.ts';
import type { TransactionStore } from '../transactions/transaction-store.ts';
import { AccountSearch, type Worthwhile } from './account-search.ts';
import type { BlockLog } from './block-log.ts';
import { assertPage, leavesInReach } from './check-page.ts';
import type { NoteSource } from './note-source.ts';
import type { NoteTreeMirror } from './note-tree-mirror.ts';
import { type SyncProgress, trackProgress } from './sync-progress.ts';

export interface SynchronizerOptions {
  readonly rollupId: Field;
  /** Called after every block. */
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SynchronizerDependencies {
  readonly store: EncryptedStore;
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly mirror: NoteTreeMirror;
  readonly blocks: BlockLog;
  readonly source: NoteSource;
  /** L1's own note root after an L2 block; undefined: L1 has no such block. */
  readonly settledRoot: (l2Block: number) => Promise<Field | undefined>;
  /** Without one, every transition is tried by the full rules. */
  readonly scanner?: Scanner;
  /** First L1 block at or after a time in milliseconds; undefined: L1 has none yet. Without it, birthdays are not used. */
  readonly l1BlockSince?: (time: number) => Promise<number | undefined>;
  /** Newest L2 block that L1 itself has. */
  readonly l1Head: () => Promise<number>;
  /** Told which commitments a block settled. */
  readonly transactions?: TransactionStore;
}

/** Follows settled blocks: grows the note tree, finds the accounts' records, marks spent ones, survives reorganisations. */
export class Synchronizer {
  readonly #options: SynchronizerOptions;
  readonly #is: SynchronizerDependencies;
  readonly #search: AccountSearch;
  #running: Promise<void> | undefined;
  #behind = 0;
  /** A write that failed: memory is ahead of the store, and going on would leave a hole in it. */
  #failed: unknown;

  constructor(options: SynchronizerOptions, dependencies: SynchronizerDependencies) {
    this.#options = options;
    this.#is = dependencies;
    this.#search = new AccountSearch(options, dependencies);
  }

  /** Newest block of the PXE's own view. */
  get head(): number {
    return this.#is.blocks.head;
  }

  /** L2 blocks that L1 had at the end of the last `sync` and the source did not show. */
  get behind(): number {
    return this.#behind;
  }

  /** Brings the PXE up to the newest settled block. Concurrent calls share one run. */
  sync(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    await this.#followReorganisation();
    await this.#write(await this.#search.locateBirthdays());
    this.#search.distrustSequencers();
    await this.#catchUpAccounts();
    await this.#applyNew();
    await this.#checkRoot();
    this.#behind = Math.max(0, (await this.#is.l1Head()) - this.#is.blocks.head);
  }

  async #applyNew(): Promise<void> {
    const report = trackProgress(this.#options.onProgress);
    for (let from = this.#is.blocks.head + 1; ; ) {
      const page = await this.#is.source.getNotes({ fromBlock: from });
      assertPage(page, from);
      const last = page.blocks.filter(({ settled }) => settled).at(-1);
      if (last !== undefined) {
        const root = await this.#is.settledRoot(last.number);
        // L1 as this wallet sees it is not there yet: neither is the wallet.
        if (root === undefined) return;
        if (root !== fieldFromHex(last.noteRoot)) throw mismatch(last);
      }
      for (const group of groupsOf(page.blocks)) {
        const worthwhile = await this.#search.worthwhile(group, this.#is.keys.list());
        for (const block of group) {
          if (!block.settled) return;
          await this.#apply(block, worthwhile);
          report(block.number, page.head);
        }
      }
      if (page.blocks.length === 0 || page.nextBlock > page.head) return;
      from = page.nextBlock;
    }
  }

  /** What the source told is believed only if it gives the root that L1 itself stored: else it could invent records. */
  async #checkRoot(): Promise<void> {
    const { blocks, mirror, settledRoot } = this.#is;
    if ((await settledRoot(blocks.head)) === mirror.root()) return;
    throw new AzaleaError(
      'ANCHOR_MISMATCH',
      `L1 does not have this wallet's note root for L2 block ${blocks.head}. L1 may just have been reorganised: synchronise again; if that does not help, use another sequencer.`,
      { l2Block: blocks.head },
    );
  }

  /** Rolls back to the newest block that the source still has. */
  async #followReorganisation(): Promise<void> {
    const { blocks, mirror, settledRoot } = this.#is;
    let ancestor = blocks.head;
    while (ancestor > 0) {
      const page = await this.#is.source.getNotes({ fromBlock: ancestor, limit: 1 });
      if (page.blocks[0]?.number === ancestor && page.blocks[0].hash === blocks.hash(ancestor)) break;
      // A source that lags or withholds blocks is no reorganisation: while L1 has this wallet's own root, nothing goes.
      if (ancestor === blocks.head && (await settledRoot(ancestor)) === mirror.root()) return;
      ancestor--;
    }
    if (ancestor < blocks.head) await this.#rollback(ancestor);
  }

  async #rollback(ancestor: number): Promise<void> {
    const { blocks, mirror, records, keys } = this.#is;
    mirror.rollback(blocks.noteCount(ancestor));
    const documents = records.rollback(ancestor);
    documents.push(...(this.#is.transactions?.rollback(ancestor) ?? []));
    for (const held of keys.list()) {
      held.scannedTo = Math.min(held.scannedTo, ancestor);
      held.shownTo = Math.min(held.shownTo, ancestor);
      documents.push(keys.progressWrite(held));
    }
    await this.#write(documents, [...blocks.rollback(ancestor), ...mirror.takeWrites()]);
  }

  /** Searches the blocks that an account, new in this PXE, has not been searched for. */
  async #catchUpAccounts(): Promise<void> {
    const { keys, blocks, source } = this.#is;
    const behind = keys.list().filter((held) => held.scannedTo < blocks.head);
    if (behind.length === 0) return;
    const report = trackProgress(this.#options.onProgress);
    let from = Math.min(...behind.map((held) => held.scannedTo)) + 1;
    while (from <= blocks.head) {
      const page = await source.getNotes({ fromBlock: from });
      assertPage(page, from);
      for (const group of groupsOf(page.blocks)) {
        const worthwhile = await this.#search.worthwhile(group, behind);
        for (const block of group) {
          if (block.number > blocks.head) return;
          this.#checkApplied(block);
          const lagging = behind.filter((held) => held.scannedTo < block.number);
          await this.#write(this.#search.search(block, lagging, worthwhile));
          report(block.number, blocks.head);
        }
      }
      if (page.blocks.length === 0) return;
      from = page.nextBlock;
    }
  }

  async #apply(block: NotesBlock, worthwhile: Worthwhile): Promise<void> {
    const { mirror, blocks, keys } = this.#is;
    if (fieldFromHex(block.previousNoteRoot) !== mirror.root()) throw mismatch(block);
    if (!leavesInReach(block, mirror.size)) throw mismatch(block);
    const leaves = leavesOf(block);
    const sizeBefore = mirror.size;
    const documents: DocumentWrite[] = [];
    try {
      mirror.append(leaves);
      if (mirror.root() !== fieldFromHex(block.noteRoot)) throw mismatch(block);
      documents.push(...this.#search.search(block, keys.list(), worthwhile));
    } catch (error) {
      mirror.rollback(sizeBefore);
      mirror.takeWrites();
      throw error;
    }
    const made = leaves.map(({ commitment }) => commitment);
    documents.push(...(this.#is.transactions?.settle(made, block.number) ?? []));
    const open: BackendWrite[] = [...blocks.append(block, mirror.size), ...mirror.takeWrites()];
    await this.#write(documents, open);
  }

  async #write(documents: readonly DocumentWrite[], open: readonly BackendWrite[] = []): Promise<void> {
    try {
      await this.#is.store.write(documents, open);
    } catch (cause) {
      this.#failed = new AzaleaError(
        'PXE_STORE_WRITE_FAILED',
        'The store cannot be written; it is as it was before. Look at the space on its disk, then open it again.',
        {},
        { cause },
      );
      throw this.#failed;
    }
  }

  /** A block that is searched again must be the one that was applied: same leaves, none more and none less. */
  #checkApplied(block: NotesBlock): void {
    const { blocks, mirror } = this.#is;
    const applied: { index: number; commitment: Field }[] = [];
    for (let index = blocks.noteCount(block.number - 1); index < blocks.noteCount(block.number); index++) {
      const commitment = mirror.leaf(index);
      if (commitment !== 0n) applied.push({ index, commitment });
    }
    const shown = leavesOf(block);
    const same =
      shown.length === applied.length &&
      shown.every(
        ({ index, commitment }, k) => index === applied[k].index && commitment === applied[k].commitment,
      );
    if (!same) throw mismatch(block);
  }
}

/** Transitions that are filtered at a time: enough to share work, few enough to show progress. */
const GROUP_TRANSITIONS = 256;

function groupsOf(blocks: readonly NotesBlock[]): NotesBlock[][] {
  const groups: NotesBlock[][] = [];
  let count = GROUP_TRANSITIONS;
  for (const block of blocks) {
    if (count >= GROUP_TRANSITIONS) {
      groups.push([]);
      count = 0;
    }
    groups[groups.length - 1].push(block);
    count += block.transitions.length;
  }
  return groups;
}

function leavesOf(block: NotesBlock): { index: number; commitment: Field }[] {
  const outputs = block.transitions.flatMap((transition) => transition.outputs);
  const leaves = [...outputs, ...block.deposits]
    .map(({ index, commitment }) => ({ index, commitment: fieldFromHex(commitment) }))
    .sort((a, b) => a.index - b.index);
  // An empty leaf changes no root, but would move the place where the next block goes on.
  if (leaves.some(({ commitment }) => commitment === 0n)) throw mismatch(block);
  return leaves;
}

function mismatch(block: NotesBlock): AzaleaError {
  return new AzaleaError(
    'NOTE_TREE_MISMATCH',
    `The commitments of block ${block.number} do not give its note root. The source withholds or changes data: use another sequencer, or synchronise from L1.`,
    { block: block.number },
  );
}
