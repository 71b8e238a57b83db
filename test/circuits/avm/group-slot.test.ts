/** The group slot: twin, every value that a prover could choose, and that nothing is checked for an unused slot but its result. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { checkGroup } from '../../../avm/check.ts';
import { FIELD_MODULUS, SCALAR_BITS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import {
  addPoints,
  cofactorPreimage,
  G,
  IDENTITY,
  isSubgroupX,
  mulPoint,
  type Point,
} from '../../../protocol/curve/point.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  forge,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

interface Slot {
  readonly used: bigint;
  readonly x: bigint;
  readonly scalar: bigint;
  readonly preimage: readonly bigint[];
  readonly outX: bigint;
  readonly outY: bigint;
}

const MOST = (1n << BigInt(SCALAR_BITS)) - 1n;
const xy = ({ x, y }: Point): bigint[] => [x, y];

function slot(point: Point, scalar: bigint, preimage = cofactorPreimage(point)): Slot {
  const out = mulPoint(point, scalar);
  return { used: 1n, x: point.x, scalar, preimage: xy(preimage), outX: out.x, outY: out.y };
}

describe('group slot', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await compileTestCircuit(
      'include "avm/group-slot.circom"; component main { public [used, x, scalar, preimage, outX, outY] } = AvmGroupSlot();',
    );
  });

  /** Both the circuit and its twin accept, or both refuse. */
  const accepts = async (given: Slot): Promise<boolean> => {
    const { failing } = await forge(circuit, { ...given }, {});
    let twin = true;
    try {
      const operands = [given.x, given.scalar];
      checkGroup(
        given.used === 1n,
        operands,
        { out: [given.outX, given.outY], preimage: given.preimage },
        's',
      );
    } catch {
      twin = false;
    }
    assert.equal(failing.length === 0, twin, 'circuit and twin disagree');
    return twin;
  };

  it('multiplies any group element by any scalar below 2^251', async () => {
    const scalars = [0n, 1n, 2n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER, SUBGROUP_ORDER + 1n, MOST];
    for (const point of [G, IDENTITY, mulPoint(G, 77n)]) {
      for (const scalar of scalars) assert.ok(await accepts(slot(point, scalar)), `${scalar}`);
    }
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, SUBGROUP_ORDER - 1n), fc.bigInt(0n, MOST), async (k, scalar) => {
        const honest = slot(mulPoint(G, k), scalar);
        assert.deepEqual(checkR1cs(circuit, calculateWitness(circuit, { ...honest })), []);
        assert.ok(await accepts(honest));
      }),
      { numRuns: 10 },
    );
  });

  it('refuses every other result', async () => {
    const honest = slot(mulPoint(G, 5n), 123n);
    const { outX, outY } = honest;
    const others = [
      [outX + 1n, outY],
      [outX, outY + 1n],
      [FIELD_MODULUS - outX, outY],
      [outX, FIELD_MODULUS - outY],
      [0n, 1n],
      [0n, 0n],
      ...torsionPoints()
        .slice(1)
        .map((torsion) => xy(addPoints({ x: outX, y: outY }, torsion))),
    ];
    for (const [x, y] of others) assert.equal(await accepts({ ...honest, outX: x, outY: y }), false);
  });

  it('takes any preimage of the point, torsion added, and gives the same result; no other', async () => {
    const point = mulPoint(G, 9n);
    const preimage = cofactorPreimage(point);
    for (const torsion of torsionPoints()) {
      assert.ok(await accepts(slot(point, 1000n, addPoints(preimage, torsion))));
    }
    const honest = slot(point, 1000n);
    for (const other of [
      cofactorPreimage(mulPoint(G, 10n)),
      cofactorPreimage({ x: FIELD_MODULUS - point.x, y: point.y }),
      IDENTITY,
      { x: 0n, y: 0n },
      { x: preimage.x, y: preimage.y + 1n },
      { x: preimage.y, y: preimage.x },
    ]) {
      assert.equal(await accepts({ ...honest, preimage: xy(other) }), false);
    }
  });

  it('refuses an x that is no group element, whatever the preimage', async () => {
    const strange = [2n, 3n, 4n, 5n, 6n, 7n].filter((x) => !isSubgroupX(x));
    assert.ok(strange.length > 0);
    const shifted = addPoints(G, torsionPoints()[1]);
    for (const x of [...strange, shifted.x]) {
      for (const preimage of [G, IDENTITY, shifted, cofactorPreimage(G)]) {
        assert.equal(await accepts({ ...slot(G, 3n), x, preimage: xy(preimage) }), false);
      }
    }
  });

  it('refuses a scalar of 252 bits, also one that is the same modulo the order', async () => {
    const point = mulPoint(G, 4n);
    for (const scalar of [MOST + 1n, SUBGROUP_ORDER * 2n, FIELD_MODULUS - 1n]) {
      assert.equal(await accepts({ ...slot(point, scalar % SUBGROUP_ORDER), scalar }), false);
      assert.equal(await accepts(slot(point, scalar)), false);
    }
  });

  it('an unused slot reads nothing and gives the identity', async () => {
    const unused: Slot = {
      used: 0n,
      x: 5n,
      scalar: FIELD_MODULUS - 3n,
      preimage: [0n, 1n],
      outX: 0n,
      outY: 1n,
    };
    assert.ok(await accepts(unused));
    for (const torsion of torsionPoints()) assert.ok(await accepts({ ...unused, preimage: xy(torsion) }));
    assert.equal(await accepts({ ...unused, outX: G.x, outY: G.y }), false);
    assert.equal(await accepts({ ...unused, outY: FIELD_MODULUS - 1n }), false);
    assert.equal(await accepts({ ...unused, preimage: xy(cofactorPreimage(G)) }), false);
  });

  it('forged digits of the scalar, with the product following, are refused', async () => {
    const honest = slot(mulPoint(G, 6n), 12n);
    for (const bit of [0, 2, 3, 100, 250]) {
      const forged = await forge(
        circuit,
        { ...honest },
        { [`main.bits.out[${bit}]`]: (value) => 1n - value },
      );
      assert.ok(forged.failing.length > 0, `bit ${bit}`);
    }
  });
});
