import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Address, encodeFunctionData } from 'viem';
import { type Fixture, queuedDeposits, revertName, STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { type ContractArtifact, type ContractName, loadArtifact } from '../../l1/artifacts.ts';
import { deployContract } from '../../l1/deploy/deploy.ts';
import { depositErc20, depositEth, ETH } from '../../l1/deposit.ts';
import { readEvents } from '../../l1/events.ts';
import { bridgeAbi } from '../../l1/generated/bridge-abi.ts';
import { sendCall } from '../../l1/send.ts';
import { readWithdrawable, withdraw } from '../../l1/withdraw.ts';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import { type StandInChain, withdrawMessage } from '../support/rollup/stand-in-blocks.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

const ETHER = 10n ** 18n;

describe('Bridge', () => {
  let fixture: Fixture;
  let blocks: StandInChain;

  const actions = fixtureActions(() => fixture);
  const { request, propose, outcome } = actions;
  const user = () => fixture.wallets[1];
  const deposit = (ownerHash: bigint, amount: bigint) =>
    depositEth(fixture.client, user(), fixture.bridge, { ownerHash, amount });
  const depositToken = (token: Address, ownerHash: bigint, amount: bigint) =>
    depositErc20(fixture.client, user(), fixture.bridge, { token, ownerHash, amount });
  const backing = (asset: Address): Promise<bigint> =>
    fixture.client.readContract({
      address: fixture.bridge,
      abi: bridgeAbi,
      functionName: 'backing',
      args: [asset],
    });
  const call = (artifact: ContractArtifact, to: Address, functionName: string, args: readonly unknown[]) =>
    sendCall(fixture.client, user(), functionName, {
      to,
      data: encodeFunctionData({ abi: artifact.abi, functionName, args: [...args] }),
    });
  /** Deploys a token and gives the user 1000 of it. */
  const token = async (name: ContractName): Promise<{ address: Address; artifact: ContractArtifact }> => {
    const artifact = await loadArtifact(name);
    const args = name === 'TestToken' ? ['Test', 'TEST'] : [];
    const address = await deployContract({ client: fixture.client, wallet: user() }, artifact, args);
    if (name !== 'LyingToken') await call(artifact, address, 'mint', [user().account.address, 1000n]);
    return { address, artifact };
  };
  /** Settles a block that pays. */
  const payOut = async (
    seed: number,
    messages: readonly [bigint, bigint, bigint, bigint][],
  ): Promise<Uint8Array> => {
    const transitions = [];
    for (const [i, message] of messages.entries()) {
      transitions.push(await blocks.transition({ seed: seed + i, message }));
    }
    return blocks.block({ transitions, chunks: [blocks.chunk(seed)] });
  };

  useStandInRollup((made) => {
    ({ fixture, blocks } = made);
  });
  restoreChain(actions);

  describe('deposits', () => {
    it('queue ETH and tokens in order, with exactly the words that L1 writes', async () => {
      const test = await token('TestToken');
      const first = await deposit(11n, 5n);
      const second = await depositToken(test.address, 12n, 7n);
      assert.deepEqual([first.index, second.index], [0, 1]);
      assert.deepEqual([first.amount, second.amount], [5n, 7n]);
      assert.deepEqual(await queuedDeposits(fixture, 2), [
        [STAND_IN_IDS.creditsTypeId, 11n, 0n, 5n, 0n, 0n, 0n, 0n],
        [STAND_IN_IDS.bridgeTypeId, 12n, 1n, 7n, BigInt(test.address), 0n, 0n, 0n],
      ]);
      // The contract takes the same words: a block over them settles.
      const plan = { transitions: [], chunks: [blocks.chunk(1)], depositCount: 2 };
      await propose(await blocks.block(plan));
      assert.equal(await backing(ETH), 5n);
      assert.equal(await backing(test.address), 7n);
    });

    it('of amount 0, of 2^128 and more, or with ownerHash at or above r are refused', async () => {
      assert.equal(await revertName(deposit(1n, 0n)), 'AmountOutOfRange');
      await request('hardhat_setBalance', [user().account.address, `0x${(2n ** 130n).toString(16)}`]);
      assert.equal(await revertName(deposit(1n, 2n ** 128n)), 'AmountOutOfRange');
      assert.equal((await deposit(1n, 2n ** 128n - 1n)).amount, 2n ** 128n - 1n);
      for (const ownerHash of [FIELD_MODULUS, FIELD_MODULUS + 1n, 2n ** 256n - 1n]) {
        assert.equal(await revertName(deposit(ownerHash, 1n)), 'OwnerHashOutOfRange');
      }
      assert.equal((await deposit(FIELD_MODULUS - 1n, 1n)).ownerHash, FIELD_MODULUS - 1n);
      const test = await token('TestToken');
      assert.equal(await revertName(depositToken(test.address, 1n, 0n)), 'AmountOutOfRange');
      assert.equal(await revertName(depositToken(test.address, FIELD_MODULUS, 1n)), 'OwnerHashOutOfRange');
      await call(test.artifact, test.address, 'mint', [user().account.address, 2n ** 128n]);
      assert.equal(await revertName(depositToken(test.address, 1n, 2n ** 128n)), 'AmountOutOfRange');
      assert.equal(await revertName(depositToken(test.address, 1n, 2n ** 200n)), 'ERC20InsufficientBalance');
    });

    it('of something that is no token are refused', async () => {
      const direct = (asset: Address) =>
        revertName(
          sendCall(fixture.client, user(), 'deposit', {
            to: fixture.bridge,
            data: encodeFunctionData({ abi: bridgeAbi, functionName: 'depositErc20', args: [asset, 1n, 1n] }),
          }),
        );
      assert.equal(await direct(ETH), 'InvalidToken');
      assert.equal(await direct(user().account.address), 'InvalidToken');
    });

    it('credit what arrived, when a token takes a fee', async () => {
      const fee = await token('FeeToken');
      const receipt = await depositToken(fee.address, 3n, 500n);
      assert.equal(receipt.amount, 495n);
      assert.equal(await backing(fee.address), 495n);
    });

    it('of a junk token count for that token only, whatever it claims', async () => {
      await deposit(1n, ETHER);
      const test = await token('TestToken');
      await depositToken(test.address, 2n, 100n);
      const liar = await token('LyingToken');
      const lie = async (from: bigint, to: bigint): Promise<string> => {
        await call(liar.artifact, liar.address, 'set', [from, to]);
        const data = encodeFunctionData({
          abi: bridgeAbi,
          functionName: 'depositErc20',
          args: [liar.address, 1n, 3n],
        });
        return revertName(sendCall(fixture.client, user(), 'deposit', { to: fixture.bridge, data }));
      };
      assert.equal(await lie(0n, 2n ** 128n), 'AmountOutOfRange');
      assert.equal(await lie(5n, 5n), 'AmountOutOfRange');
      assert.equal(await lie(5n, 4n), 'AmountOutOfRange');
      assert.equal(await lie(2n ** 256n - 1n, 0n), 'AmountOutOfRange');
      assert.equal(await lie(0n, 1000n), 'no error');
      assert.deepEqual((await queuedDeposits(fixture, 3))[2].slice(3, 5), [1000n, BigInt(liar.address)]);
      assert.equal(await backing(ETH), ETHER);
      assert.equal(await backing(test.address), 100n);
      // And so a withdrawal of the good token cannot exceed what was deposited of it.
      const { bridgeProgramId } = STAND_IN_IDS;
      const message = withdrawMessage(bridgeProgramId, user().account.address, 101n, test.address);
      assert.equal(await outcome(await payOut(1, [message])), 'WithdrawalExceedsDeposits');
    });

    it('cannot be nested: a token that deposits or withdraws while it moves is refused', async () => {
      const evil = await token('ReentrantToken');
      const again = encodeFunctionData({
        abi: bridgeAbi,
        functionName: 'depositErc20',
        args: [evil.address, 1n, 9n],
      });
      const ether = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositEth', args: [9n] });
      const collect = encodeFunctionData({ abi: bridgeAbi, functionName: 'withdraw', args: [evil.address] });
      await depositToken(evil.address, 1n, 10n);
      await call(evil.artifact, evil.address, 'approve', [fixture.bridge, 1000n]);
      for (const data of [again, ether, collect]) {
        await call(evil.artifact, evil.address, 'arm', [fixture.bridge, data]);
        const attempt = depositToken(evil.address, 1n, 10n);
        assert.equal(await revertName(attempt), 'ReentrancyGuardReentrantCall');
      }
      assert.equal(await backing(evil.address), 10n);
    });
  });

  describe('withdrawals', () => {
    const { creditsProgramId, bridgeProgramId } = STAND_IN_IDS;
    const receiver = () => fixture.wallets[2];
    const to = () => receiver().account.address;

    it('accumulate per receiver and asset and are collected once', async () => {
      const test = await token('TestToken');
      await deposit(1n, ETHER);
      await depositToken(test.address, 2n, 100n);
      const eth = withdrawMessage(creditsProgramId, to(), 7n, 0n);
      const tokens = withdrawMessage(bridgeProgramId, to(), 40n, test.address);
      await propose(await payOut(1, [eth, tokens]));
      await propose(await payOut(11, [withdrawMessage(creditsProgramId, to(), 5n, 0n)]));
      assert.equal(await readWithdrawable(fixture.client, fixture.bridge, to(), ETH), 12n);
      assert.equal(await readWithdrawable(fixture.client, fixture.bridge, to(), test.address), 40n);
      assert.equal(await backing(ETH), ETHER - 12n);

      const before = await fixture.client.getBalance({ address: fixture.bridge });
      assert.equal((await withdraw(fixture.client, receiver(), fixture.bridge, ETH)).amount, 12n);
      assert.equal(before - (await fixture.client.getBalance({ address: fixture.bridge })), 12n);
      assert.equal((await withdraw(fixture.client, receiver(), fixture.bridge, test.address)).amount, 40n);
      const again = (asset: Address) =>
        revertName(withdraw(fixture.client, receiver(), fixture.bridge, asset));
      assert.equal(await again(ETH), 'NothingToWithdraw');
      assert.equal(await again(test.address), 'NothingToWithdraw');

      const head = Number(await fixture.client.getBlockNumber());
      const { withdrawals } = await readEvents(fixture.client, fixture.source, 0, head);
      assert.deepEqual(
        withdrawals.map(({ kind, amount }) => [kind, amount]),
        [
          ['credited', 7n],
          ['credited', 40n],
          ['credited', 5n],
          ['withdrawn', 12n],
          ['withdrawn', 40n],
        ],
      );
    });

    it('go to their receiver only, and not before the block settled', async () => {
      await deposit(1n, ETHER);
      const block = await payOut(1, [withdrawMessage(creditsProgramId, to(), 7n, 0n)]);
      const nothing = (wallet: number) =>
        revertName(withdraw(fixture.client, fixture.wallets[wallet], fixture.bridge, ETH));
      assert.equal(await nothing(2), 'NothingToWithdraw');
      await propose(block);
      assert.equal(await nothing(1), 'NothingToWithdraw');
      assert.equal(await nothing(2), 'no error');
    });

    it('never exceed deposits: in one, in the sum of a block, in the sum of blocks', async () => {
      await deposit(1n, 100n);
      const pay = (amount: bigint) => withdrawMessage(creditsProgramId, to(), amount, 0n);
      assert.equal(await outcome(await payOut(1, [pay(101n)])), 'WithdrawalExceedsDeposits');
      assert.equal(await outcome(await payOut(1, [pay(60n), pay(41n)])), 'WithdrawalExceedsDeposits');
      await propose(await payOut(1, [pay(60n), pay(30n)]));
      assert.equal(await outcome(await payOut(5, [pay(11n)])), 'WithdrawalExceedsDeposits');
      assert.equal(await outcome(await payOut(5, [pay(10n)])), 'no error');
      // ETH that somebody sent without a deposit is not there: the bridge takes none.
      const gift = sendCall(fixture.client, user(), 'send ETH', {
        to: fixture.bridge,
        data: '0x',
        value: 1n,
      });
      await assert.rejects(gift, { code: 'L1_REVERTED' });
    });

    it('are granted by the rollup only', async () => {
      const payments = [{ receiver: to(), asset: ETH, amount: 1n }];
      for (const data of [
        encodeFunctionData({ abi: bridgeAbi, functionName: 'credit', args: [payments] }),
        encodeFunctionData({ abi: bridgeAbi, functionName: 'takeDeposits', args: [0n, 0n] }),
      ]) {
        const attempt = sendCall(fixture.client, fixture.wallets[0], 'credit', { to: fixture.bridge, data });
        assert.equal(await revertName(attempt), 'NotRollup');
      }
    });

    it('cannot be collected twice by a receiver that calls back', async () => {
      await deposit(1n, 100n);
      const artifact = await loadArtifact('Forwarder');
      const thief = await deployContract({ client: fixture.client, wallet: user() }, artifact);
      await propose(await payOut(1, [withdrawMessage(creditsProgramId, thief, 40n, 0n)]));
      const collect = encodeFunctionData({ abi: bridgeAbi, functionName: 'withdraw', args: [ETH] });
      await call(artifact, thief, 'arm', [fixture.bridge, collect]);
      const attempt = call(artifact, thief, 'forward', [fixture.bridge, collect]);
      assert.equal(await revertName(attempt), 'EthTransferFailed');
      await call(artifact, thief, 'arm', [ETH, '0x']);
      await call(artifact, thief, 'forward', [fixture.bridge, collect]);
      assert.equal(await fixture.client.getBalance({ address: thief }), 40n);
      assert.equal(await fixture.client.getBalance({ address: fixture.bridge }), 60n);
    });

    it('of a re-entrant token cannot be collected twice', async () => {
      const evil = await token('ReentrantToken');
      await depositToken(evil.address, 1n, 100n);
      const thief = user().account.address;
      await propose(await payOut(1, [withdrawMessage(bridgeProgramId, thief, 40n, evil.address)]));
      const collect = encodeFunctionData({ abi: bridgeAbi, functionName: 'withdraw', args: [evil.address] });
      await call(evil.artifact, evil.address, 'arm', [fixture.bridge, collect]);
      const attempt = withdraw(fixture.client, user(), fixture.bridge, evil.address);
      assert.equal(await revertName(attempt), 'ReentrancyGuardReentrantCall');
    });

    it('of a token whose balances shrink are paid to who comes first; other assets and blocks go on', async () => {
      const shrinking = await token('ControlledToken');
      await depositToken(shrinking.address, 1n, 100n);
      await deposit(2n, ETHER);
      const late = fixture.wallets[3];
      const pay = (receiver: Address) => withdrawMessage(bridgeProgramId, receiver, 40n, shrinking.address);
      const eth = withdrawMessage(creditsProgramId, to(), 7n, 0n);
      await propose(await payOut(1, [pay(to()), pay(late.account.address)]));
      await call(shrinking.artifact, shrinking.address, 'burn', [fixture.bridge, 50n]);
      const collect = (wallet: typeof late, asset: Address = shrinking.address) =>
        withdraw(fixture.client, wallet, fixture.bridge, asset);
      assert.equal((await collect(receiver())).amount, 40n);
      assert.equal(await revertName(collect(late)), 'ERC20InsufficientBalance');
      await propose(await payOut(11, [eth]));
      assert.equal((await collect(receiver(), ETH)).amount, 7n);
      // The claim stays, and is paid as soon as the tokens are there. Surplus tokens belong to nobody.
      await call(shrinking.artifact, shrinking.address, 'mint', [fixture.bridge, 1000n]);
      assert.equal(await backing(shrinking.address), 20n);
      assert.equal((await collect(late)).amount, 40n);
    });

    it('to a receiver that a token blocks wait, and so do those of a token that blocks the bridge', async () => {
      const blocking = await token('ControlledToken');
      await depositToken(blocking.address, 1n, 100n);
      const pay = (seed: number) =>
        payOut(seed, [withdrawMessage(bridgeProgramId, to(), 40n, blocking.address)]);
      const setBlocked = (account: Address, value: boolean) =>
        call(blocking.artifact, blocking.address, 'setBlocked', [account, value]);
      const collect = () => withdraw(fixture.client, receiver(), fixture.bridge, blocking.address);
      for (const [seed, account] of [
        [1, to()],
        [11, fixture.bridge],
      ] as const) {
        await setBlocked(account, true);
        await propose(await pay(seed));
        await assert.rejects(collect());
        assert.equal(await readWithdrawable(fixture.client, fixture.bridge, to(), blocking.address), 40n);
        await setBlocked(account, false);
        assert.equal((await collect()).amount, 40n);
      }
    });

    it('to a contract that refuses ETH wait; a block that pays it settles, and others collect', async () => {
      await deposit(1n, 100n);
      // A token takes no ETH.
      const refusing = await token('TestToken');
      const messages = [refusing.address, to()].map((receiver) =>
        withdrawMessage(creditsProgramId, receiver, 40n, 0n),
      );
      await propose(await payOut(1, messages));
      assert.equal((await withdraw(fixture.client, receiver(), fixture.bridge, ETH)).amount, 40n);
      assert.equal(await readWithdrawable(fixture.client, fixture.bridge, refusing.address, ETH), 40n);
      assert.equal(await backing(ETH), 20n);
    });
  });
});
