/** Reads and rewrites the function bodies of a WebAssembly module, and writes new ones (WebAssembly 1.0, section 5). */

/** A module cut up at its function bodies. */
export interface WasmCode {
  /** The bodies in order, without their lengths; imported functions have none. */
  readonly bodies: readonly Uint8Array[];
  /** Place of a defined function's body by the function's name; from the name section. */
  readonly places: ReadonlyMap<string, number>;
  /** The module with these bodies instead. */
  withBodies(bodies: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
const FUNCTION_NAMES = 1;
const HEADER_BYTES = 8;

/** Undefined for bytes without a code section. Does not validate: the engine does when it compiles the result. */
export function readWasmCode(wasm: Uint8Array): WasmCode | undefined {
  let imports = 0;
  let code: { header: number; start: number; end: number } | undefined;
  const indexes = new Map<string, number>();
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    const [length, start] = readUnsigned(wasm, at + 1);
    const end = start + length;
    if (wasm[at] === IMPORT) imports = readUnsigned(wasm, start)[0];
    if (wasm[at] === CODE) code = { header: at, start, end };
    if (wasm[at] === CUSTOM) readFunctionNames(wasm, start, end, indexes);
    at = end;
  }
  if (code === undefined) return undefined;
  const { header, start, end } = code;
  const bodies: Uint8Array[] = [];
  let [count, at] = readUnsigned(wasm, start);
  for (; count > 0 && at < end; count--) {
    const [length, body] = readUnsigned(wasm, at);
    bodies.push(wasm.subarray(body, body + length));
    at = body + length;
  }
  return {
    bodies,
    places: new Map([...indexes].map(([name, index]) => [name, index - imports])),
    withBodies: (replaced) => {
      const parts = [unsigned(replaced.length), ...replaced.flatMap((body) => [unsigned(body.length), body])];
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      return joined([wasm.subarray(0, header), [CODE], unsigned(length), ...parts, wasm.subarray(end)]);
    },
  };
}

function readFunctionNames(wasm: Uint8Array, start: number, end: number, into: Map<string, number>): void {
  const [length, name] = readUnsigned(wasm, start);
  if (textOf(wasm, name, length) !== 'name') return;
  for (let at = name + length; at < end; ) {
    const [size, content] = readUnsigned(wasm, at + 1);
    if (wasm[at] === FUNCTION_NAMES) {
      let [count, next] = readUnsigned(wasm, content);
      for (; count > 0 && next < end; count--) {
        const [index, afterIndex] = readUnsigned(wasm, next);
        const [bytes, from] = readUnsigned(wasm, afterIndex);
        into.set(textOf(wasm, from, bytes), index);
        next = from + bytes;
      }
    }
    at = content + size;
  }
}

function textOf(bytes: Uint8Array, from: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(from, from + length));
}

/** Unsigned LEB128: the value and where it ends. */
export function readUnsigned(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    // 0 behind the end.
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value > 63n || value < -64n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value & 0x7fn)];
}

function joined(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Instructions, or an expression that leaves one value. */
export type Code = readonly number[];

const I64 = 0x7e;
const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode];

export const i64 = {
  const: (value: bigint | number): Code => [0x42, ...signed(BigInt(value))],
  /** The word at an address (i32) plus an offset. */
  load: (address: Code, offset: number): Code => [...address, 0x29, 0, ...unsigned(offset)],
  load32: (address: Code, offset: number): Code => [...address, 0x35, 0, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0x37,
    0,
    ...unsigned(offset),
  ],
  isZero: (value: Code): Code => [...value, 0x50],
  lessSigned: binary(0x53),
  countTrailingZeros: (value: Code): Code => [...value, 0x7a],
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrSigned: binary(0x87),
  shr: binary(0x88),
} as const;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const call = (index: number, ...operands: readonly Code[]): Code => [
  ...operands.flat(),
  0x10,
  ...unsigned(index),
];
/** `value` if `condition` (i32) is not 0, else `otherwise`; evaluates both. */
export const select = (condition: Code, value: Code, otherwise: Code): Code => [
  ...value,
  ...otherwise,
  ...condition,
  0x1b,
];
/** 1 if an i32 is 0. */
export const isFalse = (condition: Code): Code => [...condition, 0x45];
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...body.flat(),
  0x0b,
];
/** Repeats: `leave(condition)` ends it. */
export const loop = (...body: readonly Code[]): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...body.flat(),
  ...[0x0c, 0, 0x0b, 0x0b],
];
/** Directly inside a `loop` only. */
export const leave = (condition: Code): Code => [...condition, 0x0d, 1];

/** A function body with `locals` locals of type i64 behind its parameters. */
export function functionBody(locals: number, ...code: readonly Code[]): Uint8Array<ArrayBuffer> {
  return joined([[1, ...unsigned(locals), I64], ...code, [0x0b]]);
}
