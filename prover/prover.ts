/** The interface that all provers implement. No `node:` here: the PXE runs in browsers too. */
import type { CircuitInput } from './witness-calculator.ts';

export interface ProveEvent {
  readonly circuit: string;
  readonly stage: 'queued' | 'witness' | 'proof' | 'done';
  /** 0..1, never falling. */
  readonly fraction: number;
}

export interface ProveOptions {
  readonly onProgress?: (event: ProveEvent) => void;
  /** The public signals that must come out: a witness with others is refused before it is proven. */
  readonly statement?: readonly bigint[];
  /** Aborting stops the work and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface ProveTimings {
  readonly queueSeconds: number;
  readonly witnessSeconds: number;
  readonly proofSeconds: number;
}

export interface ProveResult {
  /** 256 bytes, docs/specification.md section 1. */
  readonly proof: Uint8Array;
  /** Outputs, then public inputs, in the circuit's order; canonical. */
  readonly publicSignals: readonly bigint[];
  readonly timings: ProveTimings;
}

export interface Prover {
  /**
   * Proves a circuit by its name, such as `transition-small`.
   * @throws PROVER_UNKNOWN_CIRCUIT, PROVER_CLOSED, PROVER_FAILED, PROVER_FOREIGN_STATEMENT,
   * WITNESS_INPUT, WITNESS_UNSATISFIED
   */
  prove(circuit: string, input: CircuitInput, options?: ProveOptions): Promise<ProveResult>;
  /** Checks a proof against the prover's own verification key of that circuit. */
  verify(circuit: string, publicSignals: readonly bigint[], proof: Uint8Array): Promise<boolean>;
  /** Rejects what waits, stops what runs, frees threads. */
  close(): Promise<void>;
}
