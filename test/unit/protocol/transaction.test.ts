import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { keccak256 } from 'viem';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldToBytes, integerToBytes } from '../../../protocol/field.ts';
import { BASE_FIELD_MODULUS } from '../../../protocol/proof.ts';
import {
  decodeTransaction,
  encodeTransaction,
  TRANSACTION_BYTES,
  type Transaction,
  transactionId,
} from '../../../protocol/transaction/transaction.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const coordinate = fc.bigInt({ min: 0n, max: BASE_FIELD_MODULUS - 1n });
const proof = fc
  .array(coordinate, { minLength: 8, maxLength: 8 })
  .map((words) => Uint8Array.from(words.flatMap((word) => [...integerToBytes(word, 32)])));
const SIZES = [
  { keyId: 0, count: 28, length: TRANSACTION_BYTES.small },
  { keyId: 1, count: 50, length: TRANSACTION_BYTES.large },
];
const transaction = ({ keyId, count }: (typeof SIZES)[number]): fc.Arbitrary<Transaction> =>
  fc
    .record({ proof, statementHash: field, signals: fc.array(field, { minLength: count, maxLength: count }) })
    .map((transition) => ({ transitions: [{ keyId, ...transition }] }));
const sample: Transaction = {
  transitions: [
    {
      keyId: 0,
      proof: new Uint8Array(256),
      statementHash: 99n,
      signals: Array.from({ length: 28 }, (_, k) => BigInt(k + 1)),
    },
  ],
};
const encoded = encodeTransaction(sample);

function replaced(at: number, bytes: Uint8Array): Uint8Array {
  const copy = encoded.slice();
  copy.set(bytes, at);
  return copy;
}

describe('transaction encoding', () => {
  it('round-trips both ways: one form for one transaction', () => {
    for (const size of SIZES) {
      fc.assert(
        fc.property(transaction(size), (some) => {
          const bytes = encodeTransaction(some);
          assert.equal(bytes.length, size.length);
          const read = decodeTransaction(bytes);
          assert.deepEqual(read, some);
          assert.deepEqual(encodeTransaction(read), bytes);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('is 1187 or 1891 bytes in the order of section 11', () => {
    assert.deepEqual(TRANSACTION_BYTES, { small: 1187, large: 1891 });
    assert.deepEqual([...encoded.subarray(0, 3)], [1, 1, 0]);
    assert.deepEqual(encoded.subarray(259, 291), fieldToBytes(99n));
    for (let k = 0; k < 28; k++) {
      assert.deepEqual(encoded.subarray(291 + 32 * k, 323 + 32 * k), fieldToBytes(BigInt(k + 1)));
    }
  });

  it('is canonical: whatever bytes are accepted encode to themselves', () => {
    fc.assert(
      fc.property(fc.nat(TRANSACTION_BYTES.small - 1), fc.nat(255), (at, byte) => {
        const bytes = replaced(at, Uint8Array.of(byte));
        let read: Transaction;
        try {
          read = decodeTransaction(bytes);
        } catch {
          return;
        }
        assert.deepEqual(encodeTransaction(read), bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every other form by name', () => {
    const refuse = (bytes: Uint8Array, code: string): void =>
      assert.throws(() => decodeTransaction(bytes), { code });
    refuse(new Uint8Array(0), 'TRANSACTION_ENCODING');
    refuse(Uint8Array.of(1), 'TRANSACTION_ENCODING');
    refuse(encoded.slice(0, -1), 'TRANSACTION_ENCODING');
    refuse(Uint8Array.of(...encoded, 0), 'TRANSACTION_ENCODING');
    for (const version of [0, 2, 255]) refuse(replaced(0, Uint8Array.of(version)), 'TRANSACTION_ENCODING');
    for (const count of [0, 2, 255]) refuse(replaced(1, Uint8Array.of(count)), 'TRANSACTION_SHAPE');
    refuse(Uint8Array.of(1, 2, ...encoded.subarray(2), ...encoded.subarray(2)), 'TRANSACTION_SHAPE');
    // A small transition under the large key is too short, a large one under the small key too long.
    refuse(replaced(2, Uint8Array.of(1)), 'TRANSACTION_ENCODING');
    const large = encodeTransaction({
      transitions: [
        { keyId: 1, proof: new Uint8Array(256), statementHash: 7n, signals: Array<bigint>(50).fill(7n) },
      ],
    });
    refuse(Uint8Array.of(1, 1, 0, ...large.subarray(3)), 'TRANSACTION_ENCODING');
    refuse(Uint8Array.of(1, 1), 'TRANSACTION_ENCODING');
    for (const key of [2, 3, 255]) refuse(replaced(2, Uint8Array.of(key)), 'TRANSACTION_KEY');
    for (let k = 0; k < 8; k++) {
      for (const bad of [BASE_FIELD_MODULUS, (1n << 256n) - 1n]) {
        refuse(replaced(3 + 32 * k, integerToBytes(bad, 32)), 'PROOF_ENCODING');
      }
    }
    for (let k = 0; k < 28; k++) {
      for (const bad of [FIELD_MODULUS, BigInt(k + 1) + FIELD_MODULUS]) {
        refuse(replaced(291 + 32 * k, integerToBytes(bad, 32)), 'FIELD_OUT_OF_RANGE');
      }
    }
    refuse(replaced(259, integerToBytes(FIELD_MODULUS + 99n, 32)), 'FIELD_OUT_OF_RANGE');
  });

  it('does not write what it would not read', () => {
    const [transition] = sample.transitions;
    const write = (changes: object) => () =>
      encodeTransaction({ transitions: [{ ...transition, ...changes }] });
    assert.throws(write({ keyId: 256 }), { code: 'TRANSACTION_KEY' });
    assert.throws(write({ keyId: 2 }), { code: 'TRANSACTION_KEY' });
    assert.throws(write({ keyId: 1 }), { code: 'TRANSACTION_ENCODING' });
    assert.throws(write({ proof: new Uint8Array(255) }), { code: 'PROOF_ENCODING' });
    assert.throws(write({ proof: new Uint8Array(288), signals: transition.signals.slice(1) }), {
      code: 'PROOF_ENCODING',
    });
    assert.throws(write({ signals: transition.signals.slice(1) }), { code: 'TRANSACTION_ENCODING' });
    assert.throws(write({ signals: transition.signals.with(3, FIELD_MODULUS) }), {
      code: 'FIELD_OUT_OF_RANGE',
    });
    assert.throws(() => encodeTransaction({ transitions: [] }), { code: 'TRANSACTION_SHAPE' });
    assert.throws(() => encodeTransaction({ transitions: [transition, transition] }), {
      code: 'TRANSACTION_SHAPE',
    });
    assert.throws(() => encodeTransaction({ transitions: Array(257).fill(transition) }), {
      code: 'TRANSACTION_SHAPE',
    });
  });
});

describe('transaction id', () => {
  it('is keccak256 of key id and statement', () => {
    const hashed = Uint8Array.of(0, ...encoded.subarray(291));
    assert.deepEqual(transactionId(sample), keccak256(hashed, 'bytes'));
  });

  it('ignores the proof, which anyone can re-randomise, and c, which the signer can, and nothing else', () => {
    const [transition] = sample.transitions;
    const id = Buffer.from(transactionId(sample)).toString('hex');
    const other = { transitions: [{ ...transition, proof: new Uint8Array(256).fill(1) }] };
    assert.equal(Buffer.from(transactionId(other)).toString('hex'), id);
    const hashed = { transitions: [{ ...transition, statementHash: 5n }] };
    assert.equal(Buffer.from(transactionId(hashed)).toString('hex'), id);
    for (let k = 0; k < 28; k++) {
      const changed = { transitions: [{ ...transition, signals: transition.signals.with(k, 99n) }] };
      assert.notEqual(Buffer.from(transactionId(changed)).toString('hex'), id);
    }
  });
});
