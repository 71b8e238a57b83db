/** The prover that tests of L1 use is as good as an ordinary one on true statements, and of no use on others. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { curves, groth16 } from 'snarkjs';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { compileSource } from '../../prover/node/compile.ts';
import { type CircuitKey, DevKeyBuilder } from '../../prover/node/dev-key-builder.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import { decodeProof } from '../../prover/proof.ts';
import { verifyProof } from '../../prover/verify.ts';
import { TrapdoorProver } from '../support/keys/trapdoor-prover.ts';

/** Has public inputs, an output, linear and quadratic constraints. */
const SOURCE = `
pragma circom 2.2.0;
template Powers() {
    signal input x;
    signal input k;
    signal input secret;
    signal output out;
    signal power[6];
    power[0] <== x;
    for (var i = 1; i < 6; i++) power[i] <== power[i - 1] * x + secret;
    signal linear <== power[5] + 3 * k;
    out <== linear * secret;
}
component main { public [x, k] } = Powers();`;

describe('proofs with the development secrets', () => {
  let key: CircuitKey;
  let trapdoor: TrapdoorProver;
  let ordinary: SnarkjsProver;
  const name = 'trapdoor-test';
  const input = { x: 3n, k: 5n, secret: 7n };

  before(async () => {
    const builder = new DevKeyBuilder();
    key = await builder.build(await compileSource(name, SOURCE));
    await builder.close();
    trapdoor = new TrapdoorProver([key]);
    ordinary = new SnarkjsProver({ keys: [key] });
  });
  after(async () => {
    await ordinary.close();
    // snarkjs keeps threads.
    await (await curves.getCurveFromName('bn128')).terminate();
  });

  it("verify as an ordinary prover's do, for the same signals and no others", async () => {
    const own = await trapdoor.prove(name, input);
    const other = await ordinary.prove(name, input);
    assert.deepEqual(own.publicSignals, other.publicSignals);
    for (const { proof, publicSignals } of [own, other]) {
      const signals = publicSignals.map(String);
      assert.ok(await groth16.verify(key.verificationKey, signals, decodeProof(proof)));
      for (let i = 0; i < publicSignals.length; i++) {
        const wrong = publicSignals.map((signal, k) => (k === i ? (signal + 1n) % FIELD_MODULUS : signal));
        assert.equal(await verifyProof(key.verificationKey, wrong, proof), false, `signal ${i}`);
      }
    }
  });

  it('are blinded', async () => {
    const [first, second] = [await trapdoor.prove(name, input), await trapdoor.prove(name, input)];
    for (let part = 0; part < 256; part += 32)
      assert.notDeepEqual(first.proof.slice(part, part + 32), second.proof.slice(part, part + 32));
  });

  it('are made of witnesses only: a value or a signal that is not the computed one breaks constraints', async () => {
    const { witness } = await trapdoor.prove(name, input);
    assert.equal((await trapdoor.proveWitness(name, witness)).publicSignals[0], witness[1]);
    for (let wire = 1; wire < witness.length; wire++) {
      const forged = witness.with(wire, (witness[wire]! + 1n) % FIELD_MODULUS);
      await assert.rejects(trapdoor.proveWitness(name, forged), /breaks \d+ constraint/, `wire ${wire}`);
    }
  });
});
