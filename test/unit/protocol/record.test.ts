import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountFromSeed } from '../../../protocol/account.ts';
import { sealOutputs } from '../../../protocol/call/seal-outputs.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { hashToGroup } from '../../../protocol/curve/hash-to-group.ts';
import { addPoints, G, IDENTITY, isOnCurve, mulPoint, negatePoint } from '../../../protocol/curve/point.ts';
import {
  encryptionScalar,
  incomingSecret,
  openOutgoing,
  openOutput,
  recoverTvk,
} from '../../../protocol/encryption.ts';
import {
  depositBlind,
  depositRecord,
  dummyNullifier,
  gammaOf,
  nullifierOf,
  outputBlind,
  outputRho,
  ownerHash,
  type RecordPreimage,
  recordCommitment,
} from '../../../protocol/record.ts';
import { depositLeaf } from '../../../protocol/tree/deposit-leaf.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';

const alice = accountFromSeed(new Uint8Array(32).fill(1));
const bob = accountFromSeed(new Uint8Array(32).fill(2));
const eve = accountFromSeed(new Uint8Array(32).fill(3));
const record: RecordPreimage = {
  typeId: 5n,
  owner: alice.address.x,
  blind: 6n,
  rho: 7n,
  data: [1n, 2n, 3n, 4n, 5n],
};

describe('record', () => {
  it('commits to every part', () => {
    const commitment = recordCommitment(record);
    const changed: RecordPreimage[] = [
      { ...record, typeId: 6n },
      { ...record, owner: bob.address.x },
      { ...record, blind: 7n },
      { ...record, rho: 6n },
      ...record.data.map((_, k) => ({
        ...record,
        data: record.data.map((word, j) => (j === k ? word + 1n : word)),
      })),
    ];
    const all = new Set([commitment, ...changed.map(recordCommitment)]);
    assert.equal(all.size, changed.length + 1);
    assert.throws(() => recordCommitment({ ...record, data: [1n] }), { code: 'RECORD_WORDS' });
    assert.throws(() => recordCommitment({ ...record, rho: record.rho + FIELD_MODULUS }), {
      code: 'FIELD_OUT_OF_RANGE',
    });
  });

  it('has one nullifier: gamma, -gamma and every torsion of it agree', () => {
    const commitment = recordCommitment(record);
    const gamma = gammaOf(alice.skSig, commitment);
    const nullifier = nullifierOf(commitment, gamma);
    for (const twist of torsionPoints()) {
      assert.equal(nullifierOf(commitment, addPoints(gamma, twist)), nullifier);
      assert.equal(nullifierOf(commitment, addPoints(negatePoint(gamma), twist)), nullifier);
    }
    assert.notEqual(nullifierOf(commitment, gammaOf(bob.skSig, commitment)), nullifier);
    assert.notEqual(nullifierOf(commitment, mulPoint(hashToGroup(commitment + 1n), alice.skSig)), nullifier);
  });

  it('would have a second nullifier if (0,0) passed for a point: it is refused as off the curve', () => {
    const commitment = recordCommitment(record);
    const absorbing = { x: 0n, y: 0n };
    assert.ok(!isOnCurve(absorbing));
    assert.notEqual(
      nullifierOf(commitment, IDENTITY),
      nullifierOf(commitment, gammaOf(alice.skSig, commitment)),
    );
  });

  it('gives slots, transitions and signers their own rho, blind and dummies', () => {
    assert.equal(new Set([outputRho(1n, 0), outputRho(1n, 1), outputRho(2n, 0)]).size, 3);
    assert.equal(new Set([outputBlind(1n, 0), outputBlind(1n, 1), outputBlind(2n, 0)]).size, 3);
    assert.equal(
      new Set([
        dummyNullifier(1n, 2n, 0),
        dummyNullifier(1n, 2n, 1),
        dummyNullifier(1n, 3n, 0),
        dummyNullifier(2n, 2n, 0),
      ]).size,
      4,
    );
  });

  it('makes of a deposit the leaf that the state update makes', () => {
    const options = {
      viewKey: alice.viewKey,
      owner: alice.address.x,
      rollupId: 99n,
      counter: 3,
      typeId: 5n,
      queueIndex: 12n,
      data: [1000n, 0n, 0n, 0n, 0n],
    };
    const shown = ownerHash(alice.address.x, depositBlind(alice.viewKey, 99n, 3));
    assert.equal(
      recordCommitment(depositRecord(options)),
      depositLeaf([5n, shown, 12n, 1000n, 0n, 0n, 0n, 0n]),
    );
    assert.notEqual(depositBlind(alice.viewKey, 99n, 4), depositBlind(alice.viewKey, 99n, 3));
    assert.notEqual(depositBlind(alice.viewKey, 98n, 3), depositBlind(alice.viewKey, 99n, 3));
  });
});

describe('encryption', () => {
  const t = 123456789n;
  const tvk = mulPoint(alice.address, t).x;
  const tpk = mulPoint(G, t).x;
  const R = mulPoint(G, encryptionScalar(tvk)).x;
  const firstNullifier = 4242n;
  const sealed = sealOutputs({
    outputs: [{ typeId: 5n, owner: bob.address.x, data: [9n, 8n, 7n, FIELD_MODULUS - 1n, 0n] }, undefined],
    slots: 2,
    signer: alice.address.x,
    tvk,
    firstNullifier,
  });
  const shown = sealed.map(({ commitment, ciphertext, outgoing }, output) => ({
    commitment,
    ciphertext,
    outgoing,
    output,
    firstNullifier,
  }));

  it('is opened by the owner', () => {
    const secret = incomingSecret(bob.viewKey, R);
    assert.deepEqual(openOutput(shown[0], bob.address.x, secret), sealed[0].record);
    assert.equal(openOutput(shown[1], bob.address.x, secret), undefined);
  });

  it('is opened by the sender, unused slots included', () => {
    const recovered = recoverTvk(alice.viewKey, tpk);
    assert.equal(recovered, tvk);
    assert.deepEqual(openOutgoing(shown[0], recovered), sealed[0].record);
    assert.deepEqual(openOutgoing(shown[1], recovered), sealed[1].record);
    assert.equal(sealed[1].record.typeId, 0n);
    assert.equal(sealed[1].record.owner, alice.address.x);
  });

  it('is opened by nobody else', () => {
    assert.equal(openOutput(shown[0], eve.address.x, incomingSecret(eve.viewKey, R)), undefined);
    assert.equal(openOutput(shown[0], bob.address.x, incomingSecret(eve.viewKey, R)), undefined);
    assert.equal(openOutgoing(shown[0], recoverTvk(eve.viewKey, tpk)), undefined);
  });

  it('is refused when any shown value is changed', () => {
    const secret = incomingSecret(bob.viewKey, R);
    const bump = (value: bigint): bigint => (value + 1n) % FIELD_MODULUS;
    const changed = [
      { ...shown[0], commitment: bump(shown[0].commitment) },
      { ...shown[0], firstNullifier: bump(firstNullifier) },
      { ...shown[0], output: 1 },
      ...shown[0].ciphertext.map((_, k) => ({
        ...shown[0],
        ciphertext: shown[0].ciphertext.map((word, j) => (j === k ? bump(word) : word)),
      })),
    ];
    for (const output of changed) {
      assert.equal(openOutput(output, bob.address.x, secret), undefined);
      assert.equal(openOutgoing(output, tvk), undefined);
    }
    assert.equal(openOutgoing({ ...shown[0], outgoing: bump(shown[0].outgoing) }, tvk), undefined);
  });

  it('cannot be addressed to nobody: x = 0, x >= r, torsion', () => {
    const twisted = addPoints(bob.address, torsionPoints()[1]).x;
    for (const owner of [0n, FIELD_MODULUS, bob.address.x + FIELD_MODULUS, twisted]) {
      assert.throws(
        () =>
          sealOutputs({
            outputs: [{ typeId: 5n, owner, data: [0n, 0n, 0n, 0n, 0n] }],
            slots: 2,
            signer: alice.address.x,
            tvk,
            firstNullifier,
          }),
        { code: 'POINT_NOT_IN_SUBGROUP' },
      );
    }
  });
});
