/**
 * Packs recorded vectors (one instruction, its operands, its result or "halt") into functions of the AVM.
 *
 * Vectors with a result share functions: `op` on several operand tuples, each result compared with the recorded one, which is
 * an input, by assert.eq. So one witness that satisfies the constraints shows that all of the function's vectors hold, and a
 * wrong recorded result must break it. Vectors that halt run alone: no witness may pass.
 */

import { type EvaluationInputs, evaluate } from '../../../avm/evaluate.ts';
import type { AvmTrace, Bytecode } from '../../../avm/function.ts';
import type { LoweredFunction } from '../../../avm/lowered-function.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { formatLiteral, isLeafOf, isProblem, parseLiteral } from '../../../program/values/literal.ts';
import { isLiteralType, type LiteralType } from '../../../program/values/types.ts';
import { AVM_SIZE, type AvmSize } from '../../../protocol/constants.ts';
import { toField } from '../../../protocol/field.ts';
import { assembleOversize, OVERSIZE } from '../avm/oversize.ts';
import { avmArguments, CONTEXT } from '../program/programs.ts';
import { differenceOf, recordedGroups } from './corpus.ts';

/** One recorded run: literals as text; `output` is a literal, null for an instruction without a result, or `halt`. */
interface Vector {
  readonly op: string;
  readonly types: readonly string[];
  readonly as?: string;
  readonly inputs: readonly string[];
  readonly output: string | null;
}

/** Vectors of one opcode, operand types and result type. */
export interface VectorGroup {
  readonly name: string;
  readonly op: string;
  readonly types: readonly LiteralType[];
  readonly as: string | undefined;
  /** The second operand where it is written as a literal. */
  readonly second?: bigint;
  /** No circuit holds an instance: the group runs on the core of size OVERSIZE. */
  readonly oversize?: true;
  /** Type of the result; undefined if there is none or all vectors halt. */
  readonly result: LiteralType | undefined;
  readonly passing: readonly { readonly inputs: readonly bigint[]; readonly output: bigint | undefined }[];
  readonly halting: readonly (readonly bigint[])[];
}

/** A function and how many vectors it runs at once. */
export interface PackFunction {
  readonly count: number;
  /** That of a circuit, or OVERSIZE. */
  readonly size: AvmSize;
  readonly lowered: LoweredFunction;
  readonly bytecode: Omit<Bytecode, 'sizeClass'>;
  /** The compiled function; undefined: the compiler refuses oversize ones. */
  readonly program: Program | undefined;
}

/** One run of a pack function. */
export interface PackRun {
  readonly fn: PackFunction;
  readonly given: EvaluationInputs;
  /** Number of vectors that this run shows, repeated ones left out. */
  readonly vectors: number;
}

/** Recorded vectors, except of instructions that this compiler refuses on purpose. */
function recordedVectors(): Vector[] {
  return recordedGroups()
    .filter((group) => differenceOf(group) === undefined)
    .flatMap(({ op, types, as, vectors }) =>
      vectors.map((vector): Vector => {
        const inputs = vector.slice(0, -1).map(String);
        const output = vector[vector.length - 1];
        return { op, types, ...(as === undefined ? {} : { as }), inputs, output };
      }),
    );
}

function leaf(text: string): { type: LiteralType; value: bigint } {
  const read = parseLiteral(text);
  if (isProblem(read)) throw new Error(`vector: ${text}: ${read.problem}`);
  return read;
}

/** Recorded vectors by opcode and types. */
export function recordedVectorGroups(): VectorGroup[] {
  return groupVectors(recordedVectors());
}

function groupVectors(vectors: Iterable<Vector>): VectorGroup[] {
  type Draft = { -readonly [K in keyof VectorGroup]: VectorGroup[K] } & {
    passing: { inputs: bigint[]; output: bigint | undefined }[];
    halting: bigint[][];
  };
  const groups = new Map<string, Draft>();
  for (const { op, types, as, inputs, output } of vectors) {
    const name = `${op} ${types.join(' ')}${as === undefined ? '' : ` as ${as}`}`;
    const operands = types.map((type) => {
      if (!isLiteralType(type)) throw new Error(`vector: ${type} is no literal type`);
      return type;
    });
    let group = groups.get(name);
    if (group === undefined) {
      group = { name, op, types: operands, as, result: undefined, passing: [], halting: [] };
      groups.set(name, group);
    }
    const leaves = inputs.map((text) => leaf(text).value);
    if (output === 'halt') {
      group.halting.push(leaves);
      continue;
    }
    const result = output === null ? undefined : leaf(output);
    group.result = result?.type;
    group.passing.push({ inputs: leaves, output: result?.value });
  }
  return [...groups.values()];
}

/** Types of the operands that are inputs. */
function operandTypes({ types, second }: VectorGroup): readonly LiteralType[] {
  return second === undefined ? types : types.slice(0, 1);
}

/** `count` instances of the instruction, with the results given after the operands. */
function sourceOf(group: VectorGroup, count: number, pinned: boolean): string {
  const { op, types, as, result, second } = group;
  const own = operandTypes(group);
  const given = pinned && result !== undefined ? [...own, result] : own;
  const lines: string[] = [];
  let next = given.length * count;
  for (let i = 0; i < count; i++) {
    given.forEach((type, k) => {
      lines.push(`    input r${i * given.length + k} as ${type}.private;`);
    });
  }
  for (let i = 0; i < count; i++) {
    const first = i * given.length;
    const operands = [
      ...own.map((_, k) => `r${first + k}`),
      ...(second === undefined ? [] : [formatLiteral({ type: types[1], value: second })]),
    ].join(' ');
    if (op.startsWith('assert')) lines.push(`    ${op} ${operands};`);
    else {
      lines.push(`    ${op} ${operands} into r${next}${as === undefined ? '' : ` as ${as}`};`);
      if (given.length > own.length) lines.push(`    assert.eq r${next} r${first + own.length};`);
      next++;
    }
  }
  return `program pack.aleo;\nfunction f:\n${lines.join('\n')}\n`;
}

/** The function if it fits a size of the circuit, or OVERSIZE where the group is. */
function compilePack(group: VectorGroup, count: number, pinned: boolean): PackFunction | undefined {
  const given = operandTypes(group).length + (pinned && group.result !== undefined ? 1 : 0);
  if (given * count > 16) return undefined;
  const source = sourceOf(group, count, pinned);
  const fileName = `${group.name}.aleo`;
  try {
    if (group.oversize)
      return { count, size: OVERSIZE, ...assembleOversize(source, fileName), program: undefined };
    const program = compileProgram(source, fileName);
    const { lowered, bytecode } = program.functions.get('f')!;
    return { count, size: AVM_SIZE[bytecode.sizeClass], lowered, bytecode, program };
  } catch (error) {
    const { code } = error as { code?: string };
    // A power of field elements needs its exponent when compiling.
    if (code === 'PROGRAM_UNSUPPORTED') return undefined;
    if (code === (group.oversize ? 'AVM_CAPACITY' : 'PROGRAM_CAPACITY')) return undefined;
    throw error;
  }
}

/** The forms in which a group with results can run. */
export interface GroupForms {
  /**
   * Returns the group itself if an instance fits a circuit size. Else it returns groups with the second operand as a literal
   * (wrapping powers of wide integers, powers of field elements), as far as these fit.
   */
  readonly fitting: readonly VectorGroup[];
  /** The group itself if only its size is in the way; with the result as an input, which takes half a wide slot. */
  readonly oversize: VectorGroup | undefined;
}

export function formsOf(group: VectorGroup): GroupForms {
  if (compilePack(group, 1, true) !== undefined) return { fitting: [group], oversize: undefined };
  const split = new Map<
    bigint,
    VectorGroup & { passing: { inputs: readonly bigint[]; output: bigint | undefined }[] }
  >();
  if (group.types.length !== 2 || group.halting.length > 0)
    throw new Error(`${group.name} fits no circuit size`);
  for (const { inputs, output } of group.passing) {
    const part = split.get(inputs[1]) ?? { ...group, second: inputs[1], passing: [] };
    split.set(inputs[1], part);
    part.passing.push({ inputs: inputs.slice(0, 1), output });
  }
  const fitting = [...split.values()].filter((part) => compilePack(part, 1, true) !== undefined);
  const oversize: VectorGroup = { ...group, oversize: true };
  return { fitting, oversize: compilePack(oversize, 1, true) === undefined ? undefined : oversize };
}

/** The function with the most instances that fits the smallest size that holds one. */
export function packFunction(group: VectorGroup, most = 16): PackFunction {
  let best = compilePack(group, 1, true);
  if (best === undefined) throw new Error(`${group.name}: one instance fits no circuit size`);
  for (let count = 2; count <= Math.min(most, group.passing.length); count++) {
    const next = compilePack(group, count, true);
    if (next === undefined || next.size !== best.size) break;
    best = next;
  }
  return best;
}

function givenOf(fn: PackFunction, inputs: readonly bigint[]): EvaluationInputs {
  return { inputs, recordWords: [], ...CONTEXT, programId: fn.program?.programId ?? 1n };
}

/** Runs that together show every vector with a result. */
export function packRuns(group: VectorGroup, fn: PackFunction): PackRun[] {
  const runs: PackRun[] = [];
  for (let at = 0; at < group.passing.length; at += fn.count) {
    const part = group.passing.slice(at, at + fn.count);
    const filled = Array.from({ length: fn.count }, (_, i) => part[i % part.length]);
    const inputs = filled.flatMap(({ inputs, output }) =>
      output === undefined ? inputs : [...inputs, output],
    );
    runs.push({ fn, given: givenOf(fn, inputs), vectors: part.length });
  }
  return runs;
}

/** The same run with one recorded result replaced by another value of its type; undefined where there is no result. */
export function wrongRun(group: VectorGroup, run: PackRun, which: number): EvaluationInputs | undefined {
  const { result } = group;
  if (result === undefined) return undefined;
  const { length } = operandTypes(group);
  const at = (length + 1) * (which % run.fn.count) + length;
  const right = run.given.inputs[at];
  const wrong = [right + 1n, right - 1n, 1n - right].map(toField).find((value) => isLeafOf(result, value));
  if (wrong === undefined) return undefined;
  return { ...run.given, inputs: run.given.inputs.map((value, i) => (i === at ? wrong : value)) };
}

/** The instruction alone, for vectors that halt. */
export function haltingFunction(group: VectorGroup): PackFunction {
  const fn = compilePack(group, 1, false);
  if (fn === undefined) throw new Error(`${group.name}: fits no circuit size`);
  return fn;
}

export function haltingRun(fn: PackFunction, inputs: readonly bigint[]): PackRun {
  return { fn, given: givenOf(fn, inputs), vectors: 1 };
}

/** The honest prover's trace, best effort where the call halts. */
export function traceOf({ lowered }: PackFunction, given: EvaluationInputs): AvmTrace {
  return evaluate(lowered, given, { advice: new Map() }).trace;
}

/** The witness of the core for a trace. */
export function packWitness(fn: PackFunction, given: EvaluationInputs, trace: AvmTrace): AvmWitness {
  return avmWitness(fn.bytecode, avmArguments(given), trace, fn.size);
}
