import { proofCache } from '../fixtures/proof-cache.ts';
import { contractKeys, type KeyName, type SnarkjsVerificationKey } from '../l1/verification-key.ts';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { SnarkjsProver } from '../prover/node/snarkjs-prover.ts';
import type { Prove } from './gas.ts';

export type VerificationKeys = Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>;

/**
 * A prover with cached proofs, by key and public signals: blocks of 32 need many, and gas does not depend on their age.
 * Close it.
 */
export function cachedProver(keys: readonly CircuitKey[]): {
  readonly keys: VerificationKeys;
  readonly prove: Prove;
  close(): Promise<void>;
} {
  const verificationKeys = Object.fromEntries(keys.map((key) => [key.circuit.name, key.verificationKey]));
  const prover = new SnarkjsProver({ keys });
  const cache = proofCache(
    contractKeys(verificationKeys).keys.map((key) => [key.id, key.delta, key.ic].join()),
  );
  return {
    keys: verificationKeys,
    prove: (circuit, signals, input) =>
      cache(circuit, signals, async () => (await prover.prove(circuit, input())).proof),
    close: () => prover.close(),
  };
}
