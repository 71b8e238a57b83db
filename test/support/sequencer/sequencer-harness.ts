/** A sequencer over FakeL1 with a prover and verifier that do no cryptography, and transactions without real proofs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SizeClass } from '../../../protocol/constants.ts';
import { G, mulPoint } from '../../../protocol/curve/point.ts';
import { fieldFromHex } from '../../../protocol/field.ts';
import { encodeTransaction, transactionId } from '../../../protocol/transaction/transaction.ts';
import { type TransitionSignals, transitionSignals } from '../../../protocol/transaction/transition.ts';
import type { TransactionStatus } from '../../../rpc/schema/transactions.ts';
import type { ProofVerifier } from '../../../sequencer/admission/proof-verifier.ts';
import type { StateUpdateProver } from '../../../sequencer/build/state-update-prover.ts';
import { Metrics } from '../../../sequencer/process/metrics.ts';
import type { SequencerOptions } from '../../../sequencer/process/options.ts';
import { Sequencer } from '../../../sequencer/process/sequencer.ts';
import { type FakeChain, FakeL1, ROLLUP_ID } from './fake-l1.ts';

export const PROPOSER = `0x${'11'.repeat(20)}`;

let counter = 1n;

/** Signals that pass every check; each call yields other nullifiers and commitments. */
export function testSignals(
  anchorRoot: bigint,
  changes: Partial<TransitionSignals> = {},
  size: SizeClass = 'small',
): TransitionSignals {
  const n = counter++;
  const word = (k: bigint): bigint => n * 1_000_003n + k;
  const slots = size === 'small' ? [0n, 1n] : [0n, 1n, 2n, 3n];
  return {
    anchorRoot,
    nullifiers: slots.map((i) => word(100n + i)),
    commitments: slots.map((i) => word(200n + i)),
    tpk: mulPoint(G, n + 5n).x,
    encryptionPoint: mulPoint(G, n + 7n).x,
    ciphertexts: slots.map((i) => [1n, 2n, 3n, 4n, 5n, 6n].map((k) => word(10n + 10n * i + k))),
    outgoing: slots.map((i) => word(300n + i)),
    finalizeHash: 0n,
    linkIn: 0n,
    linkOut: size === 'small' ? [] : [0n, 0n, 0n, 0n],
    message: undefined,
    rollupId: ROLLUP_ID,
    ...changes,
  };
}

/** A proof that the harness's verifier accepts. */
export const goodProof = (): Uint8Array => new Uint8Array(256).fill(1);
/** A proof that it refuses. */
export const badProof = (): Uint8Array => new Uint8Array(256).fill(2);

export function testTransaction(
  signals: TransitionSignals,
  proof: Uint8Array = goodProof(),
): { bytes: Uint8Array; id: string } {
  const all = transitionSignals(signals);
  const transaction = {
    transitions: [{ keyId: all.length === 50 ? 1 : 0, proof, statementHash: 1n, signals: all }],
  };
  return {
    bytes: encodeTransaction(transaction),
    id: `0x${Buffer.from(transactionId(transaction)).toString('hex')}`,
  };
}

export interface HarnessOptions {
  readonly chain: FakeChain;
  readonly dataDirectory?: string;
  readonly proposer?: string;
  readonly settings?: Partial<SequencerOptions>;
  /** Called before every proof. */
  readonly beforeProof?: (signal: AbortSignal) => Promise<void>;
}

export interface Harness {
  readonly sequencer: Sequencer;
  readonly l1: FakeL1;
  readonly dataDirectory: string;
  readonly metrics: Metrics;
  /** Rejects with a fatal failure. */
  readonly running: Promise<void>;
  readonly proofs: { count: number };
  until(what: string, condition: () => boolean, timeoutMs?: number): Promise<void>;
  reaches(id: string, status: TransactionStatus['status']): Promise<TransactionStatus>;
  noteRoot(): bigint;
  stop(): Promise<void>;
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'azalea-sequencer-'));
export const removeDirectory = (path: string): void => rmSync(path, { recursive: true, force: true });

export const settings: SequencerOptions = {
  software: 'test',
  dataDirectory: '',
  confirmations: 1,
  pollMs: 5,
  l1LogRange: 3,
  blockTransactions: 32,
  blockGas: 14_000_000,
  blockDelayMs: 1,
  maxChunks: 16,
  proofWorkers: 2,
  smallChunkSeconds: 6,
  largeChunkSeconds: 24,
  depositShare: 0.5,
  depositBlockSeconds: 30,
  mempoolTransactions: 100,
  anchorMarginL1Blocks: 5,
  stuckAfterMs: 60_000,
  resendAfterMs: 20,
  maxFeeGwei: 500,
  bodyBytes: 16_384,
};

export const verifier: ProofVerifier = {
  verify: async ({ proof }) => proof[0] === 1,
  assertRoom() {},
  async close() {},
};

export function startHarness(options: HarnessOptions): Harness {
  const dataDirectory = options.dataDirectory ?? temporaryDirectory();
  const proposer = options.proposer ?? PROPOSER;
  const l1 = new FakeL1({ proposer }, { chain: options.chain });
  const metrics = new Metrics();
  const proofs = { count: 0 };
  const prover: StateUpdateProver = {
    async prove(_size, _input, { signal }) {
      await options.beforeProof?.(signal);
      proofs.count++;
      const proof = new Uint8Array(256);
      proof.set(Buffer.from(proposer.slice(2), 'hex'), 12);
      return proof;
    },
    async close() {},
  };
  const sequencer = new Sequencer(
    { ...settings, ...options.settings, dataDirectory },
    {
      l1,
      verifier,
      prover,
      metrics,
      log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
      artifacts: { list: () => [] },
      provingKeys: { request: (circuit) => ({ circuit, state: 'ready', fraction: 1 }) },
    },
  );
  const running = sequencer.run();
  running.catch(() => {});
  const until = async (what: string, condition: () => boolean, timeoutMs = 60_000): Promise<void> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      if (condition()) return;
      if (Date.now() > deadline)
        throw new Error(`${what}: not within ${timeoutMs} ms; ${JSON.stringify(sequencer.health())}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };
  return {
    sequencer,
    l1,
    dataDirectory,
    metrics,
    running,
    proofs,
    until,
    async reaches(id, status) {
      await until(`${id} ${status}`, () => sequencer.transaction(id).status === status);
      return sequencer.transaction(id);
    },
    noteRoot() {
      return fieldFromHex(sequencer.roots({ fromBlock: sequencer.blocks({}).head }).roots[0].noteRoot);
    },
    stop: () => sequencer.stop(),
  };
}
