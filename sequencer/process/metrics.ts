/** Prometheus metrics of one sequencer, served at /metrics. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export class Metrics {
  readonly registry = new Registry();
  readonly accepted: Counter;
  readonly refused: Counter<'code'>;
  readonly dropped: Counter<'code'>;
  readonly pending: Gauge;
  readonly l1Head: Gauge;
  readonly l1Polled: Gauge;
  readonly l2Head: Gauge;
  readonly reorgs: Counter;
  readonly blocksBuilt: Counter;
  readonly blocksSettled: Counter;
  readonly balance: Gauge;
  readonly gasUsed: Counter;
  readonly feesPaid: Counter;
  readonly proofSeconds: Histogram<'size'>;
  readonly verifySeconds: Histogram;

  /** @param build which software runs, for azalea_build_info */
  constructor(build?: { readonly version: string; readonly commit: string | undefined }) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.accepted = new Counter({
      name: 'azalea_transactions_accepted_total',
      help: 'Accepted transactions',
      registers,
    });
    this.refused = new Counter({
      name: 'azalea_transactions_refused_total',
      help: 'Refused submissions by error code',
      labelNames: ['code'],
      registers,
    });
    this.dropped = new Counter({
      name: 'azalea_transactions_dropped_total',
      help: 'Dropped transactions by reason',
      labelNames: ['code'],
      registers,
    });
    this.pending = new Gauge({
      name: 'azalea_mempool_transactions',
      help: 'Transactions not on L1',
      registers,
    });
    this.l1Head = new Gauge({ name: 'azalea_l1_head', help: 'Newest L1 block seen', registers });
    this.l1Polled = new Gauge({
      name: 'azalea_l1_last_poll_timestamp_seconds',
      help: 'Time of the last successful look at L1',
      registers,
    });
    this.l2Head = new Gauge({ name: 'azalea_l2_head', help: 'Newest L2 block on L1', registers });
    this.reorgs = new Counter({
      name: 'azalea_l1_reorgs_total',
      help: 'L1 reorganisations followed',
      registers,
    });
    this.blocksBuilt = new Counter({
      name: 'azalea_blocks_built_total',
      help: 'Block candidates built',
      registers,
    });
    this.blocksSettled = new Counter({
      name: 'azalea_blocks_settled_total',
      help: 'L2 blocks found on L1',
      registers,
    });
    this.balance = new Gauge({
      name: 'azalea_proposer_balance_eth',
      help: 'ETH of the L1 account that pays for proposals',
      registers,
    });
    this.gasUsed = new Counter({
      name: 'azalea_l1_gas_used_total',
      help: 'Gas of mined proposals, reverted ones included, since the start',
      registers,
    });
    this.feesPaid = new Counter({
      name: 'azalea_l1_fees_paid_eth_total',
      help: 'ETH paid for mined proposals, reverted ones included, since the start',
      registers,
    });
    if (build !== undefined) {
      new Gauge({
        name: 'azalea_build_info',
        help: 'Always 1; the labels say which software runs',
        labelNames: ['version', 'commit', 'node'],
        registers,
      }).set({ version: build.version, commit: build.commit ?? 'unknown', node: process.version }, 1);
    }
    this.proofSeconds = new Histogram({
      name: 'azalea_state_update_proof_seconds',
      help: 'Time of a state-update proof, witness included',
      labelNames: ['size'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128],
      registers,
    });
    this.verifySeconds = new Histogram({
      name: 'azalea_transition_verify_seconds',
      help: 'Time from a submission to the verdict on its proof, waiting included',
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    });
  }
}
