import type { Hash, Hex, TransactionReceipt } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { l1Call } from './failure.ts';

export interface Call {
  readonly to: Hex;
  readonly data: Hex;
  /** Wei. */
  readonly value?: bigint;
}

/**
 * Runs a call as the wallet's account without sending it: the gas it takes.
 * @throws AzaleaError L1_REVERTED, L1_UNREACHABLE, L1_CALL_FAILED
 */
export function simulateCall(client: L1Client, from: Hex, action: string, call: Call): Promise<bigint> {
  return l1Call(action, () => client.estimateGas({ account: from, ...call }));
}

/** Waits until the transaction is mined. @throws AzaleaError L1_REVERTED when it was reverted. */
export async function mined(client: L1Client, action: string, hash: Hash): Promise<TransactionReceipt> {
  const receipt = await l1Call(action, () => client.waitForTransactionReceipt({ hash }));
  if (receipt.status !== 'success') {
    throw new AzaleaError('L1_REVERTED', `${action}: transaction ${hash} was reverted on L1`, {
      action,
      error: 'unknown',
      transaction: hash,
    });
  }
  return receipt;
}

/**
 * Simulates, sends and waits until mined.
 * @throws AzaleaError L1_REVERTED, L1_UNREACHABLE, L1_CALL_FAILED; with details.sent when the transaction may have been
 * sent and its outcome is not known: then it may still come (`cameToNothing`)
 */
export async function sendCall(
  client: L1Client,
  wallet: L1Wallet,
  action: string,
  call: Call,
): Promise<TransactionReceipt> {
  const estimate = await simulateCall(client, wallet.account.address, action, call);
  // Head-room: between estimate and inclusion another transaction may make storage writes dearer.
  const gas = estimate + estimate / 10n;
  const hash = await maybeSent(undefined, () =>
    l1Call(action, () => wallet.sendTransaction({ ...call, gas })),
  );
  return await maybeSent(hash, () => mined(client, action, hash));
}

/** Whether a failed `sendCall` is certain to have changed nothing on L1, now and later. */
export function cameToNothing(error: unknown): boolean {
  if (!(error instanceof AzaleaError)) return false;
  if (error.code === 'L1_REVERTED') return true;
  const ofL1 = ['L1_UNREACHABLE', 'L1_CALL_FAILED'].includes(error.code);
  return ofL1 && error.details.sent === undefined && error.details.transaction === undefined;
}

/** Marks failures after which the transaction may be on its way: all but a revert and a plain refusal by the node. */
async function maybeSent<T>(hash: Hash | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const final = error instanceof AzaleaError && error.code === 'L1_REVERTED';
    const refused = hash === undefined && error instanceof AzaleaError && error.code === 'L1_CALL_FAILED';
    if (final || refused || !(error instanceof AzaleaError)) throw error;
    const details = { ...error.details, sent: hash ?? 'unknown' };
    throw new AzaleaError(error.code, error.message, details, { cause: error });
  }
}
