/** Requests of the large size: every use of four slots of each kind, and everything that only they have under attack. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { challengeOf, challengePreimage } from '../../../protocol/call/challenge.ts';
import type { Authorization, AuthorizeOptions } from '../../../protocol/call/request.ts';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { AVM_SIZE, FIELD_MODULUS, type SizeClass } from '../../../protocol/constants.ts';
import { dummyNullifier, type RecordPreimage } from '../../../protocol/record.ts';
import {
  parseTransitionSignals,
  SIGNAL_NAMES,
  TRANSITION_SLOTS,
  transitionSignals,
} from '../../../protocol/transaction/transition.ts';
import { alice, bob, sampleAuthorization } from '../../support/transition/authorizations.ts';
import { nonceOf, sign } from '../../support/transition/forge-call.ts';

const words = [100n, 0n, 0n, 0n, 0n];
const record = (rho: bigint): RecordPreimage => ({
  typeId: 5n,
  owner: alice.address.x,
  blind: 6n,
  rho,
  data: words,
});
const output = { typeId: 5n, owner: bob.address.x, data: words };

function largeAuthorization(changes: Partial<AuthorizeOptions> = {}): Authorization {
  return sampleAuthorization({
    sizeClass: 'large',
    inputs: Array.from({ length: AVM_SIZE.large.inputs }, (_, k) => BigInt(k)),
    recordInputs: [1n, 2n, 3n, 4n].map(record),
    recordOutputs: [output, output, output, output],
    ...changes,
  });
}

/** The request with other signals, signed by its owner. */
function signed(request: Authorization, signals: Partial<Authorization['signals']>): Authorization {
  const changed = { ...request, signals: { ...request.signals, ...signals } };
  return { ...changed, ...sign(changed, nonceOf(request, alice), alice) };
}

describe('authorize, large', () => {
  const uses = fc.array(fc.boolean(), { maxLength: 4 });

  it('signs what verifyAuthorization accepts, with any use of the slots, for both sizes', () => {
    fc.assert(
      fc.property(uses, uses, fc.constantFrom<SizeClass>('small', 'large'), (ins, outs, sizeClass) => {
        const slots = TRANSITION_SLOTS[sizeClass];
        const request = largeAuthorization({
          sizeClass,
          inputs: Array<bigint>(AVM_SIZE[sizeClass].inputs).fill(3n),
          recordInputs: ins.slice(0, slots.inputs).map((use, k) => (use ? record(BigInt(k)) : undefined)),
          recordOutputs: outs.slice(0, slots.outputs).map((use) => (use ? output : undefined)),
        });
        assert.equal(verifyAuthorization(request), undefined);
        const flat = transitionSignals(request.signals);
        assert.equal(flat.length, SIGNAL_NAMES[sizeClass].length);
        assert.deepEqual(parseTransitionSignals(flat), request.signals);
        request.recordInputs.forEach(({ used }, slot) => {
          assert.equal(used, ins[slot] ?? false);
          const dummy = dummyNullifier(request.tvk, alice.address.x, slot);
          assert.equal(request.signals.nullifiers[slot] === dummy, !used);
        });
        assert.equal(new Set([...request.signals.nullifiers]).size, slots.inputs);
        assert.equal(new Set([...request.signals.commitments]).size, slots.outputs);
      }),
      { numRuns: 12 },
    );
  });

  it('refuses a fifth record of either kind, and inputs of the other size', () => {
    const five = [1n, 2n, 3n, 4n, 5n];
    const refused: [Partial<AuthorizeOptions>, string][] = [
      [{ recordInputs: five.map(record) }, 'TOO_MANY_RECORDS'],
      [{ recordOutputs: five.map(() => output) }, 'TOO_MANY_RECORDS'],
      [{ recordInputs: [record(1n), undefined, undefined, record(1n)] }, 'RECORD_DUPLICATE'],
      [{ inputs: Array<bigint>(AVM_SIZE.small.inputs).fill(0n) }, 'INPUT_COUNT'],
      [{ sizeClass: 'small' }, 'INPUT_COUNT'],
    ];
    for (const [changes, code] of refused) assert.throws(() => largeAuthorization(changes), { code });
  });
});

describe('verifyAuthorization, large', () => {
  const honest = largeAuthorization();

  it('refuses linkOut, linkIn and finalizeHash other than 0, signed for by the owner', () => {
    assert.equal(verifyAuthorization(signed(honest, {})), undefined);
    for (let k = 0; k < 4; k++) {
      const linkOut = [0n, 0n, 0n, 0n].with(k, 1n);
      assert.equal(verifyAuthorization(signed(honest, { linkOut })), 'links');
    }
    assert.equal(verifyAuthorization(signed(honest, { linkIn: 1n })), 'links');
    assert.equal(verifyAuthorization(signed(honest, { finalizeHash: 1n })), 'links');
  });

  it('refuses another number of anything, and the size class of the other circuit', () => {
    const { signals, recordInputs, recordOutputs, inputs } = honest;
    for (const changed of [
      { ...honest, sizeClass: 'small' as const },
      { ...honest, recordInputs: recordInputs.slice(0, 2) },
      { ...honest, recordOutputs: recordOutputs.slice(0, 2) },
      { ...honest, inputs: inputs.slice(0, 16) },
      { ...honest, signals: { ...signals, linkOut: [] } },
      { ...honest, signals: { ...signals, linkOut: [0n, 0n, 0n, 0n, 0n] } },
      { ...honest, signals: { ...signals, nullifiers: signals.nullifiers.slice(0, 2) } },
    ]) {
      assert.equal(verifyAuthorization(changed), 'shape');
    }
    const small = sampleAuthorization();
    assert.equal(verifyAuthorization({ ...small, sizeClass: 'large' }), 'shape');
  });

  it('covers every public signal but R and ciphertexts by the challenge, linkOut included', () => {
    const flat = transitionSignals(honest.signals).with(45, 9n);
    const free = /^(encryptionPoint|ciphertexts)/;
    SIGNAL_NAMES.large.forEach((name, k) => {
      const signals = parseTransitionSignals(flat.with(k, (flat[k] + 1n) % FIELD_MODULUS));
      const base = { ...honest, signals: parseTransitionSignals(flat) };
      assert.equal(challengeOf({ ...honest, signals }) === challengeOf(base), free.test(name), name);
    });
  });

  it('hashes lists of another length differently: no small request has the challenge of a large one', () => {
    const small = sampleAuthorization();
    assert.notEqual(challengePreimage(small).length, challengePreimage(honest).length);
  });

  it('refuses what is changed in the third and fourth slots', () => {
    for (const slot of [2, 3]) {
      const input = honest.recordInputs[slot];
      const sealed = honest.recordOutputs[slot];
      const changes: Authorization[] = [
        { ...honest, recordInputs: honest.recordInputs.with(slot, honest.recordInputs[0]) },
        { ...honest, recordInputs: honest.recordInputs.with(slot, { ...input, used: false }) },
        { ...honest, recordInputs: honest.recordInputs.with(slot, { ...input, nullifier: 1n }) },
        { ...honest, recordOutputs: honest.recordOutputs.with(slot, honest.recordOutputs[0]) },
        { ...honest, recordOutputs: honest.recordOutputs.with(slot, { ...sealed, used: false }) },
        { ...honest, recordOutputs: honest.recordOutputs.with(slot, { ...sealed, outgoing: 1n }) },
      ];
      for (const [k, changed] of changes.entries()) {
        assert.notEqual(verifyAuthorization(changed), undefined, `slot ${slot}, change ${k}`);
      }
    }
  });
});
