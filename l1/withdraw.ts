import { type Address, encodeFunctionData, type Hex, parseEventLogs, type TransactionReceipt } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { l1Call } from './failure.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { type SendCallOptions, sendCall } from './send.ts';

/** The uncollected amount that settled blocks granted to `receiver`, in the asset's smallest unit. */
export function readWithdrawable(
  client: L1Client,
  bridge: Address,
  receiver: Address,
  asset: Address,
): Promise<bigint> {
  return l1Call('read a withdrawal', () =>
    client.readContract({
      address: bridge,
      abi: bridgeAbi,
      functionName: 'withdrawable',
      args: [receiver, asset],
    }),
  );
}

/** A collected withdrawal. */
export interface Payout {
  /** In the asset's smallest unit. */
  readonly amount: bigint;
  readonly transaction: Hex;
  readonly l1Block: number;
}

/**
 * Collects everything granted to the wallet's account in one asset.
 * @throws AzaleaError L1_REVERTED (details.error: NothingToWithdraw, EthTransferFailed), and as `sendCall` says
 */
export async function withdraw(
  client: L1Client,
  wallet: L1Wallet,
  bridge: Address,
  asset: Address,
  options: SendCallOptions = {},
): Promise<Payout> {
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'withdraw', args: [asset] });
  return payoutOf(await sendCall(client, wallet, 'withdraw', { to: bridge, data }, options), bridge);
}

/**
 * Returns the amount that a mined transaction collected.
 * @throws AzaleaError L1_CALL_FAILED when it collected nothing
 */
export function payoutOf(receipt: TransactionReceipt, bridge: Address): Payout {
  const [log] = parseEventLogs({ abi: bridgeAbi, eventName: 'Withdrawn', logs: receipt.logs }).filter(
    (event) => event.address.toLowerCase() === bridge.toLowerCase(),
  );
  if (log === undefined) {
    throw new AzaleaError('L1_CALL_FAILED', `transaction ${receipt.transactionHash} paid nothing`, {
      transaction: receipt.transactionHash,
    });
  }
  return {
    amount: log.args.amount,
    transaction: receipt.transactionHash,
    l1Block: Number(receipt.blockNumber),
  };
}
