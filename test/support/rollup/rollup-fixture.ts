/** A chain with a rollup on it, and blocks for that rollup with real proofs. */

import type { Address, Hex } from 'viem';
import { type DevelopmentChain, startChain } from '../../../devnet/chain.ts';
import { developmentAccounts } from '../../../l1/account.ts';
import { loadArtifact } from '../../../l1/artifacts.ts';
import { connectL1, type L1Client, type L1Wallet, l1Wallet } from '../../../l1/client.ts';
import { deployRollup } from '../../../l1/deploy.ts';
import { type EventSource, readEvents } from '../../../l1/events.ts';
import { type RollupInfo, readRollupInfo, readRollupState } from '../../../l1/rollup-info.ts';
import type { KeyName, SnarkjsVerificationKey } from '../../../l1/verification-key.ts';
import { KEY_ID, STATE_UPDATE_SLOTS } from '../../../protocol/constants.ts';
import { type BoundChunk, stateUpdateBinding } from '../../../protocol/state/binding.ts';
import type { ChunkData } from '../../../protocol/state/chunk.ts';
import { chunkStarts } from '../../../protocol/state/chunk-starts.ts';
import { type Block, type BlockTransition, encodeBlock } from '../../../protocol/transaction/block.ts';

/** Ids of the programs that hold bridged assets, for rollups with stand-in circuits. */
export const STAND_IN_IDS = {
  creditsProgramId: 1001n,
  bridgeProgramId: 1002n,
  creditsTypeId: 2001n,
  bridgeTypeId: 2002n,
} as const;

export interface Fixture {
  readonly chain: DevelopmentChain;
  readonly client: L1Client;
  readonly wallets: readonly L1Wallet[];
  readonly info: RollupInfo;
  readonly source: EventSource;
  readonly rollup: Address;
  readonly bridge: Address;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly keys: Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>;
  readonly ids?: {
    readonly creditsProgramId: bigint;
    readonly bridgeProgramId: bigint;
    readonly creditsTypeId: bigint;
    readonly bridgeTypeId: bigint;
  };
  /** Development keys or not; stand-in keys may call themselves secure to be deployed elsewhere. */
  readonly insecureKeys?: boolean;
  readonly chainId?: number;
  readonly salt?: Hex;
}

/** Chain, four wallets, a deployed rollup. The first wallet deploys: addresses are the same every time. */
export async function deployFixture(options: FixtureOptions): Promise<Fixture> {
  const chain = await startChain({ chainId: options.chainId });
  const client = await connectL1({ l1: chain.provider, pollingInterval: 10 });
  const wallets = developmentAccounts(4).map((account) => l1Wallet(client, account));
  const deployed = await deployRollup(
    {
      keys: options.keys,
      insecureKeys: options.insecureKeys ?? true,
      salt: options.salt ?? `0x${'5a'.repeat(32)}`,
      ...(options.ids ?? STAND_IN_IDS),
    },
    { client, wallet: wallets[0], artifact: await loadArtifact('Rollup') },
  );
  const info = await readRollupInfo(client, deployed.rollup);
  return {
    chain,
    client,
    wallets,
    info,
    source: info,
    rollup: info.rollup,
    bridge: info.bridge,
    close: () => chain.close(),
  };
}

/** Proves a chunk: given its key, its data between its roots and the signals, 256 bytes. */
export type ChunkProver = (
  keyId: number,
  chunk: BoundChunk,
  signals: readonly bigint[],
) => Promise<Uint8Array>;

export interface PlannedChunk {
  readonly keyId: number;
  /** Roots after the chunk. */
  readonly newNoteRoot: bigint;
  readonly newNullifierRoot: bigint;
}

export interface BlockPlan {
  readonly transitions: readonly BlockTransition[];
  readonly chunks: readonly PlannedChunk[];
  readonly depositCount?: number;
  /** Default: the first wallet. */
  readonly proposer?: Address;
}

/** What a test may change before the state-update proofs are made. */
export interface Tamper {
  readonly chunk?: (chunk: BoundChunk, index: number) => BoundChunk;
  readonly l2Block?: number;
  readonly keyId?: (keyId: number, index: number) => number;
}

/** Slots of a state-update key. */
export const slotsOf = (keyId: number): number =>
  keyId === KEY_ID['state-update-small'] ? STATE_UPDATE_SLOTS.small : STATE_UPDATE_SLOTS.large;

/** Field elements of the deposits that the next block takes, from L1's events. */
export async function queuedDeposits(fixture: Fixture, count: number): Promise<bigint[][]> {
  const { depositsTaken } = await readRollupState(fixture.client, fixture.info);
  const head = Number(await fixture.client.getBlockNumber());
  const { deposits } = await readEvents(fixture.client, fixture.source, 0, head);
  return deposits
    .slice(depositsTaken, depositsTaken + count)
    .map((deposit) => [deposit.typeId, deposit.ownerHash, BigInt(deposit.index), ...deposit.data]);
}

/** Record slots of a kind that a transition has; nullifiers stand at signal 1, commitments behind them. */
export const slotsOfTransition = ({ keyId }: Pick<BlockTransition, 'keyId'>): number =>
  keyId === KEY_ID['transition-large'] ? 4 : 2;

/** Cuts the block's data over the chunks as L1 does. Written from the specification, apart from the contract. */
export function cutChunks(
  transitions: readonly BlockTransition[],
  deposits: readonly (readonly bigint[])[],
  keyIds: readonly number[],
): ChunkData[] {
  const nullifiers = transitions.flatMap((transition) =>
    transition.signals.slice(1, 1 + slotsOfTransition(transition)),
  );
  const commitments = transitions.flatMap((transition) =>
    transition.signals.slice(1 + slotsOfTransition(transition), 1 + 2 * slotsOfTransition(transition)),
  );
  const waiting = [...deposits];
  return keyIds.map((keyId) => {
    const slots = slotsOf(keyId);
    const take = (from: bigint[]): bigint[] => {
      const taken = from.splice(0, slots);
      return [...taken, ...Array<bigint>(slots - taken.length).fill(0n)];
    };
    const taken = waiting.splice(0, 4);
    return {
      nullifiers: take(nullifiers),
      commitments: take(commitments),
      deposits: [...taken, ...Array.from({ length: 4 - taken.length }, () => Array<bigint>(8).fill(0n))],
    };
  });
}

/** Public signals of a chunk's proof. */
export function chunkSignals(chunk: BoundChunk, x: bigint, y: bigint): bigint[] {
  const { noteStart, depositStart, nullifierStart } = chunk.starts;
  return [
    chunk.oldNoteRoot,
    chunk.newNoteRoot,
    chunk.oldNullifierRoot,
    chunk.newNullifierRoot,
    BigInt(noteStart),
    BigInt(depositStart),
    BigInt(nullifierStart),
    x,
    y,
  ];
}

/** Makes the next block for the rollup's present state. */
export async function makeBlock(
  fixture: Fixture,
  plan: BlockPlan,
  proveChunk: ChunkProver,
  tamper: Tamper = {},
): Promise<Uint8Array> {
  const state = await readRollupState(fixture.client, fixture.info);
  const deposits = await queuedDeposits(fixture, plan.depositCount ?? 0);
  const data = cutChunks(
    plan.transitions,
    deposits,
    plan.chunks.map((chunk) => chunk.keyId),
  );
  let { noteRoot, nullifierRoot, nextNoteIndex, nextNullifierIndex } = state;
  const chunks: Block['chunks'][number][] = [];
  for (const [index, planned] of plan.chunks.entries()) {
    const starts = chunkStarts(nextNoteIndex, nextNullifierIndex, slotsOf(planned.keyId));
    const honest: BoundChunk = {
      data: data[index],
      oldNoteRoot: noteRoot,
      newNoteRoot: planned.newNoteRoot,
      oldNullifierRoot: nullifierRoot,
      newNullifierRoot: planned.newNullifierRoot,
      starts,
    };
    const chunk = tamper.chunk?.(honest, index) ?? honest;
    const keyId = tamper.keyId?.(planned.keyId, index) ?? planned.keyId;
    const { x, y } = stateUpdateBinding({
      chainId: BigInt(fixture.info.chainId),
      contract: fixture.rollup,
      sender: plan.proposer ?? fixture.wallets[0].account.address,
      l2Block: tamper.l2Block ?? state.nextBlock,
      keyId,
      chunk,
    });
    const proof = await proveChunk(planned.keyId, chunk, chunkSignals(chunk, x, y));
    chunks.push({ ...planned, proof });
    noteRoot = planned.newNoteRoot;
    nullifierRoot = planned.newNullifierRoot;
    nextNoteIndex = starts.nextNote;
    nextNullifierIndex = starts.nextNullifier;
  }
  return encodeBlock({ transitions: plan.transitions, chunks, depositCount: plan.depositCount ?? 0 });
}

/** Name of the contract's custom error that a call fails with. */
export async function revertName(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { error?: string } };
    if (code === 'L1_REVERTED' && details?.error !== undefined) return details.error;
    throw error;
  }
  return 'no error';
}
