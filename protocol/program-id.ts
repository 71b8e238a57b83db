import { DOMAIN, FUNCTION_TREE_DEPTH, TREE_ARITY } from './constants.ts';
import { AzaleaError } from './errors.ts';
import { type Field, integerFromBytes } from './field.ts';
import { hash } from './hash/hash.ts';

/** Longest name, in UTF-8 bytes: 31 bytes are below r. */
export const NAME_BYTES = 31;

/** UTF-8 bytes as a big-endian integer. Throws NAME_LENGTH unless 1 to 31 bytes. */
export function nameToField(name: string): Field {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length > NAME_BYTES) {
    throw new AzaleaError(
      'NAME_LENGTH',
      `The name "${name}" has ${bytes.length} bytes; 1 to ${NAME_BYTES} are allowed.`,
    );
  }
  return integerFromBytes(bytes);
}

/** hash(FN, [size class, name, bytecode hash, finalize hash]); finalize hash 0: no finalize. */
export function functionIdOf(
  sizeClass: bigint,
  name: Field,
  bytecodeHash: Field,
  finalizeBytecodeHash: Field = 0n,
): Field {
  return hash(DOMAIN.FN, [sizeClass, name, bytecodeHash, finalizeBytecodeHash]);
}

const FUNCTION_LEAVES = TREE_ARITY ** FUNCTION_TREE_DEPTH;

function functionTreeLevels(functionIds: readonly Field[]): Field[][] {
  if (functionIds.length === 0 || functionIds.length > FUNCTION_LEAVES) {
    throw new AzaleaError(
      'PROGRAM_FUNCTION_COUNT',
      `A program has 1 to ${FUNCTION_LEAVES} functions, this one has ${functionIds.length}.`,
    );
  }
  let level: Field[] = [...functionIds];
  while (level.length < FUNCTION_LEAVES) level.push(0n);
  const levels = [level];
  // Most of the tree is empty: all such nodes of a level are one value.
  let empty = 0n;
  while (level.length > 1) {
    const parentOfEmpty = emptyParents.get(empty) ?? treeNode(Array<Field>(TREE_ARITY).fill(empty));
    emptyParents.set(empty, parentOfEmpty);
    const parents: Field[] = [];
    for (let k = 0; k < level.length; k += TREE_ARITY) {
      const children = level.slice(k, k + TREE_ARITY);
      parents.push(children.every((child) => child === empty) ? parentOfEmpty : treeNode(children));
    }
    level = parents;
    levels.push(level);
    empty = parentOfEmpty;
  }
  return levels;
}

/** The parent of four empty nodes, by the value of those. */
const emptyParents = new Map<Field, Field>();

function treeNode(children: readonly Field[]): Field {
  return hash(DOMAIN.FN_TREE, children);
}

/** Root of the tree of a program's functions, in order of declaration. */
export function functionTreeRoot(functionIds: readonly Field[]): Field {
  return functionTreeLevels(functionIds)[FUNCTION_TREE_DEPTH][0];
}

/** Place of a function in its program's tree, in the order that circuits/tree/merkle-path4.circom takes. */
export interface FunctionPath {
  readonly index: number;
  /** Per level: the partner in its pair, then the other pair in child order. */
  readonly siblings: readonly (readonly Field[])[];
}

/** Path of the function with this index of declaration. Throws PROGRAM_FUNCTION_INDEX, PROGRAM_FUNCTION_COUNT. */
export function functionTreePath(functionIds: readonly Field[], index: number): FunctionPath {
  if (!Number.isInteger(index) || index < 0 || index >= functionIds.length) {
    throw new AzaleaError(
      'PROGRAM_FUNCTION_INDEX',
      `The program has functions 0 to ${functionIds.length - 1}, not ${index}.`,
    );
  }
  const levels = functionTreeLevels(functionIds);
  const siblings: Field[][] = [];
  let position = index;
  for (let k = 0; k < FUNCTION_TREE_DEPTH; k++) {
    const base = position - (position % TREE_ARITY);
    const pair = base + (position % TREE_ARITY < 2 ? 2 : 0);
    siblings.push([levels[k][position ^ 1], levels[k][pair], levels[k][pair + 1]]);
    position = Math.floor(position / TREE_ARITY);
  }
  return { index, siblings };
}

/** hash(SOURCE, [byte length, 31-byte chunks of the canonical source]), the last chunk zero-padded on the right. */
export function sourceHashOf(canonicalSource: string): Field {
  const bytes = new TextEncoder().encode(canonicalSource);
  const words: Field[] = [BigInt(bytes.length)];
  for (let start = 0; start < bytes.length; start += NAME_BYTES) {
    const chunk = new Uint8Array(NAME_BYTES);
    chunk.set(bytes.subarray(start, start + NAME_BYTES));
    words.push(integerFromBytes(chunk));
  }
  return hash(DOMAIN.SOURCE, words);
}

/** hash(PROGRAM, [lowering version, function tree root, source hash, name]). */
export function programIdOf(
  loweringVersion: number,
  functionRoot: Field,
  sourceHash: Field,
  name: Field,
): Field {
  return hash(DOMAIN.PROGRAM, [BigInt(loweringVersion), functionRoot, sourceHash, name]);
}
