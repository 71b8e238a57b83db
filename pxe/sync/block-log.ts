import type { NotesBlock } from '../../rpc/schema/notes.ts';
import type { BackendWrite } from '../store/backend.ts';
import type { EncryptedStore } from '../store/encrypted-store.ts';

const PREFIX = 'public/blocks/';

interface LoggedBlock {
  readonly number: number;
  readonly hash: string;
  readonly noteRoot: string;
  /** Size of the mirrored note tree after the block. */
  readonly noteCount: number;
  /** Absent in stores of earlier versions. */
  readonly l1Block?: number;
}

/**
 * The L2 blocks this PXE has applied: public, and enough to find the common ancestor after a reorganisation. Genesis
 * (block 0, the empty tree) is there without having been applied.
 */
export class BlockLog {
  readonly #blocks: LoggedBlock[];

  private constructor(blocks: LoggedBlock[]) {
    this.#blocks = blocks;
  }

  static async open(store: EncryptedStore): Promise<BlockLog> {
    const entries = await store.listOpen(PREFIX);
    const blocks = entries.map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as LoggedBlock);
    return new BlockLog(blocks.sort((a, b) => a.number - b.number));
  }

  /** Number of the newest applied block; 0: genesis. */
  get head(): number {
    return this.#blocks.length;
  }

  /** Of an applied block after genesis. */
  hash(number: number): string | undefined {
    return this.#blocks[number - 1]?.hash;
  }

  /** Size of the note tree after a block. */
  noteCount(number: number): number {
    return this.#blocks[number - 1]?.noteCount ?? 0;
  }

  /** The newest applied block of those that L1 took before its block `l1Block`, up to the first that is not known to be; 0: none. */
  lastBefore(l1Block: number): number {
    const next = this.#blocks.findIndex((block) => (block.l1Block ?? l1Block) >= l1Block);
    return next === -1 ? this.#blocks.length : next;
  }

  append(block: NotesBlock, noteCount: number): BackendWrite[] {
    const { number, hash, noteRoot, l1Block } = block;
    const logged = { number, hash, noteRoot, noteCount, l1Block };
    this.#blocks.push(logged);
    return [{ key: keyOf(logged.number), value: new TextEncoder().encode(JSON.stringify(logged)) }];
  }

  rollback(number: number): BackendWrite[] {
    return this.#blocks.splice(number).map((block) => ({ key: keyOf(block.number), value: undefined }));
  }
}

function keyOf(number: number): string {
  return PREFIX + number.toString(16).padStart(12, '0');
}
