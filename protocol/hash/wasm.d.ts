/** Types of the untyped libraries that protocol/hash/poseidon.ts uses. */
declare module 'wasmbuilder' {
  /** A WebAssembly module in the making; it imports its memory as env.memory. */
  export class ModuleBuilder {
    /** In pages of 64 KiB. */
    setMemory(pages: number): void;
    /** The module's bytes. */
    build(): Uint8Array<ArrayBuffer>;
  }
}

declare module 'wasmcurves' {
  import type { ModuleBuilder } from 'wasmbuilder';
  /** Adds the arithmetic of a prime field in Montgomery form; its functions' names start with the prefix. */
  export function buildF1m(module: ModuleBuilder, modulus: bigint, prefix: string): string;
}

declare module '*/circomlibjs/src/poseidon_wasm.js' {
  import type { ModuleBuilder } from 'wasmbuilder';
  /** Adds `poseidon` over the field with the prefix frm, which the module must have. */
  export function buildPoseidonWasm(module: ModuleBuilder): void;
}
