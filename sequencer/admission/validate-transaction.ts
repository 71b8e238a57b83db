/**
 * Everything about a transaction that does not depend on the state: its encoding, shape and signals. The order is from
 * cheap to expensive; the proof (proof-verifier.ts) and the state (mempool.ts) come after. Nothing that passes here and there
 * may make a block invalid on L1 (contracts/Transitions.sol).
 */

import { MESSAGE_TAG } from '../../protocol/constants.ts';
import { decompress } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { decodeTransaction } from '../../protocol/transaction/transaction.ts';
import type { Message, TransitionSignals } from '../../protocol/transaction/transition.ts';
import { type PoolTransaction, poolTransaction } from '../mempool/pool-transaction.ts';

export interface ValidationRules {
  readonly rollupId: bigint;
  readonly creditsProgramId: bigint;
  readonly bridgeProgramId: bigint;
  /** Keys that the rollup verifies with. */
  readonly keys: readonly { readonly id: number }[];
}

/** Codes of the decoder that the wire names itself; every other one is TRANSACTION_ENCODING_INVALID. */
const DECODER_CODES: Readonly<Record<string, string>> = {
  TRANSACTION_SHAPE: 'TRANSACTION_SHAPE_INVALID',
  TRANSACTION_KEY: 'TRANSACTION_KEY_UNKNOWN',
  FIELD_OUT_OF_RANGE: 'SIGNAL_OUT_OF_RANGE',
  PROOF_ENCODING: 'PROOF_COORDINATE_OUT_OF_RANGE',
  TRANSITION_SIGNALS: 'MESSAGE_FORBIDDEN',
};

/**
 * Reads a canonical transaction.
 * @throws AzaleaError with a code of rpc/error-codes.ts.
 */
export function validateTransaction(bytes: Uint8Array, rules: ValidationRules): PoolTransaction {
  const transaction = decode(bytes);
  for (const { proven, signals } of transaction.transitions) {
    const { keyId } = proven;
    // Else L1 would refuse every block with it.
    if (!rules.keys.some(({ id }) => id === keyId)) {
      throw new AzaleaError(
        'TRANSACTION_KEY_UNKNOWN',
        `The rollup has no key ${keyId}; /info lists its keys`,
        {
          keyId,
        },
      );
    }
    checkSignals(signals, rules);
  }
  checkNullifiers(transaction.nullifiers);
  return transaction;
}

function decode(bytes: Uint8Array): PoolTransaction {
  try {
    return poolTransaction(decodeTransaction(bytes));
  } catch (error) {
    if (!(error instanceof AzaleaError)) throw error;
    throw new AzaleaError(
      DECODER_CODES[error.code] ?? 'TRANSACTION_ENCODING_INVALID',
      error.message,
      error.details,
    );
  }
}

/** @throws AzaleaError for signals that no block may contain. */
export function checkSignals(signals: TransitionSignals, rules: ValidationRules): void {
  if (signals.rollupId !== rules.rollupId) {
    throw new AzaleaError(
      'ROLLUP_MISMATCH',
      `The transaction is for rollup ${fieldToHex(signals.rollupId)}, this is ${fieldToHex(rules.rollupId)}`,
      { expected: fieldToHex(rules.rollupId), actual: fieldToHex(signals.rollupId) },
    );
  }
  if (signals.linkIn !== 0n) {
    throw new AzaleaError('LINK_UNSUPPORTED', 'linkIn must be 0: calls between programs do not exist yet', {
      linkIn: fieldToHex(signals.linkIn),
    });
  }
  const linkOut = signals.linkOut.findIndex((link) => link !== 0n);
  if (linkOut >= 0) {
    throw new AzaleaError(
      'LINK_UNSUPPORTED',
      `linkOut[${linkOut}] must be 0: calls between programs do not exist yet`,
      { linkOut: fieldToHex(signals.linkOut[linkOut]) },
    );
  }
  if (signals.finalizeHash !== 0n) {
    throw new AzaleaError('FINALIZE_UNSUPPORTED', 'finalizeHash must be 0: public state does not exist yet', {
      finalizeHash: fieldToHex(signals.finalizeHash),
    });
  }
  checkNullifiers(signals.nullifiers);
  if (signals.commitments.includes(0n))
    throw new AzaleaError('COMMITMENT_INVALID', 'Commitments must differ from 0');
  checkPoint('tpk', signals.tpk);
  checkPoint('R', signals.encryptionPoint);
  checkMessage(signals.message, rules);
}

function checkNullifiers(nullifiers: readonly bigint[]): void {
  if (nullifiers.includes(0n) || new Set(nullifiers).size !== nullifiers.length) {
    throw new AzaleaError('NULLIFIER_INVALID', 'Nullifiers must differ from 0 and from each other');
  }
}

function checkPoint(name: string, x: bigint): void {
  try {
    decompress(x);
  } catch (error) {
    if (!(error instanceof AzaleaError)) throw error;
    throw new AzaleaError(
      'POINT_INVALID',
      `${name}.x = ${fieldToHex(x)} belongs to no point of the prime-order subgroup`,
      {
        signal: name,
        x: fieldToHex(x),
      },
    );
  }
}

/** The same rules as contracts/Messages.sol: the tag is the lowest byte of w2, the asset is the rest. */
function checkMessage(message: Message | undefined, rules: ValidationRules): void {
  if (message === undefined) return;
  const { programId } = message;
  const [receiver, amount, last] = message.words;
  const tag = last & 0xffn;
  const asset = last >> 8n;
  const forbid = (why: string): never => {
    throw new AzaleaError('MESSAGE_FORBIDDEN', `${why}; such a message would make its block invalid on L1`, {
      program: fieldToHex(programId),
      tag: Number(tag),
    });
  };
  if (tag === MESSAGE_TAG.FEE) forbid('FEE messages do not exist yet');
  if (tag !== MESSAGE_TAG.WITHDRAW) return;
  if (programId !== (asset === 0n ? rules.creditsProgramId : rules.bridgeProgramId)) {
    forbid(`The program ${fieldToHex(programId)} may not withdraw the asset ${fieldToHex(asset)}`);
  }
  if (asset >> 160n !== 0n) forbid('The asset is no L1 address');
  if (receiver === 0n || receiver >> 160n !== 0n) forbid('The receiver is no L1 address');
  if (amount === 0n || amount >> 128n !== 0n) forbid('The amount is not in 1 .. 2^128 - 1');
}
