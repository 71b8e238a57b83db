/**
 * Turns a circom witness generator into one that forges: a failing `===` no longer stops it, and, if wanted, every signal it
 * stores is reported with its address right after the store, so that a value can be replaced before anything reads it. All
 * that depends on the value, honest `<--` hints included, is then computed from the forged one.
 *
 * Three changes to the WebAssembly, all on patterns fixed by circom 2.2.3 (a mismatch throws):
 * - after an assertion: `call printErrorMessage; i32.const 4; return` loses its last two instructions;
 * - `Fr_copy(destination, source)`, which makes every store, ends with `exceptionHandler(destination)` (hundreds of thousands of
 *   calls, a fifth of the time of a large circuit: only where values are replaced);
 * - `Fr_int_inverseMod(operand, modulus, result)` asks the caller, `exceptionHandler(~operand); exceptionHandler(~result)`: its
 *   own long division takes half the time of a generator with many curve operations.
 */
import { FIELD_MODULUS } from '../../../protocol/constants.ts';

/** Bytes of one signal in the generator's memory: short value, kind, eight limbs. */
const SIGNAL_BYTES = 40;
const LONG = 0x80000000;
const MONTGOMERY = 0x40000000;
const SHORT_LIMIT = 1n << 31n;

export interface ForgingWasm {
  readonly module: WebAssembly.Module;
  /** Address of the signal with label 0 (`.sym`'s first column). */
  readonly signalsStart: number;
}

/** Address of a signal by its label. */
export function signalAddress(wasm: ForgingWasm, label: number): number {
  return wasm.signalsStart + SIGNAL_BYTES * label;
}

export async function patchForForging(
  wasm: Uint8Array<ArrayBuffer>,
  options: { readonly reportStores?: boolean } = {},
): Promise<ForgingWasm> {
  const section = findCodeSection(wasm);
  const functions = splitFunctions(wasm, section.start, section.end);
  const inverse = functionNamed(wasm, 'Fr_int_inverseMod') - IMPORTS;
  let stores = 0;
  let signalsStart: number | undefined;
  const patched = functions.map((body, index) => {
    if (index === inverse) return HOST_INVERSE;
    if (isFrCopy(body)) {
      stores++;
      if (options.reportStores !== true) return body;
      // local.get 0; call 0 (exceptionHandler); end
      return concat([body.subarray(0, -1), Uint8Array.of(0x20, 0, 0x10, 0, 0x0b)]);
    }
    signalsStart ??= readSignalsStart(body);
    return removeAbort(body);
  });
  if (stores !== 1 || signalsStart === undefined) {
    throw new Error(
      `forging: this generator is not of circom 2.2.3 (${stores} copy functions); adapt forge-wasm.ts`,
    );
  }
  const code = [leb(patched.length), ...patched.flatMap((body) => [leb(body.length), body])];
  const content = concat(code);
  const bytes = concat([
    wasm.subarray(0, section.header),
    Uint8Array.of(10),
    leb(content.length),
    content,
    wasm.subarray(section.end),
  ]);
  return { module: await WebAssembly.compile(bytes), signalsStart };
}

/** The value at a signal's address, canonical. */
export function readSignal(memory: WebAssembly.Memory, address: number): bigint {
  const view = new DataView(memory.buffer, address, SIGNAL_BYTES);
  const kind = view.getUint32(4, true);
  if ((kind & LONG) === 0) {
    const short = BigInt(view.getInt32(0, true));
    return short < 0n ? short + FIELD_MODULUS : short;
  }
  let value = 0n;
  for (let limb = 3; limb >= 0; limb--) value = (value << 64n) | view.getBigUint64(8 + 8 * limb, true);
  return (kind & MONTGOMERY) === 0 ? value : (value * MONTGOMERY_INVERSE) % FIELD_MODULUS;
}

/** Writes a canonical value in circom's normal form: short when it fits in a signed 32-bit integer. */
export function writeSignal(memory: WebAssembly.Memory, address: number, value: bigint): void {
  const view = new DataView(memory.buffer, address, SIGNAL_BYTES);
  const signed = value >= FIELD_MODULUS - SHORT_LIMIT ? value - FIELD_MODULUS : value;
  const short = signed < SHORT_LIMIT;
  view.setInt32(0, short ? Number(signed) : 0, true);
  view.setUint32(4, short ? 0 : LONG, true);
  for (let limb = 0; limb < 4; limb++) {
    view.setBigUint64(8 + 8 * limb, short ? 0n : BigInt.asUintN(64, value >> BigInt(64 * limb)), true);
  }
}

/** 2^-256 mod r. 2 has the inverse (r + 1) / 2. */
const MONTGOMERY_INVERSE = (() => {
  let inverse = 1n;
  for (let bit = 0; bit < 256; bit++) inverse = (inverse * ((FIELD_MODULUS + 1n) / 2n)) % FIELD_MODULUS;
  return inverse;
})();

/** `Fr_copy`: five 8-byte moves from parameter 1 to parameter 0. */
function isFrCopy(body: Uint8Array): boolean {
  const moves = [0, 8, 16, 24, 32].flatMap((offset) => [0x20, 0, 0x20, 1, 0x29, 3, offset, 0x37, 3, offset]);
  const alignmentless = (at: number): boolean => at % 10 === 5 || at % 10 === 8;
  const expected = [...moves, 0x0b];
  // A body starts with its number of local groups (0).
  return (
    body.length === expected.length + 1 &&
    body[0] === 0 &&
    expected.every((byte, at) => body[at + 1] === byte || (at < moves.length && alignmentless(at)))
  );
}

/** `getWitness` ends its address computation with `load; const 40; mul; const START; add`. */
function readSignalsStart(body: Uint8Array): number | undefined {
  // i32.const of a list address; local.get 0; const 2; shl; add; load
  for (let at = 0; at + 12 < body.length && at < 16; at++) {
    const prefix = [0x20, 0, 0x41, 2, 0x74, 0x6a, 0x28];
    if (!prefix.every((byte, k) => body[at + k] === byte)) continue;
    const after = at + prefix.length + 2;
    if (body[after] !== 0x41 || body[after + 1] !== SIGNAL_BYTES || body[after + 2] !== 0x6c) continue;
    if (body[after + 3] !== 0x41) continue;
    const [value, next] = readLeb(body, after + 4);
    if (body[next] === 0x6a) return value;
  }
  return undefined;
}

/** Drops the `i32.const 4; return` behind each `call 1` (printErrorMessage). */
function removeAbort(body: Uint8Array): Uint8Array {
  const pattern = [0x10, 1, 0x41, 4, 0x0f];
  let result = body;
  for (let at = body.indexOf(0x10); at !== -1; at = body.indexOf(0x10, at + 1)) {
    if (!pattern.every((byte, k) => body[at + k] === byte)) continue;
    if (result === body) result = body.slice();
    result.fill(0x01, at + 2, at + 5);
  }
  return result;
}

/** The runtime's four functions come first. */
const IMPORTS = 4;
/** No locals; twice: local.get; i32.const -1; i32.xor; call 0 (exceptionHandler). Then end. */
const HOST_INVERSE = Uint8Array.of(
  ...[0, 0x20, 0, 0x41, 0x7f, 0x73, 0x10, 0],
  ...[0x20, 2, 0x41, 0x7f, 0x73, 0x10, 0, 0x0b],
);

/** Index of a function by its name in the name section, imported functions counted. */
function functionNamed(wasm: Uint8Array, wanted: string): number {
  let at = 8;
  while (at < wasm.length) {
    const [length, start] = readLeb(wasm, at + 1);
    const end = start + length;
    const [nameLength, name] = wasm[at] === 0 ? readLeb(wasm, start) : [0, start];
    at = end;
    if (nameLength === 0 || text(wasm, name, nameLength) !== 'name') continue;
    for (let sub = name + nameLength; sub < end; ) {
      const [size, content] = readLeb(wasm, sub + 1);
      if (wasm[sub] === 1) {
        let [count, next] = readLeb(wasm, content);
        for (; count > 0; count--) {
          const [index, afterIndex] = readLeb(wasm, next);
          const [bytes, from] = readLeb(wasm, afterIndex);
          if (text(wasm, from, bytes) === wanted) return index;
          next = from + bytes;
        }
      }
      sub = content + size;
    }
  }
  throw new Error(`forging: this generator is not of circom 2.2.3 (no ${wanted}); adapt forge-wasm.ts`);
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(from, from + length));
}

function findCodeSection(wasm: Uint8Array): { header: number; start: number; end: number } {
  let at = 8;
  while (at < wasm.length) {
    const [length, start] = readLeb(wasm, at + 1);
    if (wasm[at] === 10) return { header: at, start, end: start + length };
    at = start + length;
  }
  throw new Error('forging: no code section');
}

function splitFunctions(wasm: Uint8Array, start: number, end: number): Uint8Array[] {
  let [count, at] = readLeb(wasm, start);
  const bodies: Uint8Array[] = [];
  for (; count > 0; count--) {
    const [length, body] = readLeb(wasm, at);
    bodies.push(wasm.subarray(body, body + length));
    at = body + length;
  }
  if (at !== end) throw new Error('forging: the code section is malformed');
  return bodies;
}

/** Unsigned LEB128 (addresses here are positive, so the signed form of i32.const reads alike below 2^31). */
function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Uint8Array.from(bytes);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
