/**
 * Groth16 proofs (eprint 2016/260) from snarkjs's keys, step by step as in snarkjs's groth16_prove.js, with three
 * differences: the constraint system stays in WebAssembly memory between proofs and is evaluated there (snarkjs copies
 * every coefficient through JavaScript, a quarter of its time), independent multi-exponentiations run side by side, and
 * the proof's randomness comes straight from the platform. Isomorphic.
 */
import type { Curve } from 'ffjavascript';
import type { SnarkjsProof } from 'snarkjs';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Bn254Engine, FIELD_BYTES } from '../keys/bn254-engine.ts';
import { encodeProof } from '../proof.ts';
import { ConstraintProducts } from './constraint-products.ts';
import type { ProvingKey } from './proving-key.ts';

/** One circuit's key, ready to prove. */
export class Groth16Prover {
  readonly #curve: Curve;
  readonly #key: Omit<ProvingKey, 'coefficients'>;
  readonly #products: ConstraintProducts;

  /**
   * @param curve ffjavascript's, with as many threads as the proof may use
   * @param engine keeps the coefficients: 32 bytes each
   */
  constructor(curve: Curve, engine: Bn254Engine, key: ProvingKey) {
    const { coefficients: _, ...rest } = key;
    this.#curve = curve;
    this.#key = rest;
    this.#products = new ConstraintProducts(engine, key);
  }

  get publicSignals(): number {
    return this.#key.publicSignals;
  }

  /**
   * @param witness canonical, 32 bytes little-endian per wire, wire 0 = 1
   * @param onProgress fractions 0..1
   * @returns the proof's 256 bytes. It verifies only if the witness satisfies the circuit.
   * @throws WITNESS_LENGTH
   */
  async prove(
    witness: Uint8Array,
    onProgress: (fraction: number) => void = () => {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = this.#key;
    const { Fr, G1, G2 } = this.#curve;
    if (witness.length !== key.wires * FIELD_BYTES) {
      const got = witness.length / FIELD_BYTES;
      throw new AzaleaError('WITNESS_LENGTH', `the key is for ${key.wires} wires, the witness has ${got}`, {
        got,
      });
    }
    const rows = this.#products.evaluate(witness);
    onProgress(0.1);

    // From values on the domain to values on its odd coset.
    const shift = Fr.w[Math.log2(key.domain) + 1]!;
    const coset = await Promise.all(
      rows.map(async (values) => Fr.fft(await Fr.batchApplyKey(await Fr.ifft(values), Fr.e(1), shift))),
    );
    const quotient = this.#products.combine(coset[0]!, coset[1]!, coset[2]!);
    onProgress(0.2);

    let done = 0.2;
    const step = async <T>(share: number, work: Promise<T>): Promise<T> => {
      const result = await work;
      onProgress((done += share));
      return result;
    };
    const privateWitness = witness.slice((key.publicSignals + 1) * FIELD_BYTES);
    const [sumA, sumB1, sumB2, sumC, sumH] = await Promise.all([
      step(0.13, G1.multiExpAffine(key.a, witness)),
      step(0.12, G1.multiExpAffine(key.b1, witness)),
      step(0.3, G2.multiExpAffine(key.b2, witness)),
      step(0.1, G1.multiExpAffine(key.c, privateWitness)),
      step(0.15, G1.multiExpAffine(key.h, quotient)),
    ]);

    // A = alpha + sum + r delta; B = beta + sum + s delta; C = sums + s A + r B - r s delta.
    const r = randomScalar(Fr);
    const s = randomScalar(Fr);
    const add = (...points: Uint8Array[]): Uint8Array => points.reduce((sum, point) => G1.add(sum, point));
    const a = add(sumA, key.alpha1, G1.timesFr(key.delta1, r));
    const b2 = G2.add(G2.add(sumB2, key.beta2), G2.timesFr(key.delta2, s));
    const b1 = add(sumB1, key.beta1, G1.timesFr(key.delta1, s));
    const blinding = G1.timesFr(key.delta1, Fr.neg(Fr.mul(r, s)));
    const c = add(sumC, sumH, G1.timesFr(a, s), G1.timesFr(b1, r), blinding);

    onProgress(1);
    return encodeProof({
      pi_a: G1.toObject(G1.toAffine(a)) as unknown as SnarkjsProof['pi_a'],
      pi_b: G2.toObject(G2.toAffine(b2)) as unknown as SnarkjsProof['pi_b'],
      pi_c: G1.toObject(G1.toAffine(c)) as unknown as SnarkjsProof['pi_c'],
      protocol: 'groth16',
      curve: 'bn128',
    });
  }
}

/** 512 random bits modulo r: what makes a proof zero-knowledge. Fresh for every proof. */
function randomScalar(Fr: Curve['Fr']): Uint8Array {
  let value = 0n;
  for (const byte of crypto.getRandomValues(new Uint8Array(64))) value = (value << 8n) | BigInt(byte);
  return Fr.e(value % FIELD_MODULUS);
}
