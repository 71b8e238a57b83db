/** The anchor of a call, and how stale the sequencer's state may be: both seen from L1. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Field } from '../../../protocol/field.ts';
import { ANCHOR_INTERVAL, chooseAnchor } from '../../../pxe/calls/choose-anchor.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import type { NoteSource } from '../../../pxe/sync/note-source.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { giveTokens, openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import type { FakeRollup } from '../../support/wallet/fake-rollup.ts';

let rollup: FakeRollup;
let url: string;
before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());

/** The rollup as a sequencer shows it that hides the newest blocks. */
const hiding = (hidden: () => number): NoteSource => ({
  getNotes: async (page) => {
    const answer = await rollup.getNotes(page);
    const head = answer.head - hidden();
    const blocks = answer.blocks.filter(({ number }) => number <= head);
    return { head, nextBlock: Math.min(answer.nextBlock, head + 1), blocks };
  },
});

test('the anchor is the newest common block, or the head for a younger record or a common block that ends soon', async () => {
  const chosen = (head: number, youngest: number, life = 7200) =>
    chooseAnchor({ head, youngest }, { lifetime: async () => life });
  for (let head = 32; head < 48; head++) assert.equal(await chosen(head, 0), 32);
  assert.equal(await chosen(47, 32), 32);
  assert.equal(await chosen(47, 33), 47);
  assert.equal(await chosen(40, 0, 3600), 32);
  assert.equal(await chosen(40, 0, 3599), 40);
  assert.equal(await chosen(40, 0, -5), 40);
  assert.equal(await chosen(5, 0), 0);
});

test('wallets that saw different heads make calls on one anchor, with paths of that very tree', async (t) => {
  let hidden = 0;
  const azalea = await openFakeClient(rollup, url, { noteSource: hiding(() => hidden) });
  t.after(() => azalea.close());
  const alice = await azalea.accounts.create('alice');
  const token = await azalea.programs.load(exampleSource('token'));
  const [old] = await giveTokens(rollup, azalea, token, alice, 50n);
  while (rollup.blocks.length < 2 * ANCHOR_INTERVAL + 7) rollup.settle([]);
  const [young] = await giveTokens(rollup, azalea, token, alice, 1n);
  const burn = (from: Azalea, record: Field) =>
    from.pxe.authorize({
      program: token.program,
      functionName: 'burn',
      args: [record, 1n],
      signer: azalea.addressOf(alice),
    });
  const anchors = new Set<number>();
  for (hidden of [0, 3, 7]) {
    const other = await openFakeClient(rollup, url, { noteSource: hiding(() => hidden) });
    await other.accounts.import(azalea.accounts.exportSeed('alice'), 'alice');
    const { anchorBlock, authorization } = await burn(other, old);
    anchors.add(anchorBlock);
    assert.equal(authorization.signals.anchorRoot, BigInt(rollup.blocks[anchorBlock].noteRoot));
    assert.equal(other.pxe.behind, hidden);
    await other.close();
  }
  assert.deepEqual([...anchors], [2 * ANCHOR_INTERVAL]);
  hidden = 0;
  assert.equal((await burn(azalea, young)).anchorBlock, rollup.blocks.length - 1);
  // The witness is made with the old tree's paths: they lead to its root.
  await token.functions.burn(old, 1n).send({ from: alice });
  assert.equal(azalea.pxe.transactions.list()[0].anchorBlock, 2 * ANCHOR_INTERVAL);
});

test('a sequencer that hides more blocks than an interval gets no call, and the error says how many', async (t) => {
  let hidden = ANCHOR_INTERVAL + 1;
  const azalea = await openFakeClient(rollup, url, { noteSource: hiding(() => hidden) });
  t.after(() => azalea.close());
  const alice = await azalea.accounts.create('alice');
  const token = await azalea.programs.load(exampleSource('token'));
  const mint = () => token.functions.mint(alice.address, 1n).send({ from: alice });
  await assert.rejects(mint, (error: { code: string; message: string; details: { behind: number } }) => {
    assert.equal(error.code, 'SEQUENCER_BEHIND');
    assert.equal(error.details.behind, ANCHOR_INTERVAL + 1);
    assert.match(error.message, /17 L2 blocks more/);
    return true;
  });
  hidden--;
  await mint();
  assert.equal(azalea.pxe.behind, ANCHOR_INTERVAL);
});
