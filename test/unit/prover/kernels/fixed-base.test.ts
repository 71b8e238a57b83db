/** Multiples of the generators as proving keys hold them, byte for byte. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildBn128 } from 'ffjavascript';
import { FIELD_MODULUS } from '../../../../protocol/constants.ts';
import { Bn254Kernels } from '../../../../prover/kernels/bn254.ts';
import { scalarToBytes } from '../../../../prover/keys/bn254-engine.ts';
import { FixedBase } from '../../../../prover/keys/fixed-base.ts';

const r = FIELD_MODULUS;
const small = [0n, 1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, r - 1n, r - 2n, r - 16n, 1n << 253n, r >> 1n];
/** Every digit at both ends of its range. */
const digits = [8n, 16n, 24n].map((digit) =>
  Array.from({ length: 50 }, (_, k) => digit << BigInt(5 * k)).reduce((sum, part) => sum + part, 0n),
);
const scalars = [...small, ...digits, ...Array.from({ length: 20 }, (_, k) => BigInt(k + 5) ** 120n % r)];

describe('fixed-base multiplication', () => {
  for (const group of ['g1', 'g2'] as const) {
    it(`in ${group} gives the bytes that the library gives`, async () => {
      const curve = await buildBn128(true);
      const table = new FixedBase(await Bn254Kernels.create(), group, 5);
      const G = group === 'g1' ? curve.G1 : curve.G2;
      const points = table.multiply(Uint8Array.from(scalars.flatMap((scalar) => [...scalarToBytes(scalar)])));
      const bytes = group === 'g1' ? 64 : 128;
      assert.equal(points.length, bytes * scalars.length);
      for (const [k, scalar] of scalars.entries()) {
        const own = points.slice(k * bytes, (k + 1) * bytes);
        const expected = scalar === 0n ? new Uint8Array(bytes) : G.toAffine(G.timesScalar(G.g, scalar));
        assert.deepEqual(own, expected.slice(0, bytes), String(scalar));
      }
    });
  }

  it('goes on over batches', async () => {
    const table = new FixedBase(await Bn254Kernels.create(), 'g1', 4);
    const many = Array.from({ length: 1500 }, (_, k) => BigInt(k % 700));
    const points = table.multiply(Uint8Array.from(many.flatMap((scalar) => [...scalarToBytes(scalar)])));
    for (let k = 700; k < 1500; k++)
      assert.deepEqual(points.slice(64 * k, 64 * k + 64), points.slice(64 * (k % 700), 64 * (k % 700) + 64));
  });
});
