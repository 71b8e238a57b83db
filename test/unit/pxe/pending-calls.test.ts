/** A call that is made again while the first one is pending is known as such, and the wallet asks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmRepeated } from '../../../cli/wallet/transact.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { giveTokens, openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';

test('the same call is pending until it is dropped; other arguments, functions and accounts are others', async (t) => {
  const { rollup, url } = await startFakeRollup();
  const azalea = await openFakeClient(rollup, url);
  t.after(async () => {
    await azalea.close();
    await rollup.close();
  });
  const alice = await azalea.accounts.create('alice');
  const bob = await azalea.accounts.create('bob');
  const token = await azalea.programs.load(exampleSource('token'));
  const [first, second] = await giveTokens(rollup, azalea, token, alice, 50n, 60n);
  const pay = token.functions.transfer({ atLeast: 10n }, bob.address, 10n);
  assert.deepEqual(pay.pending({ from: alice }), []);
  const { id } = await pay.send({ from: alice });
  const same = [pay, token.functions.transfer(second, bob.address, 10n)];
  for (const call of same)
    assert.deepEqual(
      call.pending({ from: alice }).map((one) => one.id),
      [id],
    );
  const others = [
    token.functions.transfer({ atLeast: 10n }, bob.address, 11n),
    token.functions.transfer({ atLeast: 10n }, alice.address, 10n),
    token.functions.burn(first, 10n),
  ];
  for (const call of others) assert.deepEqual(call.pending({ from: alice }), []);
  assert.deepEqual(pay.pending({ from: bob }), []);
  rollup.accepted.set(id, 'dropped');
  await azalea.sync();
  assert.deepEqual(pay.pending({ from: alice }), []);
});

test('the wallet names the pending call and asks; where nobody can be asked it refuses', async () => {
  const asked: string[] = [];
  const context = (answer?: Error) => ({
    prompts: {
      passphrase: async () => '',
      seed: async () => '',
      confirm: async (question: string, option: string) => {
        asked.push(`${question} ${option}`);
        if (answer !== undefined) throw answer;
      },
    },
  });
  const pending = [{ id: '0xabc', createdAt: 0 }];
  await confirmRepeated(context(), []);
  assert.deepEqual(asked, []);
  await confirmRepeated(context(), pending);
  assert.match(asked[0], /pending: 0xabc.*--again/);
  await assert.rejects(confirmRepeated(context(new AzaleaError('CONFIRMATION_REQUIRED', 'no')), pending), {
    code: 'CALL_PENDING',
    message: /0xabc.*--again/,
  });
  await assert.rejects(confirmRepeated(context(new AzaleaError('NOT_CONFIRMED', 'no')), pending), {
    code: 'NOT_CONFIRMED',
  });
});
