/** Tells the metrics what publishing costs: the proposer's balance, and gas and fees of its mined transactions. */
import type { L1Writer, Receipt } from '../l1/port.ts';
import type { Metrics } from '../process/metrics.ts';
import type { Store } from '../state/store.ts';

const WEI_PER_ETH = 1e18;
/** Receipts that were counted; older ones are asked for no more. */
const REMEMBERED = 64;

export interface SpendingMeterDependencies {
  readonly l1: Pick<L1Writer, 'balance' | 'receipt' | 'proposer'>;
  readonly metrics: Pick<Metrics, 'balance' | 'gasUsed' | 'feesPaid'>;
  readonly store: Pick<Store, 'publication'>;
}

export class SpendingMeter {
  readonly #counted: string[] = [];
  readonly #deps: SpendingMeterDependencies;

  constructor(dependencies: SpendingMeterDependencies) {
    this.#deps = dependencies;
  }

  /** After a new L1 block. Throws when L1 cannot be reached. */
  async look(): Promise<void> {
    const { l1, metrics, store } = this.#deps;
    metrics.balance.set(Number(await l1.balance()) / WEI_PER_ETH);
    const publication = store.publication;
    if (publication?.proposer !== l1.proposer) return;
    for (const { hash } of publication.attempts) {
      if (this.#counted.includes(hash)) continue;
      const receipt = await l1.receipt(hash);
      if (receipt !== undefined) this.count(hash, receipt);
    }
  }

  /** Counts a mined transaction of the proposer, once. A reverted one costs, too. */
  count(hash: string, { gasUsed, gasPrice }: Receipt): void {
    if (this.#counted.includes(hash)) return;
    this.#counted.push(hash);
    if (this.#counted.length > REMEMBERED) this.#counted.shift();
    this.#deps.metrics.gasUsed.inc(Number(gasUsed));
    this.#deps.metrics.feesPaid.inc(Number(gasUsed * gasPrice) / WEI_PER_ETH);
  }
}
