/** The group slot's own constraints are all needed: each is the only one that some forgery breaks. Its parts: curve.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cofactorPreimage, G, mulPoint } from '../../../protocol/curve/point.ts';
import {
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  type Override,
  survivors,
} from '../../support/circuit/circuits.ts';

test('every constraint of the group slot itself is needed', async () => {
  const circuit = await compileTestCircuit(
    'include "avm/group-slot.circom"; component main { public [used, x, scalar, preimage, outX, outY] } = AvmGroupSlot();',
  );
  const point = mulPoint(G, 6n);
  const preimage = cofactorPreimage(point);
  const slot = (scalar: bigint, by = scalar): Record<string, bigint | bigint[]> => {
    const out = mulPoint(point, by);
    return {
      used: 1n,
      x: point.x,
      scalar,
      preimage: [preimage.x, preimage.y],
      outX: out.x,
      outY: out.y,
    };
  };
  const forged: Forged[] = [];
  const push = async (
    input: Record<string, bigint | bigint[]>,
    overrides: Record<string, Override> = {},
  ): Promise<void> => {
    const result = await forge(circuit, input, overrides);
    assert.equal(
      result.failing.length,
      1,
      result.failing.map((k) => describeConstraint(circuit, k).slice(0, 200)).join('\n'),
    );
    forged.push(result);
  };
  assert.deepEqual((await forge(circuit, slot(12n), {})).failing, []);
  const honest = slot(12n);
  await push({ ...honest, x: point.x + 1n });
  await push({ ...honest, outX: (honest.outX as bigint) + 1n });
  await push({ ...honest, outY: (honest.outY as bigint) + 1n });
  // The product by 13 for the scalar 12: what is decomposed is 13, or the digits are those of 13.
  await push(slot(12n, 13n), { 'main.bits.in': 13n });
  await push(slot(12n, 13n), { 'main.bits.out[0]': 1n });
  const own = survivors(circuit, forged)
    .map((index) => describeConstraint(circuit, index))
    .filter((constraint) => /main\.(used|x|scalar|outX|outY)\b/.test(constraint));
  assert.deepEqual(own, []);
});
