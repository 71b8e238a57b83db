/** Puts a WebAssembly module together from function bodies. */
import { joined, unsigned } from './binary.ts';
import { type Code, call, functionBody, Locals } from './code.ts';

const I32 = 0x7f;
const PAGE_BYTES = 65_536;

interface WrittenFunction {
  readonly name: string;
  readonly parameters: number;
  readonly body: Uint8Array;
}

/**
 * A module in the making. Every function takes addresses or numbers (i32) and returns nothing; all are exported, with the memory
 * as `memory`. Addresses are assigned once, when the module is written.
 */
export class ModuleWriter {
  readonly #functions: WrittenFunction[] = [];
  readonly #data: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  #next = 8;

  /** Adds a function; `write` gets its locals and returns its code. */
  add(name: string, parameters: number, write: (locals: Locals) => readonly Code[]): void {
    const locals = new Locals(parameters);
    const code = write(locals);
    this.#functions.push({ name, parameters, body: functionBody(locals, ...code) });
  }

  /** A call of a function that was added before. */
  call(name: string, ...operands: readonly Code[]): Code {
    const index = this.#functions.findIndex((one) => one.name === name);
    if (index < 0) throw new RangeError(`no function ${name} yet`);
    return call(index, ...operands);
  }

  /** Address of so many bytes, a multiple of 8; zero, or with the given content. */
  reserve(bytes: number | Uint8Array): number {
    const address = this.#next;
    const length = typeof bytes === 'number' ? bytes : bytes.length;
    this.#next += Math.ceil(length / 8) * 8;
    if (typeof bytes !== 'number') this.#data.push({ address, bytes });
    return address;
  }

  /** The module's bytes. */
  bytes(): Uint8Array<ArrayBuffer> {
    const types = [...new Set(this.#functions.map(({ parameters }) => parameters))];
    const names = this.#functions.map(({ name }) => new TextEncoder().encode(name));
    return joined([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types.map((count) => [0x60, count, ...Array<number>(count).fill(I32), 0]))),
      section(3, list(this.#functions.map(({ parameters }) => [types.indexOf(parameters)]))),
      section(5, [1, 0, ...unsigned(Math.ceil(this.#next / PAGE_BYTES))]),
      section(7, list([named(MEMORY, 2, 0), ...names.map((name, index) => named(name, 0, index))])),
      section(10, list(this.#functions.map(({ body }) => joined([unsigned(body.length), body])))),
      section(
        11,
        list(
          this.#data.map(({ address, bytes }) =>
            joined([[0, 0x41, ...signedAddress(address), 0x0b, ...unsigned(bytes.length)], bytes]),
          ),
        ),
      ),
    ]);
  }
}

const MEMORY = new TextEncoder().encode('memory');

function named(name: Uint8Array, kind: number, index: number): Uint8Array {
  return joined([unsigned(name.length), name, [kind, ...unsigned(index)]]);
}

function list(entries: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return joined([unsigned(entries.length), ...entries]);
}

function section(id: number, content: Uint8Array | readonly number[]): Uint8Array {
  return joined([[id], unsigned(content.length), content]);
}

/** Signed LEB128 of a positive number: one more byte where the sign bit would be set. */
function signedAddress(address: number): number[] {
  const bytes = unsigned(address);
  const last = bytes[bytes.length - 1];
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0];
}
