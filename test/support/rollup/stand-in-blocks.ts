/** Transitions and blocks proven by the stand-in circuits: free in everything that L1 does not check itself. */
import { type Address, keccak256, stringToHex } from 'viem';
import {
  type BlockPlan,
  type Fixture,
  makeBlock,
  type PlannedChunk,
  type Tamper,
} from '../../../fixtures/rollup.ts';
import { readNoteRoot } from '../../../l1/rollup-info.ts';
import { FIELD_MODULUS, KEY_ID, MESSAGE_TAG } from '../../../protocol/constants.ts';
import type { BlockTransition } from '../../../protocol/transaction/block.ts';
import { transitionPublicInputs } from '../../../protocol/transaction/statement.ts';
import type { StandInName, StandInProver } from './stand-in-prover.ts';

const SMALL = KEY_ID['state-update-small'];
const NAMES: Readonly<Record<number, StandInName>> = {
  [KEY_ID['state-update-small']]: 'state-update-small',
  [KEY_ID['state-update-large']]: 'state-update-large',
};

/** Words of the statement by size; nullifiers stand at 1, commitments behind them. Written from the specification, section 6. */
const LAYOUT = {
  small: { key: 'transition-small', signals: 28, features: [21, 22], message: 23 },
  large: { key: 'transition-large', signals: 50, features: [39, 40, 41, 42, 43, 44], message: 45 },
} as const;

export interface StandInTransition {
  /** Makes all other signals; distinct transitions have distinct seeds. */
  readonly seed: number;
  /** Default: small. */
  readonly size?: 'small' | 'large';
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
  /** A block of transitions of these sizes in this order, in one small chunk or in large ones. */
  mixed(seed: number, sizes: readonly ('small' | 'large')[]): Promise<Uint8Array>;
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
    const layout = LAYOUT[options.size ?? 'small'];
    const signals = Array.from({ length: layout.signals }, (_, position) => value(options.seed, position));
    signals[0] = root ?? value(options.seed, 0);
    for (const position of layout.features) signals[position] = 0n;
    signals.splice(layout.message, 4, ...(options.message ?? [0n, 0n, 0n, 0n]));
    signals[layout.signals - 1] = fixture.info.rollupId;
    options.edit?.(signals);
    const keyId = KEY_ID[layout.key];
    const statementHash = value(options.seed, 999);
    const proof = await prover.prove(layout.key, transitionPublicInputs(keyId, signals, statementHash));
    return { keyId, anchorBlock, proof, statementHash, signals: signals.slice(0, -1) };
  };
  const chunk = (seed: number, keyId: number = SMALL): PlannedChunk => ({
    keyId,
    newNoteRoot: value(seed, 900),
    newNullifierRoot: value(seed, 901),
  });
  const block = (plan: BlockPlan, tamper?: Tamper): Promise<Uint8Array> =>
    makeBlock(fixture, plan, (keyId, _chunk, inputs) => prover.prove(NAMES[keyId], inputs), tamper);
  const planned = async (
    seed: number,
    sizes: readonly ('small' | 'large')[],
    plan: Partial<BlockPlan> = {},
  ): Promise<Uint8Array> => {
    const transitions: BlockTransition[] = [];
    for (const [i, size] of sizes.entries()) transitions.push(await transition({ seed: seed + i, size }));
    const elements = sizes.reduce((sum, size) => sum + (size === 'large' ? 4 : 2), 0);
    const chunks =
      elements <= 4
        ? [chunk(seed)]
        : Array.from({ length: Math.ceil(elements / 16) }, (_, i) =>
            chunk(seed + i, KEY_ID['state-update-large']),
          );
    return block({ transitions, chunks, ...plan });
  };
  const simple = (seed: number, count = 1, plan: Partial<BlockPlan> = {}): Promise<Uint8Array> =>
    planned(seed, Array<'small'>(count).fill('small'), plan);
  return { transition, chunk, block, simple, mixed: planned };
}
