/** Chunks for state-update tests, and the circuit's semantics without its checks: what a cheater recomputes. */

import { DOMAIN, FIELD_MODULUS, STATE_UPDATE_SLOTS, TREE_DEPTH } from '../../../protocol/constants.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { type AppliedChunk, applyChunk } from '../../../protocol/state/apply-chunk.ts';
import { stateUpdateHash } from '../../../protocol/state/binding.ts';
import type { ChunkData, ChunkSize } from '../../../protocol/state/chunk.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { NullifierTree, nullifierLeafHash } from '../../../protocol/tree/nullifier-tree.ts';
import { rootOfPath, type Siblings, type TreePath } from '../../../protocol/tree/path.ts';
import type { TreeKind } from '../../../protocol/tree/zero-subtrees.ts';
import { stateUpdateInput } from '../../../prover/witness/state-update.ts';
import { type Random, random } from '../avm/functions.ts';

export type { Random } from '../avm/functions.ts';
export { random } from '../avm/functions.ts';

/** The circuit's input with every value in the open, to be forged. */
export interface ChunkInput {
  oldNoteRoot: bigint;
  newNoteRoot: bigint;
  oldNullifierRoot: bigint;
  newNullifierRoot: bigint;
  noteStart: bigint;
  depositStart: bigint;
  nullifierStart: bigint;
  x: bigint;
  y: bigint;
  c: bigint;
  nullifiers: bigint[];
  commitments: bigint[];
  deposits: bigint[][];
  lowValue: bigint[];
  lowNext: bigint[];
  lowPending: bigint[];
  lowIndexBits: bigint[][];
  lowSiblings: bigint[][][];
  nullifierSiblings: bigint[][];
  noteSiblings: bigint[][];
  depositSiblings: bigint[][];
}

export class Trees {
  readonly note = new NoteTree();
  readonly nullifier = new NullifierTree();

  apply(size: ChunkSize, data: Partial<ChunkData>): AppliedChunk {
    return applyChunk(this.note, this.nullifier, size, {
      nullifiers: [],
      commitments: [],
      deposits: [],
      ...data,
    });
  }
}

/** Random data of a chunk, some slots skipped. `nullifier` chooses each nullifier's value. */
export function randomChunk(rng: Random, size: ChunkSize, nullifier = (): bigint => rng.field()): ChunkData {
  const slots = STATE_UPDATE_SLOTS[size];
  const nonZero = (make: () => bigint): bigint => make() || 1n;
  const used = (make: () => bigint): bigint[] =>
    Array.from({ length: slots }, () => (rng.chance(0.3) ? 0n : nonZero(make)));
  const unique = new Set<bigint>();
  const nullifiers = used(nullifier).map((value) => {
    if (unique.has(value)) return 0n;
    unique.add(value);
    return value;
  });
  return {
    nullifiers,
    commitments: used(() => rng.field()),
    deposits: Array.from({ length: 4 }, () =>
      rng.chance(0.4)
        ? Array<bigint>(8).fill(0n)
        : Array.from({ length: 8 }, (_, k) => (k === 0 ? nonZero(() => rng.field()) : rng.field())),
    ),
  };
}

/** The words of an input's statement, in order (docs/specification.md, section 10). */
export function statementOf(input: ChunkInput): bigint[] {
  return [
    input.oldNoteRoot,
    input.newNoteRoot,
    input.oldNullifierRoot,
    input.newNullifierRoot,
    input.noteStart,
    input.depositStart,
    input.nullifierStart,
    ...input.nullifiers,
    ...input.commitments,
    ...input.deposits.flat(),
  ];
}

/** y = sum_j S_j x^(j+1), written out (docs/specification.md, section 6). */
export function evaluateY(words: readonly bigint[], x: bigint): bigint {
  let power = 1n;
  let y = 0n;
  for (const word of words) {
    power = (power * x) % FIELD_MODULUS;
    y = (y + word * power) % FIELD_MODULUS;
  }
  return y;
}

/** The input with c and y of its own statement. */
export function recomputeStatement(input: ChunkInput): ChunkInput {
  const words = statementOf(input);
  return { ...input, c: hash(DOMAIN.STATE_UPDATE, words), y: evaluateY(words, input.x) };
}

/** Honest input of an applied chunk, for some x. */
export function honestInput(applied: AppliedChunk, x = 0x123456789abcdefn): ChunkInput {
  const inputs = [x, 0n, stateUpdateHash(applied)] as const;
  return recomputeStatement(structuredClone(stateUpdateInput(applied, inputs)) as unknown as ChunkInput);
}

const pathOf = (siblings: bigint[][], index: number): TreePath => ({
  level: TREE_DEPTH - siblings.length,
  index,
  siblings: siblings as unknown as Siblings[],
  childIndexes: siblings.map((_, k) => Math.floor(index / 4 ** k) % 4),
});

const subtreeRoot = (kind: TreeKind, leaves: bigint[]): bigint => {
  const domain = kind === 'note' ? DOMAIN.NOTE_TREE : DOMAIN.NULLIFIER_TREE;
  let level = leaves;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 4 }, (_, k) => hash(domain, level.slice(4 * k, 4 * k + 4)));
  }
  return level[0];
};

/** Root after an append, old content ignored: the index is the place the siblings belong to, here start / leaves. */
const appended = (kind: TreeKind, leaves: bigint[], siblings: bigint[][], start: bigint): bigint =>
  rootOfPath(kind, subtreeRoot(kind, leaves), pathOf(siblings, Math.floor(Number(start) / leaves.length)));

/**
 * Everything that follows from a cheater's choices, recomputed: new roots, c and y. Follows the circuit's arithmetic step by
 * step, with non-boolean choices too, and checks nothing.
 */
export function recompute(input: ChunkInput): ChunkInput {
  const mod = (value: bigint): bigint => ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
  let root = input.oldNullifierRoot;
  const next: bigint[] = [];
  input.nullifiers.forEach((nullifier, i) => {
    const choices = input.lowPending.slice((i * (i - 1)) / 2, (i * (i + 1)) / 2);
    const inTree = mod((nullifier === 0n ? 0n : 1n) - choices.reduce((sum, choice) => sum + choice, 0n));
    choices.forEach((choice, j) => {
      next[j] = mod(next[j] + choice * (nullifier - next[j]));
    });
    next[i] = input.lowNext[i];
    const index = input.lowIndexBits[i].reduce((sum, bit, k) => sum + Number(bit) * 2 ** k, 0);
    const leaf = nullifierLeafHash({ value: input.lowValue[i], next: nullifier });
    const updated = rootOfPath('nullifier', leaf, pathOf(input.lowSiblings[i], index));
    root = mod(root + inTree * (updated - root));
  });
  const leaves = input.nullifiers.map((value, i) =>
    value === 0n ? 0n : nullifierLeafHash({ value, next: next[i] }),
  );
  const depositLeaves = input.deposits.map(([typeId, ownerHash, queue, ...data]) =>
    typeId === 0n ? 0n : hash(DOMAIN.RECORD, [typeId, ownerHash, hash(DOMAIN.RHO_DEPOSIT, [queue]), ...data]),
  );
  return recomputeStatement({
    ...input,
    newNullifierRoot: appended('nullifier', leaves, input.nullifierSiblings, input.nullifierStart),
    newNoteRoot: appended('note', depositLeaves, input.depositSiblings, input.depositStart),
  });
}

/** A seeded generator of field elements for tests that need distinct values. */
export const seeded = (seed: number): Random => random(seed);
