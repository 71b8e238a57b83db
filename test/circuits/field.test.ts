import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import {
  type CircuitInput,
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  type Override,
  signalValue,
  survivors,
  type TestCircuit,
} from '../support/circuit/circuits.ts';

const r = FIELD_MODULUS;
const LIMB = 1n << 32n;
const limbs = (x: bigint): bigint[] =>
  Array.from({ length: 8 }, (_, k) => (x >> BigInt(32 * k)) & (LIMB - 1n));
const edges = [
  0n,
  1n,
  2n,
  LIMB - 1n,
  LIMB,
  LIMB + 1n,
  (1n << 224n) - 1n,
  1n << 253n,
  r - LIMB,
  r - 2n,
  r - 1n,
];
const field = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: r - 1n }));

/** Overrides that write `integer` into the bits of a LooseBits. */
const asBits = (name: string, integer: bigint): Record<string, Override> =>
  Object.fromEntries(
    Array.from({ length: 254 }, (_, i) => [`${name}.out[${i}]`, (integer >> BigInt(i)) & 1n]),
  );

/** Advice of an AssertLess that names limb k (8: none) and packs `difference`. */
const naming = (name: string, k: number, difference?: bigint): Record<string, Override> => ({
  ...Object.fromEntries(
    Array.from({ length: 7 }, (_, j) => [`${name}.differs[${j + 1}]`, j + 1 === k ? 1n : 0n]),
  ),
  ...(difference === undefined
    ? {}
    : Object.fromEntries(
        Array.from({ length: 32 }, (_, i) => [`${name}.bit[${i}]`, (difference >> BigInt(i)) & 1n]),
      )),
});

/** Broken constraints under forged advice; where that is what the generator computes anyway, of its own run. */
async function forgeOrHonest(
  circuit: TestCircuit,
  input: CircuitInput,
  overrides: Record<string, Override>,
): Promise<readonly number[]> {
  try {
    return (await forge(circuit, input, overrides)).failing;
  } catch (error) {
    if (!String(error).includes('changed no wire')) throw error;
    return (await forge(circuit, input, {})).failing;
  }
}

describe('IsZeroField', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit('include "field/is-zero.circom"; component main = IsZeroField();');
  });

  it('is 1 for 0 alone', () => {
    for (const x of edges) {
      assert.equal(
        signalValue(circuit, calculateWitness(circuit, { in: x }), 'main.out'),
        x === 0n ? 1n : 0n,
      );
    }
  });

  it('cannot be told otherwise, and needs every constraint', async () => {
    const forged = [
      await forge(circuit, { in: 5n }, { 'main.inverse': 0n }),
      await forge(circuit, { in: 5n }, { 'main.inverse': 7n }),
      // out is what the first constraint says; without it out = 0 would pass for in = 0.
      await forge(circuit, { in: 0n }, { 'main.out': 0n }),
    ];
    assert.deepEqual(survivors(circuit, forged), []);
  });
});

describe('AssertLess', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit('include "field/limbs.circom"; component main = AssertLess();');
  });

  it('holds exactly when a < b as integers of 256 bits', () => {
    const integer = fc.oneof(field, fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }));
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const run = (): bigint[] => calculateWitness(circuit, { a: limbs(a), b: limbs(b) });
        if (a < b) assert.deepEqual(checkR1cs(circuit, run()), []);
        else assert.throws(run, { code: 'WITNESS_UNSATISFIED' });
      }),
    );
  });

  it('refuses every choice of limb for a >= b', async () => {
    const pairs: [bigint, bigint][] = [
      [0n, 0n],
      [5n, 5n],
      [6n, 5n],
      [LIMB, LIMB - 1n],
      [LIMB * 7n, 9n],
      [(1n << 255n) + 1n, 1n << 255n],
      [r, r - 1n],
      // A lower limb of b is larger: only equality above it keeps this out.
      [LIMB * LIMB, 5n * LIMB + 3n],
      [(1n << 224n) * 9n, (1n << 224n) * 8n + ((1n << 224n) - 1n)],
    ];
    for (const [a, b] of pairs) {
      for (let k = 0; k < 8; k++) {
        const input = { a: limbs(a), b: limbs(b) };
        const gap = (limbs(b)[k] - limbs(a)[k] - 1n) & (LIMB - 1n);
        const failing = await forgeOrHonest(circuit, input, naming('main', k, gap));
        assert.ok(failing.length > 0, `${a} < ${b} by limb ${k}`);
      }
    }
  });

  it('needs every constraint but one', async () => {
    const forged: Forged[] = [];
    const add = async (a: bigint, b: bigint, overrides: Record<string, Override>): Promise<void> => {
      forged.push(await forge(circuit, { a: limbs(a), b: limbs(b) }, overrides));
    };
    const unit = (k: number): bigint => 1n << BigInt(32 * k);
    for (let k = 1; k < 8; k++) {
      // Equality of limb k while a lower one is named: there b is larger, in limb k smaller.
      await add(3n * unit(k), 2n * unit(k) + unit(k - 1), naming('main', k - 1));
    }
    for (let k = 1; k < 7; k++) {
      // Choice k boolean: limbs k + 1 and 0 are named, and -1 at limb k keeps the sum at 1. a is larger in limb k + 1.
      await add(unit(k + 1), 5n, { ...naming('main', k + 1), [`main.differs[${k}]`]: -1n });
    }
    // Choice 0 boolean: limbs 7 and 6 are named, choice 0 becomes -1 and counts a's larger limb 0 for b.
    await add(unit(7) + 5n, 0n, { ...naming('main', 7), 'main.differs[6]': 1n });
    // Choice 0 is what is left: limb 3 is named, limb 0 as well.
    await add(unit(3), 5n, { ...naming('main', 3), 'main.differs[0]': 1n });
    // The difference is that of the named limb.
    for (let k = 0; k < 8; k++) await add(5n, 5n, { ...naming('main', k), [`main.difference[${k}]`]: 1n });
    // Each bit boolean: a difference of -1 as one wrong bit.
    for (let i = 0; i < 32; i++) {
      const bit = (r - 1n) * modInverse(1n << BigInt(i));
      await add(5n, 5n, { ...naming('main', 0, 0n), [`main.bit[${i}]`]: bit });
    }
    // The bits are those of the difference.
    await add(5n, 5n, naming('main', 0, 0n));
    const left = survivors(circuit, forged).map((index) => describeConstraint(circuit, index));
    // Only choice 7 is not boolean. With m ones below it, it is 1 - m, and every limb must be equal down to the last of
    // those ones, whose difference decides. So the claim stays true; the constraint is kept for symmetry.
    assert.equal(left.length, 1);
    assert.match(left[0], /^\(.*differs\[7\].*\) \* \(.*differs\[7\].*\) = 0$/);
  });
});

describe('StrictBits', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit('include "field/strict-bits.circom"; component main = StrictBits();');
  });

  it('gives the canonical bits', () => {
    fc.assert(
      fc.property(field, (x) => {
        const witness = calculateWitness(circuit, { in: x });
        assert.deepEqual(checkR1cs(circuit, witness), []);
        let value = 0n;
        for (let i = 0; i < 254; i++) value += signalValue(circuit, witness, `main.out[${i}]`) << BigInt(i);
        assert.equal(value, x);
      }),
      { examples: edges.map((x): [bigint] => [x]) },
    );
  });

  it('refuses the second form in + r, whichever limb is named', async () => {
    for (const x of [0n, 1n, 0x0fffffffn, LIMB, (1n << 254n) - 1n - r]) {
      for (let k = 0; k < 8; k++) {
        const gap = (limbs(r)[k] - limbs(x + r)[k] - 1n) & (LIMB - 1n);
        const { failing } = await forge(
          circuit,
          { in: x },
          { ...asBits('main.bits', x + r), ...naming('main.canonical', k, gap) },
        );
        assert.ok(failing.length > 0, `${x} by limb ${k}`);
      }
      // Honest advice for the forged bits.
      const { failing } = await forge(circuit, { in: x }, asBits('main.bits', x + r));
      assert.ok(failing.length > 0);
    }
  });

  it('needs every constraint outside the comparison', async () => {
    const forged: Forged[] = [];
    // Bit i boolean: 2 in place of a carry; the highest as -1.
    for (let i = 0; i < 253; i++) {
      const overrides = { [`main.bits.out[${i}]`]: 2n, [`main.bits.out[${i + 1}]`]: 0n };
      forged.push(await forge(circuit, { in: 1n << BigInt(i + 1) }, overrides));
    }
    forged.push(
      await forge(
        circuit,
        { in: r - (1n << 253n) },
        { ...asBits('main.bits', 0n), 'main.bits.out[253]': -1n },
      ),
    );
    // The bits are those of in.
    forged.push(await forge(circuit, { in: 5n }, asBits('main.bits', 6n)));
    // A limb is the sum of its bits: r itself passes with one limb lowered.
    for (let k = 0; k < 8; k++) {
      const overrides = { ...asBits('main.bits', r), [`main.limbs.out[${k}]`]: limbs(r)[k] - 1n };
      forged.push(await forge(circuit, { in: 0n }, overrides));
    }
    const left = survivors(circuit, forged).map((index) => describeConstraint(circuit, index));
    // The comparison has its own test above.
    for (const constraint of left) assert.match(constraint, /main\.canonical\./);
    assert.equal(left.length, survivorsOfComparison);
  });
});

/** AssertLess has 57 constraints at O1: 55 and the two linear ones of choice 0 and the packing. */
const survivorsOfComparison = 57;

describe('AssertBetween', () => {
  let circuit: TestCircuit;
  const names = ['low', 'value', 'next'];
  const comparisons = ['lowBelowValue', 'valueBelowNext', 'nextWithinOrder'];
  before(async () => {
    circuit = await compileTestCircuit(
      'include "field/assert-between.circom"; component main = AssertBetween();',
    );
  });
  const holds = (low: bigint, value: bigint, next: bigint): boolean =>
    low < value && (next === 0n || value < next);

  it('holds exactly in the gap, an end of 0 being no end', () => {
    fc.assert(
      fc.property(field, field, field, (low, value, next) => {
        const run = (): bigint[] => calculateWitness(circuit, { low, value, next });
        if (holds(low, value, next)) assert.deepEqual(checkR1cs(circuit, run()), []);
        else assert.throws(run, { code: 'WITNESS_UNSATISFIED' });
      }),
      {
        numRuns: 300,
        examples: [
          [0n, r - 1n, 0n],
          [r - 2n, r - 1n, 0n],
          [0n, 1n, 2n],
          [0n, 0n, 0n],
          [0n, 0n, 1n],
        ],
      },
    );
  });

  it('refuses every mixture of the second forms v + r outside the gap', async () => {
    const small = (1n << 254n) - 1n - r;
    const cases: [bigint, bigint, bigint][] = [
      [5n, 5n, 0n],
      [5n, 4n, 0n],
      [4n, 5n, 5n],
      [4n, 6n, 5n],
      [0n, 0n, 0n],
      [0n, 0n, 7n],
      [7n, 3n, 5n],
      [small, 1n, 0n],
      [small - 1n, small, 3n],
      [r - 1n, 1n, 0n],
      [r - 1n, 0n, 0n],
    ];
    for (const values of cases) {
      assert.ok(!holds(...values));
      for (let forms = 0; forms < 8; forms++) {
        const integers = values.map((value, j) => value + ((forms >> j) & 1 ? r : 0n));
        if (integers.some((integer) => integer >= 1n << 254n)) continue;
        const overrides = Object.assign(
          {},
          ...integers.map((integer, j) => asBits(`main.bits[${j}]`, integer)),
        );
        const input = Object.fromEntries(names.map((name, j) => [name, values[j]]));
        const failing = await forgeOrHonest(circuit, input, overrides);
        assert.ok(failing.length > 0, `${values} as ${integers}`);
        // The fault is in a comparison, not in the bits: those sum to the values.
        for (const index of failing) {
          assert.match(describeConstraint(circuit, index), new RegExp(`main\\.(${comparisons.join('|')})`));
        }
      }
    }
  });

  it('binds every bit to its value', async () => {
    for (const [j, name] of names.entries()) {
      const input = { low: 3n, value: 5n, next: 9n };
      const other = input[name as keyof typeof input] + 1n;
      const { failing } = await forge(
        circuit,
        { ...input, value: 7n },
        asBits(`main.bits[${j}]`, name === 'value' ? 8n : other),
      );
      assert.equal(failing.length, 1);
    }
  });
});

function modInverse(x: bigint): bigint {
  let result = 1n;
  let base = x % r;
  for (let e = r - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % r;
    base = (base * base) % r;
  }
  return result;
}
