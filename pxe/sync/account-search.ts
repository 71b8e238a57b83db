import { type Field, fieldFromHex } from '../../protocol/field.ts';
import type { NotesBlock, NoteTransition } from '../../rpc/schema/notes.ts';
import type { HeldAccount, KeyStore } from '../accounts/key-store.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { DocumentWrite } from '../store/encrypted-store.ts';
import type { BlockLog } from './block-log.ts';
import { type Discovered, depositCandidates, discover } from './discovery.ts';
import type { NoteSource } from './note-source.ts';

/** Clocks differ, and L1 may be reorganised: blocks so long before an account's birthday are searched, too. In milliseconds. */
export const BIRTHDAY_MARGIN_MS = 2 * 86_400_000;

const UNKNOWN = 'unknown';

/** What an account scans with. Secret. */
export interface ScanKeys {
  readonly viewKey: bigint;
  /** x of the account's address. */
  readonly owner: Field;
}

/** Finds the few transitions that are worth trying with an account's keys. */
export interface Scanner {
  /**
   * The transitions that may concern the account: all in which `discover` finds something, and hardly any other.
   * Throws FIELD_ENCODING and FIELD_OUT_OF_RANGE for words that are not canonical, SCANNER_STOPPED.
   */
  candidates(keys: ScanKeys, transitions: readonly NoteTransition[]): Promise<ReadonlySet<NoteTransition>>;
  close(): Promise<void>;
}

export interface AccountSearchDependencies {
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly blocks: BlockLog;
  readonly scanner?: Scanner;
  readonly source: Pick<NoteSource, 'fromL1'>;
  /** First L1 block at or after a time in milliseconds; undefined: L1 has none yet. */
  readonly l1BlockSince?: (time: number) => Promise<number | undefined>;
}

/** For each account, the transitions of some blocks that are worth trying; an account that is missing tries all. */
export type Worthwhile = ReadonlyMap<HeldAccount, ReadonlySet<NoteTransition>>;

/** Searches blocks for the records of the accounts. */
export class AccountSearch {
  readonly #rollupId: Field;
  readonly #is: AccountSearchDependencies;

  constructor(options: { readonly rollupId: Field }, dependencies: AccountSearchDependencies) {
    this.#rollupId = options.rollupId;
    this.#is = dependencies;
  }

  /**
   * Finds out where the search of each account starts, once in its life. An account has nothing in blocks before its birthday.
   * Returns what to keep.
   */
  async locateBirthdays(): Promise<DocumentWrite[]> {
    const { keys, blocks, l1BlockSince } = this.#is;
    const writes: DocumentWrite[] = [];
    for (const held of keys.list()) {
      if (held.birthday === undefined || held.searchFrom !== undefined || l1BlockSince === undefined)
        continue;
      const since = await l1BlockSince(held.birthday - BIRTHDAY_MARGIN_MS).catch(
        () => UNKNOWN as typeof UNKNOWN,
      );
      // Nothing is lost without an answer: everything is searched, and the next run asks again.
      if (since === UNKNOWN) continue;
      // L1 ends before the birthday: a clock is wrong, and everything is searched.
      held.searchFrom = since ?? 0;
      held.scannedTo = Math.max(held.scannedTo, blocks.lastBefore(held.searchFrom));
      writes.push(keys.progressWrite(held));
    }
    return writes;
  }

  /**
   * Sends accounts back to the blocks that L1 has not shown them, when blocks come from L1 itself: a sequencer may have garbled
   * what the note root does not cover.
   */
  distrustSequencers(): void {
    if (!this.#is.source.fromL1) return;
    for (const held of this.#is.keys.list()) held.scannedTo = Math.min(held.scannedTo, held.shownTo);
  }

  /** Filters the transitions of some blocks, for the accounts that are to be searched in them. */
  async worthwhile(blocks: readonly NotesBlock[], accounts: readonly HeldAccount[]): Promise<Worthwhile> {
    const found = new Map<HeldAccount, ReadonlySet<NoteTransition>>();
    if (this.#is.scanner === undefined) return found;
    for (const held of accounts) {
      const transitions = blocks
        .filter((block) => block.number > held.scannedTo && isSearched(held, block))
        .flatMap((block) => block.transitions);
      const keys = { viewKey: held.keys.viewKey, owner: held.keys.address.x };
      found.set(held, await this.#is.scanner.candidates(keys, transitions));
    }
    return found;
  }

  /** Searches a block for some accounts and returns what to keep. */
  search(block: NotesBlock, accounts: readonly HeldAccount[], worthwhile: Worthwhile): DocumentWrite[] {
    const { keys, records, source } = this.#is;
    const writes: DocumentWrite[] = [];
    for (const held of accounts) {
      if (isSearched(held, block)) {
        const found = this.#discover(held, block, worthwhile.get(held));
        writes.push(...records.add(found.received, found.sent));
        const seen = found.depositCounters.map((counter) => counter + 1);
        held.depositsSeen = Math.max(held.depositsSeen, ...seen);
        held.depositsUsed = Math.max(held.depositsUsed, held.depositsSeen);
        // Seen after all: not to be used again.
        held.depositsReleased = held.depositsReleased.filter((one) => !found.depositCounters.includes(one));
      }
      held.scannedTo = block.number;
      if (source.fromL1 && block.number === held.shownTo + 1) held.shownTo = block.number;
      writes.push(keys.progressWrite(held));
    }
    const nullifiers = block.transitions.flatMap((transition) =>
      transition.nullifiers.map((n) => fieldFromHex(n)),
    );
    const owners = new Set(accounts.map((held) => held.keys.address.x));
    if (source.fromL1) writes.push(...records.unspendOthers(nullifiers, block.number, owners));
    writes.push(...records.spend(nullifiers, block.number, owners));
    return writes;
  }

  /** A block can hold more deposits of an account than the window: search until nothing new turns up. */
  #discover(
    held: HeldAccount,
    block: NotesBlock,
    worthwhile: ReadonlySet<NoteTransition> | undefined,
  ): Discovered {
    let next = held.depositsSeen;
    for (;;) {
      const candidates =
        block.deposits.length === 0 ? new Map() : depositCandidates(held.keys, this.#rollupId, next);
      const found = discover(held.keys, block, this.#rollupId, candidates, worthwhile);
      const highest = Math.max(-1, ...found.depositCounters);
      if (highest < next) return found;
      next = highest + 1;
    }
  }
}

function isSearched(held: HeldAccount, block: NotesBlock): boolean {
  return block.l1Block >= (held.searchFrom ?? 0);
}
