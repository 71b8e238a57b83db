/// <reference path="./wasm.d.ts" />
import { ModuleBuilder } from 'wasmbuilder';
import { buildF1m } from 'wasmcurves';
// circomlibjs exports this function only together with everything else, which takes longer to load than to build.
import { buildPoseidonWasm } from '../../node_modules/circomlibjs/src/poseidon_wasm.js';
import { FIELD_MODULUS } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { assertField, type Field } from '../field.ts';

/**
 * The Poseidon permutation over F with circomlib's constants, 2 <= t <= 17, as `PoseidonEx` of circomlib computes it.
 * It uses circomlibjs's WebAssembly code, the fastest of the implementations in bench/poseidon.ts. circomlibjs builds that
 * code together with all of BN254's curve arithmetic. This module has the scalar field alone and starts in half the time.
 */
const WIDEST = 17;
const WORD_BITS = 64n;
const WORDS = 4;
const BYTES = 8 * WORDS;
/** 64 KiB each, as circomlibjs takes: constants fill a third. */
const PAGES = 25;

interface Exports {
  /** `outputs` elements of the state after the permutation of [initial state, ...inputs]; all in Montgomery form. */
  poseidon(initial: number, inputs: number, count: number, result: number, outputs: number): void;
  frm_toMontgomery(from: number, to: number): void;
  frm_fromMontgomery(from: number, to: number): void;
}

const builder = new ModuleBuilder();
builder.setMemory(PAGES);
buildF1m(builder, FIELD_MODULUS, 'frm');
buildPoseidonWasm(builder);
const memory = new WebAssembly.Memory({ initial: PAGES });
const { instance } = await WebAssembly.instantiate(builder.build(), { env: { memory } });
const wasm = instance.exports as unknown as Exports;

// The module keeps the address of its free memory at address 0.
const STATE = new Uint32Array(memory.buffer)[0];
const RESULT = STATE + WIDEST * BYTES;
const words = new BigUint64Array(memory.buffer);

function write(address: number, value: Field): void {
  assertField(value, 'element of a Poseidon state');
  const at = address / 8;
  for (let k = 0; k < WORDS; k++) words[at + k] = BigInt.asUintN(64, value >> (WORD_BITS * BigInt(k)));
  wasm.frm_toMontgomery(address, address);
}

function read(address: number): Field {
  wasm.frm_fromMontgomery(address, address);
  const at = address / 8;
  let value = 0n;
  for (let k = WORDS - 1; k >= 0; k--) value = (value << WORD_BITS) | words[at + k];
  return value;
}

function run(initial: Field, inputs: readonly Field[], outputs: number): void {
  if (inputs.length < 1 || inputs.length >= WIDEST) {
    throw new AzaleaError(
      'HASH_WIDTH',
      `A permutation takes 1 to ${WIDEST - 1} inputs, not ${inputs.length}: chain blocks, as \`hash\` does.`,
      { inputs: inputs.length },
    );
  }
  write(STATE, initial);
  for (let k = 0; k < inputs.length; k++) write(STATE + (k + 1) * BYTES, inputs[k]);
  wasm.poseidon(STATE, STATE + BYTES, inputs.length, RESULT, outputs);
}

/** All t elements of the state after the permutation. */
export function permute(state: readonly Field[]): Field[] {
  run(state[0], state.slice(1), state.length);
  return state.map((_, k) => read(RESULT + k * BYTES));
}

/** state[0] after the permutation of [initial, ...inputs]. */
export function compress(initial: Field, inputs: readonly Field[]): Field {
  run(initial, inputs, 1);
  return read(RESULT);
}
