/** Groth16 verification keys in snarkjs's JSON form, and the rules that keys of one deployment obey. Isomorphic. */
import { AzaleaError } from '../../protocol/errors.ts';

/** Projective coordinates in decimal, as snarkjs writes them: G1 [x, y, z]; G2 [[x.c0, x.c1], [y.c0, y.c1], [z.c0, z.c1]]. */
export type G1Json = readonly [string, string, string];
export type G2Json = readonly [
  readonly [string, string],
  readonly [string, string],
  readonly [string, string],
];

export interface VerificationKey {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly nPublic: number;
  readonly vk_alpha_1: G1Json;
  readonly vk_beta_2: G2Json;
  readonly vk_gamma_2: G2Json;
  readonly vk_delta_2: G2Json;
  /** nPublic + 1 points. */
  readonly IC: readonly G1Json[];
}

/** The description of a key and of its origin; `key.json` beside it. */
export interface KeyInfo {
  readonly circuit: string;
  readonly circuitHash: string;
  /** Names the SRS: keys of different ones never join a deployment. */
  readonly srsId: string;
  /** True for development keys: their secrets are known. */
  readonly insecure: boolean;
  readonly constraints: number;
  readonly publicSignals: number;
}

const isInfinity = (point: G1Json | G2Json): boolean => {
  const z = point[2];
  return typeof z === 'string' ? BigInt(z) === 0n : z.every((c) => BigInt(c) === 0n);
};

/**
 * Refuses a verification key with a point at infinity (such a key verifies anything, or ignores a public signal).
 * @throws KEY_AT_INFINITY
 */
export function assertNoInfinity(circuit: string, key: VerificationKey): void {
  const { vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2 } = key;
  const named: Record<string, G1Json | G2Json> = { vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2 };
  key.IC.forEach((point, index) => {
    named[`IC[${index}]`] = point;
  });
  for (const [name, point] of Object.entries(named)) {
    if (isInfinity(point)) {
      throw new AzaleaError(
        'KEY_AT_INFINITY',
        `${circuit}: ${name} is the point at infinity; build the key again`,
        {
          circuit,
          point: name,
        },
      );
    }
  }
}

/**
 * Requires that these keys may verify for one rollup:
 * - one SRS: alpha, beta and gamma are equal, so that one pairing check serves all keys;
 * - all secure or all insecure;
 * - every delta differs from the others and from gamma, up to sign. A prover of one circuit could use another's wires under
 *   the same delta, and under its negative as well, so deltas are compared by x.
 * @throws KEYS_SRS_MISMATCH, KEYS_DELTA_SHARED, KEY_AT_INFINITY
 */
export function assertJoinable(
  keys: readonly { readonly info: KeyInfo; readonly verificationKey: VerificationKey }[],
): void {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  for (const { info, verificationKey: key } of keys) assertNoInfinity(info.circuit, key);
  const first = keys[0];
  for (const { info, verificationKey: key } of keys) {
    if (
      info.srsId !== first!.info.srsId ||
      info.insecure !== first!.info.insecure ||
      !same(key.vk_alpha_1, first!.verificationKey.vk_alpha_1) ||
      !same(key.vk_beta_2, first!.verificationKey.vk_beta_2) ||
      !same(key.vk_gamma_2, first!.verificationKey.vk_gamma_2)
    ) {
      throw new AzaleaError(
        'KEYS_SRS_MISMATCH',
        `${info.circuit} was made from SRS ${info.srsId}, ${first!.info.circuit} from ${first!.info.srsId}; build all keys of a deployment from one SRS`,
        { circuit: info.circuit, srsId: info.srsId },
      );
    }
  }
  const deltas = new Map<string, string>();
  for (const { info, verificationKey: key } of keys) {
    const delta = JSON.stringify(key.vk_delta_2[0]);
    const other = same(key.vk_delta_2[0], key.vk_gamma_2[0]) ? 'gamma' : deltas.get(delta);
    if (other !== undefined) {
      throw new AzaleaError(
        'KEYS_DELTA_SHARED',
        `the delta of ${info.circuit} equals that of ${other}; every key needs its own: build or contribute again`,
        { circuit: info.circuit },
      );
    }
    deltas.set(delta, info.circuit);
  }
}
