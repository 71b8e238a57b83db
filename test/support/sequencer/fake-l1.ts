/**
 * An L1 in memory for tests of the sequencer's logic, with block hashes, reorganisations and outages. The `propose` of its
 * one rollup checks everything that the contract checks except the proofs themselves. It recomputes the trees by itself.
 */

import { keccak_256 } from '@noble/hashes/sha3.js';
import {
  ANCHOR_MAX_AGE_L1_BLOCKS,
  DEPOSIT_OVERDUE_L1_BLOCKS,
  DEPOSITS_PER_CHUNK,
  KEY_ID,
} from '../../../protocol/constants.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { applyChunk } from '../../../protocol/state/apply-chunk.ts';
import { layChunks } from '../../../protocol/state/lay-chunks.ts';
import { decodeBlock } from '../../../protocol/transaction/block.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../../protocol/tree/nullifier-tree.ts';
import type {
  Fees,
  L1,
  L1Block,
  L1Events,
  QueuedDeposit,
  Receipt,
  RollupInfo,
  SettledBlock,
  SignedTransaction,
} from '../../../sequencer/l1/port.ts';

export const ROLLUP_ID = 777n;
export const CREDITS = 1001n;
export const BRIDGE = 1002n;
export const CREDITS_TYPE = 2001n;

interface Raw {
  readonly nonce: number;
  readonly block: string;
  readonly from: string;
  readonly fee: string;
}

interface MinedBlock extends L1Block {
  readonly transactions: { raw: Raw; hash: string; ok: boolean; settled?: SettledBlock }[];
  readonly deposits: QueuedDeposit[];
}

const hashOf = (text: string): string => `0x${Buffer.from(keccak_256(Buffer.from(text))).toString('hex')}`;

export class FakeL1 implements L1 {
  readonly proposer: string;
  readonly chain: FakeChain;
  constructor(options: { proposer: string }, dependencies: { chain: FakeChain }) {
    this.proposer = options.proposer;
    this.chain = dependencies.chain;
  }
  async rollupInfo(): Promise<RollupInfo> {
    this.chain.assertUp();
    return this.chain.info;
  }
  async head(): Promise<L1Block> {
    this.chain.assertUp();
    return this.chain.blocks.at(-1)!;
  }
  async block(number: number): Promise<L1Block | undefined> {
    this.chain.assertUp();
    return this.chain.blocks[number];
  }
  async events(from: number, to: number): Promise<L1Events> {
    this.chain.assertUp();
    const blocks = this.chain.blocks.slice(from, to + 1);
    return {
      blocks: blocks.flatMap((block) => block.transactions.flatMap(({ settled }) => settled ?? [])),
      deposits: blocks.flatMap((block) => block.deposits),
    };
  }
  async nonceAt(l1Block: number): Promise<number> {
    this.chain.assertUp();
    return this.chain.minedNonce(this.proposer, l1Block);
  }
  async transactionOfNonce(nonce: number): Promise<string | undefined> {
    this.chain.assertUp();
    const all = this.chain.blocks.flatMap(({ transactions }) => transactions);
    return all.find(({ raw }) => raw.from === this.proposer && raw.nonce === nonce)?.hash;
  }
  async balance(): Promise<bigint> {
    this.chain.assertUp();
    return this.chain.balance;
  }
  async fees(): Promise<Fees> {
    this.chain.assertUp();
    return { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n };
  }
  async simulate(block: Uint8Array, l1Block: number): Promise<bigint> {
    this.chain.assertUp();
    this.chain.stateAt(l1Block).settle(block, this.proposer);
    return 1_000_000n;
  }
  async sign(block: Uint8Array, nonce: number, _gas: bigint, fees: Fees): Promise<SignedTransaction> {
    const raw: Raw = {
      nonce,
      block: Buffer.from(block).toString('hex'),
      from: this.proposer,
      fee: fees.maxFeePerGas.toString(),
    };
    const text = JSON.stringify(raw);
    return { hash: hashOf(text), raw: text };
  }
  async send(raw: string): Promise<void> {
    this.chain.assertUp();
    this.chain.receive(raw);
  }
  async receipt(hash: string): Promise<Receipt | undefined> {
    this.chain.assertUp();
    return this.chain.receipt(hash);
  }
}

/** The contract's state after some L1 block. */
class RollupState {
  readonly notes = new NoteTree();
  readonly nullifiers = new NullifierTree();
  readonly settledAt: number[];
  readonly roots: bigint[];
  readonly deposits: QueuedDeposit[];
  depositsTaken = 0;
  l1Block: number;
  forbidden: ReadonlySet<bigint>;

  constructor(deployedAt: number, forbidden: ReadonlySet<bigint>) {
    this.settledAt = [deployedAt];
    this.roots = [this.notes.root()];
    this.deposits = [];
    this.l1Block = deployedAt;
    this.forbidden = forbidden;
  }

  /** Applies a block or throws L1_REVERTED. Proofs are not looked at, but who made them is. */
  settle(bytes: Uint8Array, sender: string): number {
    const revert = (error: string, transition?: number): never => {
      throw new AzaleaError('L1_REVERTED', error, {
        error,
        ...(transition === undefined ? {} : { transition }),
      });
    };
    const block = decodeBlock(bytes);
    block.transitions.forEach((transition, index) => {
      const { anchorBlock, signals } = transition;
      if (anchorBlock >= this.roots.length) revert('UnknownAnchor', index);
      if (this.roots[anchorBlock] !== signals[0]) revert('WrongAnchorRoot', index);
      const superseded = this.settledAt[anchorBlock + 1];
      if (superseded !== undefined && this.l1Block > superseded + ANCHOR_MAX_AGE_L1_BLOCKS)
        revert('AnchorExpired', index);
      if (this.forbidden.has(signals[3])) revert('WithdrawalExceedsDeposits');
    });
    const deposits = this.deposits.slice(this.depositsTaken, this.depositsTaken + block.depositCount);
    if (deposits.length !== block.depositCount) revert('DepositsMissing');
    const chunks = layChunks(
      block.chunks.map(({ keyId }) => (keyId === KEY_ID['state-update-small'] ? 'small' : 'large')),
      block.transitions.map(({ keyId, signals }) => {
        const slots = keyId === KEY_ID['transition-large'] ? 4 : 2;
        return {
          nullifiers: signals.slice(1, 1 + slots),
          commitments: signals.slice(1 + slots, 1 + 2 * slots),
        };
      }),
      deposits.map((d) => [d.typeId, d.ownerHash, BigInt(d.index), ...d.data]),
    );
    const before = { notes: this.notes.size, nullifiers: this.nullifiers.size };
    try {
      chunks.forEach(({ size, data }, index) => {
        const applied = applyChunk(this.notes, this.nullifiers, size, data);
        const claimed = block.chunks[index];
        // The fake prover writes the proposer into its proofs, as x binds it in real ones.
        const maker = Buffer.from(claimed.proof.subarray(12, 32)).toString('hex');
        const right =
          `0x${maker}` === sender &&
          applied.newNoteRoot === claimed.newNoteRoot &&
          applied.newNullifierRoot === claimed.newNullifierRoot;
        if (!right) revert('InvalidProof');
      });
    } catch (error) {
      this.notes.rollback(before.notes);
      this.nullifiers.rollback(before.nullifiers);
      if (error instanceof AzaleaError && error.code !== 'L1_REVERTED') revert('InvalidProof');
      throw error;
    }
    const oldestLeft = this.deposits[this.depositsTaken + block.depositCount];
    if (
      oldestLeft !== undefined &&
      block.depositCount < block.chunks.length * DEPOSITS_PER_CHUNK &&
      this.l1Block > oldestLeft.l1Block + DEPOSIT_OVERDUE_L1_BLOCKS
    )
      revert('DepositOverdue');
    this.depositsTaken += block.depositCount;
    this.roots.push(this.notes.root());
    this.settledAt.push(this.l1Block);
    return this.roots.length - 1;
  }
}

export class FakeChain {
  readonly blocks: MinedBlock[] = [];
  readonly pending: string[] = [];
  /** Every raw transaction ever received. */
  readonly received: string[] = [];
  /** A block with one of these commitments is refused as a whole, without naming a transition. */
  readonly forbidden = new Set<bigint>();
  readonly info: RollupInfo;
  up = true;
  /** Wei of every proposer. */
  balance = 10n ** 18n;
  automine = true;
  #fork = 0;

  constructor(options: { rollupId?: bigint } = {}) {
    for (let i = 0; i < 3; i++) this.mine();
    this.info = {
      rollupId: options.rollupId ?? ROLLUP_ID,
      chainId: 31337,
      rollup: `0x${'a1'.repeat(20)}`,
      bridge: `0x${'b2'.repeat(20)}`,
      deployedAt: 2,
      creditsProgramId: CREDITS,
      bridgeProgramId: BRIDGE,
      insecureKeys: true,
      keys: [
        { id: 0, hash: hashOf('k0') },
        { id: 1, hash: hashOf('k1') },
        { id: 2, hash: hashOf('k2') },
        { id: 3, hash: hashOf('k3') },
      ],
    };
  }

  assertUp(): void {
    if (!this.up) throw new AzaleaError('L1_UNREACHABLE', 'L1 is down');
  }

  receive(raw: string): void {
    this.received.push(raw);
    if (this.receipt(hashOf(raw)) !== undefined) throw new AzaleaError('L1_REJECTED', 'nonce too low');
    if (!this.pending.includes(raw)) this.pending.push(raw);
    if (this.automine) this.mine();
  }

  /** Mines what is pending: per account and nonce the highest fee. */
  mine(deposits: { ownerHash: bigint; amount: bigint }[] = []): MinedBlock {
    const number = this.blocks.length;
    const hash = hashOf(`${this.#fork}/${number}/${this.blocks.at(-1)?.hash ?? ''}`);
    const block: MinedBlock = {
      number,
      hash,
      timestamp: 1_700_000_000 + 12 * number,
      transactions: [],
      deposits: [],
    };
    const state = this.blocks.length > 2 ? this.stateAt(number - 1) : undefined;
    deposits.forEach(({ ownerHash, amount }, k) => {
      block.deposits.push({
        index: state!.deposits.length + k,
        typeId: CREDITS_TYPE,
        ownerHash,
        data: [amount, 0n, 0n, 0n, 0n],
        l1Block: number,
        l1BlockHash: hash,
        logIndex: k,
      });
    });
    this.blocks.push(block);
    const sorted = this.pending
      .splice(0)
      .toSorted((a, b) => Number(BigInt(JSON.parse(b).fee) - BigInt(JSON.parse(a).fee)));
    for (const text of sorted) {
      const raw: Raw = JSON.parse(text);
      if (raw.nonce !== this.minedNonce(raw.from)) continue;
      this.#execute(block, text, raw);
    }
    return block;
  }

  /** Many empty blocks at once. */
  skip(count: number): void {
    const first = this.blocks.length;
    for (let number = first; number < first + count; number++) {
      const hash = hashOf(`skip/${this.#fork}/${number}`);
      this.blocks.push({
        number,
        hash,
        timestamp: 1_700_000_000 + 12 * number,
        transactions: [],
        deposits: [],
      });
    }
  }

  /** Another proposer's block, mined at once. */
  settleForeign(bytes: Uint8Array, proposer: string): void {
    const raw: Raw = {
      nonce: this.minedNonce(proposer),
      block: Buffer.from(bytes).toString('hex'),
      from: proposer,
      fee: '999',
    };
    this.pending.push(JSON.stringify(raw));
    this.mine();
  }

  /** Replaces everything after L1 block `number` by `length` empty blocks of another fork. */
  reorg(number: number, length: number): void {
    this.#fork++;
    this.blocks.length = number + 1;
    this.pending.length = 0;
    for (let i = 0; i < length; i++) this.mine();
  }

  minedNonce(account: string, l1Block = this.blocks.length): number {
    return this.blocks
      .slice(0, l1Block + 1)
      .reduce((sum, b) => sum + b.transactions.filter(({ raw }) => raw.from === account).length, 0);
  }

  receipt(hash: string): Receipt | undefined {
    for (const block of this.blocks) {
      const found = block.transactions.find((transaction) => transaction.hash === hash);
      if (found)
        return {
          status: found.ok ? 'success' : 'reverted',
          blockNumber: block.number,
          blockHash: block.hash,
          gasUsed: 900_000n,
          gasPrice: 2_000_000_000n,
        };
    }
    return undefined;
  }

  /** All successful proposals on the chain, in order. */
  settled(): SettledBlock[] {
    return this.blocks.flatMap((block) => block.transactions.flatMap(({ settled }) => settled ?? []));
  }

  stateAt(l1Block: number): RollupState {
    const state = new RollupState(this.info?.deployedAt ?? 2, this.forbidden);
    for (const block of this.blocks.slice(0, l1Block + 1)) {
      state.l1Block = block.number;
      state.deposits.push(...block.deposits);
      for (const { settled } of block.transactions)
        if (settled) state.settle(settled.bytes, settled.proposer);
    }
    return state;
  }

  #execute(block: MinedBlock, text: string, raw: Raw): void {
    const bytes = new Uint8Array(Buffer.from(raw.block, 'hex'));
    const entry: MinedBlock['transactions'][number] = { raw, hash: hashOf(text), ok: true };
    try {
      const state = this.stateAt(block.number);
      const l2Block = state.settle(bytes, raw.from);
      entry.settled = {
        l2Block,
        bytes,
        proposer: raw.from,
        transactionHash: entry.hash,
        l1Block: block.number,
        l1BlockHash: block.hash,
        timestamp: block.timestamp,
        logIndex: 100 + block.transactions.length,
      };
    } catch (error) {
      if (!(error instanceof AzaleaError) || error.code !== 'L1_REVERTED') throw error;
      entry.ok = false;
    }
    block.transactions.push(entry);
  }
}
