import { concatHex, type Hex, keccak256, numberToHex } from 'viem';
import { KEY_ID } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';

/** A circuit that has a key id. */
export type KeyName = keyof typeof KEY_ID;

/** A verification key as snarkjs exports it: coordinates are decimal strings, G2 coordinates `[c0, c1]`. */
export interface SnarkjsVerificationKey {
  readonly nPublic: number;
  readonly vk_alpha_1: readonly string[];
  readonly vk_beta_2: readonly (readonly string[])[];
  readonly vk_gamma_2: readonly (readonly string[])[];
  readonly vk_delta_2: readonly (readonly string[])[];
  readonly IC: readonly (readonly string[])[];
}

type G1 = readonly [bigint, bigint];
type G2 = readonly [bigint, bigint, bigint, bigint];

type InputPoints = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** The parts that all keys of a deployment share, as the constructor takes them. */
export interface SharedKey {
  readonly alpha: G1;
  readonly beta: G2;
  readonly gamma: G2;
}

/** One key of a deployment, as the constructor takes it. */
export interface ContractKey {
  readonly id: number;
  readonly delta: G2;
  /** Points of the constant term, x, y and c. */
  readonly ic: InputPoints;
}

const g1 = (point: readonly string[]): G1 => [BigInt(point[0]), BigInt(point[1])];

/** EIP-197 order: c1 before c0. */
const g2 = (point: readonly (readonly string[])[]): G2 => [
  BigInt(point[0][1]),
  BigInt(point[0][0]),
  BigInt(point[1][1]),
  BigInt(point[1][0]),
];

const packed = (words: readonly bigint[]): Hex =>
  concatHex(words.map((word) => numberToHex(word, { size: 32 })));

/** One key in the contract's form. */
export function contractKey(name: KeyName, key: SnarkjsVerificationKey): ContractKey {
  const ic = key.IC.flatMap((point) => g1(point)) as unknown as InputPoints;
  return { id: KEY_ID[name], delta: g2(key.vk_delta_2), ic };
}

/**
 * All keys of a deployment in the contract's form, in ascending order of id.
 * @throws AzaleaError L1_KEYS_OF_DIFFERENT_SETUPS when alpha, beta and gamma are not the same in all keys, L1_KEY_INPUTS
 * when a circuit has other than three public inputs.
 */
export function contractKeys(keys: Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>): {
  readonly shared: SharedKey;
  readonly keys: readonly ContractKey[];
} {
  const entries = (Object.entries(keys) as [KeyName, SnarkjsVerificationKey][]).sort(
    ([a], [b]) => KEY_ID[a] - KEY_ID[b],
  );
  let shared: SharedKey | undefined;
  for (const [name, key] of entries) {
    if (key.IC.length !== 4) {
      throw new AzaleaError(
        'L1_KEY_INPUTS',
        `the key of ${name} has ${key.IC.length - 1} public inputs; every circuit of this version has three: make the keys again`,
        { key: name },
      );
    }
    const own = { alpha: g1(key.vk_alpha_1), beta: g2(key.vk_beta_2), gamma: g2(key.vk_gamma_2) };
    shared ??= own;
    const same =
      [...own.alpha, ...own.beta, ...own.gamma].join() ===
      [...shared.alpha, ...shared.beta, ...shared.gamma].join();
    if (!same) {
      throw new AzaleaError(
        'L1_KEYS_OF_DIFFERENT_SETUPS',
        `the key of ${name} was made under another setup than the key of ${entries[0][0]}: make all keys of a deployment from the same powers of tau`,
        { key: name, other: entries[0][0] },
      );
    }
  }
  if (shared === undefined) {
    throw new AzaleaError(
      'L1_KEYS_MISSING',
      'a deployment needs at least one transition key and one state-update key',
    );
  }
  return { shared, keys: entries.map(([name, key]) => contractKey(name, key)) };
}

/** keccak256 of a key as the contract holds it: delta, then the IC points. Equals `keyHash` on L1. */
export function verificationKeyHash(key: Pick<ContractKey, 'delta' | 'ic'>): Hex {
  return keccak256(packed([...key.delta, ...key.ic]));
}

/** keccak256 of the whole table. Equals `keyTableHash` on L1. */
export function keyTableHash(shared: SharedKey, keys: readonly ContractKey[]): Hex {
  return keccak256(
    packed([
      ...shared.alpha,
      ...shared.beta,
      ...shared.gamma,
      ...keys.flatMap((key) => [...key.delta, ...key.ic]),
    ]),
  );
}
