import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import {
  fromMontgomery,
  modularSum,
  montgomeryProduct,
} from '../../../prover/witness/generator-arithmetic.ts';
import { modularInverse } from '../../../prover/witness/generator-inverse.ts';
import { wasmFunction } from '../../support/circuit/wasm-function.ts';

const X = 0;
const Y = 32;
const RESULT = 64;
const MONTGOMERY_INVERSE = fieldInv((1n << 256n) % FIELD_MODULUS);

/** The result that the body stores for x and y; `result` may be an operand's address. */
function evaluate(body: Uint8Array, x: bigint, y: bigint | undefined, result = RESULT): bigint {
  const parameters = y === undefined ? 2 : 3;
  const { run, memory } = wasmFunction(body, parameters);
  for (let word = 0; word < 4; word++) {
    memory.setBigUint64(X + 8 * word, BigInt.asUintN(64, x >> BigInt(64 * word)), true);
    memory.setBigUint64(Y + 8 * word, BigInt.asUintN(64, (y ?? 0n) >> BigInt(64 * word)), true);
  }
  if (y === undefined) run(X, result);
  else run(X, Y, result);
  let value = 0n;
  for (let word = 3; word >= 0; word--) value = (value << 64n) | memory.getBigUint64(result + 8 * word, true);
  return value;
}

/** Limbs and words full of ones or zeros, the ends of the field, and what lies beside them. */
const EXTREMES = [
  ...[0n, 1n, 2n, FIELD_MODULUS - 1n, FIELD_MODULUS - 2n, FIELD_MODULUS >> 1n, (FIELD_MODULUS >> 1n) + 1n],
  ...[29n, 30n, 32n, 58n, 60n, 64n, 128n, 192n, 232n, 240n, 253n].flatMap((bits) => [
    (1n << bits) - 1n,
    1n << bits,
    FIELD_MODULUS - (1n << bits),
  ]),
  ((1n << 253n) - 1n) ^ ((1n << 29n) - 1n),
];
const element = fc.oneof(fc.constantFrom(...EXTREMES), fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }));
const reduced = (value: bigint): bigint => ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;

describe('arithmetic of witness generators', () => {
  const operations = {
    product: [montgomeryProduct(), (x: bigint, y: bigint) => reduced(x * y * MONTGOMERY_INVERSE)],
    sum: [modularSum(1), (x: bigint, y: bigint) => reduced(x + y)],
    difference: [modularSum(-1), (x: bigint, y: bigint) => reduced(x - y)],
  } as const;
  for (const [name, [body, expected]] of Object.entries(operations)) {
    it(`computes a ${name}, whichever operand it overwrites`, () => {
      for (const x of EXTREMES) {
        for (const y of EXTREMES.slice(0, 12))
          assert.equal(evaluate(body, x, y), expected(x, y), `${x} ${y}`);
      }
      fc.assert(
        fc.property(element, element, fc.constantFrom(X, Y, RESULT), (x, y, result) => {
          assert.equal(evaluate(body, x, y, result), expected(x, y));
        }),
      );
    });
  }

  it('leaves Montgomery form', () => {
    const body = fromMontgomery();
    const check = (x: bigint): void => {
      assert.equal(evaluate(body, x, undefined), reduced(x * MONTGOMERY_INVERSE));
    };
    EXTREMES.forEach(check);
    fc.assert(fc.property(element, check));
  });

  it('inverts, and gives 0 for 0', () => {
    const body = modularInverse();
    const check = (x: bigint): void => {
      assert.equal(evaluate(body, x, FIELD_MODULUS), x === 0n ? 0n : fieldInv(x), `${x}`);
    };
    EXTREMES.forEach(check);
    fc.assert(fc.property(element, check), { numRuns: 300 });
  });
});
