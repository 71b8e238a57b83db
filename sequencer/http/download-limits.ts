/** Bounds artifact downloads in number and time: each holds a file and a connection open. */
import type { ServerResponse } from 'node:http';
import { AzaleaError } from '../../protocol/errors.ts';

export interface DownloadLimitsOptions {
  /** Downloads at the same time. */
  readonly total: number;
  /** Of these, downloads of one client network. */
  readonly perNetwork: number;
  /** Least average speed after the first `graceMs`; a slower download is ended, and the client resumes it. */
  readonly bytesPerSecond: number;
  readonly graceMs: number;
}

export const DOWNLOAD_LIMITS: DownloadLimitsOptions = {
  total: 256,
  perNetwork: 32,
  bytesPerSecond: 16_384,
  graceMs: 60_000,
};

export class DownloadLimits {
  readonly #options: DownloadLimitsOptions;
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(options: DownloadLimitsOptions = DOWNLOAD_LIMITS) {
    this.#options = options;
  }

  /** Downloads in progress. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts a download until its response is closed, and ends it when it is too slow.
   * @param bytes how many the response will have
   * @throws AzaleaError RATE_LIMITED, SEQUENCER_BUSY
   */
  begin(response: ServerResponse, network: string, bytes: number): void {
    const { total, perNetwork, bytesPerSecond, graceMs } = this.#options;
    const own = this.#open.get(network) ?? 0;
    if (own >= perNetwork) {
      throw new AzaleaError(
        'RATE_LIMITED',
        `${perNetwork} downloads from this address are in work; wait for one to end`,
        { downloads: perNetwork },
      );
    }
    if (this.#total >= total) {
      throw new AzaleaError('SEQUENCER_BUSY', 'Too many downloads are in work; try again in a moment');
    }
    this.#total++;
    this.#open.set(network, own + 1);
    const timer = setTimeout(() => response.destroy(), graceMs + (1000 * bytes) / bytesPerSecond);
    timer.unref();
    response.once('close', () => {
      clearTimeout(timer);
      this.#total--;
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left === 0) this.#open.delete(network);
      else this.#open.set(network, left);
    });
  }
}
