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
 * @throws AzaleaError L1_REVERTED, L1_UNREACHABLE, L1_CALL_FAILED
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
  const hash = await l1Call(action, () => wallet.sendTransaction({ ...call, gas }));
  return await mined(client, action, hash);
}
