/** The wallet sends a proof of its own statement only, for any answer of a prover. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { transitionKeyId, transitionPublicInputs } from '../../../protocol/transaction/statement.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import type { ProveOptions, ProveResult } from '../../../prover/prover.ts';
import type { CircuitInput } from '../../../prover/witness-calculator.ts';
import { proveCall } from '../../../pxe/transactions/prove-call.ts';
import { exampleSource } from '../../support/program/programs.ts';
import { openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import { CountingProver, type FakeRollup } from '../../support/wallet/fake-rollup.ts';

/** A prover whose witness generator is hostile: it proves other words than were asked for, and does not look at `statement`. */
class ForeignProver extends CountingProver {
  change: (signals: bigint[]) => bigint[] = (signals) => signals;

  override async prove(circuit: string, input: CircuitInput, options?: ProveOptions): Promise<ProveResult> {
    const result = await super.prove(circuit, input, options);
    return { ...result, publicSignals: this.change([...result.publicSignals]) };
  }
}

let rollup: FakeRollup;
let url: string;
before(async () => {
  ({ rollup, url } = await startFakeRollup());
});
after(() => rollup.close());

test('a proof of any other word, of fewer or of more is refused, kept nowhere and sent nowhere', async (t) => {
  const prover = new ForeignProver();
  const azalea = await openFakeClient(rollup, url, { prover });
  t.after(() => azalea.close());
  const alice = await azalea.accounts.create('alice');
  const token = await azalea.programs.load(exampleSource('token'));
  const options = {
    program: token.program,
    functionName: 'mint',
    args: [alice.address, 5n],
    signer: azalea.addressOf(alice),
  };
  const { call, authorization, notePaths } = await azalea.pxe.authorize(options);
  const own = transitionSignals(authorization.signals);
  const prove = () => proveCall(prover, { authorization, call, notePaths });
  const foreign = async (change: ForeignProver['change'], where: RegExp): Promise<void> => {
    prover.change = change;
    await assert.rejects(prove, (error: { code: string; message: string }) => {
      assert.equal(error.code, 'PROVER_FOREIGN_STATEMENT');
      assert.match(error.message, where);
      return true;
    });
  };
  const inputs = transitionPublicInputs(transitionKeyId('small'), own, challengeHash(authorization));
  for (let k = 0; k < inputs.length; k++) {
    await foreign(
      (signals) => signals.with(k, (signals[k] + 1n) % FIELD_MODULUS),
      RegExp(`public signal ${k}\\b`),
    );
    // The same residue in another form is another word, too.
    await foreign((signals) => signals.with(k, signals[k] + FIELD_MODULUS), RegExp(`public signal ${k}\\b`));
  }
  await foreign(() => [], /0 public signals instead of 3/);
  await foreign((signals) => signals.slice(1), /2 public signals/);
  await foreign((signals) => [...signals, 0n], /4 public signals/);

  // A secret of the call in a free word: the error says where and not what.
  const secret = authorization.tvk;
  prover.change = (signals) => signals.with(2, secret);
  await assert.rejects(token.functions.mint(alice.address, 5n).send({ from: alice }), (error: Error) => {
    assert.ok(!JSON.stringify([error.message, { ...error }], (_, v) => String(v)).includes(String(secret)));
    return true;
  });
  assert.deepEqual(azalea.pxe.transactions.list(), []);
  assert.equal(rollup.accepted.size, 0);

  prover.change = (signals) => signals;
  const { transaction } = await prove();
  assert.deepEqual(transaction.transitions[0].signals, own);
});
