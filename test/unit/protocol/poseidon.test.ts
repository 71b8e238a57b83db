import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import fc from 'fast-check';
import {
  DOMAIN,
  FIELD_MODULUS,
  HASH_TO_SCALAR_BITS,
  initialState,
  SUBGROUP_ORDER,
} from '../../../protocol/constants.ts';
import { hash, hashToScalar } from '../../../protocol/hash/hash.ts';
import { compress, permute } from '../../../protocol/hash/poseidon.ts';

const reference = await buildPoseidonReference();
const field = fc.oneof(
  fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
  fc.constantFrom(0n, 1n, FIELD_MODULUS - 1n),
);

function referencePermute(state: readonly bigint[]): bigint[] {
  const out = reference(state.slice(1), state[0], state.length);
  return out.map((element) => reference.F.toObject(element));
}

describe('poseidon', () => {
  it('gives the published circomlib values', () => {
    // https://github.com/iden3/circomlibjs/blob/main/test/poseidon.js
    assert.equal(
      compress(0n, [1n, 2n]),
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
    assert.equal(
      compress(0n, [1n, 2n, 3n, 4n]),
      18821383157269793795438455681495246036402687001665670618754263018637548127333n,
    );
  });

  for (let width = 2; width <= 17; width++) {
    it(`permutes width ${width} as the plain definition does, all ${width} outputs`, () => {
      fc.assert(
        fc.property(fc.array(field, { minLength: width, maxLength: width }), (state) => {
          const out = permute(state);
          assert.deepEqual(out, referencePermute(state));
          assert.equal(compress(state[0], state.slice(1)), out[0]);
        }),
        { numRuns: 3 },
      );
    });
  }
});

describe('what it refuses', () => {
  it('no inputs, and more than 16', () => {
    for (const count of [0, 17]) {
      assert.throws(() => compress(0n, Array<bigint>(count).fill(1n)), { code: 'HASH_WIDTH' });
      assert.throws(() => permute(Array<bigint>(count + 1).fill(1n)), { code: 'HASH_WIDTH' });
    }
  });

  it('elements that are not canonical, wherever they stand', () => {
    for (const wrong of [-1n, FIELD_MODULUS, 2n ** 256n]) {
      assert.throws(() => compress(wrong, [1n]), { code: 'FIELD_OUT_OF_RANGE' });
      assert.throws(() => compress(1n, [1n, wrong]), { code: 'FIELD_OUT_OF_RANGE' });
      assert.throws(() => permute([1n, wrong, 1n]), { code: 'FIELD_OUT_OF_RANGE' });
    }
    assert.equal(compress(0n, [1n, 2n]), referencePermute([0n, 1n, 2n])[0], 'and goes on as before');
  });
});

describe('hash', () => {
  const blocks = (count: number): bigint[] => Array.from({ length: count }, (_, k) => BigInt(k * k + 1));

  it('is one permutation up to 16 inputs, iv = domain * 2^64 + n', () => {
    for (const count of [1, 2, 5, 16]) {
      const iv = 3n * 2n ** 64n + BigInt(count);
      assert.equal(initialState(3n, count), iv);
      assert.equal(hash(3n, blocks(count)), referencePermute([iv, ...blocks(count)])[0]);
    }
  });

  it('chains zero-padded blocks of 16 beyond', () => {
    for (const count of [17, 31, 32, 33, 49]) {
      const inputs = blocks(count);
      let state = 9n * 2n ** 64n + BigInt(count);
      for (let start = 0; start < count; start += 16) {
        const block = inputs.slice(start, start + 16);
        state = referencePermute([state, ...block, ...Array(16 - block.length).fill(0n)])[0];
      }
      assert.equal(hash(9n, inputs), state);
    }
  });

  it('separates domains and lengths', () => {
    const seen = new Set<bigint>();
    for (const domain of Object.values(DOMAIN)) {
      for (const inputs of [[0n], [0n, 0n], blocks(16), [...blocks(16), 0n], [...blocks(16), 0n, 0n]]) {
        seen.add(hash(domain, inputs));
      }
    }
    assert.equal(seen.size, Object.keys(DOMAIN).length * 5);
  });

  it('refuses what is not canonical: x and x + r must not collide', () => {
    assert.throws(() => hash(1n, []), { code: 'HASH_EMPTY' });
    for (const bad of [FIELD_MODULUS, FIELD_MODULUS + 1n, -1n]) {
      assert.throws(() => hash(1n, [1n, bad]), { code: 'FIELD_OUT_OF_RANGE' });
      assert.throws(() => hash(1n, [...blocks(20), bad]), { code: 'FIELD_OUT_OF_RANGE' });
    }
  });

  it('gives canonical scalars', () => {
    fc.assert(
      fc.property(field, (x) => {
        const scalar = hashToScalar(24n, [x]);
        assert.equal(scalar, hash(24n, [x]) % 2n ** BigInt(HASH_TO_SCALAR_BITS));
        assert.ok(scalar < SUBGROUP_ORDER);
      }),
      { numRuns: 20 },
    );
  });
});
