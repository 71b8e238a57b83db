/** Records from snarkVM (test/vectors/snarkvm/README.md), and the deliberate differences of this compiler. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../vectors/snarkvm/', import.meta.url);
const FILES = ['arithmetic', 'cast', 'comparison', 'logic', 'power', 'shift'];

/** An opcode with the types of its operands and the type after `as`. */
export interface Combination {
  readonly op: string;
  readonly types: readonly string[];
  readonly as?: string;
}

/** Calls of one instruction: the operands as literals, then the result: a literal, null if there is none, or `halt`. */
export interface RecordedGroup extends Combination {
  readonly vectors: readonly (readonly (string | null)[])[];
}

/** A program (`NAME.aleo`), and whether snarkVM accepts it. */
export interface RecordedVerdict {
  readonly name: string;
  readonly source: string;
  readonly accepted: boolean;
}

export interface TypeMatrix {
  /** The literal types that were tried in every place. */
  readonly types: readonly string[];
  /** Per opcode what snarkVM accepts: `u8 u8 -> u8`, `u8 u8`, `u8 as i8`. */
  readonly opcodes: Readonly<Record<string, readonly string[]>>;
  /** Programs on structs, arrays and records. */
  readonly composite: readonly RecordedVerdict[];
  /** Programs that are built in a certain way. */
  readonly structure: readonly RecordedVerdict[];
  /** Texts, and the literal that snarkVM reads them as; null if it reads none. */
  readonly literals: readonly (readonly [text: string, read: string | null])[];
  /** Words, and the kinds of names that they cannot be. */
  readonly names: readonly (readonly [word: string, refused: readonly string[]])[];
}

/** A random program, `NAME.aleo`, and calls of its function `f`: inputs as text, then the outputs, or `halt`. */
export interface RecordedProgram {
  readonly source: string;
  readonly calls: readonly (readonly [inputs: readonly string[], outputs: readonly string[] | 'halt'])[];
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${file}.json`, FOLDER), 'utf8'));
}

export function typeMatrix(): TypeMatrix {
  return read('type-matrix') as TypeMatrix;
}

export function recordedGroups(): RecordedGroup[] {
  return FILES.flatMap((file) => read(file) as RecordedGroup[]);
}

export function recordedPrograms(): RecordedProgram[] {
  return ['random', 'mixed'].flatMap((file) => read(`programs/${file}`) as RecordedProgram[]);
}

/** Cases that snarkVM accepts and this compiler refuses. */
export interface Difference {
  readonly reason: string;
  /** Code of the refusal. */
  readonly code: string;
  readonly covers: (combination: Combination) => boolean;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'commitments of Aleo are hashes on another curve',
    code: 'PROGRAM_UNSUPPORTED',
    covers: ({ op }) => op.startsWith('commit.'),
  },
  {
    reason: 'the address of a signer follows from its keys by a hash that no slot computes',
    code: 'PROGRAM_UNSUPPORTED',
    covers: ({ op }) => op === 'sign.verify',
  },
  {
    reason: 'there are no values of type signature',
    code: 'PROGRAM_UNSUPPORTED',
    covers: ({ op, types, as }) => op !== 'sign.verify' && [...types, as].includes('signature'),
  },
];

/** The difference that an instruction falls under, if any: the first of the list. */
export function differenceOf(combination: Combination): Difference | undefined {
  return DIFFERENCES.find(({ covers }) => covers(combination));
}
