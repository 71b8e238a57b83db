/**
 * Deploys a rollup once: the call is idempotent. The signed transaction is kept before a node gets it. A repeated call sends
 * the same bytes again, so L1 can take one deployment only.
 */
import { getContractAddress, type Hex, keccak256, type LocalAccount, type TransactionReceipt } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';
import type { L1Client } from '../client.ts';
import { l1Call } from '../failure.ts';
import { outcomeOf } from '../send.ts';
import type { PendingDeployment } from './deployment-file.ts';

/** The expected cost of a deployment. */
export interface DeploymentCost {
  readonly from: Hex;
  /** Gas that is allowed: the estimate and a tenth. */
  readonly gas: bigint;
  /** Wei at the price of the last block. */
  readonly expected: bigint;
  /** Wei at the highest price that is offered. */
  readonly most: bigint;
  readonly balance: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

const DEFAULT_PATIENCE_MS = 600_000;

/**
 * Runs the deployment without sending it.
 * @throws AzaleaError L1_REVERTED (details.error), L1_BALANCE_TOO_LOW, and as `l1Failure` says
 */
export async function estimateDeployment(client: L1Client, from: Hex, data: Hex): Promise<DeploymentCost> {
  return await l1Call('estimate the deployment', async () => {
    const [estimate, fees, block, balance] = await Promise.all([
      client.estimateGas({ account: from, data }),
      client.estimateFeesPerGas(),
      client.getBlock(),
      client.getBalance({ address: from }),
    ]);
    const gas = estimate + estimate / 10n;
    const price = (block.baseFeePerGas ?? 0n) + fees.maxPriorityFeePerGas;
    return { from, gas, expected: estimate * price, most: gas * fees.maxFeePerGas, balance, ...fees };
  });
}

/**
 * Signs a deployment. Nothing is sent. The address is known from here on.
 * @throws as `l1Failure` says
 */
export async function signDeployment(
  client: L1Client,
  account: LocalAccount,
  data: Hex,
  cost: DeploymentCost,
): Promise<PendingDeployment> {
  const chainId = client.chain.id;
  const [nonce, head] = await l1Call('read the nonce', () =>
    Promise.all([
      client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
      client.getBlockNumber({ cacheTime: 0 }),
    ]),
  );
  const { gas, maxFeePerGas, maxPriorityFeePerGas } = cost;
  const raw = await account.signTransaction({
    type: 'eip1559',
    chainId,
    nonce,
    data,
    gas,
    maxFeePerGas,
    maxPriorityFeePerGas,
  });
  const rollup = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
  return {
    version: 1,
    chainId,
    from: account.address,
    nonce,
    l1Block: Number(head),
    rollup,
    transaction: keccak256(raw),
    raw,
  };
}

/**
 * Sends a kept deployment, as often as it takes, and waits until it is mined. Safe to repeat.
 * @throws AzaleaError DEPLOYMENT_REPLACED when another transaction of the account used its nonce; L1_REVERTED; L1_UNAUTHORIZED;
 * DEPLOYMENT_PENDING when it is not mined in time: call again
 */
export async function settleDeployment(
  client: L1Client,
  pending: PendingDeployment,
  options: { readonly patienceMs?: number; readonly signal?: AbortSignal } = {},
): Promise<TransactionReceipt> {
  const { transaction: hash, raw, from, nonce, l1Block = Number.MAX_SAFE_INTEGER } = pending;
  const signed = { hash, raw, from, nonce, l1Block };
  const timeoutMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  try {
    const wait = { timeoutMs, signal: options.signal };
    const outcome = await outcomeOf(client, 'deploy the rollup', signed, wait);
    if (outcome.kind === 'mined') return outcome.receipt;
    throw replaced(pending);
  } catch (error) {
    if (error instanceof AzaleaError && error.code === 'L1_OUTCOME_UNKNOWN')
      throw stillPending(pending, error);
    throw error;
  }
}

function replaced({ from, nonce, transaction }: PendingDeployment): AzaleaError {
  return new AzaleaError(
    'DEPLOYMENT_REPLACED',
    `Another transaction of ${from} used nonce ${nonce}: the deployment ${transaction} can never be mined. Delete its .pending file and deploy again`,
    { from, nonce, transaction },
  );
}

function stillPending({ transaction }: PendingDeployment, cause: unknown): AzaleaError {
  return new AzaleaError(
    'DEPLOYMENT_PENDING',
    `The deployment ${transaction} is not mined yet: run the same command again: it resumes this transaction`,
    { transaction },
    { cause },
  );
}
