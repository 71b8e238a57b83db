/** Transitions and blocks proven by the stand-in circuits: free in everything that L1 does not check itself. */
import { type Address, keccak256, stringToHex } from 'viem';
import { readNoteRoot } from '../../l1/rollup-info.ts';
import type { BlockTransition } from '../../protocol/block.ts';
import { FIELD_MODULUS, KEY_ID, MESSAGE_TAG } from '../../protocol/constants.ts';
import { type BlockPlan, type Fixture, makeBlock, type PlannedChunk, type Tamper } from './rollup-fixture.ts';
import type { StandInName, StandInProver } from './stand-in-prover.ts';

const SMALL = KEY_ID['state-update-small'];
const NAMES: Readonly<Record<number, StandInName>> = {
  [KEY_ID['state-update-small']]: 'state-update-small',
  [KEY_ID['state-update-large']]: 'state-update-large',
};

export interface StandInTransition {
  /** Makes all other signals; distinct transitions have distinct seeds. */
  readonly seed: number;
  readonly anchorBlock?: number;
  /** programId, w0, w1, w2. */
  readonly message?: readonly [bigint, bigint, bigint, bigint];
  /** Changes signals before they are proven. */
  readonly edit?: (signals: bigint[]) => void;
}

export interface StandInChain {
  transition(options: StandInTransition): Promise<BlockTransition>;
  /** Roots after a chunk; any will do for the stand-in circuits. */
  chunk(seed: number, keyId?: number): PlannedChunk;
  /** The next block's bytes, every proof right unless `tamper` makes a chunk's proof for something else. */
  block(plan: BlockPlan, tamper?: Tamper): Promise<Uint8Array>;
  /** A block of so many transitions in one small chunk, or in large ones when they do not fit. */
  simple(seed: number, count?: number, plan?: Partial<BlockPlan>): Promise<Uint8Array>;
}

/** WITHDRAW message of a program. */
export function withdrawMessage(
  programId: bigint,
  receiver: Address | bigint,
  amount: bigint,
  asset: Address | bigint,
): [bigint, bigint, bigint, bigint] {
  return [programId, BigInt(receiver), amount, MESSAGE_TAG.WITHDRAW + 256n * BigInt(asset)];
}

/** Signals of a seed: as random as real ones, and the same every time. */
const value = (seed: number, position: number): bigint =>
  BigInt(keccak256(stringToHex(`${seed}/${position}`))) % FIELD_MODULUS;

export function standInChain(fixture: Fixture, prover: StandInProver): StandInChain {
  const transition = async (options: StandInTransition): Promise<BlockTransition> => {
    const anchorBlock = options.anchorBlock ?? 0;
    const root = await readNoteRoot(fixture.client, fixture.rollup, anchorBlock);
    const signals = Array.from({ length: 28 }, (_, position) => value(options.seed, position));
    signals[0] = root ?? value(options.seed, 0);
    signals[21] = 0n;
    signals[22] = 0n;
    signals.splice(23, 4, ...(options.message ?? [0n, 0n, 0n, 0n]));
    signals[27] = fixture.info.rollupId;
    options.edit?.(signals);
    const proof = await prover.prove('transition-small', signals);
    return { keyId: KEY_ID['transition-small'], anchorBlock, proof, signals: signals.slice(0, 27) };
  };
  const chunk = (seed: number, keyId: number = SMALL): PlannedChunk => ({
    keyId,
    newNoteRoot: value(seed, 900),
    newNullifierRoot: value(seed, 901),
  });
  const block = (plan: BlockPlan, tamper?: Tamper): Promise<Uint8Array> =>
    makeBlock(fixture, plan, (keyId, _chunk, signals) => prover.prove(NAMES[keyId], signals), tamper);
  const simple = async (seed: number, count = 1, plan: Partial<BlockPlan> = {}): Promise<Uint8Array> => {
    const transitions: BlockTransition[] = [];
    for (let i = 0; i < count; i++) transitions.push(await transition({ seed: seed + i }));
    const chunks =
      count <= 2
        ? [chunk(seed)]
        : Array.from({ length: Math.ceil(count / 8) }, (_, i) =>
            chunk(seed + i, KEY_ID['state-update-large']),
          );
    return block({ transitions, chunks, ...plan });
  };
  return { transition, chunk, block, simple };
}
