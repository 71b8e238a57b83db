import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScanMachine } from '../../../pxe/scan/scan-machine.ts';
import { ladderScalar, multiplyX } from '../../../protocol/curve/x-ladder.ts';
import { G } from '../../../protocol/curve/point.ts';
import { hash, initialState } from '../../../protocol/hash/hash.ts';
import { permute } from '../../../protocol/hash/poseidon.ts';
import { isSquare } from '../../../protocol/field.ts';

test('machine', async () => {
  const m = await ScanMachine.create();
  const a = m.constant(5n), b = m.constant(7n), r = m.element();
  m.hash(r, m.constant(initialState(3n, 2)), a, b);
  assert.equal(m.valueOf(r), hash(3n, [5n, 7n]));
  m.hash(r, m.constant(initialState(3n, 1)), a);
  assert.equal(m.valueOf(r), hash(3n, [5n]));
  const out = m.elements(9);
  m.permute(out, [a, b, a], 0);
  assert.deepEqual(out.map((p) => m.valueOf(p)), permute([5n, 7n, 5n, 0n, 0n, 0n, 0n, 0n, 0n]));
  for (let k = 0n; k < 20n; k++) { m.set(a, k); assert.equal(m.isSquare(a), isSquare(k), String(k)); }
  const pts = m.elements(3), pairs = m.elements(6);
  [G.x, 5n, 0n].forEach((x, k) => m.set(pts[k], x));
  const s = ladderScalar(123456789123456789n);
  m.multiply(pts, [s], pairs);
  assert.deepEqual(pts.map((p) => m.valueOf(p)), [G.x, 5n, 0n].map((x) => multiplyX(x, s)));
});
