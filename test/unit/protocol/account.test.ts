import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { bech32m } from '@scure/base';
import fc from 'fast-check';
import {
  accountFromSeed,
  addressOfComputeKey,
  addressOfViewKey,
  computeKeyOf,
} from '../../../protocol/account.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { addPoints, G, isInSubgroup, mulPoint } from '../../../protocol/curve/point.ts';
import { integerToBytes } from '../../../protocol/field.ts';
import {
  addressFromText,
  addressToText,
  computeKeyFromText,
  computeKeyToText,
  seedFromText,
  seedToText,
  viewKeyFromText,
  viewKeyToText,
} from '../../../protocol/text.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';

const seed = Uint8Array.from({ length: 32 }, (_, k) => k);
const account = accountFromSeed(seed);
const text = (prefix: string, ...words: bigint[]): string =>
  bech32m.encode(
    prefix,
    bech32m.toWords(Uint8Array.from(words.flatMap((word) => [...integerToBytes(word, 32)]))),
    400,
  );

describe('account', () => {
  it('derives its keys as section 3 says', () => {
    const wide = (label: string): bigint =>
      BigInt(`0x${createHash('sha512').update(label).update(seed).digest('hex')}`) % SUBGROUP_ORDER;
    assert.equal(account.skSig, wide('azalea/sk_sig/v1'));
    assert.equal(account.rSig, wide('azalea/r_sig/v1'));
    assert.deepEqual(account.computeKey.pkSig, mulPoint(G, account.skSig));
    assert.deepEqual(account.computeKey.prSig, mulPoint(G, account.rSig));
    assert.deepEqual(account.address, addressOfComputeKey(account.computeKey));
    assert.equal(account.address.x, addressOfViewKey(account.viewKey));
    assert.ok(isInSubgroup(account.address));
  });

  it('keeps its own copy of the seed and refuses other lengths', () => {
    const mine = seed.slice();
    const other = accountFromSeed(mine);
    mine.fill(0);
    assert.deepEqual(other.seed, seed);
    for (const length of [0, 31, 33, 64]) {
      assert.throws(() => accountFromSeed(new Uint8Array(length)), { code: 'SEED_LENGTH' });
    }
  });
});

describe('text forms', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const some = accountFromSeed(bytes);
        assert.deepEqual(seedFromText(seedToText(bytes)), bytes);
        assert.equal(addressFromText(addressToText(some.address.x)), some.address.x);
        assert.equal(viewKeyFromText(viewKeyToText(some.viewKey)), some.viewKey);
        assert.deepEqual(computeKeyFromText(computeKeyToText(some.computeKey)), some.computeKey);
      }),
      { numRuns: 8 },
    );
  });

  it('refuse any one mistyped character', () => {
    const good = addressToText(account.address.x);
    const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
    fc.assert(
      fc.property(fc.nat(good.length - 8), fc.nat(31), (at, letter) => {
        const index = at + 7;
        const bad = good.slice(0, index) + alphabet[letter] + good.slice(index + 1);
        if (bad !== good) assert.throws(() => addressFromText(bad), { code: 'TEXT_FORM' });
      }),
    );
    for (const bad of [
      '',
      'azalea1',
      good.slice(0, -1),
      `${good}q`,
      `A${good.slice(1)}`,
      '0x12',
      'x'.repeat(500),
    ]) {
      assert.throws(() => addressFromText(bad), { code: 'TEXT_FORM' }, bad);
    }
  });

  it('refuse another kind of key, and never repeat the text', () => {
    const secret = seedToText(seed);
    for (const read of [addressFromText, viewKeyFromText, computeKeyFromText]) {
      assert.throws(
        () => read(secret),
        (error: any) => error.code === 'TEXT_KIND' && !JSON.stringify(error).includes(secret.slice(7, 20)),
      );
    }
    assert.throws(() => seedFromText(addressToText(account.address.x)), { code: 'TEXT_KIND' });
    assert.throws(
      () => seedFromText(secret.slice(0, -1)),
      (error: any) => error.code === 'TEXT_FORM' && !JSON.stringify(error).includes(secret.slice(7, 20)),
    );
  });

  it('refuse another length', () => {
    assert.throws(() => addressFromText(text('azalea', 1n, 2n)), { code: 'TEXT_LENGTH' });
    assert.throws(() => computeKeyFromText(text('azcompute', 1n, 2n)), { code: 'TEXT_LENGTH' });
    assert.throws(() => seedFromText(text('azseed', 1n, 2n)), { code: 'TEXT_LENGTH' });
    assert.throws(() => viewKeyFromText(text('azview')), { code: 'TEXT_LENGTH' });
  });

  it('refuse addresses that are nobody: x >= r, x = 0, off the curve, with torsion', () => {
    assert.throws(() => addressFromText(text('azalea', FIELD_MODULUS)), { code: 'FIELD_OUT_OF_RANGE' });
    assert.throws(() => addressFromText(text('azalea', account.address.x + FIELD_MODULUS)), {
      code: 'FIELD_OUT_OF_RANGE',
    });
    assert.throws(() => addressFromText(text('azalea', 0n)), { code: 'POINT_NOT_IN_SUBGROUP' });
    const twisted = addPoints(account.address, torsionPoints()[1]);
    assert.throws(() => addressFromText(text('azalea', twisted.x)), { code: 'POINT_NOT_IN_SUBGROUP' });
  });

  it('refuse scalars and compute keys that are not canonical', () => {
    assert.throws(() => viewKeyFromText(text('azview', 0n)), { code: 'SCALAR_OUT_OF_RANGE' });
    assert.throws(() => viewKeyFromText(text('azview', SUBGROUP_ORDER)), { code: 'SCALAR_OUT_OF_RANGE' });
    const { pkSig, prSig, skPrf } = account.computeKey;
    assert.throws(() => computeKeyFromText(text('azcompute', pkSig.x, prSig.x, skPrf + 1n)), {
      code: 'COMPUTE_KEY_INCONSISTENT',
    });
    assert.throws(() => computeKeyFromText(text('azcompute', prSig.x, pkSig.x, skPrf)), {
      code: 'COMPUTE_KEY_INCONSISTENT',
    });
    const { x } = addPoints(pkSig, torsionPoints()[3]);
    const { skPrf: forged } = computeKeyOf({ x, y: 0n }, prSig);
    assert.throws(() => computeKeyFromText(text('azcompute', x, prSig.x, forged)), {
      code: 'POINT_NOT_IN_SUBGROUP',
    });
  });
});
