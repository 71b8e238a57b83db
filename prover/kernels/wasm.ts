/**
 * A small emitter of WebAssembly modules: expressions are values, statements are calls, and the result is bytes. The same
 * calls always give the same bytes. Isomorphic.
 *
 * @example
 * const module = new WasmModule();
 * module.function('double', { x: 'i32' }, 'i32', (f, { x }) => f.return(x.shl(1)));
 * const { instance } = await WebAssembly.instantiate(module.bytes(), { env: { memory } });
 */

export type ValueType = 'i32' | 'i64';
const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };
const EMPTY_BLOCK = 0x40;

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

  add = (other: Operand): Value => this.#binary(BINARY.add, other);
  sub = (other: Operand): Value => this.#binary(BINARY.sub, other);
  mul = (other: Operand): Value => this.#binary(BINARY.mul, other);
  and = (other: Operand): Value => this.#binary(BINARY.and, other);
  or = (other: Operand): Value => this.#binary(BINARY.or, other);
  xor = (other: Operand): Value => this.#binary(BINARY.xor, other);
  shl = (other: Operand): Value => this.#binary(BINARY.shl, other);
  /** Arithmetic shift: rounds towards minus infinity. */
  shrS = (other: Operand): Value => this.#binary(BINARY.shrS, other);
  shrU = (other: Operand): Value => this.#binary(BINARY.shrU, other);
  eq = (other: Operand): Value => this.#compare(COMPARE.eq, other);
  ne = (other: Operand): Value => this.#compare(COMPARE.ne, other);
  ltS = (other: Operand): Value => this.#compare(COMPARE.ltS, other);
  ltU = (other: Operand): Value => this.#compare(COMPARE.ltU, other);
  gtS = (other: Operand): Value => this.#compare(COMPARE.gtS, other);
  gtU = (other: Operand): Value => this.#compare(COMPARE.gtU, other);
  geU = (other: Operand): Value => this.#compare(COMPARE.geU, other);
  /** 1 when zero. */
  eqz = (): Value => new Value('i32', [this.code, this.type === 'i32' ? 0x45 : 0x50]);
  /** The low 32 bits of an i64. */
  wrap = (): Value => new Value('i32', [this.code, 0xa7]);
  /** An i32 as an i64. */
  extendU = (): Value => new Value('i64', [this.code, 0xad]);
  extendS = (): Value => new Value('i64', [this.code, 0xac]);
  /** `this` where the condition is not zero, else `other`: no branch. */
  select = (other: Operand, condition: Value): Value =>
    new Value(this.type, [this.code, operand(this.type, other), condition.code, 0x1b]);

  /** What memory holds at this address plus a constant offset. */
  load32 = (offset = 0): Value => this.#load('i32', 0x28, 2, offset);
  load64 = (offset = 0): Value => this.#load('i64', 0x29, 3, offset);
  load32u64 = (offset = 0): Value => this.#load('i64', 0x35, 2, offset);
  load32s64 = (offset = 0): Value => this.#load('i64', 0x34, 2, offset);

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

/** A variable of a function. */
export class Local extends Value {
  readonly index: number;
  readonly #owner: FunctionBuilder;

  constructor(owner: FunctionBuilder, type: ValueType, index: number) {
    super(type, [0x20, ...unsigned(index)]);
    this.#owner = owner;
    this.index = index;
  }

  set(value: Operand): void {
    this.#owner.emit(operand(this.type, value), [0x21, ...unsigned(this.index)]);
  }
}

export const i32 = (value: number): Value => new Value('i32', [0x41, ...signed(BigInt(value | 0))]);
export const i64 = (value: bigint): Value => new Value('i64', [0x42, ...signed(BigInt.asIntN(64, value))]);

/** The body of one function in the making. */
export class FunctionBuilder {
  readonly #module: WasmModule;
  readonly #parameters: number;
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(module: WasmModule, parameters: number) {
    this.#module = module;
    this.#parameters = parameters;
  }

  /** A new variable, zero at first (not zero again in the next turn of a loop). */
  local(type: ValueType): Local {
    this.#locals.push(type);
    return new Local(this, type, this.#parameters + this.#locals.length - 1);
  }

  /** A new variable with a value. */
  let(value: Value): Local {
    const local = this.local(value.type);
    local.set(value);
    return local;
  }

  store32(address: Value, value: Value, offset = 0): void {
    this.emit(address.code, value.code, [value.type === 'i32' ? 0x36 : 0x3e, 2, ...unsigned(offset)]);
  }

  store64(address: Value, value: Value, offset = 0): void {
    this.emit(address.code, value.code, [0x37, 3, ...unsigned(offset)]);
  }

  /** Calls a function without a result. */
  call(name: string, ...parameters: readonly Operand[]): void {
    this.emit(this.#module.invoke(name, parameters).code);
  }

  /** Calls a function with a result. */
  value(name: string, ...parameters: readonly Operand[]): Value {
    return this.#module.invoke(name, parameters);
  }

  return(value?: Value): void {
    this.emit(value?.code ?? [], [0x0f]);
  }

  if(condition: Value, then: () => void, otherwise?: () => void): void {
    this.emit(condition.code, [0x04, EMPTY_BLOCK]);
    then();
    if (otherwise !== undefined) {
      this.emit([0x05]);
      otherwise();
    }
    this.emit([0x0b]);
  }

  /** Repeats while the condition, looked at before each turn, is not zero. */
  while(condition: () => Value, body: () => void): void {
    this.emit([0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK]);
    this.emit(condition().eqz().code, [0x0d, 1]);
    body();
    this.emit([0x0c, 0, 0x0b, 0x0b]);
  }

  /** Counts a new i32 variable from `from` up to, not including, `to`. */
  for(from: Operand, to: Operand, body: (index: Local) => void, step: Operand = 1): void {
    const index = this.local('i32');
    index.set(from);
    this.while(
      () => index.ltU(to),
      () => {
        body(index);
        index.set(index.add(step));
      },
    );
  }

  emit(...codes: readonly Code[]): void {
    flatten(codes, this.#code);
  }

  body(): number[] {
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const locals = runs.flatMap(([count, type]) => [...unsigned(count), TYPE_CODE[type]]);
    return [...unsigned(runs.length), ...locals, ...this.#code, 0x0b];
  }
}

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** A module that imports its memory as env.memory and exports all of its functions. */
export class WasmModule {
  readonly #functions: { readonly name: string; readonly signature: Signature; body: number[] }[] = [];
  readonly #byName = new Map<string, number>();

  /** Adds a function. It may call itself and all functions added before it. */
  function<P extends Readonly<Record<string, ValueType>>>(
    name: string,
    parameters: P,
    result: ValueType | undefined,
    build: (f: FunctionBuilder, parameters: { readonly [K in keyof P]: Local }) => void,
  ): void {
    if (this.#byName.has(name)) throw new RangeError(`function ${name} exists`);
    const types = Object.values(parameters);
    const entry = { name, signature: { parameters: types, result }, body: [] as number[] };
    this.#byName.set(name, this.#functions.length);
    this.#functions.push(entry);
    const f = new FunctionBuilder(this, types.length);
    const locals = Object.fromEntries(
      Object.entries(parameters).map(([key, type], index) => [key, new Local(f, type, index)]),
    ) as { readonly [K in keyof P]: Local };
    build(f, locals);
    // A function with a result returns by `return` on every way.
    if (result !== undefined) f.emit([0x00]);
    entry.body = f.body();
  }

  invoke(name: string, parameters: readonly Operand[]): Value {
    const index = this.#byName.get(name);
    if (index === undefined) throw new RangeError(`no function ${name}`);
    const { signature } = this.#functions[index]!;
    if (signature.parameters.length !== parameters.length)
      throw new RangeError(`${name} has ${signature.parameters.length} parameters`);
    const code = parameters.map((parameter, at) => operand(signature.parameters[at]!, parameter));
    return new Value(signature.result ?? 'i32', [code, 0x10, unsigned(index)]);
  }

  /** The module's binary form. */
  bytes(): Uint8Array<ArrayBuffer> {
    const types = this.#functions.map(({ signature: { parameters, result } }) => [
      0x60,
      ...unsigned(parameters.length),
      ...parameters.map((type) => TYPE_CODE[type]),
      ...(result === undefined ? [0] : [1, TYPE_CODE[result]]),
    ]);
    const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 0x01];
    const exports = this.#functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
    const indexes = this.#functions.map((_, index) => unsigned(index));
    const bodies = this.#functions.map(({ body }) => unsigned(body.length).concat(body));
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, types),
      ...section(2, [memory]),
      ...section(3, indexes),
      ...section(7, exports),
      ...section(10, bodies),
    ]);
  }
}

function flatten(code: Code, into: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
}

function* section(id: number, entries: readonly (readonly number[])[]): Generator<number> {
  const count = unsigned(entries.length);
  const length = entries.reduce((sum, entry) => sum + entry.length, count.length);
  yield id;
  yield* unsigned(length);
  yield* count;
  for (const entry of entries) yield* entry;
}

function operand(type: ValueType, value: Operand): Code {
  if (value instanceof Value) {
    if (value.type !== type) throw new TypeError(`expected ${type}, got ${value.type}`);
    return value.code;
  }
  return type === 'i32' ? i32(Number(value)).code : i64(BigInt(value)).code;
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
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
