import type { AppliedChunk } from '../protocol/state/apply-chunk.ts';
import type { PublicInputs } from '../protocol/transaction/statement.ts';
import type { ProveOptions, Prover } from './prover.ts';
import { stateUpdateInput } from './witness/state-update.ts';

/** Proves that an applied chunk leads from its old roots to its new ones. Returns the encoded proof. */
export async function proveStateUpdate(
  prover: Prover,
  chunk: AppliedChunk,
  inputs: PublicInputs,
  options: ProveOptions,
): Promise<Uint8Array> {
  const { proof } = await prover.prove(
    `state-update-${chunk.size}`,
    stateUpdateInput(chunk, inputs),
    options,
  );
  return proof;
}
