import { AzaleaError } from '../../protocol/errors.ts';
import { l1Failure } from '../failure.ts';
import { providerFailure, refusesRange } from './provider-failure.ts';

/** Most L1 blocks asked for in one eth_getLogs, until a node wants fewer. */
export const DEFAULT_LOG_RANGE = 1000;

/**
 * The most L1 blocks that one eth_getLogs may span. Nodes limit it, each in its own words. A refused range is not tried
 * again.
 */
export class LogRange {
  #blocks: number;

  constructor(blocks: number = DEFAULT_LOG_RANGE) {
    this.#blocks = Math.max(1, blocks);
  }

  get blocks(): number {
    return this.#blocks;
  }

  /**
   * Reads from `start` on as far as one call goes, at most up to `to`; halves the range while the node refuses it.
   * @returns the logs, and the last block that they cover
   * @throws AzaleaError L1_LOGS_REFUSED when the node refuses a single block, else as `l1Failure` says
   */
  async read<T>(
    start: number,
    to: number,
    ask: (from: number, to: number) => Promise<T>,
  ): Promise<{ readonly logs: T; readonly end: number }> {
    for (let blocks = Math.min(this.#blocks, to - start + 1); ; ) {
      const end = start + blocks - 1;
      try {
        return { logs: await ask(start, end), end };
      } catch (cause) {
        const failure = providerFailure(cause);
        if (failure === undefined || !refusesRange(failure)) throw l1Failure('read events', cause);
        if (blocks === 1) {
          throw new AzaleaError(
            'L1_LOGS_REFUSED',
            `The L1 node refuses the events of the single block ${start} ("${failure.words}"): use another node`,
            { l1Block: start, node: failure.words },
            { cause: failure },
          );
        }
        blocks = Math.ceil(blocks / 2);
        // A concurrent read may have learned more already.
        this.#blocks = Math.min(this.#blocks, blocks);
      }
    }
  }
}

const ranges = new WeakMap<object, LogRange>();

/** Keeps a client's range with it. */
export function rememberLogRange(client: object, range: LogRange): void {
  ranges.set(client, range);
}

/** The range of a client; what it learns stays with the client. */
export function logRangeOf(client: object): LogRange {
  const known = ranges.get(client);
  if (known !== undefined) return known;
  const range = new LogRange();
  ranges.set(client, range);
  return range;
}
