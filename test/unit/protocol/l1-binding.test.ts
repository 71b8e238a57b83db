import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeAbiParameters, keccak256 } from 'viem';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { rollupIdOf } from '../../../protocol/rollup-id.ts';
import {
  chunkElements,
  type StateUpdateBindingOptions,
  stateUpdateHash,
  stateUpdatePublicInputs,
} from '../../../protocol/state/binding.ts';

const ROLLUP = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const SENDER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const numbers = (from: number, count: number): bigint[] =>
  Array.from({ length: count }, (_, k) => BigInt(from + k));

function sample(slots = 4): StateUpdateBindingOptions {
  return {
    chainId: 31337n,
    contract: ROLLUP,
    sender: SENDER,
    l2Block: 12,
    keyId: 2,
    chunk: {
      data: {
        nullifiers: numbers(100, slots),
        commitments: numbers(200, slots),
        deposits: [numbers(300, 8), numbers(310, 8), numbers(320, 8), numbers(330, 8)],
      },
      oldNoteRoot: 1n,
      newNoteRoot: 2n,
      oldNullifierRoot: 3n,
      newNullifierRoot: 4n,
      starts: { noteStart: 8, depositStart: 12, nullifierStart: 16 },
    },
  };
}

describe('state-update binding', () => {
  it('is keccak256(abi.encode(...)) mod r, as Solidity computes it', () => {
    for (const slots of [4, 16]) {
      const options = sample(slots);
      const elements = chunkElements(options.chunk.data);
      assert.equal(elements.length, 2 * slots + 32);
      const words = [1n, 2n, 3n, 4n, 8n, 12n, 16n, ...elements];
      const encoded = encodeAbiParameters(
        [
          { type: 'uint256' },
          { type: 'address' },
          { type: 'address' },
          { type: 'uint256' },
          { type: 'uint256' },
          { type: `uint256[${7 + elements.length}]` },
          { type: 'uint256' },
        ],
        [31337n, ROLLUP, SENDER, 12n, 2n, words, hash(DOMAIN.STATE_UPDATE, words)] as never,
      );
      const [x, y, c] = stateUpdatePublicInputs(options);
      assert.equal(c, hash(DOMAIN.STATE_UPDATE, words));
      assert.equal(x, BigInt(keccak256(encoded)) % FIELD_MODULUS);
      let expected = 0n;
      for (const [j, element] of words.entries()) {
        let power = 1n;
        for (let k = 0; k <= j; k++) power = (power * x) % FIELD_MODULUS;
        expected = (expected + element * power) % FIELD_MODULUS;
      }
      assert.equal(y, expected);
    }
  });

  it('binds every part and its place', () => {
    const seen = new Set<bigint>();
    const hashes = new Set<bigint>();
    const chunks = new Set<unknown>();
    let count = 0;
    const add = (options: StateUpdateBindingOptions): void => {
      seen.add(stateUpdatePublicInputs(options)[0]);
      hashes.add(stateUpdateHash(options.chunk));
      chunks.add(options.chunk);
      count++;
    };
    const base = sample();
    const { chunk } = base;
    const { data, starts } = chunk;
    add(base);
    add({ ...base, chainId: 1n });
    add({ ...base, contract: SENDER });
    add({ ...base, sender: ROLLUP });
    add({ ...base, l2Block: 13 });
    add({ ...base, keyId: 3 });
    for (const root of ['oldNoteRoot', 'newNoteRoot', 'oldNullifierRoot', 'newNullifierRoot'] as const) {
      add({ ...base, chunk: { ...chunk, [root]: 99n } });
    }
    for (const start of ['noteStart', 'depositStart', 'nullifierStart'] as const) {
      add({ ...base, chunk: { ...chunk, starts: { ...starts, [start]: 99 } } });
    }
    const swap = (values: readonly bigint[]): bigint[] => [values[1], values[0], ...values.slice(2)];
    add({ ...base, chunk: { ...chunk, data: { ...data, nullifiers: swap(data.nullifiers) } } });
    add({
      ...base,
      chunk: { ...chunk, data: { ...data, nullifiers: data.commitments, commitments: data.nullifiers } },
    });
    for (let k = 0; k < 4; k++) {
      add({ ...base, chunk: { ...chunk, data: { ...data, nullifiers: data.nullifiers.with(k, 1n) } } });
      add({ ...base, chunk: { ...chunk, data: { ...data, commitments: data.commitments.with(k, 1n) } } });
      for (let word = 0; word < 8; word++) {
        const deposits = data.deposits.with(k, data.deposits[k].with(word, 1n));
        add({ ...base, chunk: { ...chunk, data: { ...data, deposits } } });
      }
    }
    assert.equal(seen.size, count);
    assert.equal(hashes.size, chunks.size, 'c changes with each word of the statement');
  });

  it('refuses a D with missing slots: it would not be the D that L1 hashes', () => {
    const { data } = sample().chunk;
    const code = 'CHUNK_SHAPE';
    assert.throws(() => chunkElements({ ...data, nullifiers: data.nullifiers.slice(1) }), { code });
    assert.throws(() => chunkElements({ ...data, commitments: [...data.commitments, 0n] }), { code });
    assert.throws(() => chunkElements({ ...data, deposits: data.deposits.slice(1) }), { code });
    assert.throws(() => chunkElements({ ...data, deposits: data.deposits.with(0, [0n]) }), { code });
    assert.throws(() => chunkElements({ nullifiers: [], commitments: [], deposits: data.deposits }), {
      code,
    });
  });
});

describe('rollup id', () => {
  it('is keccak256(abi.encode(chainId, rollup, salt)) mod r', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.bigInt({ min: 1n, max: 1n << 64n }),
        (salt, chainId) => {
          const encoded = encodeAbiParameters(
            [{ type: 'uint256' }, { type: 'address' }, { type: 'bytes32' }],
            [chainId, ROLLUP, `0x${Buffer.from(salt).toString('hex')}`],
          );
          assert.equal(rollupIdOf(chainId, ROLLUP, salt), BigInt(keccak256(encoded)) % FIELD_MODULUS);
        },
      ),
    );
  });

  it('takes exactly 32 bytes of salt', () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => rollupIdOf(1n, ROLLUP, new Uint8Array(length)), { code: 'ROLLUP_SALT' });
    }
  });
});
