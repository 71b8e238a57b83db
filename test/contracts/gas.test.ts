/**
 * Exact execution gas (gas used without the transaction's own 21,000 and its calldata) and calldata bytes, so that the
 * author of a regression sees it. `UPDATE_GAS=1 node --test test/contracts/gas.test.ts` writes new figures. Execution gas
 * does not depend on the proofs; total gas does, by their zero bytes, and is checked against the budget.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { encodeFunctionData, type Hex, hexToBytes, type TransactionReceipt } from 'viem';
import { type Fixture, STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { loadArtifact } from '../../l1/artifacts.ts';
import { deployContract } from '../../l1/deploy/deploy.ts';
import { depositErc20, depositEth, ETH } from '../../l1/deposit.ts';
import { sendCall } from '../../l1/send.ts';
import { withdraw } from '../../l1/withdraw.ts';
import { fixtureActions } from '../support/rollup/fixture-actions.ts';
import { type StandInChain, withdrawMessage } from '../support/rollup/stand-in-blocks.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

interface Figures {
  readonly executionGas: number;
  readonly calldataBytes: number;
}

const FILE = new URL('./gas.json', import.meta.url);

/** EIP-2028: 16 gas per byte that is not 0, 4 per zero byte, 21,000 per transaction. */
function intrinsicGas(input: Hex): bigint {
  const bytes = hexToBytes(input);
  const zeros = bytes.filter((byte) => byte === 0).length;
  return 21_000n + BigInt(4 * zeros + 16 * (bytes.length - zeros));
}

describe('gas', () => {
  let fixture: Fixture;
  let blocks: StandInChain;
  const measured: Record<string, Figures> = {};
  const totals: Record<string, number> = {};

  const record = async (
    name: string,
    receipt: Pick<TransactionReceipt, 'transactionHash'>,
  ): Promise<void> => {
    const { gasUsed } = await fixture.client.getTransactionReceipt({ hash: receipt.transactionHash });
    const { input } = await fixture.client.getTransaction({ hash: receipt.transactionHash });
    measured[name] = {
      executionGas: Number(gasUsed - intrinsicGas(input)),
      calldataBytes: hexToBytes(input).length,
    };
    totals[name] = Number(gasUsed);
  };
  const { propose } = fixtureActions(() => fixture);

  useStandInRollup((made) => {
    ({ fixture, blocks } = made);
  });
  before(async () => {
    const { client, wallets, bridge } = fixture;
    // Later blocks find warm-up costs paid: the first block of a rollup is not typical.
    await propose(await blocks.simple(1));

    const eth = await depositEth(client, wallets[1], bridge, { ownerHash: 5n, amount: 10n ** 18n });
    await record('depositEth', { transactionHash: eth.transaction });
    const token = await deployContract({ client, wallet: wallets[1] }, await loadArtifact('TestToken'), [
      'T',
      'T',
    ]);
    const { abi } = await loadArtifact('TestToken');
    const mint = encodeFunctionData({ abi, functionName: 'mint', args: [wallets[1].account.address, 1000n] });
    await sendCall(client, wallets[1], 'mint', { to: token, data: mint });
    const erc20 = await depositErc20(client, wallets[1], bridge, { token, ownerHash: 6n, amount: 100n });
    await record('depositErc20', { transactionHash: erc20.transaction });
    const plan = { transitions: [], chunks: [blocks.chunk(50)], depositCount: 2 };
    await record('propose-2-deposits', await propose(await blocks.block(plan)));

    for (const [i, count] of [1, 2, 4, 8, 16, 32].entries()) {
      const block = await blocks.simple(100 + 40 * i, count);
      await record(`propose-${count}`, await propose(block));
    }
    for (const [i, count] of [1, 2, 4, 8, 16].entries()) {
      const block = await blocks.mixed(400 + 40 * i, Array<'large'>(count).fill('large'));
      await record(`propose-${count}-large`, await propose(block));
    }
    const eight = Array.from({ length: 8 }, (_, i) =>
      i % 2 === 0 ? ('small' as const) : ('large' as const),
    );
    await record('propose-8-small-8-large', await propose(await blocks.mixed(600, [...eight, ...eight])));
    const message = withdrawMessage(STAND_IN_IDS.creditsProgramId, wallets[2].account.address, 9n, 0n);
    const transitions = [await blocks.transition({ seed: 900, message })];
    await record(
      'propose-1-withdrawal',
      await propose(await blocks.block({ transitions, chunks: [blocks.chunk(900)] })),
    );
    const paid = await withdraw(client, wallets[2], bridge, ETH);
    await record('withdraw', { transactionHash: paid.transaction });
  });

  it('is exactly what is committed in gas.json', async () => {
    if (process.env.UPDATE_GAS !== undefined) await writeFile(FILE, `${JSON.stringify(measured, null, 2)}\n`);
    assert.deepEqual(measured, JSON.parse(await readFile(FILE, 'utf8')));
  });

  it('stays within the budget per transition: 110k at 16 a block, 95k at 32', (context) => {
    const perTransition = (count: number): number => totals[`propose-${count}`] / count;
    context.diagnostic(JSON.stringify(totals));
    assert.ok(perTransition(16) <= 110_000, `${perTransition(16)} at 16`);
    assert.ok(perTransition(32) <= 95_000, `${perTransition(32)} at 32`);
  });

  it('stays within the budget per large transition: 140k at 16 a block', () => {
    assert.ok(totals['propose-16-large'] / 16 <= 140_000, `${totals['propose-16-large'] / 16}`);
  });

  it('of a block is below the limit of one transaction (EIP-7825) at 64 transitions', () => {
    const slope = (totals['propose-32'] - totals['propose-16']) / 16;
    assert.ok(totals['propose-32'] + 32 * slope < 2 ** 24);
    const largeSlope = (totals['propose-16-large'] - totals['propose-8-large']) / 8;
    assert.ok(totals['propose-16-large'] + 48 * largeSlope < 2 ** 24);
  });
});
