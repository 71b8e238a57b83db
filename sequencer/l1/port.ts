/**
 * The sequencer's interface to L1. `viem.ts` is the implementation; tests of pure logic bring their own.
 * Hashes and addresses are lower-case hex with `0x`.
 */
export interface L1Block {
  readonly number: number;
  readonly hash: string;
  /** Seconds. */
  readonly timestamp: number;
}

/** One BlockSettled event together with the block bytes from the calldata of its transaction. */
export interface SettledBlock {
  readonly l2Block: number;
  readonly bytes: Uint8Array;
  readonly proposer: string;
  readonly transactionHash: string;
  readonly l1Block: number;
  readonly l1BlockHash: string;
  readonly timestamp: number;
  /** Order among the events of the same L1 block. */
  readonly logIndex: number;
}

/** An element of the deposit queue; `data` are the five data words that L1 wrote. */
export interface QueuedDeposit {
  readonly index: number;
  readonly typeId: bigint;
  readonly ownerHash: bigint;
  readonly data: readonly bigint[];
  readonly l1Block: number;
  readonly l1BlockHash: string;
  readonly logIndex: number;
}

export interface L1Events {
  readonly blocks: readonly SettledBlock[];
  readonly deposits: readonly QueuedDeposit[];
}

export interface RollupKey {
  readonly id: number;
  /** keccak256 of the verification key as the contract holds it. */
  readonly hash: string;
}

export interface RollupInfo {
  readonly rollupId: bigint;
  readonly chainId: number;
  readonly rollup: string;
  readonly bridge: string;
  readonly deployedAt: number;
  readonly creditsProgramId: bigint;
  readonly bridgeProgramId: bigint;
  readonly insecureKeys: boolean;
  readonly keys: readonly RollupKey[];
}

export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface SignedTransaction {
  readonly hash: string;
  readonly raw: string;
}

export interface Receipt {
  readonly status: 'success' | 'reverted';
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly gasUsed: bigint;
  /** Wei per gas that was paid. */
  readonly gasPrice: bigint;
}

/** Reading: everything that following the rollup takes. */
export interface L1Reader {
  rollupInfo(): Promise<RollupInfo>;
  head(): Promise<L1Block>;
  /** `undefined` when the chain has no such block (any more). */
  block(number: number): Promise<L1Block | undefined>;
  /** Every event of the rollup in the L1 blocks from..to, both included, each list in order. */
  events(from: number, to: number): Promise<L1Events>;
}

/** Writing: everything that publishing takes. All transactions come from one account, the proposer. */
export interface L1Writer {
  readonly proposer: string;
  /** Number of the proposer's transactions up to an L1 block, its own included: the next usable nonce. */
  nonceAt(l1Block: number): Promise<number>;
  /**
   * Hash of the proposer's transaction with a used nonce, found in its block.
   * @param near L1 block around which the nonce was used, or later
   * @returns undefined when the answers of the node do not fit together
   */
  transactionOfNonce(nonce: number, near: number): Promise<string | undefined>;
  /** Wei of the proposer. */
  balance(): Promise<bigint>;
  fees(): Promise<Fees>;
  /**
   * Runs `propose` on the state after an L1 block, without sending it.
   * @returns the gas to allow for it
   * @throws AzaleaError L1_REVERTED with details.error, the contract's error by name, and details.transition when it
   *   names one.
   */
  simulate(block: Uint8Array, l1Block: number): Promise<bigint>;
  sign(block: Uint8Array, nonce: number, gas: bigint, fees: Fees): Promise<SignedTransaction>;
  /**
   * Hands a signed transaction to the node. Succeeds if the node has it already, or another one with its nonce.
   * @throws AzaleaError L1_REJECTED when the node has looked at it and refuses it
   */
  send(raw: string): Promise<void>;
  receipt(hash: string): Promise<Receipt | undefined>;
}

export interface L1 extends L1Reader, L1Writer {}
