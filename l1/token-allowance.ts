import { type Address, BaseError, encodeFunctionData } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { l1Failure } from './failure.ts';
import { testTokenAbi } from './generated/test-token-abi.ts';
import { sendCall, simulateCall, sleep } from './send.ts';

export interface Approval {
  readonly token: Address;
  readonly spender: Address;
  /** In the token's smallest unit. */
  readonly amount: bigint;
  /** Number of times that the allowance is read until it shows a mined approval; one polling interval apart. */
  readonly looks: number;
}

/**
 * Approves exactly the amount when the allowance is smaller. Some tokens change an allowance from or to zero only: for them
 * it is set to zero first. The return value of `approve` is ignored, since old tokens return nothing: the allowance is read.
 * @returns whether an approval was sent
 * @throws AzaleaError TOKEN_INVALID, TOKEN_APPROVAL_REFUSED, and as `sendCall` says
 */
export async function ensureAllowance(
  client: L1Client,
  wallet: L1Wallet,
  approval: Approval,
): Promise<boolean> {
  const { token, spender, amount, looks } = approval;
  const owner = wallet.account.address;
  const allowance = await readAllowance(client, token, owner, spender);
  if (allowance >= amount) return false;
  const call = (value: bigint) => ({
    to: token,
    data: encodeFunctionData({ abi: testTokenAbi, functionName: 'approve', args: [spender, value] }),
  });
  let fromZero = false;
  if (allowance > 0n) {
    try {
      await simulateCall(client, owner, 'approve the token', call(amount));
    } catch (error) {
      if (!(error instanceof AzaleaError) || error.code !== 'L1_REVERTED') throw error;
      await sendCall(client, wallet, 'take back the approval of the token', call(0n));
      fromZero = true;
    }
  }
  await sendCall(client, wallet, 'approve the token', call(amount), { looks: fromZero ? looks : 0 });
  for (let look = 0; look < looks; look++) {
    if ((await readAllowance(client, token, owner, spender)) >= amount) return true;
    await sleep(client.pollingInterval);
  }
  throw new AzaleaError(
    'TOKEN_APPROVAL_REFUSED',
    `L1 mined an approval of ${amount} for the token ${token}, and its allowance does not show it: this token cannot be deposited`,
    { token, amount: amount.toString() },
  );
}

/** An answer that no ERC-20 gives. */
const FORM_ERRORS = [
  'ContractFunctionZeroDataError',
  'AbiDecodingZeroDataError',
  'AbiDecodingDataSizeTooSmallError',
  'PositionOutOfBoundsError',
];

async function readAllowance(
  client: L1Client,
  token: Address,
  owner: Address,
  spender: Address,
): Promise<bigint> {
  try {
    return await client.readContract({
      address: token,
      abi: testTokenAbi,
      functionName: 'allowance',
      args: [owner, spender],
    });
  } catch (cause) {
    const failure = l1Failure('read the allowance', cause);
    const form = cause instanceof BaseError && cause.walk((e) => FORM_ERRORS.includes((e as Error).name));
    if (failure.code !== 'L1_REVERTED' && (failure.code !== 'L1_CALL_FAILED' || !form)) throw failure;
    throw new AzaleaError(
      'TOKEN_INVALID',
      `There is no ERC-20 at ${token} on chain ${client.chain.id}: check the address`,
      { token, chainId: client.chain.id },
      { cause: failure },
    );
  }
}
