import { type Address, encodeFunctionData, type Hex, parseEventLogs, type TransactionReceipt } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { type SendCallOptions, sendCall, sleep } from './send.ts';
import { ensureAllowance } from './token-allowance.ts';

/** Asset word of ETH. */
export const ETH: Address = '0x0000000000000000000000000000000000000000';

/** A deposit that L1 has queued. */
export interface DepositReceipt {
  /** Position in the queue. */
  readonly index: number;
  readonly ownerHash: bigint;
  readonly asset: Address;
  /** The credited amount, in the asset's smallest unit. */
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

/** The deposit that a mined transaction queued. @throws AzaleaError L1_CALL_FAILED when it queued none */
export const depositOf = queued;

/**
 * Deposits ETH for the owner who knows the preimage of `ownerHash` (hash(OWNER, [owner.x, blind])).
 * @param amount wei, 0 < amount < 2^128
 * @throws AzaleaError L1_REVERTED (details.error: OwnerHashOutOfRange, AmountOutOfRange), and as `sendCall` says
 */
export async function depositEth(
  client: L1Client,
  wallet: L1Wallet,
  bridge: Address,
  deposit: { readonly ownerHash: bigint; readonly amount: bigint },
  options: SendCallOptions = {},
): Promise<DepositReceipt> {
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositEth', args: [deposit.ownerHash] });
  const call = { to: bridge, data, value: deposit.amount };
  return queued(await sendCall(client, wallet, 'deposit ETH', call, options), bridge);
}

/** Times that nodes behind one URL get to show a block that one of them has shown; one polling interval apart. */
const LOOKS = 20;

/**
 * Deposits ERC-20 tokens; approves exactly the amount first when the allowance is too small, from zero where the token wants
 * that. docs/tokens.md says how it behaves with unusual tokens.
 * @param amount in the token's smallest unit
 * @throws AzaleaError L1_REVERTED (details.error: OwnerHashOutOfRange, AmountOutOfRange, InvalidToken,
 * ERC20InsufficientBalance), TOKEN_APPROVAL_REFUSED, TOKEN_INVALID, and as `sendCall` says
 */
export async function depositErc20(
  client: L1Client,
  wallet: L1Wallet,
  bridge: Address,
  deposit: { readonly token: Address; readonly ownerHash: bigint; readonly amount: bigint },
  options: SendCallOptions = {},
): Promise<DepositReceipt> {
  const { token, amount, ownerHash } = deposit;
  const data = encodeFunctionData({
    abi: bridgeAbi,
    functionName: 'depositErc20',
    args: [token, amount, ownerHash],
  });
  const approval = { token, spender: bridge, amount, looks: LOOKS };
  for (let approved = await ensureAllowance(client, wallet, approval); ; ) {
    try {
      const call = { to: bridge, data };
      // After an approval, a node that lags behind it refuses: it gets time.
      const looks = approved ? LOOKS : 0;
      return queued(await sendCall(client, wallet, 'deposit a token', call, { ...options, looks }), bridge);
    } catch (error) {
      const refused =
        error instanceof AzaleaError &&
        error.code === 'L1_REVERTED' &&
        error.details.transaction === undefined;
      if (!refused || approved) throw error;
      // The allowance may have been read from a node that lags behind an earlier deposit.
      await sleep(client.pollingInterval);
      approved = await ensureAllowance(client, wallet, approval);
      if (!approved) throw error;
    }
  }
}
