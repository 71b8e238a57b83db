/** Deployments through nodes that misbehave: one is mined, and it is called replaced only on proof. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { accountFromPrivateKey } from '../../../l1/account.ts';
import { connectL1, l1Wallet } from '../../../l1/client.ts';
import { estimateDeployment, settleDeployment, signDeployment } from '../../../l1/deploy/deploy-once.ts';
import { PendingDeployment, readDescription, writeDescription } from '../../../l1/deploy/deployment-file.ts';
import { sendCall } from '../../../l1/send.ts';
import { MemoryChain, type MemoryChainOptions } from '../../support/l1/memory-chain.ts';
import { type MisbehavingNode, misbehavingNode } from '../../support/l1/misbehaving-node.ts';

const account = accountFromPrivateKey(`0x${'42'.repeat(32)}`);
const SEND = 'eth_sendRawTransaction';
let node: MisbehavingNode;
afterEach(() => node.close());

async function world(options: MemoryChainOptions = {}) {
  const chain = new MemoryChain(options);
  node = await misbehavingNode(chain.answer);
  const http = { timeout: 10_000, retryCount: 1, retryDelay: 1, longestPause: 2 };
  const client = await connectL1({ l1: node.url, pollingInterval: 2, http });
  const cost = await estimateDeployment(client, account.address, '0x60');
  const pending = await signDeployment(client, account, '0x60', cost);
  return { chain, client, pending };
}

test('receipts that a lagging node misses do not make a deployment replaced', async () => {
  const { chain, client, pending } = await world();
  node.rule({ method: 'eth_getTransactionReceipt', times: 30, answer: { kind: 'result', result: null } });
  const receipt = await settleDeployment(client, pending);
  assert.equal(receipt.transactionHash, pending.transaction);
  assert.equal(chain.mined.length, 1);
});

test('a node that is out of reach for a while does not end the wait', async () => {
  const { client, pending } = await world();
  node.rule({ method: SEND, times: 1, answer: { kind: 'drop', forward: true } });
  node.rule({ method: 'eth_getTransactionReceipt', times: 6, answer: { kind: 'http', status: 503 } });
  assert.equal((await settleDeployment(client, pending)).transactionHash, pending.transaction);
});

test('another transaction with the nonce is shown, also for the file of an earlier version', async () => {
  const { client, pending } = await world();
  await sendCall(client, l1Wallet(client, account), 'other', { to: account.address, data: '0x' });
  const directory = mkdtempSync(join(tmpdir(), 'azalea-deploy-once-'));
  try {
    const file = join(directory, 'rollup.json.pending');
    writeDescription(file, pending);
    assert.deepEqual(readDescription(file, PendingDeployment), pending);
    const { l1Block: _, ...earlier } = pending;
    writeFileSync(file, JSON.stringify(earlier));
    for (const kept of [pending, readDescription(file, PendingDeployment)!])
      await assert.rejects(settleDeployment(client, kept), { code: 'DEPLOYMENT_REPLACED' });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a revert, a time limit and a stop end the wait, each in its own way', async () => {
  const reverting = await world({ reverts: () => true });
  await assert.rejects(settleDeployment(reverting.client, reverting.pending), { code: 'L1_REVERTED' });
  await node.close();
  const { client, pending } = await world({ autoMine: false });
  const late = settleDeployment(client, pending, { patienceMs: 20 });
  await assert.rejects(late, { code: 'DEPLOYMENT_PENDING', details: { transaction: pending.transaction } });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('enough')), 20);
  await assert.rejects(settleDeployment(client, pending, { signal: stop.signal }), /enough/);
});
