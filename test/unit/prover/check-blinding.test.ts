/** A proving key that somebody else serves must blind proofs with the delta that L1 verifies with. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildBn128, type Curve } from 'ffjavascript';
import { assertBlinding } from '../../../prover/groth16/check-blinding.ts';
import type { VerificationKey } from '../../../prover/keys/verification-key.ts';

describe('assertBlinding', () => {
  let curve: Curve;
  before(async () => {
    curve = await buildBn128(true);
  });
  after(() => curve.terminate());

  const g1 = (scalar: bigint): Uint8Array => curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, scalar));
  const g2 = (scalar: bigint): Uint8Array => curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, scalar));
  const verificationKey = (delta: bigint): Pick<VerificationKey, 'vk_delta_2'> => {
    const pairs = curve.G2.toObject(g2(delta)) as bigint[][];
    return { vk_delta_2: pairs.map((pair) => pair.map(String)) as never };
  };
  const check = (delta1: Uint8Array, delta2: Uint8Array): Promise<void> =>
    assertBlinding(curve, { delta1, delta2 }, verificationKey(7n));
  const refused = { code: 'KEY_NOT_BLINDING' };

  it('takes the key whose deltas are those of the verification key', async () => {
    await check(g1(7n), g2(7n));
  });

  it('refuses delta1 at infinity: A would be a function of the witness', async () => {
    await assert.rejects(check(new Uint8Array(64), g2(7n)), refused);
  });

  it('refuses delta2 at infinity: B would be a function of the witness', async () => {
    await assert.rejects(check(g1(7n), new Uint8Array(128)), refused);
  });

  it('refuses another delta, in one group or in both', async () => {
    await assert.rejects(check(g1(8n), g2(7n)), refused);
    await assert.rejects(check(g1(7n), g2(8n)), refused);
    await assert.rejects(check(g1(8n), g2(8n)), refused);
  });

  it('refuses a point off the curve', async () => {
    const off = g1(7n).slice();
    off[0] ^= 1;
    await assert.rejects(check(off, g2(7n)), refused);
  });
});
