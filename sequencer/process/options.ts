/** The parts of a sequencer: its settings, and the dependencies that it is given. */
import type { Logger } from 'pino';
import type { ArtifactInfo } from '../../rpc/schema/info.ts';
import type { ProofVerifier } from '../admission/proof-verifier.ts';
import type { StateUpdateProver } from '../build/state-update-prover.ts';
import type { ProvingKeys } from '../keys/proving-keys.ts';
import type { L1, RollupInfo } from '../l1/port.ts';
import type { SequencerConfig } from './config.ts';
import type { Metrics } from './metrics.ts';

export type SequencerOptions = Pick<
  SequencerConfig,
  | 'dataDirectory'
  | 'confirmations'
  | 'pollMs'
  | 'l1LogRange'
  | 'blockTransactions'
  | 'blockGas'
  | 'blockDelayMs'
  | 'maxChunks'
  | 'proofWorkers'
  | 'smallChunkSeconds'
  | 'largeChunkSeconds'
  | 'depositShare'
  | 'depositBlockSeconds'
  | 'mempoolTransactions'
  | 'anchorMarginL1Blocks'
  | 'stuckAfterMs'
  | 'resendAfterMs'
  | 'maxFeeGwei'
  | 'bodyBytes'
> & {
  /** Name and version of the software, for /info. */
  readonly software: string;
};

export interface SequencerDependencies {
  readonly l1: L1;
  readonly verifier: ProofVerifier;
  readonly prover: StateUpdateProver;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The files that /artifacts serves, for /info. */
  readonly artifacts: { list(): ArtifactInfo[] };
  readonly provingKeys: Pick<ProvingKeys, 'request'>;
  /** Refuses a rollup whose keys are not the ones this sequencer proves with. */
  readonly checkKeys?: (info: RollupInfo) => void;
}
