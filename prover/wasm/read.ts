/** Reads and rewrites the function bodies of a WebAssembly module (WebAssembly 1.0, section 5). */

import { joined, readUnsigned, unsigned } from './binary.ts';

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
