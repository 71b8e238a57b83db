/**
 * Transactions to L1. Each is signed once, here, so its hash is known before anybody has it; from then on only the chain says
 * what became of it. The same bytes are sent again until they are mined; another transaction is signed only when the nonce
 * was used by another one.
 */
import { formatEther, type Hash, type Hex, keccak256, type TransactionReceipt } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import { type BroadcastOutcome, broadcast, transactionOfNonce } from './broadcast.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { l1Call, l1Failure } from './failure.ts';
import { Nonces } from './nonces.ts';

export interface Call {
  /** Absent: the data deploys a contract. */
  readonly to?: Hex;
  readonly data: Hex;
  /** Wei. */
  readonly value?: bigint;
}

/** A signed transaction: all that is needed to send it again, and to find out what became of it. */
export interface SignedL1Transaction {
  readonly hash: Hash;
  readonly raw: Hex;
  readonly from: Hex;
  readonly nonce: number;
  /** L1 block in which it was signed. */
  readonly l1Block: number;
}

export interface SendCallOptions {
  /** Keeps the transaction. Called before the first node gets it: when it fails, nothing was sent. */
  readonly keep?: (signed: SignedL1Transaction) => Promise<void>;
  /**
   * Number of times that a reverted estimate is repeated, one polling interval apart. Default 0. Nodes behind one URL may
   * lag behind the block that this call builds on.
   */
  readonly looks?: number;
  /** Milliseconds to wait until it is mined; default 180 000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 180_000;
/** Polls after which the same bytes are sent again. */
const RESEND_POLLS = 10;
/** Times that a nonce may be taken by another transaction of ours before we give up. */
const SIGNATURES = 5;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs a call as the wallet's account without sending it: the gas it takes.
 * @throws AzaleaError L1_REVERTED, and as `l1Failure` says
 */
export function simulateCall(client: L1Client, from: Hex, action: string, call: Call): Promise<bigint> {
  return l1Call(action, () => client.estimateGas({ account: from, ...call }));
}

/**
 * Simulates, signs, sends and waits until mined.
 * @throws AzaleaError L1_REVERTED, L1_BALANCE_TOO_LOW, and as `l1Failure` says before it is signed; after that with details.sent, the hash:
 * L1_OUTCOME_UNKNOWN, L1_UNAUTHORIZED, L1_SEND_REFUSED. With details.sent it may still come, see `cameToNothing`.
 */
export async function sendCall(
  client: L1Client,
  wallet: L1Wallet,
  action: string,
  call: Call,
  options: SendCallOptions = {},
): Promise<TransactionReceipt> {
  for (let signatures = 1; ; signatures++) {
    const gas = await estimate(client, wallet.account.address, action, call, options.looks ?? 0);
    const sent = await signAndSend(client, wallet, action, { ...call, gas }, options);
    const outcome = await outcomeOf(client, action, sent.signed, { ...options, first: sent.outcome });
    if (outcome.kind === 'mined') return outcome.receipt;
    if (signatures === SIGNATURES) {
      throw new AzaleaError(
        'L1_NONCE_CONTENDED',
        `${action}: other transactions of ${wallet.account.address} took the nonce ${SIGNATURES} times; end the other sender, then try again`,
        { action, account: wallet.account.address },
      );
    }
  }
}

async function estimate(client: L1Client, from: Hex, action: string, call: Call, looks: number) {
  for (let look = 0; ; look++) {
    try {
      const gas = await simulateCall(client, from, action, call);
      // Head-room: between estimate and inclusion another transaction may make storage writes more expensive.
      return gas + gas / 10n;
    } catch (error) {
      if (look >= looks || !(error instanceof AzaleaError) || error.code !== 'L1_REVERTED') throw error;
      await sleep(client.pollingInterval);
    }
  }
}

interface Sent {
  readonly signed: SignedL1Transaction;
  readonly outcome: BroadcastOutcome;
}

/** One at a time for each account, so that no two take one nonce. */
function signAndSend(
  client: L1Client,
  wallet: L1Wallet,
  action: string,
  call: Call & { readonly gas: bigint },
  options: SendCallOptions,
): Promise<Sent> {
  const { account } = wallet;
  const nonces = Nonces.of(client);
  return nonces.exclusive(account.address, async () => {
    const [pending, head] = await l1Call(action, () =>
      Promise.all([
        client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
        client.getBlockNumber({ cacheTime: 0 }),
      ]),
    );
    const nonce = nonces.next(account.address, pending);
    const { chain } = client;
    const request = await l1Call(action, () =>
      client.prepareTransactionRequest({
        account,
        chain,
        ...call,
        nonce,
        parameters: ['fees', 'type'],
      }),
    );
    await assertAffordable(
      client,
      action,
      account.address,
      call,
      request.maxFeePerGas ?? request.gasPrice ?? 0n,
    );
    const raw = await account.signTransaction({ ...request, chainId: chain.id } as never);
    const hash = keccak256(raw);
    const signed = { hash, raw, from: account.address, nonce, l1Block: Number(head) };
    await options.keep?.(signed);
    nonces.open(signed);
    return { signed, outcome: await broadcast(client, action, raw) };
  });
}

/** Before it is signed: bytes that a node refuses for want of money could still be sent by others once there is money. */
async function assertAffordable(
  client: L1Client,
  action: string,
  address: Hex,
  call: Call & { readonly gas: bigint },
  feePerGas: bigint,
): Promise<void> {
  const balance = await l1Call(action, () => client.getBalance({ address }));
  const needed = (call.value ?? 0n) + call.gas * feePerGas;
  if (balance >= needed) return;
  throw new AzaleaError(
    'L1_BALANCE_TOO_LOW',
    `${action}: the L1 account ${address} has ${formatEther(balance)} ETH, and this takes up to ${formatEther(needed)} ETH with its gas; send it more`,
    { action, account: address, balance: balance.toString(), needed: needed.toString() },
  );
}

export interface WaitForOutcomeOptions {
  readonly timeoutMs?: number;
  /** The node's answer to these bytes; absent: this function sends them. */
  readonly first?: BroadcastOutcome;
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** mined: with its receipt, successful. replaced: another transaction of the account has the nonce, for certain. */
export type L1Outcome =
  | { readonly kind: 'mined'; readonly receipt: TransactionReceipt }
  | { readonly kind: 'replaced'; readonly by: Hash };

/**
 * Finds out what became of a signed transaction; sends the same bytes again meanwhile.
 * @throws AzaleaError L1_REVERTED when it was mined and reverted; L1_OUTCOME_UNKNOWN after the time limit; L1_SEND_REFUSED when
 * the first node that got it refused it; L1_UNAUTHORIZED
 */
export async function outcomeOf(
  client: L1Client,
  action: string,
  signed: SignedL1Transaction,
  options: WaitForOutcomeOptions = {},
): Promise<L1Outcome> {
  const { hash } = signed;
  const deadline = performance.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const nonces = Nonces.of(client);
  nonces.open(signed);
  let { first: said } = options;
  // Once anybody may have it, a later refusal proves nothing.
  const mayBeOut = said === undefined || said.kind !== 'refused';
  let problem = said !== undefined && 'failure' in said ? said.failure : undefined;
  for (let poll = 0; ; poll++) {
    options.signal?.throwIfAborted();
    try {
      const outcome = await lookUp(client, action, signed);
      if (outcome !== undefined) {
        nonces.close(signed);
        return outcome;
      }
      if (!mayBeOut) {
        nonces.close(signed);
        throw withHash(
          new AzaleaError('L1_SEND_REFUSED', problem!.message, problem!.details, { cause: problem }),
          hash,
        );
      }
    } catch (error) {
      if (!(error instanceof AzaleaError)) throw error;
      if (error.code === 'L1_REVERTED' || error.code === 'L1_SEND_REFUSED') {
        nonces.close(signed);
        throw error;
      }
      problem = error;
      if (error.code === 'L1_UNAUTHORIZED') throw withHash(error, hash);
    }
    if (performance.now() > deadline) {
      const reason = problem === undefined ? '' : ` The node said last: ${problem.message}.`;
      throw new AzaleaError(
        'L1_OUTCOME_UNKNOWN',
        `${action}: transaction ${hash} is signed and not mined yet.${reason} It may still be mined: try again, and the same transaction is sent, not a second one`,
        { action, sent: hash },
        { cause: problem },
      );
    }
    if (said === undefined || (poll > 0 && poll % RESEND_POLLS === 0)) {
      said = await broadcast(client, action, signed.raw);
      if (said.kind !== 'accepted') problem = said.failure;
      if (poll === 0) continue;
    }
    await sleep(client.pollingInterval);
  }
}

/**
 * One look at the chain.
 * @returns undefined while it can still be mined
 * @throws AzaleaError L1_REVERTED, and as `l1Failure` says
 */
export async function lookUp(
  client: L1Client,
  action: string,
  signed: SignedL1Transaction,
): Promise<L1Outcome | undefined> {
  const receipt = await receiptOf(client, action, signed.hash);
  if (receipt !== undefined) return { kind: 'mined', receipt: succeeded(action, receipt) };
  const by = await l1Call(action, async () => {
    const count = await client.getTransactionCount({ address: signed.from, blockTag: 'latest' });
    return count > signed.nonce
      ? await transactionOfNonce(client, signed.from, signed.nonce, signed.l1Block)
      : undefined;
  });
  return by === undefined || by === signed.hash ? undefined : { kind: 'replaced', by };
}

async function receiptOf(
  client: L1Client,
  action: string,
  hash: Hash,
): Promise<TransactionReceipt | undefined> {
  try {
    return await client.getTransactionReceipt({ hash });
  } catch (cause) {
    if ((cause as Error).name === 'TransactionReceiptNotFoundError') return undefined;
    throw l1Failure(action, cause);
  }
}

function succeeded(action: string, receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status === 'success') return receipt;
  const hash = receipt.transactionHash;
  throw new AzaleaError('L1_REVERTED', `${action}: transaction ${hash} was reverted on L1`, {
    action,
    error: 'unknown',
    transaction: hash,
  });
}

const withHash = (error: AzaleaError, hash: Hash): AzaleaError =>
  new AzaleaError(error.code, error.message, { ...error.details, sent: hash }, { cause: error });

/**
 * Returns whether a failed `sendCall` is certain to change nothing on L1, now and later: nothing was signed, or it was mined
 * and reverted. Signed bytes that a node refused can still be sent by anybody who saw them.
 */
export function cameToNothing(error: unknown): boolean {
  if (!(error instanceof AzaleaError)) return false;
  if (error.code === 'L1_REVERTED' || error.code === 'L1_NONCE_CONTENDED') return true;
  const beforeSigning = [
    'L1_UNREACHABLE',
    'L1_CALL_FAILED',
    'L1_BALANCE_TOO_LOW',
    'L1_RATE_LIMITED',
    'L1_UNAUTHORIZED',
    'L1_WRONG_CHAIN',
    'TOKEN_APPROVAL_REFUSED',
  ];
  return (
    beforeSigning.includes(error.code) &&
    error.details.sent === undefined &&
    error.details.transaction === undefined
  );
}
