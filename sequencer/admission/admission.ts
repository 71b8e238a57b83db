/** Takes a submitted transaction in: form, state, proof, disk, in this order, from cheap to expensive. */
import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
import { transitionPublicInputs } from '../../protocol/transaction/statement.ts';
import type { SubmitResponse } from '../../rpc/schema/transactions.ts';
import type { RollupInfo } from '../l1/port.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { PoolTransaction } from '../mempool/pool-transaction.ts';
import { crashPoint } from '../process/crash-point.ts';
import type { Metrics } from '../process/metrics.ts';
import type { ProofVerifier } from './proof-verifier.ts';
import { stopping } from './stopping.ts';
import { validateTransaction } from './validate-transaction.ts';

export interface AdmissionDependencies {
  readonly info: RollupInfo;
  readonly mempool: Mempool;
  readonly verifier: ProofVerifier;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Number of the newest L1 block seen. */
  readonly l1Head: () => number;
  readonly isStopping: () => boolean;
}

export class Admission {
  readonly #deps: AdmissionDependencies;

  constructor(dependencies: AdmissionDependencies) {
    this.#deps = dependencies;
  }

  /**
   * Resolves when the transaction is on disk.
   * @param sender network of the client
   * @throws AzaleaError those of `validateTransaction` and `Mempool.check`, SEQUENCER_BUSY, PROOF_INVALID, SEQUENCER_STOPPING
   */
  async admit(bytes: Uint8Array, sender?: string): Promise<SubmitResponse> {
    const { info, mempool, metrics, log, l1Head, verifier } = this.#deps;
    verifier.assertRoom(sender);
    const transaction = validateTransaction(bytes, info);
    mempool.check(transaction, l1Head());
    const stopClock = metrics.verifySeconds.startTimer();
    const valid = await this.#verify(transaction, sender);
    stopClock();
    if (!valid) {
      throw new AzaleaError('PROOF_INVALID', 'The proof does not verify for this statement', {
        transaction: transaction.id,
      });
    }
    crashPoint('submit.validated');
    if (this.#deps.isStopping()) throw stopping();
    await mempool.add(transaction, l1Head());
    metrics.pending.set(mempool.size);
    log.info({ transaction: transaction.id }, 'transaction accepted');
    return { id: transaction.id, status: 'pending' };
  }

  async #verify({ transitions }: PoolTransaction, sender: string | undefined): Promise<boolean> {
    for (const { proven } of transitions) {
      const { keyId, statementHash, signals, proof } = proven;
      const publicSignals = transitionPublicInputs(keyId, signals, statementHash);
      if (!(await this.#deps.verifier.verify({ keyId, publicSignals, proof }, sender))) return false;
    }
    return true;
  }
}
