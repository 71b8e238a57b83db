/** An observer's view of calls without message: they differ in pseudo-random fields only. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SMALL_SIGNAL_NAMES, transitionSignals } from '../../../protocol/transaction/transition.ts';
import { joinCall, mintCall, type TestCall, transferCall } from '../../support/transition/transitions.ts';

/** Alike in every call on one anchor; everything else must look random. */
const ALIKE = [
  'anchorRoot',
  'finalizeHash',
  'linkIn',
  ...[0, 1, 2, 3].map((k) => `message[${k}]`),
  'rollupId',
];

const signalsOf = (call: TestCall, anchorRoot: bigint): bigint[] =>
  transitionSignals({ ...call.authorization.signals, anchorRoot });

describe('what an observer sees', () => {
  it('a mint, a transfer and a join differ in every pseudo-random signal and in nothing else', () => {
    const calls = [mintCall(), transferCall(), transferCall(new Uint8Array(32).fill(9)), joinCall()].map(
      (call) => signalsOf(call, 1n),
    );
    SMALL_SIGNAL_NAMES.forEach((name, k) => {
      const distinct = new Set(calls.map((signals) => signals[k])).size;
      // All but the mint spend the same record first, and its nullifier shows it: what docs/security.md says of retries.
      const expected = ALIKE.includes(name) ? 1 : name === 'nullifiers[0]' ? 2 : calls.length;
      assert.equal(distinct, expected, name);
    });
  });

  it('no pseudo-random signal is small or zero, in unused slots neither', () => {
    for (const call of [mintCall(), transferCall(), joinCall()]) {
      transitionSignals(call.authorization.signals).forEach((value, k) => {
        if (ALIKE.includes(SMALL_SIGNAL_NAMES[k])) return;
        assert.ok(value >> 128n !== 0n, SMALL_SIGNAL_NAMES[k]);
      });
    }
  });
});
