/** The statement of a transition: the circuit's words are those behind y, and c determines each of them. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { transitionKeyId, transitionPublicInputs } from '../../../protocol/transaction/statement.ts';
import {
  parseTransitionSignals,
  SMALL_SIGNAL_NAMES,
  transitionSignals,
} from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import {
  describeConstraint,
  forge,
  loadCircuit,
  loadStatementCircuit,
  type Override,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import { forgeCall, withStatement } from '../../support/transition/forge-call.ts';
import { transferCall } from '../../support/transition/transitions.ts';

const KEY = transitionKeyId('small');

describe('the statement of transition-small', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadCircuit('transition-small');
  });
  const honest = transferCall();
  const input = transitionInput(honest);
  const words = transitionSignals(honest.authorization.signals);
  const c = challengeHash(honest.authorization);
  const failing = async (change: object): Promise<readonly number[]> =>
    (await forge(circuit, { ...input, ...change }, {})).failing;

  it('takes x, y and c of L1, and no other y or c', async () => {
    const [x, y] = transitionPublicInputs(KEY, words, c);
    assert.deepEqual(await failing({ x, y, c }), []);
    assert.equal((await failing({ x, y: y + 1n, c })).length, 1);
    assert.equal((await failing({ x: x + 1n, y, c })).length, 1);
    assert.ok((await failing({ x, y, c: c + 1n })).length > 0);
  });

  it('refuses the x and y that L1 computes when any word of its statement is another', async () => {
    for (const [k, name] of SMALL_SIGNAL_NAMES.entries()) {
      const [x, y] = transitionPublicInputs(KEY, words.with(k, words[k] + 1n), c);
      assert.equal((await failing({ x, y, c })).length, 1, name);
    }
  });

  it('refuses words in another order', async () => {
    for (let k = 1; k < words.length; k++) {
      if (words[k] === words[k - 1]) continue;
      const swapped = words.with(k, words[k - 1]).with(k - 1, words[k]);
      const [x, y] = transitionPublicInputs(KEY, swapped, c);
      assert.equal((await failing({ x, y, c })).length, 1, SMALL_SIGNAL_NAMES[k]);
    }
  });
});

describe('c of transition-small', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  it('determines every word: each one changed and signed for, with everything recomputed but c', async () => {
    const honest = transferCall();
    const values = transitionSignals(honest.authorization.signals);
    const c = challengeHash(honest.authorization);
    for (const [k, name] of SMALL_SIGNAL_NAMES.entries()) {
      // What c covers through tvk, commitments and owners: those are changed instead, and the words follow.
      if (/^(encryptionPoint|ciphertexts|message\[[123]\])/.test(name)) continue;
      const changed = values.with(k, values[k] + 1n);
      const signals = parseTransitionSignals(changed);
      const overrides: Record<string, Override> =
        name === 'tpk' ? { 'main.request.tpk.out[0]': (x) => x + 1n } : {};
      const forged = forgeCall(honest, {
        inputs: (slots) => {
          slots.forEach((slot, j) => {
            slot.nullifier = signals.nullifiers[j];
          });
        },
        signals: (target) => {
          if (!name.startsWith('nullifiers')) Object.assign(target, signals);
        },
      });
      assert.notEqual(forged.c, c, name);
      const { failing } = await forge(circuit, withStatement({ ...forged, c }), overrides);
      assert.ok(
        failing.some((index) => /main\.c\b/.test(describeConstraint(circuit, index))),
        name,
      );
    }
    // Another tvk: R, the key streams and outgoing follow, and c.
    const other = forgeCall(honest, { tvk: 12345n });
    assert.notEqual(other.c, c);
    const { failing } = await forge(circuit, withStatement({ ...other, c }), {});
    assert.ok(failing.some((index) => /main\.c\b/.test(describeConstraint(circuit, index))));
  });
});
