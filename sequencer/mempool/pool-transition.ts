/** The one transition of a transaction (more do not exist yet), with what the mempool and the builder read from it. */
import {
  type ProvenTransition,
  type Transaction,
  transactionId,
} from '../../protocol/transaction/transaction.ts';
import { parseTransitionSignals, type TransitionSignals } from '../../protocol/transaction/transition.ts';
import { bytesHex } from '../hex.ts';

export interface PoolTransition {
  /** Transaction id, hex. */
  readonly id: string;
  readonly proven: ProvenTransition;
  readonly signals: TransitionSignals;
}

/** @throws AzaleaError TRANSITION_SIGNALS for a message without program id. */
export function poolTransition(transaction: Transaction): PoolTransition {
  const [proven] = transaction.transitions;
  return {
    id: bytesHex(transactionId(transaction)),
    proven,
    signals: parseTransitionSignals(proven.signals),
  };
}
