/** A transaction as mempool, builder and follower read it: its transitions, decoded. */
import {
  type ProvenTransition,
  type Transaction,
  transactionId,
} from '../../protocol/transaction/transaction.ts';
import { parseTransitionSignals, type TransitionSignals } from '../../protocol/transaction/transition.ts';
import { bytesHex } from '../hex.ts';

export interface PoolTransition {
  readonly proven: ProvenTransition;
  readonly signals: TransitionSignals;
}

export interface PoolTransaction {
  /** Transaction id, hex. */
  readonly id: string;
  /** In their order: settled together, or not at all. */
  readonly transitions: readonly PoolTransition[];
  /** Of all transitions, in order. */
  readonly nullifiers: readonly bigint[];
  /** Of all transitions, in order. */
  readonly commitments: readonly bigint[];
}

/** @throws AzaleaError TRANSITION_SIGNALS for a message without program id. */
export function poolTransaction(transaction: Transaction): PoolTransaction {
  const transitions = transaction.transitions.map((proven) => ({
    proven,
    signals: parseTransitionSignals(proven.signals),
  }));
  return {
    id: bytesHex(transactionId(transaction)),
    transitions,
    nullifiers: transitions.flatMap(({ signals }) => signals.nullifiers),
    commitments: transitions.flatMap(({ signals }) => signals.commitments),
  };
}
