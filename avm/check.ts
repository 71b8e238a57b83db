/**
 * The AVM core's constraints in TypeScript, one by one and by name. Twin: circuits/avm/avm-core.circom and the templates it is
 * made of; a witness passes here if and only if the circuit accepts it. Only tests
 * use it: they run millions of attacks here that would take hours on the compiled circuit.
 */
import { type AvmSize, RECORD_WORDS, SCALAR_BITS, WIDE_WIDTHS } from '../protocol/constants.ts';
import { clearCofactor, isOnCurve, mulPoint } from '../protocol/curve/point.ts';
import { toField } from '../protocol/field.ts';
import { bytecodeHash } from './bytecode.ts';
import type { AvmTrace, Bytecode } from './function.ts';
import { hashSlot } from './hash-slot.ts';
import {
  bitLayout,
  GROUP_SINKS,
  HASH_SINKS,
  MESSAGE_WORDS,
  RECORD_OUTPUT_SINKS,
  sizeOfBits,
  WIDE_FLAGS,
  wireLayout,
} from './layout.ts';
import { applyNetwork } from './waksman.ts';
import { type AvmArguments, type AvmWitness, avmWitness } from './witness.ts';

/** Output signals of template AvmCore. */
export interface AvmOutputs {
  readonly bytecodeHash: bigint;
  readonly recordOutputOwner: readonly bigint[];
  readonly recordOutputData: readonly (readonly bigint[])[];
  readonly message: readonly bigint[];
  readonly recordInputUsed: readonly boolean[];
  readonly recordOutputUsed: readonly boolean[];
  readonly messageUsed: boolean;
}

/** Outputs, or the first constraint that fails, such as `row[3].assert` or `wide[0].fitsA`. */
export type AvmCheck =
  | { readonly ok: true; readonly outputs: AvmOutputs }
  | { readonly ok: false; readonly constraint: string };

/** Checks one call: completes the trace into a witness, then checks that. */
export function checkAvm(
  bytecode: Bytecode,
  args: AvmArguments,
  trace: AvmTrace,
  size: AvmSize = sizeOfBits(bytecode.bits.length),
): AvmCheck {
  return checkAvmWitness(avmWitness(bytecode, args, trace, size), size);
}

/** Checks a whole witness, which may come from anywhere. */
export function checkAvmWitness(
  witness: AvmWitness,
  size: AvmSize = sizeOfBits(witness.bits.length),
): AvmCheck {
  try {
    return { ok: true, outputs: evaluate(witness, size) };
  } catch (error) {
    if (error instanceof FailedConstraint) return { ok: false, constraint: error.message };
    throw error;
  }
}

/**
 * Internal: unwinds to checkAvmWitness with the constraint's name. No Error: searches break constraints by the million, and to
 * record a stack takes longer than to check one.
 */
class FailedConstraint {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

function require(holds: boolean, constraint: string): void {
  if (!holds) throw new FailedConstraint(constraint);
}

function evaluate(witness: AvmWitness, size: AvmSize): AvmOutputs {
  const layout = wireLayout(size);
  const at = bitLayout(size);
  const { bits } = witness;

  bits.forEach((bit, i) => {
    require(bit === 0 || bit === 1, `bits[${i}].boolean`);
  });
  witness.inputs.forEach((value, i) => {
    require(bits[at.inputUsed + i] === 1 || value === 0n, `inputs[${i}].unused`);
  });
  witness.recordWords.forEach((words, i) => {
    const used = bits[at.recordInputUsed + i] === 1;
    words.forEach((value, k) => {
      require(used || value === 0n, `recordWords[${i}][${k}].unused`);
    });
    require(used || witness.recordInputNames[i] === 0n, `recordInputNames[${i}].unused`);
  });

  const sources = [
    ...Array<bigint>(size.zeros).fill(0n),
    ...Array<bigint>(size.ones).fill(1n),
    ...witness.inputs,
    ...witness.constants,
    ...witness.recordWords.flat(),
    ...witness.context,
    ...witness.advice,
    ...witness.rowOut,
    ...witness.wideAnd.flatMap((and, i) => [and, witness.wideTopA[i], witness.wideTopB[i]]),
    ...witness.hashOut,
    ...(witness.groupOut ?? []).flat(),
    ...witness.copy.flatMap((value) => [value, value, value]),
  ];
  const sinks = applyNetwork(sources, bits);
  witness.copy.forEach((value, i) => {
    require(sinks[layout.sink.copy + i] === value, `copy[${i}]`);
  });

  for (let i = 0; i < size.rows; i++) {
    const start = layout.sink.row + 3 * i;
    checkRow(
      bits.slice(at.rowFlags + 8 * i, at.rowFlags + 8 * (i + 1)),
      sinks.slice(start, start + 3),
      witness.rowOut[i],
      `row[${i}]`,
    );
  }
  for (let i = 0; i < size.wide; i++) {
    const start = layout.sink.wide + 2 * i;
    checkWide(
      bits.slice(at.wideFlags + WIDE_FLAGS * i, at.wideFlags + WIDE_FLAGS * (i + 1)),
      sinks.slice(start, start + 2),
      { and: witness.wideAnd[i], topA: witness.wideTopA[i], topB: witness.wideTopB[i] },
      `wide[${i}]`,
    );
  }
  for (let i = 0; i < size.hash; i++) {
    const start = layout.sink.hash + HASH_SINKS * i;
    checkHash(sinks.slice(start, start + HASH_SINKS), witness.hashOut[i], `hash[${i}]`);
  }

  for (let i = 0; i < size.group; i++) {
    const start = layout.sink.group + GROUP_SINKS * i;
    const used = bits[at.groupUsed + i] === 1;
    checkGroup(
      used,
      sinks.slice(start, start + GROUP_SINKS),
      { out: witness.groupOut![i], preimage: witness.groupPreimage![i] },
      `group[${i}]`,
    );
  }

  const recordOutputUsed = Array.from(
    { length: size.recordOutputs },
    (_, i) => bits[at.recordOutputUsed + i] === 1,
  );
  const outputSink = (i: number): number => layout.sink.recordOutput + RECORD_OUTPUT_SINKS * i;
  recordOutputUsed.forEach((used, i) => {
    require(used || witness.recordOutputNames[i] === 0n, `recordOutputNames[${i}].unused`);
  });
  const messageUsed = bits[at.messageUsed] === 1;
  return {
    bytecodeHash: bytecodeHash(witness),
    recordOutputOwner: recordOutputUsed.map((used, i) => (used ? sinks[outputSink(i)] : witness.context[0])),
    recordOutputData: recordOutputUsed.map((used, i) =>
      Array.from({ length: RECORD_WORDS }, (_, k) => (used ? sinks[outputSink(i) + 1 + k] : 0n)),
    ),
    message: Array.from({ length: MESSAGE_WORDS }, (_, k) =>
      messageUsed ? sinks[layout.sink.message + k] : 0n,
    ),
    recordInputUsed: Array.from({ length: size.recordInputs }, (_, i) => bits[at.recordInputUsed + i] === 1),
    recordOutputUsed,
    messageUsed,
  };
}

/** Twin of template AvmRow. `flags` in the order of ROW_FLAGS, `operands` a, b, c. */
export function checkRow(
  flags: readonly number[],
  operands: readonly bigint[],
  out: bigint,
  name: string,
): void {
  const [one, cPos, cNeg, select, equal, advice, assert, boolean] = flags;
  const [a, b, c] = operands;
  const cTerm = BigInt(cPos - cNeg) * c;
  const product = select === 1 ? cTerm : 0n;
  const bTerm = one === 1 ? 1n : b;
  const lin = toField(a * (bTerm - product) + cTerm);
  require(assert === 0 || lin === 0n, `${name}.assert`);
  require(boolean === 0 || a === 0n || a === 1n, `${name}.boolean`);
  const value = equal === 1 ? (lin === 0n ? 1n : 0n) : lin;
  require(advice === 1 || out === value, `${name}.out`);
}

/** Twin of template AvmWideSlot. `flags`: aWidth[6], bWidth[6], compare, checkA, checkB; `operands` a, b. */
export function checkWide(
  flags: readonly number[],
  operands: readonly bigint[],
  outputs: { readonly and: bigint; readonly topA: bigint; readonly topB: bigint },
  name: string,
): void {
  const [a, b] = operands;
  const power = WIDE_WIDTHS.reduce((sum, width, k) => sum + (flags[k] === 1 ? 1n << BigInt(width) : 0n), 0n);
  const x = checkHalf(
    flags.slice(0, 6),
    flags[12] === 1 ? a + power - b : a,
    outputs.topA,
    flags[13],
    name,
    'A',
  );
  const y = checkHalf(flags.slice(6, 12), b, outputs.topB, flags[14], name, 'B');
  require(outputs.and === (x & y & LOW_128), `${name}.and`);
}

const LOW_128 = (1n << 128n) - 1n;

/** Twin of template AvmWideHalf: the decomposed x. */
function checkHalf(
  widths: readonly number[],
  value: bigint,
  top: bigint,
  check: number,
  name: string,
  half: 'A' | 'B',
): bigint {
  const set = WIDE_WIDTHS.filter((_, k) => widths[k] === 1);
  const x = toField(BigInt(set.length) * value);
  require(x < 1n << BigInt(Math.min(128, ...set) + 1), `${name}.fits${half}`);
  const carry = set.reduce((sum, width) => sum + ((x >> BigInt(width)) & 1n), 0n);
  require(top === carry, `${name}.top${half}`);
  require(check === 0 || top === 0n, `${name}.check${half}`);
  return x;
}

/** Twin of template AvmHashSlot. `operands`: cap, x0..x3. */
export function checkHash(operands: readonly bigint[], out: bigint, name: string): void {
  const [cap, ...inputs] = operands;
  require(out === hashSlot(cap, inputs), `${name}.out`);
}

/** Twin of template AvmGroupSlot. `operands`: x, scalar; both coordinates of result and preimage. */
export function checkGroup(
  used: boolean,
  operands: readonly bigint[],
  given: { readonly out: readonly bigint[]; readonly preimage: readonly bigint[] },
  name: string,
): void {
  const [x, scalar] = used ? operands : [0n, 0n];
  const preimage = { x: given.preimage[0], y: given.preimage[1] };
  require(isOnCurve(preimage), `${name}.curve`);
  const point = clearCofactor(preimage);
  require(point.x === x, `${name}.point`);
  require(scalar >> BigInt(SCALAR_BITS) === 0n, `${name}.scalar`);
  const product = mulPoint(point, scalar);
  require(given.out[0] === product.x && given.out[1] === product.y, `${name}.out`);
}
