/**
 * Turns a circom witness generator into one that forges. A failing `===` no longer stops it. If wanted, every signal that it
 * stores is reported with its address right after the store, so that a value can be replaced before anything reads it. All
 * that depends on the value, honest `<--` hints included, is then computed from the forged one.
 *
 * Two changes to the WebAssembly, all on patterns fixed by circom 2.2.3 (a mismatch throws):
 * - After an assertion: `call printErrorMessage; i32.const 4; return` loses its last two instructions.
 * - `Fr_copy(destination, source)`, which makes every store, ends with `exceptionHandler(destination)`. That is done only
 *   where values are replaced: hundreds of thousands of calls take a fifth of the time of a large circuit.
 */
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { readUnsigned } from '../../../prover/wasm/binary.ts';
import { readWasmCode } from '../../../prover/wasm/read.ts';
import { accelerateGenerator } from '../../../prover/witness/accelerate-generator.ts';

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
  const code = readWasmCode(accelerateGenerator(wasm))!;
  let stores = 0;
  let signalsStart: number | undefined;
  const patched = code.bodies.map((body) => {
    if (isFrCopy(body)) {
      stores++;
      if (options.reportStores !== true) return body;
      // local.get 0; call 0 (exceptionHandler); end
      return Uint8Array.of(...body.subarray(0, -1), 0x20, 0, 0x10, 0, 0x0b);
    }
    signalsStart ??= readSignalsStart(body);
    return removeAbort(body);
  });
  if (stores !== 1 || signalsStart === undefined) {
    throw new Error(
      `forging: this generator is not of circom 2.2.3 (${stores} copy functions); adapt forge-wasm.ts`,
    );
  }
  return { module: await WebAssembly.compile(code.withBodies(patched)), signalsStart };
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
    const [value, next] = readUnsigned(body, after + 4);
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
