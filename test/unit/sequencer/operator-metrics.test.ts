/** Metrics for an operator: the running build, the cost of publishing, /metrics on a port of its own. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { softwareBuild } from '../../../host/software.ts';
import { serveMetrics } from '../../../sequencer/http/metrics-server.ts';
import type { Receipt } from '../../../sequencer/l1/port.ts';
import { Metrics } from '../../../sequencer/process/metrics.ts';
import { SpendingMeter } from '../../../sequencer/publish/spending-meter.ts';
import type { StoredPublication } from '../../../sequencer/state/records.ts';

const value = async (metrics: Metrics, name: string): Promise<number> =>
  (await metrics.registry.getSingleMetric(name)!.get()).values[0].value;

const receipt = (status: Receipt['status'], gasUsed: bigint): Receipt => ({
  status,
  blockNumber: 1,
  blockHash: '0x',
  gasUsed,
  gasPrice: 10n ** 9n,
});

test('balance, gas and fees follow the chain; each transaction counts once, a reverted one too', async () => {
  const metrics = new Metrics();
  const receipts = new Map<string, Receipt>();
  const attempts = ['0x1', '0x2'].map((hash) => ({ hash })) as unknown as StoredPublication['attempts'];
  const store: { publication: StoredPublication | undefined } = {
    publication: { proposer: '0xa', attempts } as unknown as StoredPublication,
  };
  const l1 = {
    proposer: '0xa',
    balance: async () => 25n * 10n ** 17n,
    receipt: async (hash: string) => receipts.get(hash),
  };
  const meter = new SpendingMeter({ l1, metrics, store });
  await meter.look();
  assert.equal(await value(metrics, 'azalea_proposer_balance_eth'), 2.5);
  assert.equal(await value(metrics, 'azalea_l1_gas_used_total'), 0);
  receipts.set('0x1', receipt('success', 600_000n));
  await meter.look();
  await meter.look();
  meter.count('0x1', receipt('success', 600_000n));
  meter.count('0x3', receipt('reverted', 100_000n));
  assert.equal(await value(metrics, 'azalea_l1_gas_used_total'), 700_000);
  assert.equal(await value(metrics, 'azalea_l1_fees_paid_eth_total'), 0.0007);
  // Another account's leftovers in the store cost this one nothing.
  receipts.set('0x2', receipt('success', 1n));
  store.publication = { ...store.publication!, proposer: '0xb' };
  await meter.look();
  assert.equal(await value(metrics, 'azalea_l1_gas_used_total'), 700_000);
});

test('/metrics on its own port: that and nothing else; a taken port is named', async () => {
  const metrics = new Metrics(softwareBuild());
  const server = await serveMetrics(metrics, '127.0.0.1', 0);
  try {
    const text = await (await fetch(server.url)).text();
    const { version, commit } = softwareBuild();
    assert.match(
      text,
      new RegExp(
        `azalea_build_info\\{version="${version}",commit="${commit ?? 'unknown'}",node="${process.version}"\\} 1`,
      ),
    );
    assert.equal((await fetch(new URL('/blocks', server.url))).status, 404);
    assert.equal((await fetch(server.url, { method: 'POST' })).status, 404);
  } finally {
    await server.close();
  }
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await assert.rejects(serveMetrics(metrics, '127.0.0.1', port), { code: 'PORT_UNAVAILABLE' });
  other.close();
});
