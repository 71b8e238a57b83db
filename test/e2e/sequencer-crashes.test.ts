/**
 * SIGKILL at every named crash point and at random times, with real proofs and a real Hardhat node: what was accepted
 * settles, and exactly once.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { privateKeyToAccount } from 'viem/accounts';
import { l1Wallet } from '../../l1/client.ts';
import { depositEth } from '../../l1/deposit.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { CRASH_POINTS, type CrashPoint } from '../../sequencer/process/crash-point.ts';
import {
  type E2eRollup,
  eventually,
  PROPOSER_KEY,
  type SequencerProcess,
  startRollup,
  startSequencer,
} from '../support/rollup/e2e-rollup.ts';
import { removeDirectory, temporaryDirectory } from '../support/sequencer/sequencer-harness.ts';

type Minted = Awaited<ReturnType<E2eRollup['mint']>>;

const RANDOM_KILLS = 10;
/** The empty tree: every transaction here is anchored at it. */
const GENESIS = new NoteTree().root();

let rollup: E2eRollup;
let dataDirectory: string;
let minted: Minted[];
const visited = new Set<CrashPoint>();

before(async () => {
  rollup = await startRollup();
  dataDirectory = temporaryDirectory();
  minted = [];
  for (let k = 0; k < 8; k++) minted.push(await rollup.mint(GENESIS, BigInt(k + 1)));
});

after(async () => {
  await rollup?.close();
  removeDirectory(dataDirectory);
});

const start = (environment: Record<string, string> = {}): Promise<SequencerProcess> =>
  startSequencer({ rollup, dataDirectory, environment });

/** Starts a sequencer that dies at `point`; `trigger` makes it get there. */
async function crashAt(
  point: CrashPoint,
  options: {
    environment?: Record<string, string>;
    trigger?: (sequencer: SequencerProcess) => Promise<unknown>;
  } = {},
): Promise<void> {
  const sequencer = await start({ AZALEA_CRASH_POINT: point, ...options.environment });
  const triggered = options.trigger?.(sequencer).catch(() => {});
  const ended = await Promise.race([
    sequencer.ended,
    new Promise<string>((resolve) => setTimeout(resolve, 300_000, 'never').unref()),
  ]);
  if (ended === 'never') await sequencer.stop('SIGKILL');
  assert.equal(ended, 'SIGKILL', `${point} was not reached:\n${sequencer.output()}`);
  await triggered;
  visited.add(point);
}

async function ready(sequencer: SequencerProcess): Promise<void> {
  await eventually(
    'ready',
    async () =>
      (await sequencer.client.getHealth()).l1.followed !== null &&
      sequencer.client.getInfo().then(() => true),
  );
}

async function submit(sequencer: SequencerProcess, { bytes }: Minted): Promise<void> {
  await ready(sequencer);
  try {
    await sequencer.client.submitTransaction(bytes);
  } catch (error) {
    if (!(error instanceof AzaleaError) || error.code !== 'TRANSACTION_DUPLICATE') throw error;
  }
}

/** Runs a sequencer without crash point until these have settled, and checks that each did once. */
async function settles(...transactions: Minted[]): Promise<void> {
  const sequencer = await start();
  for (const { id } of transactions) {
    await eventually(
      `${id} settled`,
      async () => (await sequencer.client.getTransaction(id)).status === 'settled',
    );
  }
  assert.equal(await sequencer.stop(), '0', sequencer.output());
  for (const { nullifiers } of transactions) assert.equal(await rollup.timesSettled(nullifiers[0]), 1);
}

test('from a fresh directory to a block found on L1, killed at every step', async () => {
  const [first] = minted;
  await crashAt('start.identity-stored');
  await crashAt('follower.head-read');
  await crashAt('follower.events-read');
  await crashAt('follower.cursor-stored');
  await crashAt('submit.validated', { trigger: (sequencer) => submit(sequencer, first) });
  await crashAt('submit.stored', { trigger: (sequencer) => submit(sequencer, first) });
  // Stored before it was answered: from here on the sequencer goes on by itself.
  for (const point of [
    'builder.selected',
    'builder.candidate-stored',
    'prover.witness-built',
    'prover.chunk-proven',
    'prover.all-stored',
    'publisher.block-encoded',
    'publisher.simulated',
    'publisher.signed',
    'publisher.attempt-stored',
    'publisher.sent',
    'follower.block-decoded',
    'follower.block-inserted',
    'follower.block-stored',
  ] as const) {
    await crashAt(point);
  }
  await settles(first);
  assert.equal((await rollup.settledBlocks()).length, 1);
});

test('a stuck proposal: killed around every replacement, and after its nonce was used by something else', async () => {
  const [, second] = minted;
  await rollup.rpc('evm_setAutomine', false);
  await crashAt('prover.chunk-stored', { trigger: (sequencer) => submit(sequencer, second) });
  const environment = { AZALEA_STUCK_AFTER_MS: '200' };
  await crashAt('publisher.replacement-signed', { environment });
  await crashAt('publisher.replacement-stored', { environment });
  await crashAt('publisher.replacement-sent', { environment });
  const proposer = privateKeyToAccount(PROPOSER_KEY);
  const wallet = l1Wallet(rollup.client, proposer);
  const nonce = await rollup.client.getTransactionCount({ address: proposer.address });
  await wallet.sendTransaction({
    to: proposer.address,
    nonce,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 10n ** 11n,
    gas: 21_000n,
  });
  await rollup.rpc('evm_mine');
  assert.equal(await rollup.timesSettled(second.nullifiers[0]), 0);
  await crashAt('publisher.receipt-seen');
  await rollup.rpc('evm_setAutomine', true);
  await rollup.rpc('evm_mine');
  await settles(second);
});

test('a reorganisation: killed while what it removed is taken back', async () => {
  const [, , third] = minted;
  const snapshot = await rollup.rpc('evm_snapshot');
  const sequencer = await start();
  await submit(sequencer, third);
  await eventually(
    'settled',
    async () => (await sequencer.client.getTransaction(third.id)).status === 'settled',
  );
  await sequencer.stop('SIGKILL');
  await rollup.rpc('evm_revert', snapshot);
  assert.equal(await rollup.timesSettled(third.nullifiers[0]), 0);
  await crashAt('rollback.ancestor-found');
  await crashAt('rollback.block-undone');
  await crashAt('rollback.stored');
  await settles(third);
});

test('deposits, drops and stops', async () => {
  const [, , , fourth] = minted;
  const deposit = () =>
    depositEth(rollup.client, rollup.wallets[2], rollup.info.bridge, { ownerHash: 7n, amount: 5n });
  await deposit();
  await crashAt('follower.deposits-stored');
  await crashAt('stop.requested', {
    trigger: async (sequencer) => {
      await ready(sequencer);
      sequencer.process.kill('SIGTERM');
    },
  });
  const sequencer = await start();
  await eventually('deposit', async () =>
    (await sequencer.client.getNotes()).blocks.some((block) => block.deposits.length === 1),
  );
  await sequencer.stop();
  const snapshot = await rollup.rpc('evm_snapshot');
  await crashAt('builder.selected', { trigger: (sequencer) => submit(sequencer, fourth) });
  await rollup.rpc('hardhat_mine', '0x1c30');
  await crashAt('maintenance.dropped');
  const last = await start();
  await eventually('dropped', async () => (await last.client.getTransaction(fourth.id)).status === 'dropped');
  assert.equal((await last.client.getTransaction(fourth.id)).reason?.code, 'ANCHOR_EXPIRED');
  await last.stop();
  await rollup.rpc('evm_revert', snapshot);
});

test('every crash point was visited', () => {
  assert.deepEqual(
    CRASH_POINTS.filter((point) => !visited.has(point)),
    [],
  );
});

test('random kills under load', { timeout: 900_000 }, async () => {
  const seed = Number(process.env.AZALEA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed of the random kills: ${seed} (AZALEA_TEST_SEED)`);
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const waiting = minted.slice(4);
  const accepted: Minted[] = [];
  for (let kill = 0; kill < RANDOM_KILLS; kill++) {
    const sequencer = await start();
    if (kill % 2 === 0 && waiting.length > 0) {
      const next = waiting.shift()!;
      await submit(sequencer, next);
      accepted.push(next);
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 6000));
    assert.equal(await sequencer.stop('SIGKILL'), 'SIGKILL');
  }
  await settles(...accepted);
  for (const { nullifiers } of minted.slice(0, 3)) assert.equal(await rollup.timesSettled(nullifiers[0]), 1);
});
