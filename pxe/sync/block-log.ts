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

/** The L2 blocks this PXE has applied: public, and enough to find the common ancestor after a reorganisation. */
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

  /** Number of the newest applied block; -1 before genesis. */
  get head(): number {
    return this.#blocks.length - 1;
  }

  hash(number: number): string | undefined {
    return this.#blocks[number]?.hash;
  }

  noteRoot(number: number): string | undefined {
    return this.#blocks[number]?.noteRoot;
  }

  /** Size of the note tree after a block; 0 before genesis. */
  noteCount(number: number): number {
    return this.#blocks[number]?.noteCount ?? 0;
  }

  append(block: NotesBlock, noteCount: number): BackendWrite[] {
    const logged = { number: block.number, hash: block.hash, noteRoot: block.noteRoot, noteCount };
    this.#blocks.push(logged);
    return [{ key: keyOf(logged.number), value: new TextEncoder().encode(JSON.stringify(logged)) }];
  }

  rollback(number: number): BackendWrite[] {
    return this.#blocks.splice(number + 1).map((block) => ({ key: keyOf(block.number), value: undefined }));
  }
}

function keyOf(number: number): string {
  return PREFIX + number.toString(16).padStart(12, '0');
}
