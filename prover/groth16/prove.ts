/// <reference path="../snarkjs.d.ts" />
/**
 * Groth16 proofs (eprint 2016/260) from snarkjs's keys, with its conventions (groth16_prove.js), on the project's own kernels. One
 * thread computes the quotient and its share of the five sums; other threads, if any, sum the rest. Isomorphic.
 */
import type { SnarkjsProof } from 'snarkjs';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Group } from '../kernels/bn254.ts';
import { FIELD_BYTES } from '../keys/bn254-engine.ts';
import { encodeProof } from '../proof.ts';
import { groupOf, type KeyShare } from './key-share.ts';
import type { Slice } from './partition.ts';
import { PointSums, type Sum } from './point-sums.ts';
import type { PointSection, ProvingKey } from './proving-key.ts';
import type { Quotient } from './quotient.ts';

/** A share of the key in another thread. */
export interface RemoteShare {
  readonly slices: readonly Slice[];
  /** One sum for the slice, see `KeyShare.sum`; requests wait for each other. The scalars' buffer may be taken away. */
  sum(slice: number, scalars: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

/** One circuit's key, ready to prove. Proofs wait for each other. */
export class Groth16Prover {
  readonly #key: ProvingKey;
  readonly #quotient: Quotient;
  readonly #share: KeyShare;
  readonly #remote: readonly RemoteShare[];
  #last: Promise<unknown> = Promise.resolve();

  constructor(key: ProvingKey, quotient: Quotient, share: KeyShare, remote: readonly RemoteShare[] = []) {
    this.#key = key;
    this.#quotient = quotient;
    this.#share = share;
    this.#remote = remote;
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
    const proof = this.#last.then(() => this.#prove(witness, onProgress));
    this.#last = proof.catch(() => {});
    return proof;
  }

  async #prove(
    witness: Uint8Array,
    onProgress: (fraction: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = this.#key;
    if (witness.length !== key.wires * FIELD_BYTES) {
      const got = witness.length / FIELD_BYTES;
      throw new AzaleaError('WITNESS_LENGTH', `the key is for ${key.wires} wires, the witness has ${got}`, {
        got,
      });
    }
    const scalarsOf = ({ section, first, count }: Slice, all: Uint8Array): Uint8Array => {
      const skipped = section === 'c' ? key.publicSignals + 1 : 0;
      return all.subarray((skipped + first) * FIELD_BYTES, (skipped + first + count) * FIELD_BYTES);
    };
    const found: { readonly section: PointSection; readonly sum: Uint8Array }[] = [];
    const waiting: Promise<void>[] = [];
    const send = (isH: boolean, all: Uint8Array): void => {
      for (const remote of this.#remote) {
        for (const [index, slice] of remote.slices.entries()) {
          if ((slice.section === 'h') !== isH) continue;
          const sum = remote.sum(index, scalarsOf(slice, all).slice() as Uint8Array<ArrayBuffer>);
          const done = sum.then((result) => void found.push({ section: slice.section, sum: result }));
          // A failure while this thread works is reported when it is awaited.
          done.catch(() => {});
          waiting.push(done);
        }
      }
    };
    send(false, witness);
    const quotient = this.#quotient.scalars(witness);
    send(true, quotient);
    onProgress(0.2);
    const local = this.#share.slices;
    for (const [index, slice] of local.entries()) {
      const all = slice.section === 'h' ? quotient : witness;
      found.push({ section: slice.section, sum: this.#share.sum(index, scalarsOf(slice, all)) });
      onProgress(0.2 + (0.7 * (index + 1)) / local.length);
      // Lets messages out.
      await new Promise((resolve) => setTimeout(resolve));
    }
    quotient.fill(0);
    await Promise.all(waiting);

    const points = new PointSums(this.#share);
    try {
      return this.#assemble(points, (section) =>
        points.add(
          groupOf(section),
          ...found
            .filter((part) => part.section === section)
            .map(({ sum }) => points.from(groupOf(section), sum)),
        ),
      );
    } finally {
      points.release();
      for (const { sum } of found) sum.fill(0);
      onProgress(1);
    }
  }

  /** A = alpha + sum + r delta; B = beta + sum + s delta; C = sums + s A + r B - r s delta. */
  #assemble(points: PointSums, sum: (section: PointSection) => Sum): Uint8Array<ArrayBuffer> {
    const key = this.#key;
    const r = randomScalar();
    const s = randomScalar();
    const [alpha1, beta1, delta1] = [key.alpha1, key.beta1, key.delta1].map((p) => points.point('g1', p)) as [
      Sum,
      Sum,
      Sum,
    ];
    const [beta2, delta2] = [points.point('g2', key.beta2), points.point('g2', key.delta2)];
    const add = (group: Group, ...terms: Sum[]): Sum => points.add(group, ...terms);
    const a = add('g1', sum('a'), alpha1, points.multiply('g1', delta1, r));
    const b2 = add('g2', sum('b2'), beta2, points.multiply('g2', delta2, s));
    const b1 = add('g1', sum('b1'), beta1, points.multiply('g1', delta1, s));
    const rs = (FIELD_MODULUS - ((r * s) % FIELD_MODULUS)) % FIELD_MODULUS;
    const blinding = points.multiply('g1', delta1, rs);
    const c = add(
      'g1',
      sum('c'),
      sum('h'),
      points.multiply('g1', a, s),
      points.multiply('g1', b1, r),
      blinding,
    );
    return encodeProof({
      pi_a: [...points.affine('g1', a), '1'] as unknown as SnarkjsProof['pi_a'],
      pi_b: pairs(points.affine('g2', b2)) as unknown as SnarkjsProof['pi_b'],
      pi_c: [...points.affine('g1', c), '1'] as unknown as SnarkjsProof['pi_c'],
      protocol: 'groth16',
      curve: 'bn128',
    });
  }
}

function pairs([x0, x1, y0, y1]: readonly bigint[]): unknown {
  return [
    [x0, x1],
    [y0, y1],
    [1n, 0n],
  ];
}

/** 512 random bits modulo r: what makes a proof zero-knowledge. Fresh for every proof. */
function randomScalar(): bigint {
  let value = 0n;
  for (const byte of crypto.getRandomValues(new Uint8Array(64))) value = (value << 8n) | BigInt(byte);
  return value % FIELD_MODULUS;
}
