/**
 * An L1 in memory that answers as Ethereum nodes do: nonces, a mempool, blocks, receipts, and the state of every block. It runs
 * no contracts: the test says what a call costs, returns and logs.
 */
import {
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  keccak256,
  numberToHex,
  parseTransaction,
  recoverTransactionAddress,
  toHex,
} from 'viem';
import { bridgeAbi } from '../../../l1/generated/bridge-abi.ts';
import type { RpcCall } from './misbehaving-node.ts';

export interface MemoryTransaction {
  readonly hash: Hex;
  readonly from: Hex;
  readonly to: Hex | null;
  readonly nonce: number;
  readonly input: Hex;
  readonly value: bigint;
  readonly maxFeePerGas: bigint;
}

interface Mined {
  readonly transactions: readonly MemoryTransaction[];
}

export interface MemoryChainOptions {
  readonly chainId?: number;
  /** Mines each transaction when it arrives. Default true. */
  readonly autoMine?: boolean;
  /** Runs a call at the newest block; throws what a node throws. Default: returns nothing. */
  readonly call?: (call: { to: Hex; data: Hex; from?: Hex }, block: number) => Hex;
  /** Returns whether a transaction reverts when it is mined. */
  readonly reverts?: (transaction: MemoryTransaction) => boolean;
  readonly logs?: (
    transaction: MemoryTransaction,
  ) => readonly { address: Hex; topics: readonly Hex[]; data: Hex }[];
}

const rpcError = (code: number, message: string, data?: Hex): Error =>
  Object.assign(new Error(message), { code, ...(data === undefined ? {} : { data }) });

export class MemoryChain {
  readonly blocks: Mined[] = [{ transactions: [] }];
  readonly pending = new Map<Hex, MemoryTransaction>();
  autoMine: boolean;
  /** Wei that every account has. */
  balance = 10n ** 20n;
  readonly #options: MemoryChainOptions;

  constructor(options: MemoryChainOptions = {}) {
    this.#options = options;
    this.autoMine = options.autoMine ?? true;
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  /** Every transaction that was mined. */
  get mined(): MemoryTransaction[] {
    return this.blocks.flatMap(({ transactions }) => transactions);
  }

  count(from: Hex, block = this.head): number {
    return this.blocks
      .slice(0, block + 1)
      .flatMap(({ transactions }) => transactions)
      .filter((each) => each.from === from.toLowerCase()).length;
  }

  mine(): void {
    const ready: MemoryTransaction[] = [];
    for (const transaction of [...this.pending.values()].sort((a, b) => a.nonce - b.nonce)) {
      const next =
        this.count(transaction.from) + ready.filter(({ from }) => from === transaction.from).length;
      if (transaction.nonce < next) this.pending.delete(transaction.hash);
      if (transaction.nonce !== next) continue;
      ready.push(transaction);
      this.pending.delete(transaction.hash);
    }
    this.blocks.push({ transactions: ready });
  }

  answer = async ({ method, params }: Pick<RpcCall, 'method' | 'params'>): Promise<unknown> => {
    switch (method) {
      case 'eth_chainId':
        return numberToHex(this.#options.chainId ?? 31337);
      case 'eth_blockNumber':
        return numberToHex(this.head);
      case 'eth_getTransactionCount': {
        const [from, tag] = params as [Hex, string];
        if (tag !== 'pending') return numberToHex(this.count(from, this.#block(tag)));
        let next = this.count(from);
        const waiting = new Set(
          [...this.pending.values()]
            .filter((each) => each.from === from.toLowerCase())
            .map(({ nonce }) => nonce),
        );
        while (waiting.has(next)) next++;
        return numberToHex(next);
      }
      case 'eth_estimateGas':
      case 'eth_call': {
        const [call, tag] = params as [{ to: Hex; data: Hex; from?: Hex }, string | undefined];
        const result = this.#options.call?.(call, this.#block(tag ?? 'latest')) ?? '0x';
        return method === 'eth_call' ? result : '0x186a0';
      }
      case 'eth_getBalance':
        return numberToHex(this.balance);
      case 'eth_maxPriorityFeePerGas':
      case 'eth_gasPrice':
        return '0x3b9aca00';
      case 'eth_getBlockByNumber':
        return this.#blockAnswer(this.#block(String(params[0])), params[1] === true);
      case 'eth_sendRawTransaction':
        return await this.#receive(params[0] as Hex);
      case 'eth_getTransactionReceipt':
        return this.#receipt(params[0] as Hex);
      default:
        throw rpcError(-32601, `the method ${method} does not exist`);
    }
  };

  #block(tag: string): number {
    return tag.startsWith('0x') ? Number(tag) : this.head;
  }

  async #receive(raw: Hex): Promise<Hex> {
    const parsed = parseTransaction(raw as never);
    const transaction: MemoryTransaction = {
      hash: keccak256(raw),
      from: (await recoverTransactionAddress({ serializedTransaction: raw as never })).toLowerCase() as Hex,
      to: (parsed.to?.toLowerCase() as Hex) ?? null,
      nonce: parsed.nonce ?? 0,
      input: parsed.data ?? '0x',
      value: parsed.value ?? 0n,
      maxFeePerGas: parsed.maxFeePerGas ?? 0n,
    };
    if (this.pending.has(transaction.hash)) throw rpcError(-32000, 'already known');
    if (transaction.nonce < this.count(transaction.from)) {
      throw rpcError(
        -32000,
        `nonce too low: next nonce ${this.count(transaction.from)}, tx nonce ${transaction.nonce}`,
      );
    }
    const rival = [...this.pending.values()].find(
      (each) => each.from === transaction.from && each.nonce === transaction.nonce,
    );
    if (rival !== undefined) throw rpcError(-32000, 'replacement transaction underpriced');
    this.pending.set(transaction.hash, transaction);
    if (this.autoMine) this.mine();
    return transaction.hash;
  }

  #place(hash: Hex): { block: number; transaction: MemoryTransaction } | undefined {
    for (const [block, { transactions }] of this.blocks.entries()) {
      const transaction = transactions.find((each) => each.hash === hash);
      if (transaction !== undefined) return { block, transaction };
    }
    return undefined;
  }

  #receipt(hash: Hex): unknown {
    const place = this.#place(hash);
    if (place === undefined) return null;
    const { block, transaction } = place;
    const reverted = this.#options.reverts?.(transaction) ?? false;
    const common = {
      blockNumber: numberToHex(block),
      blockHash: blockHash(block),
      transactionHash: hash,
      transactionIndex: '0x0',
    };
    return {
      ...common,
      from: transaction.from,
      to: transaction.to,
      status: reverted ? '0x0' : '0x1',
      type: '0x2',
      contractAddress: transaction.to === null ? `0x${'c0'.repeat(20)}` : null,
      gasUsed: '0x5208',
      cumulativeGasUsed: '0x5208',
      effectiveGasPrice: '0x1',
      logsBloom: `0x${'00'.repeat(256)}`,
      logs: reverted
        ? []
        : (this.#options.logs?.(transaction) ?? []).map((log, k) => ({
            ...common,
            ...log,
            logIndex: numberToHex(k),
            removed: false,
          })),
    };
  }

  #blockAnswer(number: number, full: boolean): unknown {
    const block = this.blocks[number];
    if (block === undefined) return null;
    const transactions = block.transactions.map(({ hash, from, to, nonce, input, value }) =>
      full
        ? {
            hash,
            from,
            to,
            nonce: numberToHex(nonce),
            input,
            value: numberToHex(value),
            type: '0x2',
            gas: '0x5208',
            blockNumber: numberToHex(number),
            blockHash: blockHash(number),
            transactionIndex: '0x0',
            chainId: '0x7a69',
          }
        : hash,
    );
    return {
      number: numberToHex(number),
      hash: blockHash(number),
      parentHash: blockHash(number - 1),
      timestamp: numberToHex(1_800_000_000 + number),
      baseFeePerGas: '0x3b9aca00',
      gasLimit: '0x1c9c380',
      gasUsed: '0x0',
      transactions,
    };
  }
}

const blockHash = (number: number): Hex => toHex(BigInt(number) + 1_000_000n, { size: 32 });

/** The log of a deposit in ETH, as the bridge at `address` writes it. */
export function depositedLog(address: Hex, index: number, ownerHash: bigint, amount: bigint, depositor: Hex) {
  const args = { index: BigInt(index), ownerHash, asset: `0x${'00'.repeat(20)}` as Hex, amount, depositor };
  const event = bridgeAbi.find((item) => item.type === 'event' && item.name === 'Deposited')! as Extract<
    (typeof bridgeAbi)[number],
    { type: 'event'; name: 'Deposited' }
  >;
  const plain = event.inputs.filter((input) => !input.indexed);
  return {
    address,
    topics: encodeEventTopics({ abi: bridgeAbi, eventName: 'Deposited', args } as never) as Hex[],
    data: encodeAbiParameters(
      plain as never,
      plain.map(({ name }) => args[name as keyof typeof args]) as never,
    ),
  };
}
