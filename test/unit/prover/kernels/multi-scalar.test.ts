/** Multi-scalar multiplication against a naive sum, special cases by name; transforms against their definition. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { pointBytes } from '../../../../prover/kernels/batch-addition.ts';
import { Bn254Kernels, emitBn254, FIELD_OF, FQ, FR, type Group } from '../../../../prover/kernels/bn254.ts';
import {
  bitReversal,
  EvaluationDomain,
  powerModR,
  rootOfUnity,
} from '../../../../prover/kernels/evaluation-domain.ts';
import { ELEMENT_BYTES } from '../../../../prover/kernels/field.ts';
import { MultiScalar } from '../../../../prover/kernels/multi-scalar.ts';

const r = FIELD_MODULUS;
const module = new WebAssembly.Module(emitBn254());

interface Point {
  add(other: Point): Point;
  negate(): Point;
  multiply(scalar: bigint): Point;
  is0(): boolean;
  toAffine(): { x: unknown; y: unknown };
}

function coordinates(point: Point): bigint[] {
  if (point.is0()) return [];
  const { x, y } = point.toAffine();
  return [x, y].flatMap((value) =>
    typeof value === 'bigint' ? [value] : [(value as { c0: bigint }).c0, (value as { c1: bigint }).c1],
  );
}

function bytesOf(values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * values.length);
  for (const [i, value] of values.entries())
    for (let k = 0; k < 32; k++) bytes[32 * i + k] = Number((value >> BigInt(8 * k)) & 255n);
  return bytes;
}

function integers(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    bytes.subarray(32 * i, 32 * i + 32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  );
}

for (const group of ['g1', 'g2'] as const) {
  const curve = (group === 'g1' ? bn254.G1 : bn254.G2) as unknown as { Point: { BASE: Point; ZERO: Point } };
  const { BASE: G, ZERO } = curve.Point;
  const times = (point: Point, scalar: bigint): Point =>
    scalar === 0n || point.is0() ? ZERO : point.multiply(scalar);
  const naive = (points: readonly Point[], scalars: readonly bigint[]): Point =>
    points.reduce((sum, point, i) => sum.add(times(point, scalars[i])), ZERO);

  /** The kernels' sum, affine; empty at infinity. Points are written as a proving key has them. */
  async function sum(points: readonly Point[], scalars: readonly bigint[]): Promise<bigint[]> {
    const kernels = await Bn254Kernels.create(module);
    const { table, sums } = loadPoints(kernels, group, points);
    const result = sums.sum(table, kernels.write(bytesOf(scalars)));
    const at = kernels.write(result);
    const plain = kernels.allocate((32 * result.length) / ELEMENT_BYTES);
    kernels.call.fq_toBytes!(plain, at, result.length / ELEMENT_BYTES);
    const c = integers(kernels.read(plain, (32 * result.length) / ELEMENT_BYTES));
    return coordinates(projective(group, c));
  }

  const many = Array.from({ length: 12 }, (_, k) => G.multiply(BigInt(k + 2)));
  const full = many.map((_, k) => (r * BigInt(k + 3)) / 17n);

  describe(`multi-scalar multiplication in ${group}`, () => {
    const cases: Record<string, readonly [readonly Point[], readonly bigint[]]> = {
      'no points': [[], []],
      'one point': [[many[3]], [123456789n]],
      'one point at infinity': [[ZERO], [5n]],
      'doubling: P + P': [
        [many[0], many[0]],
        [1n, 1n],
      ],
      'P + (-P)': [
        [many[0], many[0].negate()],
        [1n, 1n],
      ],
      'P + (-P) + Q': [
        [many[0], many[0].negate(), many[1]],
        [7n, 7n, 7n],
      ],
      'P - P by the scalars': [
        [many[0], many[0]],
        [5n, r - 5n],
      ],
      '(P - P) + (Q - Q), infinity on both sides': [
        [many[0], many[0].negate(), many[1], many[1].negate()],
        [3n, 3n, 3n, 3n],
      ],
      'infinity among points': [
        [many[0], ZERO, many[1], ZERO],
        [9n, 9n, 8n, r - 1n],
      ],
      'repeated points': [Array<Point>(9).fill(many[5]), full.slice(0, 9)],
      'repeated points, equal scalars': [Array<Point>(9).fill(many[5]), Array<bigint>(9).fill(full[0])],
      'equal scalars': [many, many.map(() => full[4])],
      'scalar 0': [many.slice(0, 2), [0n, 77n]],
      'scalar 1': [many, many.map(() => 1n)],
      'scalar r - 1': [many, many.map(() => r - 1n)],
      'all scalars 0': [many, many.map(() => 0n)],
      'scalars around powers of two': [many, many.map((_, k) => (1n << BigInt(21 * k)) - BigInt(k % 2))],
      'full scalars': [many, full],
    };
    for (const [name, [points, scalars]] of Object.entries(cases)) {
      it(name, async () => {
        assert.deepEqual(await sum(points, scalars), coordinates(naive(points, scalars)));
      });
    }

    it('more pairs than share an inversion, special ones among them', async () => {
      // Points k G, so the sum is known from the scalars alone.
      const count = group === 'g1' ? 9000 : 5000;
      const points: Point[] = [];
      let scalar = 0n;
      let point = G;
      const scalars: bigint[] = [];
      for (let k = 0; k < count; k++) {
        const kind = k % 7;
        if (kind === 0) point = point.add(G);
        points.push(kind === 3 ? point.negate() : point);
        const value = kind < 4 ? 1n : BigInt(k * 7919) ** 12n % r;
        scalars.push(value);
        const multiple = BigInt(Math.floor(k / 7) + 2);
        scalar += (kind === 3 ? -multiple : multiple) * value;
      }
      assert.deepEqual(await sum(points, scalars), coordinates(times(G, ((scalar % r) + r) % r)));
    });
  });
}

describe('transforms', () => {
  it('evaluate on the odd coset what has the given values on the domain', async () => {
    for (const power of [1, 2, 5]) {
      const kernels = await Bn254Kernels.create(module);
      const size = 2 ** power;
      const domain = new EvaluationDomain(kernels, power);
      const reversed = bitReversal(power);
      const coefficients = Array.from({ length: size }, (_, k) => (r - 1n) / BigInt(k + 1));
      const root = rootOfUnity(power + 1);
      assert.equal(powerModR(root, BigInt(size)), r - 1n, 'the root is primitive');
      const evaluate = (x: bigint): bigint => coefficients.reduceRight((sum, c) => (sum * x + c) % r, 0n);
      const values = Array.from({ length: size }, (_, i) => evaluate(powerModR(root, 2n * BigInt(i))));
      const data = kernels.allocate(size * ELEMENT_BYTES);
      kernels.call.fr_fromBytes!(data, kernels.write(bytesOf([...reversed].map((i) => values[i]))), size);
      domain.inverse(data);
      domain.toCoset(data);
      const plain = kernels.allocate(size * 32);
      kernels.call.fr_toBytes!(plain, data, size);
      const result = integers(kernels.read(plain, size * 32));
      for (let i = 0; i < size; i++) {
        const expected = evaluate(powerModR(root, 2n * BigInt(i) + 1n));
        assert.equal(result[reversed[i]], (expected * BigInt(size)) % r, `power ${power}, value ${i}`);
      }
    }
  });

  it('take all values at r - 1 and all at 0', async () => {
    const kernels = await Bn254Kernels.create(module);
    const domain = new EvaluationDomain(kernels, 6);
    for (const value of [r - 1n, 0n]) {
      const data = kernels.allocate(64 * ELEMENT_BYTES);
      kernels.call.fr_fromBytes!(data, kernels.write(bytesOf(Array<bigint>(64).fill(value))), 64);
      domain.inverse(data);
      domain.toCoset(data);
      const plain = kernels.allocate(64 * 32);
      kernels.call.fr_toBytes!(plain, data, 64);
      // A constant polynomial has its value everywhere.
      for (const result of integers(kernels.read(plain, 64 * 32))) assert.equal(result, (value * 64n) % r);
    }
  });
});

describe('the module', () => {
  it('is emitted with the same bytes every time', () => assert.deepEqual(emitBn254(), emitBn254()));
});

function loadPoints(kernels: Bn254Kernels, group: Group, points: readonly Point[]) {
  const size = group === 'g1' ? 2 : 4;
  const montgomery = (value: bigint): bigint => (value << 256n) % FQ.modulus;
  const encoded = points.flatMap((point) =>
    point.is0() ? Array<bigint>(size).fill(0n) : coordinates(point).map(montgomery),
  );
  const from = kernels.write(bytesOf(encoded));
  const factor = kernels.writeRaw((1n << 266n) % FQ.modulus);
  const wires = kernels.allocate(4 * points.length);
  const address = kernels.allocate(points.length * pointBytes(FIELD_OF[group]));
  const count = kernels.call[`${group}_loadPoints`]!(address, from, points.length, wires, 0, factor);
  return { table: { group, points: address, wires, count }, sums: new MultiScalar(kernels, group) };
}

function projective(group: Group, c: readonly bigint[]): Point {
  if (group === 'g1') return new bn254.G1.Point(c[0], c[1], c[2]) as unknown as Point;
  const pair = (k: number) => bn254.fields.Fp2.create({ c0: c[k], c1: c[k + 1] });
  return new bn254.G2.Point(pair(0), pair(2), pair(4)) as unknown as Point;
}

assert.ok(FR.modulus === r);
