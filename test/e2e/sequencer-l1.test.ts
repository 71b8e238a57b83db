/** L1 events against a running sequencer, with real proofs: reorganisations, outages, another proposer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { depositEth } from '../../l1/deposit.ts';
import { readNoteRoot } from '../../l1/rollup-info.ts';
import type { AzaleaError } from '../../protocol/errors.ts';
import {
  type E2eRollup,
  eventually,
  type SequencerProcess,
  startRollup,
  startSequencer,
} from '../support/rollup/e2e-rollup.ts';
import { removeDirectory, temporaryDirectory } from '../support/sequencer/sequencer-harness.ts';

/** The third development account: another proposer. */
const RIVAL_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a';

let rollup: E2eRollup;
let sequencer: SequencerProcess;
const directories: string[] = [];
const directory = (): string => {
  directories.push(temporaryDirectory());
  return directories[directories.length - 1];
};

before(async () => {
  rollup = await startRollup();
  sequencer = await startSequencer({ rollup, dataDirectory: directory() });
  await eventually('ready', async () => (await sequencer.client.getHealth()).status === 'ok');
});

after(async () => {
  await sequencer?.stop();
  await rollup?.close();
  directories.forEach(removeDirectory);
});

async function newestRoot(): Promise<bigint> {
  const { head } = await sequencer.client.getBlocks();
  return (await readNoteRoot(rollup.client, rollup.info.rollup, head))!;
}

const settled = (id: string, at = sequencer) =>
  eventually(`${id} settled`, async () => (await at.client.getTransaction(id)).status === 'settled');

test('a reorganisation under a running sequencer: blocks are taken back and settle again, deposits vanish', async () => {
  const first = await rollup.mint(await newestRoot());
  await sequencer.client.submitTransaction(first.bytes);
  await settled(first.id);
  const before = await sequencer.client.getNotes();
  const snapshot = await rollup.rpc('evm_snapshot');
  const second = await rollup.mint(await newestRoot());
  await sequencer.client.submitTransaction(second.bytes);
  await depositEth(rollup.client, rollup.wallets[3], rollup.info.bridge, { ownerHash: 99n, amount: 5n });
  await settled(second.id);
  await eventually('deposit', async () =>
    (await sequencer.client.getNotes()).blocks.some((block) => block.deposits.length > 0),
  );
  await rollup.rpc('evm_revert', snapshot);
  await rollup.rpc('evm_mine');
  await eventually('settled again', async () => (await rollup.timesSettled(second.nullifiers[0])) === 1);
  await settled(second.id);
  const after = await sequencer.client.getNotes();
  assert.deepEqual(after.blocks[0], before.blocks[0], 'what lies below the fork stays');
  assert.ok(
    after.blocks.every((block) => block.deposits.length === 0),
    'the deposit was orphaned',
  );
  assert.equal(await rollup.timesSettled(first.nullifiers[0]), 1);
  assert.equal(BigInt(after.blocks.at(-1)!.noteRoot), await newestRoot());
});

test('a transaction anchored at a root that a reorganisation removed is parked, and settles when the root returns', async () => {
  const snapshot = await rollup.rpc('evm_snapshot');
  const first = await rollup.mint(await newestRoot());
  await sequencer.client.submitTransaction(first.bytes);
  await settled(first.id);
  const second = await rollup.mint(await newestRoot());
  await rollup.rpc('evm_revert', snapshot);
  await rollup.rpc('evm_mine');
  // The first one goes back to the pool and settles in the same place again; with it the second one's anchor.
  await eventually('anchor back', async () => {
    try {
      await sequencer.client.submitTransaction(second.bytes);
      return true;
    } catch (error) {
      assert.equal((error as AzaleaError).code, 'ANCHOR_UNKNOWN');
      return false;
    }
  });
  await settled(second.id);
  assert.equal(await rollup.timesSettled(first.nullifiers[0]), 1);
  assert.equal(await rollup.timesSettled(second.nullifiers[0]), 1);
});

test('L1 goes away for a while: submissions are kept, health says so, and work goes on by itself', async () => {
  const transaction = await rollup.mint(await newestRoot());
  await rollup.l1Down();
  await eventually('noticed', async () => {
    const health = await sequencer.client.getHealth();
    return health.status === 'degraded' && !health.l1.reachable && health.problem?.code === 'L1_UNREACHABLE';
  });
  await sequencer.client.submitTransaction(transaction.bytes);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.equal((await sequencer.client.getTransaction(transaction.id)).status, 'pending');
  await rollup.l1Up();
  await settled(transaction.id);
  assert.equal((await sequencer.client.getHealth()).status, 'ok');
});

test('another proposer with the same transactions: each settles once, whoever is first', async () => {
  const rival = await startSequencer({
    rollup,
    dataDirectory: directory(),
    environment: { AZALEA_PROPOSER_KEY: RIVAL_KEY },
  });
  await eventually('ready', async () => (await rival.client.getHealth()).status === 'ok');
  const root = await newestRoot();
  const shared = [await rollup.mint(root)];
  const own = await rollup.mint(root);
  for (const { bytes } of shared) {
    await Promise.all([sequencer.client.submitTransaction(bytes), rival.client.submitTransaction(bytes)]);
  }
  await sequencer.client.submitTransaction(own.bytes);
  for (const { id } of [...shared, own]) {
    await settled(id);
    await settled(id, rival);
  }
  for (const { nullifiers } of [...shared, own]) assert.equal(await rollup.timesSettled(nullifiers[0]), 1);
  assert.deepEqual(await rival.client.getNotes(), await sequencer.client.getNotes());
  await rival.stop();
});

test('a data directory of another rollup, a second process on one directory and a taken port are refused by name', async () => {
  const dataDirectory = directory();
  const [first] = await Promise.all([startSequencer({ rollup, dataDirectory })]);
  await eventually('ready', async () => (await first.client.getHealth()).status === 'ok');
  const second = await startSequencer({ rollup, dataDirectory });
  assert.equal(await second.ended, '1');
  assert.match(second.output(), /STORE_IN_USE/);
  const port = new URL(first.url).port;
  const third = await startSequencer({
    rollup,
    dataDirectory: directory(),
    environment: { AZALEA_PORT: port },
  });
  assert.equal(await third.ended, '1');
  assert.match(third.output(), /PORT_UNAVAILABLE/);
  await first.stop();
  const other = await startRollup();
  try {
    const foreign = await startSequencer({ rollup: other, dataDirectory });
    assert.equal(await foreign.ended, '1');
    assert.match(foreign.output(), /STORE_FOREIGN.*delete it/);
  } finally {
    await other.close();
  }
});

test('no key of the proposer in anything it wrote or stored', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const { PROPOSER_KEY } = await import('../support/rollup/e2e-rollup.ts');
  const forms = [
    PROPOSER_KEY.slice(2),
    BigInt(PROPOSER_KEY).toString(),
    Buffer.from(PROPOSER_KEY.slice(2), 'hex').toString('base64'),
  ];
  const raw = Buffer.from(PROPOSER_KEY.slice(2), 'hex');
  const log = sequencer.output();
  assert.match(log, /transaction accepted/);
  for (const form of forms) assert.ok(!log.toLowerCase().includes(form.toLowerCase()));
  for (const name of readdirSync(directories[0]).filter((file) => file.endsWith('.mdb'))) {
    const bytes = readFileSync(`${directories[0]}/${name}`);
    assert.equal(bytes.indexOf(raw), -1);
    for (const form of forms) assert.equal(bytes.indexOf(form), -1);
  }
});
