/** A sequencer's word that a record is spent never makes the wallet pay a second time. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type Field, fieldToHex } from '../../../protocol/field.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../../pxe/client/program.ts';
import type { NoteSource } from '../../../pxe/sync/note-source.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { giveTokens, openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import type { FakeRollup } from '../../support/wallet/fake-rollup.ts';

let rollup: FakeRollup;
let url: string;
let azalea: Azalea;
let alice: ClientAccount;
let bob: ClientAccount;
let token: ClientProgram;
/** Nullifiers that the sequencer adds to every block with a transition. */
let invented: Field[];

before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());
beforeEach(async () => {
  invented = [];
  const noteSource: NoteSource = {
    getNotes: async (page) => {
      const answer = await rollup.getNotes(page);
      const lie = (nullifiers: string[]) => [...nullifiers, ...invented.map(fieldToHex)];
      const blocks = answer.blocks.map((block) => ({
        ...block,
        transitions: block.transitions.map((one) => ({ ...one, nullifiers: lie(one.nullifiers) })),
      }));
      return { ...answer, blocks };
    },
  };
  azalea = await openFakeClient(rollup, url, { noteSource });
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  token = await azalea.programs.load(exampleSource('token'));
});
afterEach(() => {
  rollup.refuseWith = undefined;
  rollup.l1Head = 100;
  return azalea.close();
});

const pay = () => token.functions.transfer({ atLeast: 10n }, bob.address, 10n).send({ from: alice });
const kept = () => azalea.pxe.transactions.list();

/** Somebody else's transaction settles. */
async function settleOther(): Promise<void> {
  const mint = { program: token.program, functionName: 'mint', args: [bob.address, 1n] };
  const { authorization } = await azalea.pxe.authorize({ ...mint, signer: azalea.addressOf(bob) });
  rollup.settle([authorization]);
}

async function swallowedPayment(): Promise<Field> {
  const [smaller] = await giveTokens(rollup, azalea, token, alice, 50n, 60n);
  rollup.refuseWith = { status: 409, code: 'NULLIFIER_SPENT' };
  await assert.rejects(pay(), { code: 'NULLIFIER_SPENT' });
  rollup.refuseWith = undefined;
  assert.deepEqual(kept()[0].spends, [smaller]);
  return smaller;
}

test('a nullifier that only the sequencer shows: said once, not believed, and the wish spends the same record', async () => {
  const record = await swallowedPayment();
  await settleOther();
  invented = [azalea.pxe.records.get(record).nullifier];
  await assert.rejects(azalea.sync(), { code: 'SPEND_NOT_ON_L1' });
  await azalea.sync();
  assert.equal(azalea.pxe.records.get(record).spentIn, undefined);
  await pay();
  assert.deepEqual(kept()[1].spends, [record], 'only one of both payments can settle');
});

test('a payment finds the lie itself, before it chooses a record', async () => {
  const record = await swallowedPayment();
  await settleOther();
  invented = [azalea.pxe.records.get(record).nullifier];
  await assert.rejects(pay(), { code: 'SPEND_NOT_ON_L1' });
  assert.equal(kept().length, 1);
  await pay();
  assert.deepEqual(kept()[1].spends, [record]);
});

test('a spend that L1 shows ends the first attempt: the wish takes another record', async () => {
  const record = await swallowedPayment();
  const burn = { program: token.program, functionName: 'burn', args: [record, 1n] };
  const { authorization } = await azalea.pxe.authorize({ ...burn, signer: azalea.addressOf(alice) });
  rollup.settle([authorization]);
  await azalea.sync();
  const [first] = kept();
  assert.equal(first.supersededIn, rollup.blocks.length - 1);
  assert.deepEqual(azalea.pxe.transactions.undecided(), []);
  await pay();
  assert.notDeepEqual(kept()[1].spends, [record]);
});

test('a wish takes the same record until the first attempt has expired on L1, whatever the sequencer says', async () => {
  const record = await swallowedPayment();
  await giveTokens(rollup, azalea, token, alice, 20n);
  assert.deepEqual([...azalea.pxe.transactions.doubtful()], [record]);
  // Its anchor was superseded some blocks ago.
  const { anchorBlock } = kept()[0];
  rollup.l1Head = anchorBlock + 1 + 7200;
  await azalea.sync();
  assert.deepEqual([...azalea.pxe.transactions.doubtful()], [record], 'usable in this very block');
  rollup.l1Head += 65;
  await azalea.sync();
  assert.equal(kept()[0].expired, true);
  assert.deepEqual([...azalea.pxe.transactions.doubtful()], []);
  const { spends } = await token.functions
    .transfer({ atLeast: 10n }, bob.address, 10n)
    .simulate({ from: alice });
  assert.notDeepEqual(spends, [record], 'the smallest again');
});

test('a transaction that a sequencer keeps for ever frees its record when it has expired on L1', async () => {
  const [record] = await giveTokens(rollup, azalea, token, alice, 50n);
  await pay();
  await settleOther();
  assert.deepEqual([...azalea.pxe.transactions.locked()], [record]);
  rollup.l1Head = kept()[0].anchorBlock + 1 + 7200 + 65;
  await azalea.sync();
  assert.deepEqual([kept()[0].state, kept()[0].expired], ['dropped', true]);
  assert.deepEqual([...azalea.pxe.transactions.locked()], []);
});
