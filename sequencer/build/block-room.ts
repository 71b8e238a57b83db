/**
 * The capacity of one block: transactions, slots of its chunks, and the gas that proposing it takes. Transactions come in
 * two sizes, so their number alone says little.
 */
import { KEY_ID, STATE_UPDATE_SLOTS } from '../../protocol/constants.ts';
import type { PoolTransaction } from '../mempool/pool-transaction.ts';

/**
 * Upper bound of the gas of `propose`: the measurements of test/contracts/gas.json, calldata included, with room for a cold
 * chain. A transition pays for its pairing and its words; a key for three multiplications and a pairing, once per block.
 */
export const PROPOSE_GAS = {
  base: 320_000,
  /** Both keys of state updates. */
  stateUpdateKeys: 115_000,
  key: { small: 60_000, large: 60_000 },
  transition: { small: 75_000, large: 115_000 },
  chunk: 72_000,
} as const;

export interface BlockRoomOptions {
  readonly transactions: number;
  /** Most chunks, and slots of the largest chunk that may be used. */
  readonly maxChunks: number;
  readonly chunkSlots: number;
  /** Most gas that proposing the block may take. */
  readonly gas: number;
}

/** The load of a block so far. */
export interface BlockLoad {
  readonly transactions: number;
  /** Transitions of each size. */
  readonly small: number;
  readonly large: number;
  /** Nullifiers, and as many commitments. */
  readonly slots: number;
}

export class BlockRoom {
  readonly #options: BlockRoomOptions;
  #load: BlockLoad = { transactions: 0, small: 0, large: 0, slots: 0 };
  #refused = false;

  constructor(options: BlockRoomOptions) {
    this.#options = options;
  }

  /** Something did not fit: more waits than the block takes. */
  get full(): boolean {
    return this.#refused || this.#load.transactions >= this.#options.transactions;
  }

  /**
   * Takes a transaction, or says that it does not fit. The first one always fits: a limit below one transaction would stop
   * the rollup.
   */
  take({ transitions, nullifiers, commitments }: PoolTransaction): boolean {
    const larges = transitions.filter(({ proven }) => proven.keyId === KEY_ID['transition-large']).length;
    const next: BlockLoad = {
      transactions: this.#load.transactions + 1,
      small: this.#load.small + transitions.length - larges,
      large: this.#load.large + larges,
      slots: this.#load.slots + Math.max(nullifiers.length, commitments.length),
    };
    const fits =
      next.transactions <= this.#options.transactions &&
      next.slots <= this.#options.maxChunks * this.#options.chunkSlots &&
      (next.transactions === 1 || proposeGas(next, this.#mostChunks(next)) <= this.#options.gas);
    if (fits) this.#load = next;
    else this.#refused = true;
    return fits;
  }

  /** However the slots will be cut. */
  #mostChunks({ slots }: BlockLoad): number {
    return Math.min(this.#options.maxChunks, Math.ceil(slots / STATE_UPDATE_SLOTS.small));
  }
}

/** Gas that a block with this load takes at most. */
export function proposeGas(load: Pick<BlockLoad, 'small' | 'large'>, chunks: number): number {
  const { base, stateUpdateKeys, key, transition, chunk } = PROPOSE_GAS;
  return (
    base +
    stateUpdateKeys +
    (load.small > 0 ? key.small : 0) +
    (load.large > 0 ? key.large : 0) +
    load.small * transition.small +
    load.large * transition.large +
    chunks * chunk
  );
}
