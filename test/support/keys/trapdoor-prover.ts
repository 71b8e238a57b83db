/**
 * Makes Groth16 proofs from a witness and the secrets of the development keys (dev-srs.json). It takes a tenth of an
 * ordinary prover's time and needs no proving keys. It is for tests of the verifiers (the contracts, the sequencer), which
 * need many proofs of true statements. The users' provers are tested in test/keys/keys.test.ts and by test/e2e/.
 *
 * The secrets alone would prove anything, so the witness is checked against every constraint first. Then A and B are drawn
 * as any prover draws them, and C is the one point that verifies with them: e(A, B) = e(alpha, beta) e(IC, gamma) e(C,
 * delta) has one solution. So these are the very proofs that an ordinary prover makes of this witness, with its
 * distribution.
 */

import { readFile } from 'node:fs/promises';
import { bn254 } from '@noble/curves/bn254.js';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv, toField } from '../../../protocol/field.ts';
import { bn254Blueprint } from '../../../prover/keys/bn254-blueprint.ts';
import { Bn254Engine, FIELD_BYTES } from '../../../prover/keys/bn254-engine.ts';
import { keySecrets } from '../../../prover/keys/dev-srs.ts';
import { evaluateQap, type QapSecrets } from '../../../prover/keys/qap.ts';
import { cacheDirectory } from '../../../prover/node/cache-directory.ts';
import type { PublicCircuitKey } from '../../../prover/node/dev-key-builder.ts';
import { loadDevSrs } from '../../../prover/node/dev-srs-file.ts';
import { encodeProof } from '../../../prover/proof.ts';
import { readR1cs } from '../../../prover/r1cs.ts';
import { verifyProof } from '../../../prover/verify.ts';
import {
  type CircuitInput,
  WitnessCalculator,
  witnessToBigints,
} from '../../../prover/witness-calculator.ts';
import { R1csChecker } from '../circuit/check-r1cs.ts';

/** A circuit with the values at tau of what a proof's scalars are made of. */
interface Opened {
  readonly key: PublicCircuitKey;
  readonly secrets: QapSecrets;
  readonly calculator: WitnessCalculator;
  readonly checker: R1csChecker;
  /** Per wire. */
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  /** Of the constant and the public signals, over gamma. */
  readonly ic: readonly bigint[];
}

export interface TrapdoorProof {
  readonly proof: Uint8Array;
  readonly publicSignals: readonly bigint[];
  readonly witness: readonly bigint[];
}

export class TrapdoorProver {
  readonly #keys: ReadonlyMap<string, PublicCircuitKey>;
  readonly #opened = new Map<string, Promise<Opened>>();

  /** @param keys development keys of this machine's cache directory */
  constructor(keys: readonly PublicCircuitKey[]) {
    this.#keys = new Map(keys.map((key) => [key.circuit.name, key]));
  }

  /** Throws when the input has no witness, or the witness breaks a constraint. */
  async prove(circuit: string, input: CircuitInput): Promise<TrapdoorProof> {
    const { calculator } = await this.#open(circuit);
    return this.proveWitness(circuit, witnessToBigints(calculator.calculate(input)));
  }

  /** Throws when the witness breaks a constraint. */
  async proveWitness(circuit: string, witness: readonly bigint[]): Promise<TrapdoorProof> {
    const { key, secrets, checker, ...at } = await this.#open(circuit);
    const failing = checker.failing(witness);
    if (failing.length > 0) throw new Error(`${circuit}: the witness breaks ${failing.length} constraint(s)`);
    const { alpha, beta, gamma, delta } = secrets;
    const a = toField(alpha + dot(at.a, witness) + randomScalar() * delta);
    const b = toField(beta + dot(at.b, witness) + randomScalar() * delta);
    const c = toField((a * b - alpha * beta - gamma * dot(at.ic, witness)) * fieldInv(delta));
    const [A, C] = [a, c].map((scalar) => bn254.G1.Point.BASE.multiply(scalar).toAffine());
    const B = bn254.G2.Point.BASE.multiply(b).toAffine();
    const proof = encodeProof({
      pi_a: [String(A!.x), String(A!.y), '1'],
      pi_b: [
        [String(B.x.c0), String(B.x.c1)],
        [String(B.y.c0), String(B.y.c1)],
        ['1', '0'],
      ],
      pi_c: [String(C!.x), String(C!.y), '1'],
      protocol: 'groth16',
      curve: 'bn128',
    });
    const publicSignals = witness.slice(1, 1 + checker.r1cs.publicSignals);
    if (!(await verifyProof(key.verificationKey, publicSignals, proof)))
      throw new Error(`${circuit}: the key is not of these secrets`);
    return { proof, publicSignals, witness };
  }

  #open(circuit: string): Promise<Opened> {
    const key = this.#keys.get(circuit);
    if (key === undefined) throw new Error(`no key of ${circuit}`);
    const opened = this.#opened.get(circuit) ?? open(key);
    this.#opened.set(circuit, opened);
    return opened;
  }
}

async function open(key: PublicCircuitKey): Promise<Opened> {
  const { circuit } = key;
  const secrets = keySecrets(await loadDevSrs(cacheDirectory()), circuit.hash);
  const r1cs = readR1cs(new Uint8Array(await readFile(circuit.r1csFile)));
  const { a, b, ic } = evaluateQap(await Bn254Engine.create(await bn254Blueprint()), r1cs, secrets);
  return {
    key,
    secrets,
    calculator: await WitnessCalculator.create(new Uint8Array(await readFile(circuit.wasmFile))),
    checker: new R1csChecker(r1cs),
    a: witnessToBigints(a),
    b: witnessToBigints(b),
    ic: witnessToBigints(ic),
  };
}

/** Sum of products over the first list; what is behind it in the second does not count. */
function dot(coefficients: readonly bigint[], values: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < coefficients.length; i++) if (values[i] !== 0n) sum += coefficients[i]! * values[i]!;
  return sum % FIELD_MODULUS;
}

function randomScalar(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(2 * FIELD_BYTES));
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % FIELD_MODULUS;
}
