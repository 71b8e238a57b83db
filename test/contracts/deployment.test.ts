/** Deploys a rollup: idempotent under every failure in between, and checked against the code compiled here. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EIP1193Provider, Hex } from 'viem';
import { type DevelopmentChain, startChain } from '../../devnet/chain.ts';
import { STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { developmentAccounts } from '../../l1/account.ts';
import { loadArtifact } from '../../l1/artifacts.ts';
import { connectL1, type L1Client, l1Wallet } from '../../l1/client.ts';
import { encodeRollupDeployment } from '../../l1/deploy/deploy.ts';
import { estimateDeployment, settleDeployment, signDeployment } from '../../l1/deploy/deploy-once.ts';
import {
  type DeploymentDescription,
  PendingDeployment,
  readDescription,
  rollupAddress,
  writeDescription,
} from '../../l1/deploy/deployment-file.ts';
import { requireVerified, verifyDeployment } from '../../l1/deploy/verify-deployment.ts';
import { loadConfig } from '../../sequencer/process/config.ts';
import { type StandInProver, standInProver } from '../support/rollup/stand-in-prover.ts';

const directory = mkdtempSync(join(tmpdir(), 'azalea-deployment-'));
const [account, other] = developmentAccounts(2);
let chain: DevelopmentChain;
let client: L1Client;
let prover: StandInProver;
let data: Hex;
const contracts = async () => ({
  rollup: await loadArtifact('Rollup'),
  bridge: await loadArtifact('Bridge'),
});
const expected = () => ({ keys: prover.keys, insecureKeys: true, ...STAND_IN_IDS });

before(async () => {
  chain = await startChain();
  client = await connectL1({ l1: chain.provider, pollingInterval: 5 });
  prover = await standInProver();
  data = encodeRollupDeployment(expected(), (await loadArtifact('Rollup')).bytecode);
});
after(async () => {
  await prover.close();
  await chain.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A client whose sendRawTransaction answers as `send` says, having passed the bytes on or not. */
const through = async (send: (pass: () => Promise<unknown>) => Promise<unknown>): Promise<L1Client> => {
  const provider = {
    request: async (call: { method: string }) => {
      const pass = () => (chain.provider.request as (call: unknown) => Promise<unknown>)(call);
      return call.method === 'eth_sendRawTransaction' ? send(pass) : pass();
    },
  };
  return await connectL1({ l1: provider as unknown as EIP1193Provider, pollingInterval: 5 });
};
const signed = async () =>
  await signDeployment(client, account, data, await estimateDeployment(client, account.address, data));
const nonceOf = () => client.getTransactionCount({ address: account.address });

describe('a deployment', () => {
  test('costs what was said, and its address is known before it is sent', async () => {
    const cost = await estimateDeployment(client, account.address, data);
    const pending = await signDeployment(client, account, data, cost);
    assert.equal(await client.getCode({ address: pending.rollup }), undefined);
    const receipt = await settleDeployment(client, pending);
    assert.equal(receipt.contractAddress?.toLowerCase(), pending.rollup.toLowerCase());
    assert.ok(receipt.gasUsed <= cost.gas && receipt.gasUsed * receipt.effectiveGasPrice <= cost.most);
    assert.ok(cost.expected > 0n && cost.expected <= cost.most && cost.balance > cost.most);
  });

  test('is sent once, whatever the node answers, and a repeated call finds it', async () => {
    const before = await nonceOf();
    const pending = await signed();
    let sends = 0;
    const lossy = await through(async (pass) => {
      sends++;
      if (sends === 1) throw new Error('socket hang up');
      await pass();
      throw new Error('already known');
    });
    const first = await settleDeployment(lossy, pending);
    const again = await settleDeployment(await through(async () => assert.fail('sent again')), pending);
    assert.equal(again.transactionHash, first.transactionHash);
    assert.equal(await nonceOf(), before + 1);
  });

  test('goes on from its file after a crash before or after it was sent', async () => {
    const file = join(directory, 'crash.pending');
    for (const sent of [false, true]) {
      const pending = await signed();
      writeDescription(file, pending);
      if (sent) await client.sendRawTransaction({ serializedTransaction: pending.raw });
      const kept = readDescription(file, PendingDeployment);
      assert.deepEqual(kept, pending);
      const receipt = await settleDeployment(client, kept!);
      assert.equal(receipt.transactionHash, pending.transaction);
    }
  });

  test('whose nonce another transaction used, or that is not mined, says so', async () => {
    const pending = await signed();
    const deaf = await through(async () => '0x');
    await assert.rejects(settleDeployment(deaf, pending, { patienceMs: 30 }), { code: 'DEPLOYMENT_PENDING' });
    const hash = await l1Wallet(client, account).sendTransaction({ to: other.address, value: 1n });
    await client.waitForTransactionReceipt({ hash });
    await assert.rejects(settleDeployment(client, pending), { code: 'DEPLOYMENT_REPLACED' });
  });
});

describe('verification', () => {
  let deployment: { rollup: Hex; transaction: Hex };
  before(async () => {
    const pending = await signed();
    await settleDeployment(client, pending);
    deployment = pending;
  });
  const failing = async (
    wanted: Parameters<typeof verifyDeployment>[2],
    compiled?: Awaited<ReturnType<typeof contracts>>,
    which = deployment,
  ): Promise<string[]> =>
    (await verifyDeployment(client, which, wanted, compiled ?? (await contracts())))
      .filter(({ ok }) => !ok)
      .map(({ name }) => name);

  test('accepts the rollup that was meant', async () => {
    const checks = await verifyDeployment(client, deployment, expected(), await contracts());
    assert.ok(checks.length >= 12);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    requireVerified(deployment.rollup, checks);
  });

  test('names what differs: a key, a missing key, a program, the role of the keys', async () => {
    const key = structuredClone(prover.keys['transition-small']) as unknown as { IC: string[][] };
    [key.IC[0], key.IC[1]] = [key.IC[1], key.IC[0]];
    const keys = { ...prover.keys, 'transition-small': key as never };
    assert.deepEqual(await failing({ ...expected(), keys }), [
      'verification keys given',
      'verification keys',
    ]);
    const { 'transition-large': _, ...fewer } = prover.keys;
    assert.deepEqual(await failing({ ...expected(), keys: fewer }), [
      'verification keys given',
      'verification keys',
      'keys',
    ]);
    assert.deepEqual(await failing({ ...expected(), creditsProgramId: 7n }), ['creditsProgramId']);
    assert.deepEqual(await failing({ ...expected(), bridgeTypeId: 7n }), ['bridgeTypeId']);
    assert.deepEqual(await failing({ ...expected(), insecureKeys: false }), ['insecureKeys']);
  });

  test('names other code, wherever a byte differs, and another transaction', async () => {
    const { rollup, bridge } = await contracts();
    const change = (code: Hex, at: number): Hex =>
      `${code.slice(0, at)}${code[at] === '0' ? '1' : '0'}${code.slice(at + 1)}` as Hex;
    const compiled = (changed: object) =>
      ({ rollup, bridge, ...changed }) as Awaited<ReturnType<typeof contracts>>;
    assert.deepEqual(
      await failing(
        expected(),
        compiled({ rollup: { ...rollup, deployedBytecode: change(rollup.deployedBytecode, 200) } }),
      ),
      ['code of the rollup'],
    );
    assert.deepEqual(
      await failing(
        expected(),
        compiled({ bridge: { ...bridge, deployedBytecode: change(bridge.deployedBytecode, 200) } }),
      ),
      ['code of the bridge'],
    );
    // A constructor that sets other immutables leaves the same code behind.
    assert.deepEqual(
      await failing(expected(), compiled({ rollup: { ...rollup, bytecode: change(rollup.bytecode, 200) } })),
      ['creation code'],
    );
    const second = await signed();
    await settleDeployment(client, second);
    const names = await failing(expected(), undefined, { ...deployment, transaction: second.transaction });
    assert.deepEqual(names, ['created by this transaction']);
    const checks = await verifyDeployment(
      client,
      { ...deployment, transaction: second.transaction },
      expected(),
      await contracts(),
    );
    assert.throws(() => requireVerified(deployment.rollup, checks), { code: 'DEPLOYMENT_MISMATCH' });
  });
});

test("a deployment's file is an address for the sequencer; anything else is named", () => {
  const rollup = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
  const file = join(directory, 'rollup.json');
  const description: DeploymentDescription = {
    version: 1,
    chainId: 31337,
    rollupId: `0x${'01'.repeat(32)}`,
    rollup,
    bridge: rollup,
    transaction: `0x${'02'.repeat(32)}`,
    l1Block: 1,
    insecureKeys: true,
    keys: [],
  };
  writeDescription(file, description);
  assert.equal(rollupAddress(file), rollup);
  assert.equal(rollupAddress(rollup), rollup);
  const base = { l1Url: 'http://a', proposerKey: `0x${'ab'.repeat(32)}` };
  assert.equal(loadConfig({ overrides: { ...base, rollup: file } }).rollup, rollup);
  assert.equal(loadConfig({ environment: { AZALEA_ROLLUP: file }, overrides: base }).rollup, rollup);
  const refused = (value: string, code: string) => assert.throws(() => rollupAddress(value), { code });
  refused(join(directory, 'absent'), 'DEPLOYMENT_FILE_INVALID');
  refused(rollup.toUpperCase().replace('0X', '0x').replace('F', 'f'), 'L1_ADDRESS_INVALID');
  refused('0x12', 'L1_ADDRESS_INVALID');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"version": 1', '"version": 2'));
  refused(file, 'DEPLOYMENT_FILE_INVALID');
  writeFileSync(file, '{');
  refused(file, 'DEPLOYMENT_FILE_INVALID');
  assert.throws(() => loadConfig({ overrides: { ...base, rollup: file } }), {
    code: 'DEPLOYMENT_FILE_INVALID',
  });
});
