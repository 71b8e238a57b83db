/**
 * A small emitter of WebAssembly modules: expressions are values, statements are calls, and the result is bytes. The same
 * calls always give the same bytes. Isomorphic.
 *
 * @example
 * const module = new WasmModule();
 * module.function('double', { x: 'i32' }, 'i32', (f, { x }) => f.return(x.shl(1)));
 * const { instance } = await WebAssembly.instantiate(module.bytes(), { env: { memory } });
 */

import {
  type Code,
  flatten,
  type Operand,
  operand,
  TYPE_CODE,
  unsigned,
  Value,
  type ValueType,
} from './wasm-value.ts';

const EMPTY_BLOCK = 0x40;

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

function* section(id: number, entries: readonly (readonly number[])[]): Generator<number> {
  const count = unsigned(entries.length);
  const length = entries.reduce((sum, entry) => sum + entry.length, count.length);
  yield id;
  yield* unsigned(length);
  yield* count;
  for (const entry of entries) yield* entry;
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}
