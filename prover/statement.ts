import { AzaleaError } from '../protocol/errors.ts';

/**
 * Requires that a witness or a proof is about the statement that was meant. A proof of another statement can carry private
 * inputs in its public signals, so it must not leave the wallet. The error names a position and no value for the same reason.
 * @throws PROVER_FOREIGN_STATEMENT
 */
export function assertStatement(circuit: string, meant: readonly bigint[], proven: readonly bigint[]): void {
  const other = meant.findIndex((signal, k) => signal !== proven[k]);
  if (other < 0 && meant.length === proven.length) return;
  const where =
    meant.length === proven.length
      ? `public signal ${other}`
      : `${proven.length} public signals instead of ${meant.length}`;
  throw new AzaleaError(
    'PROVER_FOREIGN_STATEMENT',
    `The prover of ${circuit} answered for another statement (${where}). Nothing was sent. Its witness generator is damaged or hostile: delete the cache of fetched keys and use another sequencer.`,
    { circuit },
  );
}
