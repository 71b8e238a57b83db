import { fieldFromBytes, fieldToBytes } from '../../protocol/field.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { OverlayTreeStore } from '../../protocol/tree/overlay-tree-store.ts';
import type { TreePath } from '../../protocol/tree/path.ts';
import type { TreeStore } from '../../protocol/tree/tree-store.ts';
import type { BackendWrite } from '../store/backend.ts';
import type { EncryptedStore } from '../store/encrypted-store.ts';

const PREFIX = 'public/note-tree/';
const KEY_DIGITS = 16;

/** Tree nodes in memory that remembers what changed since the last `takeWrites`. */
class TrackedTreeStore implements TreeStore {
  readonly #entries: Map<number, bigint>;
  readonly #dirty = new Set<number>();

  constructor(entries: Map<number, bigint>) {
    this.#entries = entries;
  }

  get(key: number): bigint | undefined {
    return this.#entries.get(key);
  }

  set(key: number, value: bigint): void {
    this.#entries.set(key, value);
    this.#dirty.add(key);
  }

  delete(key: number): void {
    this.#entries.delete(key);
    this.#dirty.add(key);
  }

  takeWrites(): BackendWrite[] {
    const writes = [...this.#dirty].map((key) => {
      const value = this.#entries.get(key);
      return {
        key: PREFIX + key.toString(16).padStart(KEY_DIGITS, '0'),
        value: value === undefined ? undefined : fieldToBytes(value),
      };
    });
    this.#dirty.clear();
    return writes;
  }
}

/**
 * The PXE's own copy of the note tree, made from the full stream of commitments: asking anybody for a single path would
 * name the record. Kept in the store's public part.
 */
export class NoteTreeMirror {
  readonly #nodes: TrackedTreeStore;
  readonly #tree: NoteTree;

  private constructor(nodes: TrackedTreeStore) {
    this.#nodes = nodes;
    this.#tree = new NoteTree(nodes);
  }

  static async open(store: EncryptedStore): Promise<NoteTreeMirror> {
    const entries = new Map<number, bigint>();
    for (const { key, value } of await store.listOpen(PREFIX)) {
      entries.set(Number.parseInt(key.slice(PREFIX.length), 16), fieldFromBytes(new Uint8Array(value)));
    }
    return new NoteTreeMirror(new TrackedTreeStore(entries));
  }

  root(): bigint {
    return this.#tree.root();
  }

  /** Next free index. */
  get size(): number {
    return this.#tree.size;
  }

  /** Leaf at `index`; 0 when empty. */
  leaf(index: number): bigint {
    return this.#tree.leaf(index);
  }

  path(index: number): TreePath {
    return this.#tree.path(index);
  }

  /** The tree as it was when it had `size` places: its root and paths. This tree stays as it is. */
  at(size: number): Pick<NoteTree, 'root' | 'path'> {
    if (size === this.size) return this.#tree;
    const past = new NoteTree(new OverlayTreeStore(this.#nodes));
    past.rollback(size);
    return past;
  }

  /** Adds leaves in ascending order of index, none before `size`. */
  append(leaves: readonly { readonly index: number; readonly commitment: bigint }[]): void {
    for (const { index, commitment } of leaves) this.#tree.appendSubtree(index, [commitment]);
  }

  /** Takes back every leaf at or after `size`. */
  rollback(size: number): void {
    this.#tree.rollback(Math.min(size, this.#tree.size));
  }

  /** What changed since the last call, to be written with the blocks that changed it. */
  takeWrites(): BackendWrite[] {
    return this.#nodes.takeWrites();
  }
}
