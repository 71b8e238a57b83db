/** Every row of docs/tokens.md: what the bridge and the wallet do with unusual tokens. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { type Address, encodeErrorResult, encodeFunctionData, type Hex } from 'viem';
import { type Fixture, revertName, STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { type ContractArtifact, type ContractName, loadArtifact } from '../../l1/artifacts.ts';
import { connectL1, l1Wallet } from '../../l1/client.ts';
import { deployContract } from '../../l1/deploy/deploy.ts';
import { depositErc20 } from '../../l1/deposit.ts';
import { bridgeAbi } from '../../l1/generated/bridge-abi.ts';
import { testTokenAbi } from '../../l1/generated/test-token-abi.ts';
import { sendCall } from '../../l1/send.ts';
import { readWithdrawable, withdraw } from '../../l1/withdraw.ts';
import { misbehavingNode } from '../support/l1/misbehaving-node.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import { type StandInChain, withdrawMessage } from '../support/rollup/stand-in-blocks.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

interface Quirks {
  readonly fromZero?: boolean;
  readonly nothing?: boolean;
  readonly returnFalse?: boolean;
  readonly ignore?: boolean;
}

describe('tokens', () => {
  let fixture: Fixture;
  let blocks: StandInChain;
  const tested = new Set<string>();
  const actions = fixtureActions(() => fixture);
  useStandInRollup((made) => {
    ({ fixture, blocks } = made);
  });
  restoreChain(actions);
  after(() => {
    const rows = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8').matchAll(
      /^\| ([^|]+) \|/gm,
    );
    const listed = [...rows]
      .map(([, quirk]) => quirk)
      .filter((quirk) => quirk !== 'quirk' && !quirk.startsWith('-'));
    assert.deepEqual(
      [...tested].sort(),
      listed.sort(),
      'docs/tokens.md lists what is tested, and nothing else',
    );
  });
  /** A test of one row. */
  const row = (quirk: string, work: () => Promise<void>): void => {
    tested.add(quirk);
    it(quirk, work);
  };

  const user = () => fixture.wallets[1];
  const run = (artifact: ContractArtifact, to: Address, functionName: string, args: readonly unknown[]) =>
    sendCall(fixture.client, user(), functionName, {
      to,
      data: encodeFunctionData({ abi: artifact.abi, functionName, args: [...args] }),
    });
  const make = async (name: ContractName, quirks: Quirks = {}) => {
    const artifact = await loadArtifact(name);
    const address = await deployContract({ client: fixture.client, wallet: user() }, artifact, []);
    const call = (functionName: string, ...args: unknown[]) => run(artifact, address, functionName, args);
    await call('mint', user().account.address, 1000n);
    const { fromZero = false, nothing = false, returnFalse = false, ignore = false } = quirks;
    if (name === 'QuirkyToken') await call('set', fromZero, nothing, returnFalse, ignore);
    return { address, call };
  };
  const deposit = (token: Address, amount: bigint) =>
    depositErc20(fixture.client, user(), fixture.bridge, { token, ownerHash: 5n, amount });
  const balance = (token: Address, of: Address): Promise<bigint> =>
    fixture.client.readContract({ address: token, abi: testTokenAbi, functionName: 'balanceOf', args: [of] });
  const backing = (asset: Address): Promise<bigint> =>
    fixture.client.readContract({
      address: fixture.bridge,
      abi: bridgeAbi,
      functionName: 'backing',
      args: [asset],
    });
  /** Settles a block that pays two accounts. */
  const pay = async (token: Address, amounts: readonly [number, bigint][]): Promise<void> => {
    const transitions = [];
    for (const [wallet, amount] of amounts) {
      const { address } = fixture.wallets[wallet].account;
      const message = withdrawMessage(STAND_IN_IDS.bridgeProgramId, address, amount, token);
      transitions.push(await blocks.transition({ seed: 40 + wallet, message }));
    }
    await actions.propose(await blocks.block({ transitions, chunks: [blocks.chunk(1)] }));
  };
  const collect = (wallet: number, token: Address) =>
    withdraw(fixture.client, fixture.wallets[wallet], fixture.bridge, token);
  const collectable = (wallet: number, token: Address) =>
    readWithdrawable(fixture.client, fixture.bridge, fixture.wallets[wallet].account.address, token);

  row('approves from zero only', async () => {
    const { address, call } = await make('QuirkyToken', { fromZero: true, nothing: true });
    await call('approve', fixture.bridge, 10n);
    assert.equal((await deposit(address, 100n)).amount, 100n);
    assert.equal(await backing(address), 100n);
    // An allowance that is large enough is used as it is.
    await call('approve', fixture.bridge, 50n);
    assert.equal((await deposit(address, 50n)).amount, 50n);
  });

  row('approve or transfer returns nothing', async () => {
    const { address } = await make('QuirkyToken', { nothing: true });
    assert.equal((await deposit(address, 100n)).amount, 100n);
    await pay(address, [[2, 40n]]);
    assert.equal((await collect(2, address)).amount, 40n);
    assert.equal(await balance(address, fixture.wallets[2].account.address), 40n);
  });

  row('transfer returns false', async () => {
    const { address, call } = await make('QuirkyToken');
    await deposit(address, 100n);
    await pay(address, [[2, 40n]]);
    await call('set', false, false, true, false);
    assert.equal(await revertName(deposit(address, 10n)), 'SafeERC20FailedOperation');
    assert.equal(await revertName(collect(2, address)), 'SafeERC20FailedOperation');
    assert.equal(await collectable(2, address), 40n);
    assert.equal(await backing(address), 60n);
    await call('set', false, false, false, false);
    assert.equal((await collect(2, address)).amount, 40n);
  });

  row('approve changes nothing', async () => {
    const { address } = await make('QuirkyToken', { ignore: true });
    await assert.rejects(deposit(address, 100n), { code: 'TOKEN_APPROVAL_REFUSED' });
    assert.equal(await backing(address), 0n);
  });

  row('takes a fee on transfer', async () => {
    const { address } = await make('FeeToken');
    assert.equal((await deposit(address, 500n)).amount, 495n);
    assert.equal(await backing(address), 495n);
    await pay(address, [[2, 100n]]);
    assert.equal((await collect(2, address)).amount, 100n);
    assert.equal(await balance(address, fixture.wallets[2].account.address), 99n);
  });

  row('rebases down', async () => {
    const { address, call } = await make('QuirkyToken');
    await deposit(address, 100n);
    await call('rebase', 50n);
    await pay(address, [
      [2, 40n],
      [3, 60n],
    ]);
    assert.equal((await collect(2, address)).amount, 40n);
    assert.notEqual(await revertName(collect(3, address)), 'no error');
    assert.equal(await collectable(3, address), 60n);
    await call('mint', fixture.bridge, 60n);
    assert.equal((await collect(3, address)).amount, 60n);
  });

  row('rebases up', async () => {
    const { address, call } = await make('QuirkyToken');
    await deposit(address, 100n);
    await call('rebase', 200n);
    assert.equal(await backing(address), 100n);
    await pay(address, [[2, 100n]]);
    await collect(2, address);
    assert.equal(await balance(address, fixture.bridge), 100n);
    assert.equal(await backing(address), 0n);
  });

  row('blocks the depositor', async () => {
    const { address, call } = await make('QuirkyToken');
    await call('setBlocked', user().account.address, true);
    assert.notEqual(await revertName(deposit(address, 100n)), 'no error');
    assert.equal(await backing(address), 0n);
  });

  row('blocks the receiver', async () => {
    const { address, call } = await make('QuirkyToken');
    await deposit(address, 100n);
    await call('setBlocked', fixture.wallets[2].account.address, true);
    await pay(address, [
      [2, 40n],
      [3, 60n],
    ]);
    assert.notEqual(await revertName(collect(2, address)), 'no error');
    assert.equal((await collect(3, address)).amount, 60n);
    assert.equal(await collectable(2, address), 40n);
    await call('setBlocked', fixture.wallets[2].account.address, false);
    assert.equal((await collect(2, address)).amount, 40n);
  });

  row('blocks the bridge', async () => {
    const { address, call } = await make('QuirkyToken');
    await deposit(address, 100n);
    await pay(address, [[2, 40n]]);
    await call('setBlocked', fixture.bridge, true);
    assert.notEqual(await revertName(deposit(address, 100n)), 'no error');
    assert.notEqual(await revertName(collect(2, address)), 'no error');
    assert.equal(await collectable(2, address), 40n);
    await call('setBlocked', fixture.bridge, false);
    assert.equal((await collect(2, address)).amount, 40n);
  });

  row('has no code, or is no token', async () => {
    const before = await fixture.client.getTransactionCount({ address: user().account.address });
    for (const wrong of [fixture.wallets[3].account.address, fixture.bridge, fixture.rollup]) {
      await assert.rejects(deposit(wrong, 100n), { code: 'TOKEN_INVALID' });
    }
    assert.equal(await fixture.client.getTransactionCount({ address: user().account.address }), before);
  });

  row('runs code of others on transfer', async () => {
    const { address, call } = await make('ReentrantToken');
    const nested = encodeFunctionData({
      abi: bridgeAbi,
      functionName: 'depositErc20',
      args: [address, 1n, 6n],
    });
    await call('arm', fixture.bridge, nested);
    assert.equal(await revertName(deposit(address, 100n)), 'ReentrancyGuardReentrantCall');
    assert.equal(await backing(address), 0n);
  });

  row('lies about balances', async () => {
    const good = await make('QuirkyToken');
    await deposit(good.address, 100n);
    const artifact = await loadArtifact('LyingToken');
    const liar = await deployContract({ client: fixture.client, wallet: user() }, artifact, []);
    await run(artifact, liar, 'set', [0n, 10n ** 30n]);
    const args = [liar, 1n, 3n] as const;
    await sendCall(fixture.client, user(), 'deposit', {
      to: fixture.bridge,
      data: encodeFunctionData({ abi: bridgeAbi, functionName: 'depositErc20', args }),
    });
    assert.equal(await backing(liar), 10n ** 30n);
    assert.equal(await backing(good.address), 100n);
  });

  row('lags on some nodes after its approval', async () => {
    const { address } = await make('QuirkyToken');
    const node = await misbehavingNode(({ method, params }) => actions.request(method, [...params]));
    try {
      const client = await connectL1({ l1: node.url, pollingInterval: 5, http: { retryCount: 0 } });
      const wallet = l1Wallet(client, user().account);
      const through = (amount: bigint) =>
        depositErc20(client, wallet, fixture.bridge, { token: address, ownerHash: 7n, amount });
      const insufficient = encodeErrorResult({
        abi: testTokenAbi,
        errorName: 'ERC20InsufficientAllowance',
        args: [fixture.bridge, 0n, 100n],
      });
      // Old tokens subtract: Panic(0x11).
      const panic = `0x4e487b71${'11'.padStart(64, '0')}`;
      for (const data of [insufficient, panic]) {
        node.clear();
        let approved = 0;
        const stale = (call: { method: string; params: readonly any[] }) =>
          approved > 0 && call.params[0]?.to?.toLowerCase() === fixture.bridge.toLowerCase();
        node.rule({ method: 'eth_sendRawTransaction', when: () => ++approved < 0, answer: { kind: 'drop' } });
        node.rule({
          method: 'eth_estimateGas',
          when: stale,
          times: 3,
          answer: { kind: 'rpc-error', code: 3, message: 'execution reverted', data },
        });
        assert.equal((await through(100n)).amount, 100n);
      }
      // The allowance itself is read from a node that lags behind, once before it is used up and once after it is given.
      node.clear();
      const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`;
      const allowance = (call: { params: readonly any[] }) =>
        String(call.params[0]?.data).startsWith('0xdd62ed3e');
      node.rule({
        method: 'eth_call',
        when: allowance,
        times: 1,
        answer: { kind: 'result', result: word(100n) },
      });
      node.rule({
        method: 'eth_call',
        when: allowance,
        times: 3,
        answer: { kind: 'result', result: word(0n) },
      });
      assert.equal((await through(100n)).amount, 100n);
      // Given time, but not for ever.
      node.clear();
      node.rule({
        method: 'eth_estimateGas',
        when: ({ params }) => params[0]?.to?.toLowerCase() === fixture.bridge.toLowerCase(),
        answer: { kind: 'rpc-error', code: 3, message: 'execution reverted', data: insufficient },
      });
      await assert.rejects(through(100n), {
        code: 'L1_REVERTED',
        details: {
          action: 'deposit a token',
          error: 'ERC20InsufficientAllowance',
          spender: fixture.bridge,
          allowance: '0',
          needed: '100',
        },
      });
    } finally {
      await node.close();
    }
  });
});
