import { type Address, encodeFunctionData, type Hex, parseEventLogs, type TransactionReceipt } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { l1Call } from './failure.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { testTokenAbi } from './generated/test-token-abi.ts';
import { sendCall } from './send.ts';

/** Asset word of ETH. */
export const ETH: Address = '0x0000000000000000000000000000000000000000';

/** A deposit that L1 has queued. */
export interface DepositReceipt {
  /** Position in the queue. */
  readonly index: number;
  readonly ownerHash: bigint;
  readonly asset: Address;
  /** What was credited, in the asset's smallest unit. */
  readonly amount: bigint;
  readonly transaction: Hex;
  readonly l1Block: number;
}

function queued(receipt: TransactionReceipt, bridge: Address): DepositReceipt {
  const [log] = parseEventLogs({ abi: bridgeAbi, eventName: 'Deposited', logs: receipt.logs }).filter(
    (event) => event.address.toLowerCase() === bridge.toLowerCase(),
  );
  if (log === undefined) {
    throw new AzaleaError('L1_CALL_FAILED', `transaction ${receipt.transactionHash} queued no deposit`, {
      transaction: receipt.transactionHash,
    });
  }
  return {
    index: Number(log.args.index),
    ownerHash: log.args.ownerHash,
    asset: log.args.asset,
    amount: log.args.amount,
    transaction: receipt.transactionHash,
    l1Block: Number(receipt.blockNumber),
  };
}

/**
 * Deposits ETH for the owner who knows the preimage of `ownerHash` (hash(OWNER, [owner.x, blind])).
 * @param amount wei, 0 < amount < 2^128
 * @throws AzaleaError L1_REVERTED (details.error: OwnerHashOutOfRange, AmountOutOfRange), L1_UNREACHABLE
 */
export async function depositEth(
  client: L1Client,
  wallet: L1Wallet,
  bridge: Address,
  deposit: { readonly ownerHash: bigint; readonly amount: bigint },
): Promise<DepositReceipt> {
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositEth', args: [deposit.ownerHash] });
  return queued(
    await sendCall(client, wallet, 'deposit ETH', { to: bridge, data, value: deposit.amount }),
    bridge,
  );
}

/**
 * Deposits ERC-20 tokens; approves exactly the amount first when the allowance is too small.
 * @param amount in the token's smallest unit
 * @throws AzaleaError L1_REVERTED (details.error: OwnerHashOutOfRange, AmountOutOfRange, InvalidToken,
 * ERC20InsufficientBalance), L1_UNREACHABLE
 */
export async function depositErc20(
  client: L1Client,
  wallet: L1Wallet,
  bridge: Address,
  deposit: { readonly token: Address; readonly ownerHash: bigint; readonly amount: bigint },
): Promise<DepositReceipt> {
  const { token, amount, ownerHash } = deposit;
  const allowance = await l1Call('read the allowance', () =>
    client.readContract({
      address: token,
      abi: testTokenAbi,
      functionName: 'allowance',
      args: [wallet.account.address, bridge],
    }),
  );
  if (allowance < amount) {
    const approve = encodeFunctionData({
      abi: testTokenAbi,
      functionName: 'approve',
      args: [bridge, amount],
    });
    await sendCall(client, wallet, 'approve the token', { to: token, data: approve });
  }
  const data = encodeFunctionData({
    abi: bridgeAbi,
    functionName: 'depositErc20',
    args: [token, amount, ownerHash],
  });
  return queued(await sendCall(client, wallet, 'deposit a token', { to: bridge, data }), bridge);
}
