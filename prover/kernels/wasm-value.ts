/** Expressions of WebAssembly code (`wasm.ts`) and the encoding of numbers. Isomorphic. */

export type ValueType = 'i32' | 'i64';
export const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

/** Bytes in nested lists, so that building an expression copies nothing. */
export type Code = readonly (number | Code)[];

/** Operands that are not expressions yet: constants. */
export type Operand = Value | number | bigint;

/** Opcodes of i32 and i64 arithmetic. */
const BINARY = {
  add: [0x6a, 0x7c],
  sub: [0x6b, 0x7d],
  mul: [0x6c, 0x7e],
  and: [0x71, 0x83],
  or: [0x72, 0x84],
  xor: [0x73, 0x85],
  shl: [0x74, 0x86],
  shrS: [0x75, 0x87],
  shrU: [0x76, 0x88],
} as const;
const COMPARE = {
  eq: [0x46, 0x51],
  ne: [0x47, 0x52],
  ltS: [0x48, 0x53],
  ltU: [0x49, 0x54],
  gtS: [0x4a, 0x55],
  gtU: [0x4b, 0x56],
  geU: [0x4f, 0x5a],
} as const;

/** An expression: code that leaves one value. Used twice, it is computed twice; `FunctionBuilder.let` keeps a value. */
export class Value {
  readonly type: ValueType;
  readonly code: Code;

  constructor(type: ValueType, code: Code) {
    this.type = type;
    this.code = code;
  }

  add(other: Operand): Value {
    return this.#binary(BINARY.add, other);
  }
  sub(other: Operand): Value {
    return this.#binary(BINARY.sub, other);
  }
  mul(other: Operand): Value {
    return this.#binary(BINARY.mul, other);
  }
  and(other: Operand): Value {
    return this.#binary(BINARY.and, other);
  }
  or(other: Operand): Value {
    return this.#binary(BINARY.or, other);
  }
  xor(other: Operand): Value {
    return this.#binary(BINARY.xor, other);
  }
  shl(other: Operand): Value {
    return this.#binary(BINARY.shl, other);
  }
  /** Arithmetic shift: rounds towards minus infinity. */
  shrS(other: Operand): Value {
    return this.#binary(BINARY.shrS, other);
  }
  shrU(other: Operand): Value {
    return this.#binary(BINARY.shrU, other);
  }
  eq(other: Operand): Value {
    return this.#compare(COMPARE.eq, other);
  }
  ne(other: Operand): Value {
    return this.#compare(COMPARE.ne, other);
  }
  ltS(other: Operand): Value {
    return this.#compare(COMPARE.ltS, other);
  }
  ltU(other: Operand): Value {
    return this.#compare(COMPARE.ltU, other);
  }
  gtS(other: Operand): Value {
    return this.#compare(COMPARE.gtS, other);
  }
  gtU(other: Operand): Value {
    return this.#compare(COMPARE.gtU, other);
  }
  geU(other: Operand): Value {
    return this.#compare(COMPARE.geU, other);
  }
  /** 1 when zero. */
  eqz(): Value {
    return new Value('i32', [this.code, this.type === 'i32' ? 0x45 : 0x50]);
  }
  /** The low 32 bits of an i64. */
  wrap(): Value {
    return new Value('i32', [this.code, 0xa7]);
  }
  /** An i32 as an i64. */
  extendU(): Value {
    return new Value('i64', [this.code, 0xad]);
  }
  extendS(): Value {
    return new Value('i64', [this.code, 0xac]);
  }
  /** `this` where the condition is not zero, else `other`: no branch. */
  select(other: Operand, condition: Value): Value {
    return new Value(this.type, [this.code, operand(this.type, other), condition.code, 0x1b]);
  }

  /** What memory holds at this address plus a constant offset. */
  load32(offset = 0): Value {
    return this.#load('i32', 0x28, 2, offset);
  }
  load64(offset = 0): Value {
    return this.#load('i64', 0x29, 3, offset);
  }
  load32u64(offset = 0): Value {
    return this.#load('i64', 0x35, 2, offset);
  }
  load32s64(offset = 0): Value {
    return this.#load('i64', 0x34, 2, offset);
  }

  #load(type: ValueType, opcode: number, align: number, offset: number): Value {
    return new Value(type, [this.code, opcode, align, unsigned(offset)]);
  }

  #binary(opcodes: readonly [number, number], other: Operand): Value {
    return new Value(this.type, [this.code, operand(this.type, other), opcodes[this.type === 'i32' ? 0 : 1]]);
  }

  #compare(opcodes: readonly [number, number], other: Operand): Value {
    return new Value('i32', this.#binary(opcodes, other).code);
  }
}

export const i32 = (value: number): Value => new Value('i32', [0x41, ...signed(BigInt(value | 0))]);
export const i64 = (value: bigint): Value => new Value('i64', [0x42, ...signed(BigInt.asIntN(64, value))]);

/** A constant or an expression as code. */
export function operand(type: ValueType, value: Operand): Code {
  if (value instanceof Value) {
    if (value.type !== type) throw new TypeError(`expected ${type}, got ${value.type}`);
    return value.code;
  }
  return type === 'i32' ? i32(Number(value)).code : i64(BigInt(value)).code;
}

/** Appends nested bytes to a list. */
export function flatten(code: Code, into: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
}

/** LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>>= 7;
    if (rest === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const last = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}
