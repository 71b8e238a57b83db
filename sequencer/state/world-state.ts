/**
 * Note tree and nullifier tree as of the newest L2 block on L1, kept in LMDB. A block is applied for good together with
 * its record, or on trial; on trial the trees are afterwards as before.
 */

import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type AppliedChunk, applyChunk } from '../../protocol/state/apply-chunk.ts';
import type { Chunk } from '../../protocol/state/chunk.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../protocol/tree/nullifier-tree.ts';
import type { StatePosition } from './records.ts';
import type { Store } from './store.ts';
import { TreeLayer } from './tree-layer.ts';

export interface WorldStateDependencies {
  readonly store: Store;
}

export class WorldState {
  readonly #store: Store;
  #noteLayer!: TreeLayer;
  #nullifierLayer!: TreeLayer;
  #notes!: NoteTree;
  #nullifiers!: NullifierTree;

  constructor(dependencies: WorldStateDependencies) {
    this.#store = dependencies.store;
    this.#open();
  }

  /** Roots and next free indexes of the trees as they stand. */
  position(): Omit<StatePosition, 'l2Block' | 'nextDeposit'> {
    return {
      noteRoot: fieldToHex(this.#notes.root()),
      nullifierRoot: fieldToHex(this.#nullifiers.root()),
      nextNote: this.#notes.size,
      nextNullifier: this.#nullifiers.size,
    };
  }

  isSpent(nullifier: bigint): boolean {
    return this.#nullifiers.has(nullifier);
  }

  /** Applies chunks and reverts them; returns the inputs for proving them. */
  try(chunks: readonly Chunk[]): AppliedChunk[] {
    const notes = this.#notes.size;
    const nullifiers = this.#nullifiers.size;
    try {
      return this.#apply(chunks);
    } finally {
      this.#notes.rollback(notes);
      this.#nullifiers.rollback(nullifiers);
      this.#noteLayer.discard();
      this.#nullifierLayer.discard();
    }
  }

  /**
   * Applies chunks for good; `record` writes what belongs to them. One transaction: when anything throws, neither the
   * trees nor the store have changed.
   */
  commit<T>(chunks: readonly Chunk[], record: (applied: readonly AppliedChunk[]) => T): T {
    return this.#orReopen(() => {
      const applied = this.#apply(chunks);
      return this.#store.atomic(() => {
        this.#write();
        return record(applied);
      });
    });
  }

  /** Takes the trees back to an earlier position; `record` undoes what belongs to the blocks taken back. */
  rollback<T>(position: StatePosition, record: () => T): T {
    return this.#orReopen(() => {
      this.#notes.rollback(position.nextNote);
      this.#nullifiers.rollback(position.nextNullifier);
      const actual = this.position();
      if (actual.noteRoot !== position.noteRoot || actual.nullifierRoot !== position.nullifierRoot) {
        throw new AzaleaError(
          'STATE_DIVERGED',
          `The trees do not return to the roots of block ${position.l2Block}; delete the data directory, it is rebuilt from L1`,
          { l2Block: position.l2Block, expected: position.noteRoot, actual: actual.noteRoot },
        );
      }
      return this.#store.atomic(() => {
        this.#write();
        return record();
      });
    });
  }

  /** Writes the genesis trees of a fresh store. Call inside `Store.atomic`. */
  writeGenesis(): void {
    this.#write();
  }

  #apply(chunks: readonly Chunk[]): AppliedChunk[] {
    return chunks.map((chunk) => applyChunk(this.#notes, this.#nullifiers, chunk.size, chunk.data));
  }

  #write(): void {
    this.#noteLayer.write();
    this.#nullifierLayer.write();
  }

  #orReopen<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#open();
      throw error;
    }
  }

  #open(): void {
    this.#noteLayer = new TreeLayer(this.#store.noteNodes);
    this.#nullifierLayer = new TreeLayer(this.#store.nullifierNodes);
    this.#notes = new NoteTree(this.#noteLayer);
    this.#nullifiers = new NullifierTree(this.#nullifierLayer);
  }
}
