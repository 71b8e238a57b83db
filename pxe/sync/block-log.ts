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

  append(block: NotesBlock, noteCount: number): BackendWrite[] {
    const logged = { number: block.number, hash: block.hash, noteRoot: block.noteRoot, noteCount };
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
