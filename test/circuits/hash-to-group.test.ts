import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMAIN, FIELD_MODULUS } from '../../protocol/constants.ts';
import { elligator2, hashToGroup } from '../../protocol/curve/hash-to-group.ts';
import { fieldMul } from '../../protocol/field.ts';
import { hash, hashToScalar } from '../../protocol/hash/hash.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  survivors,
  type TestCircuit,
} from '../support/circuit/circuits.ts';
import { singleForgeries } from '../support/circuit/single-forgeries.ts';

const HALF = (FIELD_MODULUS - 1n) / 2n;
const element = fc.oneof(
  fc.constantFrom(1n, 2n, 5n, FIELD_MODULUS - 1n, HALF, HALF + 1n),
  fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n }),
);
const bitsOf = (value: bigint): bigint[] => Array.from({ length: 254 }, (_, i) => (value >> BigInt(i)) & 1n);

/** Every failing constraint has to do with `because`. */
function assertRefused(circuit: TestCircuit, forged: Forged, because: RegExp): void {
  assert.ok(forged.failing.length > 0);
  for (const index of forged.failing) assert.match(describeConstraint(circuit, index), because);
}

describe('Elligator2', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit(`
      include "curve/hash-to-group.circom";
      component main = Elligator2();`);
  });

  it('agrees with its twin', () => {
    fc.assert(
      fc.property(element, (u) => {
        const witness = calculateWitness(circuit, { u });
        const { point } = elligator2(u);
        assert.deepEqual(witness.slice(1, 3), [point.x, point.y]);
        assert.deepEqual(checkR1cs(circuit, witness), []);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses u = 0, whichever candidate is claimed', async () => {
    for (const square of [0n, 1n]) {
      for (const inverse of [1n, 5n]) {
        const { failing } = await forge(
          circuit,
          { u: 0n },
          { 'main.square': square, 'main.inverse': inverse },
        );
        assert.ok(failing.length > 0);
      }
    }
    // With s = s2 = 0 everything but `u is invertible` would hold: (0, 0) has v = 0 and a free x.
    const free = await forge(circuit, { u: 0n }, { 'main.square': 0n, 'main.v': 0n, 'main.out[0]': 5n });
    assertRefused(circuit, free, /main\.inverse|main\.u\b/);
    assert.equal(free.failing.length, 1);
  });

  it('refuses the other root', async () => {
    for (const u of [1n, 2n, 3n, 4n, 5n]) {
      const forged = await forge(circuit, { u }, { 'main.v': (v) => FIELD_MODULUS - v });
      assertRefused(circuit, forged, /main\.lower/);
    }
  });

  it('refuses the other candidate', async () => {
    for (const u of [1n, 2n, 3n, 4n, 5n, 6n]) {
      const forged = await forge(circuit, { u }, { 'main.square': (square) => 1n - square });
      // The other candidate has no root: v^2 = g fails for every v.
      assertRefused(circuit, forged, /main\.v\b/);
      for (const v of [0n, 1n, 7n]) {
        const tried = await forge(circuit, { u }, { 'main.square': (square) => 1n - square, 'main.v': v });
        assert.ok(tried.failing.length > 0);
      }
    }
  });

  it('refuses a blend of both candidates: a square that is not boolean', async () => {
    for (const square of [2n, FIELD_MODULUS - 1n, HALF + 1n]) {
      const forged = await forge(circuit, { u: 3n }, { 'main.square': square });
      assert.ok(forged.failing.length > 0);
    }
  });

  it('refuses v + r as the bits of v', async () => {
    let u = 1n;
    while (elligator2(u).v + FIELD_MODULUS >= 1n << 254n) u++;
    const bits = bitsOf(elligator2(u).v + FIELD_MODULUS);
    const overrides = Object.fromEntries(bits.map((bit, i) => [`main.lower.bits.out[${i}]`, bit]));
    assertRefused(circuit, await forge(circuit, { u }, overrides), /main\.lower\.bounded/);
  });

  it('has no free signal, and every constraint is needed', async () => {
    const values = [1n, 2n, 3n, 4n];
    const runs = await Promise.all(values.map((u) => singleForgeries(circuit, { u })));
    // The comparison may name no other limb, so even its advice is unique.
    assert.deepEqual(
      runs.flatMap(({ free }) => free),
      [],
    );
    const forged = runs.flatMap(({ refused }) => refused);
    forged.push(await forge(circuit, { u: 0n }, { 'main.square': 0n, 'main.v': 0n, 'main.out[0]': 5n }));
    for (const u of values) {
      const v = (FIELD_MODULUS - elligator2(u).v) % FIELD_MODULUS;
      forged.push(await forge(circuit, { u }, { 'main.v': v }));
      // A non-boolean `square` for which v^2 = g has a root.
      for (let square = 2n; square < 12n; square++) {
        forged.push(await forge(circuit, { u }, { 'main.square': square }));
      }
    }
    const honest = values.map((u) => calculateWitness(circuit, { u }));
    const left = survivors(circuit, forged, honest).map((index) => describeConstraint(circuit, index));
    // field/limbs.circom has its own tests for the comparison's inside; nothing of the map itself may be left.
    assert.deepEqual(
      left.filter((constraint) => !/main\.lower\./.test(constraint)),
      [],
    );
  });
});

describe('AssertLowerHalf', () => {
  it('accepts up to (r - 1) / 2 and nothing above', async () => {
    const circuit = await compileTestCircuit(`
      include "curve/hash-to-group.circom";
      component main = AssertLowerHalf();`);
    const accepts = async (value: bigint): Promise<boolean> =>
      (await forge(circuit, { in: value }, {})).failing.length === 0;
    for (const value of [0n, 1n, HALF - 1n, HALF]) assert.ok(await accepts(value));
    for (const value of [HALF + 1n, HALF + 2n, FIELD_MODULUS - 1n]) assert.ok(!(await accepts(value)));
    await fc.assert(
      fc.asyncProperty(element, async (value) => assert.equal(await accepts(value), value <= HALF)),
      { numRuns: 30 },
    );
  });
});

describe('HashToGroup and HashToScalar', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit(`
      include "curve/hash-to-group.circom";
      include "curve/hash-to-scalar.circom";
      template Both() {
        signal input in;
        signal output point[2];
        signal output bits[250];
        component group = HashToGroup();
        group.in <== in; point <== group.out;
        component scalar = HashToScalar(DOMAIN_R_OUT(), 1);
        scalar.inputs[0] <== in; bits <== scalar.bits;
      }
      component main = Both();`);
  });

  it('agree with their twins', () => {
    fc.assert(
      fc.property(element, (input) => {
        const witness = calculateWitness(circuit, { in: input });
        const { x, y } = hashToGroup(input);
        assert.deepEqual(witness.slice(1, 3), [x, y]);
        const scalar = witness.slice(3, 253).reduceRight((sum, bit) => 2n * sum + bit, 0n);
        assert.equal(scalar, hashToScalar(DOMAIN.R_OUT, [input]));
        assert.deepEqual(checkR1cs(circuit, witness), []);
      }),
      { numRuns: 20 },
    );
  });

  it('refuse the other binary form of a scalar, h + r', async () => {
    let input = 0n;
    let value = 0n;
    do value = hash(DOMAIN.R_OUT, [++input]) + FIELD_MODULUS;
    while (value >= 1n << 254n);
    const overrides = Object.fromEntries(
      bitsOf(value).map((bit, i) => [`main.scalar.strict.bits.out[${i}]`, bit]),
    );
    assertRefused(circuit, await forge(circuit, { in: input }, overrides), /scalar\.strict\.canonical/);
  });
});

it('Elligator 2 constants: 5 and d are no squares, a and -1 are', () => {
  const power = (base: bigint): bigint => {
    let result = 1n;
    for (let bit = 253n; bit >= 0n; bit--) {
      result = fieldMul(result, result);
      if ((HALF >> bit) & 1n) result = fieldMul(result, base);
    }
    return result;
  };
  assert.deepEqual([5n, 168696n].map(power), [FIELD_MODULUS - 1n, FIELD_MODULUS - 1n]);
  assert.deepEqual([168700n, FIELD_MODULUS - 1n].map(power), [1n, 1n]);
});
