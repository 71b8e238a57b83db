/**
 * Bytecode that no compiler makes: random routing (cycles included), random flags in every combination, several widths at
 * once, used bits for unread values. Where a prover cannot satisfy a row or slot, its flags are relaxed, one by one, until a
 * witness exists. The result is a program that its author can run, signed like any other.
 */

import { bytecodeHash } from '../../../avm/bytecode.ts';
import { checkAvmWitness, checkRow, checkWide } from '../../../avm/check.ts';
import type { AvmTrace, Bytecode } from '../../../avm/function.ts';
import { bitLayout, WIDE_FLAGS, wireLayout } from '../../../avm/layout.ts';
import { applyNetwork, routePermutation } from '../../../avm/waksman.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import { AVM_SIZE, LOWERING_VERSION, SIZE_CLASS, type SizeClass } from '../../../protocol/constants.ts';
import {
  functionIdOf,
  functionTreePath,
  functionTreeRoot,
  programIdOf,
} from '../../../protocol/program-id.ts';
import { type RecordPreimage, recordTypeId } from '../../../protocol/record.ts';
import {
  alice,
  type CallOptions,
  call,
  type TestCall,
  type TestProgram,
  TOKEN,
  token,
} from '../transition/transitions.ts';
import type { Random } from './functions.ts';
import { settle } from './settle.ts';

/** Names of the hostile program's records; the first is what the victim calls its token, too. */
const NAMES = [TOKEN, 77n, TOKEN, 78n];

export interface HostileCall {
  readonly call: TestCall;
  /** The parts that the call was made from. */
  readonly options: CallOptions;
  readonly program: TestProgram;
  readonly witness: AvmWitness;
}

/** A program of one function with the given bytecode. */
export function programOfBytecode(bytecode: Bytecode): TestProgram {
  const name = 5n;
  const functionId = functionIdOf(SIZE_CLASS[bytecode.sizeClass], name, bytecode.hash);
  const [sourceHash, programName] = [6n, 7n];
  const programId = programIdOf(LOWERING_VERSION, functionTreeRoot([functionId]), sourceHash, programName);
  const f = {
    name,
    bytecode,
    functionId,
    path: functionTreePath([functionId], 0),
    loweringVersion: LOWERING_VERSION,
    sourceHash,
    programName,
  };
  return { programId, typeId: recordTypeId(programId, TOKEN), functions: { f } };
}

function randomBits(rng: Random, sizeClass: SizeClass): Uint8Array {
  const size = AVM_SIZE[sizeClass];
  const [layout, at] = [wireLayout(size), bitLayout(size)];
  const permutation = Uint32Array.from({ length: layout.wires }, (_, i) => i);
  for (let i = permutation.length - 1; i > 0; i--) {
    const k = rng.below(i + 1);
    [permutation[i], permutation[k]] = [permutation[k], permutation[i]];
  }
  const join = (sink: number, source: number): void => {
    const holder = permutation.indexOf(source);
    [permutation[sink], permutation[holder]] = [permutation[holder], permutation[sink]];
  };
  // Owners must be points: the signer, who is the caller too, and points given as inputs.
  for (let i = 0; i < size.recordOutputs; i++) {
    const source = i < 2 ? layout.source.context + i : layout.source.input + i;
    join(layout.sink.recordOutput + 6 * i, source);
  }
  // A row that adds 0 to itself, and a copy cell that reads itself.
  join(layout.sink.row + 3, layout.source.row + 1);
  join(layout.sink.copy, layout.source.copy);
  const bits = new Uint8Array(at.total);
  bits.set(routePermutation(permutation), at.switches);
  for (let i = at.rowFlags; i < at.total; i++) bits[i] = rng.below(2);
  // Assertions on random values fail: few. The used bits of record slots: a number of the first.
  for (let i = 0; i < size.rows; i++) {
    for (const flag of [6, 7]) if (rng.chance(0.8)) bits[at.rowFlags + 8 * i + flag] = 0;
  }
  bits.fill(0, at.recordInputUsed, at.messageUsed);
  bits.fill(1, at.recordInputUsed, at.recordInputUsed + rng.below(size.recordInputs + 1));
  bits.fill(1, at.recordOutputUsed, at.recordOutputUsed + rng.below(size.recordOutputs + 1));
  for (let i = 2; i < size.recordOutputs; i++) bits[at.inputUsed + i] = 1;
  return bits;
}

/** Clears the flags that made a constraint fail; false when nothing is left to clear. */
function relax(bits: Uint8Array, constraint: string, sizeClass: SizeClass): boolean {
  const at = bitLayout(AVM_SIZE[sizeClass]);
  const [, part, index, what] = /^(row|wide|group)\[(\d+)\]\.(\w+)$/.exec(constraint) ?? [];
  const set = (place: number, value: number): boolean => {
    if (bits[place] === value) return false;
    bits[place] = value;
    return true;
  };
  if (part === 'row') {
    const flags = at.rowFlags + 8 * Number(index);
    return set(flags + (what === 'assert' ? 6 : what === 'boolean' ? 7 : 5), what === 'out' ? 1 : 0);
  }
  if (part === 'group') return set(at.groupUsed + Number(index), 0);
  if (part !== 'wide') return false;
  const flags = at.wideFlags + WIDE_FLAGS * Number(index);
  if (what === 'checkA' || what === 'checkB') return set(flags + (what === 'checkA' ? 13 : 14), 0);
  const from = flags + (what.endsWith('A') ? 0 : 6);
  // The widest first: what is left are fewer and narrower widths.
  for (let k = 0; k < 6; k++) if (bits[from + k] === 1) return set(from + k, 0);
  return false;
}

/** Every row and wide slot that fails, by the checker's name of the constraint. */
function failures(witness: AvmWitness, sizeClass: SizeClass): string[] {
  const size = AVM_SIZE[sizeClass];
  const [layout, at] = [wireLayout(size), bitLayout(size)];
  const { bits } = witness;
  const sources = [
    ...Array<bigint>(size.zeros).fill(0n),
    ...Array<bigint>(size.ones).fill(1n),
    ...[...witness.inputs, ...witness.constants, ...witness.recordWords.flat(), ...witness.context],
    ...[...witness.advice, ...witness.rowOut],
    ...witness.wideAnd.flatMap((and, i) => [and, witness.wideTopA[i], witness.wideTopB[i]]),
    ...[...witness.hashOut, ...(witness.groupOut ?? []).flat()],
    ...witness.copy.flatMap((value) => [value, value, value]),
  ];
  const sinks = applyNetwork(sources, bits);
  const failed: string[] = [];
  const attempt = (check: () => void): void => {
    try {
      check();
    } catch (error) {
      failed.push((error as Error).message);
    }
  };
  for (let i = 0; i < size.rows; i++) {
    const flags = bits.slice(at.rowFlags + 8 * i, at.rowFlags + 8 * (i + 1));
    const operands = sinks.slice(layout.sink.row + 3 * i, layout.sink.row + 3 * (i + 1));
    attempt(() => checkRow(flags, operands, witness.rowOut[i], `row[${i}]`));
  }
  for (let i = 0; i < size.wide; i++) {
    const flags = bits.slice(at.wideFlags + WIDE_FLAGS * i, at.wideFlags + WIDE_FLAGS * (i + 1));
    const operands = sinks.slice(layout.sink.wide + 2 * i, layout.sink.wide + 2 * (i + 1));
    const out = { and: witness.wideAnd[i], topA: witness.wideTopA[i], topB: witness.wideTopB[i] };
    attempt(() => checkWide(flags, operands, out, `wide[${i}]`));
  }
  for (let i = 0; i < size.group; i++) if (bits[at.groupUsed + i] === 1) failed.push(`group[${i}].used`);
  return failed;
}

function traceOf(witness: AvmWitness): AvmTrace {
  return {
    advice: witness.advice,
    rows: witness.rowOut,
    wide: witness.wideAnd.map((and, i) => ({ and, topA: witness.wideTopA[i], topB: witness.wideTopB[i] })),
    hash: witness.hashOut,
  };
}

/** A hostile function with a signed call of it that its author can prove; undefined if this draw cannot be satisfied. */
export function hostileCall(rng: Random, sizeClass: SizeClass): HostileCall | undefined {
  const size = AVM_SIZE[sizeClass];
  const at = bitLayout(size);
  const bits = randomBits(rng, sizeClass);
  const used = (from: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, i) => bits[from + i] === 1);
  const recordIn = used(at.recordInputUsed, size.recordInputs);
  const recordOut = used(at.recordOutputUsed, size.recordOutputs);
  const constants = Array.from({ length: size.constants }, () => rng.field());
  const inputs = Array.from({ length: size.inputs }, (_, i) =>
    bits[at.inputUsed + i] === 0 ? 0n : i >= 2 && i < size.recordOutputs ? alice.address.x : rng.field(),
  );
  const words = recordIn.map((slot) => Array.from({ length: 5 }, () => (slot ? rng.field() : 0n)));
  const trace: AvmTrace = {
    advice: Array.from({ length: size.advice }, () => rng.field()),
    rows: Array.from({ length: size.rows }, () => rng.field()),
    wide: [],
    hash: Array<bigint>(size.hash).fill(0n),
  };
  for (let round = 0; round < 40; round++) {
    const parts = {
      bits,
      constants,
      recordInputNames: recordIn.map((slot, i) => (slot ? NAMES[i] : 0n)),
      recordOutputNames: recordOut.map((slot, i) => (slot ? NAMES[i] : 0n)),
    };
    const bytecode: Bytecode = { sizeClass, ...parts, hash: bytecodeHash(parts) };
    const program = programOfBytecode(bytecode);
    const args = {
      inputs,
      recordWords: words,
      context: [alice.address.x, alice.address.x, program.programId],
    };
    const settled = settle(avmWitness(bytecode, args, trace, size), size);
    // As a prover's tools will complete it.
    const witness = avmWitness(bytecode, args, traceOf(settled), size);
    const check = checkAvmWitness(witness, size);
    if (check.ok) {
      const { outputs } = check;
      const records = words
        .filter((_, i) => recordIn[i])
        .map(
          (data, i): RecordPreimage => ({
            ...token(alice, 0n, BigInt(i), recordTypeId(program.programId, NAMES[i])),
            data,
          }),
        );
      const made = recordOut.flatMap((slot, i) =>
        slot
          ? [
              {
                typeId: recordTypeId(program.programId, NAMES[i]),
                owner: outputs.recordOutputOwner[i],
                data: outputs.recordOutputData[i],
              },
            ]
          : [],
      );
      const [w0, w1, w2] = outputs.message;
      const options: CallOptions = {
        program,
        fn: 'f',
        inputs,
        records,
        outputs: made,
        message: outputs.messageUsed ? [w0, w1, w2] : undefined,
        trace: traceOf(witness),
      };
      return { call: call(options), options, program, witness };
    }
    const relaxed = failures(witness, sizeClass).map((constraint) => relax(bits, constraint, sizeClass));
    if (!relaxed.includes(true)) return undefined;
  }
  return undefined;
}
