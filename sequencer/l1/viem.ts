/** L1 through JSON-RPC: the rollup's contracts (l1/) and the proposer's account. Connects on first use, and again. */
import { type Address, BlockNotFoundError, type Hex, keccak256, TransactionReceiptNotFoundError } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { broadcast, transactionOfNonce } from '../../l1/broadcast.ts';
import { connectL1, type L1Client } from '../../l1/client.ts';
import { readEvents } from '../../l1/events.ts';
import { l1Call } from '../../l1/failure.ts';
import { encodeProposal } from '../../l1/propose.ts';
import { type RollupInfo as FullInfo, readRollupInfo } from '../../l1/rollup-info.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Fees, L1, L1Block, L1Events, Receipt, RollupInfo, SignedTransaction } from './port.ts';

export interface ViemL1Options {
  /** JSON-RPC endpoint, or several with commas. Never logged: it may carry an access key. */
  readonly url: string;
  readonly rollup: string;
  /** Private key of the proposer. */
  readonly proposerKey: string;
  /** Time limit of one request, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number;
  /** Most L1 blocks in one eth_getLogs. */
  readonly logRange?: number;
}

export class ViemL1 implements L1 {
  readonly proposer: string;
  readonly #options: ViemL1Options;
  readonly #account: PrivateKeyAccount;
  readonly #rollup: Address;
  #client: L1Client | undefined;
  #info: FullInfo | undefined;

  constructor(options: ViemL1Options) {
    this.#options = options;
    this.#account = privateKeyToAccount(options.proposerKey as Hex);
    this.#rollup = options.rollup.toLowerCase() as Address;
    this.proposer = this.#account.address.toLowerCase();
  }

  async rollupInfo(): Promise<RollupInfo> {
    return await this.#fixed();
  }

  async head(): Promise<L1Block> {
    const client = await this.#connected();
    const block = await l1Call('read the head of L1', () => client.getBlock({ blockTag: 'latest' }));
    return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
  }

  async block(number: number): Promise<L1Block | undefined> {
    const client = await this.#connected();
    return await l1Call('read an L1 block', async () => {
      try {
        const block = await client.getBlock({ blockNumber: BigInt(number) });
        return { number, hash: block.hash, timestamp: Number(block.timestamp) };
      } catch (error) {
        if (error instanceof BlockNotFoundError) return undefined;
        throw error;
      }
    });
  }

  async events(from: number, to: number): Promise<L1Events> {
    return await readEvents(await this.#connected(), await this.#fixed(), from, to);
  }

  async nonceAt(l1Block: number): Promise<number> {
    const client = await this.#connected();
    return await l1Call('read the nonce', () =>
      client.getTransactionCount({ address: this.#account.address, blockNumber: BigInt(l1Block) }),
    );
  }

  async transactionOfNonce(nonce: number, near: number): Promise<string | undefined> {
    const client = await this.#connected();
    return await l1Call('find the transaction of a nonce', () =>
      transactionOfNonce(client, this.#account.address, nonce, near),
    );
  }

  async balance(): Promise<bigint> {
    const client = await this.#connected();
    return await l1Call('read the balance', () => client.getBalance({ address: this.#account.address }));
  }

  async fees(): Promise<Fees> {
    const client = await this.#connected();
    const { maxFeePerGas, maxPriorityFeePerGas } = await l1Call('read the fees', () =>
      client.estimateFeesPerGas(),
    );
    return { maxFeePerGas, maxPriorityFeePerGas };
  }

  async simulate(block: Uint8Array, l1Block: number): Promise<bigint> {
    const client = await this.#connected();
    const gas = await l1Call('propose a block', () =>
      client.estimateGas({
        account: this.#account.address,
        to: this.#rollup,
        data: encodeProposal(block),
        blockNumber: BigInt(l1Block),
      }),
    );
    // Head-room: until inclusion another transaction may make storage writes more expensive.
    return gas + gas / 8n;
  }

  async sign(block: Uint8Array, nonce: number, gas: bigint, fees: Fees): Promise<SignedTransaction> {
    const { chainId } = await this.#fixed();
    const raw = await this.#account.signTransaction({
      type: 'eip1559',
      chainId,
      to: this.#rollup,
      data: encodeProposal(block),
      nonce,
      gas,
      ...fees,
    });
    return { hash: keccak256(raw), raw };
  }

  async send(raw: string): Promise<void> {
    const client = await this.#connected();
    const outcome = await broadcast(client, 'send a proposal', raw as Hex);
    if (outcome.kind === 'accepted') return;
    const { kind, failure } = outcome;
    if (kind === 'refused') {
      throw new AzaleaError(
        'L1_REJECTED',
        `The L1 node refuses the proposal: ${failure.details.node ?? failure.message}`,
      );
    }
    // The node has these bytes, or others with their nonce: the publisher looks at the chain.
    if (failure.code === 'L1_CALL_FAILED') return;
    throw failure;
  }

  async receipt(hash: string): Promise<Receipt | undefined> {
    const client = await this.#connected();
    return await l1Call('read a receipt', async () => {
      try {
        const receipt = await client.getTransactionReceipt({ hash: hash as Hex });
        return {
          status: receipt.status,
          blockNumber: Number(receipt.blockNumber),
          blockHash: receipt.blockHash,
          gasUsed: receipt.gasUsed,
          gasPrice: receipt.effectiveGasPrice,
        };
      } catch (error) {
        if (error instanceof TransactionReceiptNotFoundError) return undefined;
        throw error;
      }
    });
  }

  async #connected(): Promise<L1Client> {
    this.#client ??= await connectL1({
      l1: this.#options.url,
      // The sequencer's own loop waits and tries again: health must tell meanwhile.
      http: { timeout: this.#options.timeoutMs ?? 10_000, retryCount: 1, longestPause: 5_000 },
      logRange: this.#options.logRange,
    });
    return this.#client;
  }

  /** The constants of a deployment; read once. */
  async #fixed(): Promise<FullInfo> {
    this.#info ??= await readRollupInfo(await this.#connected(), this.#rollup);
    return this.#info;
  }
}
