import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { integerToBytes } from '../../../protocol/field.ts';
import { BASE_FIELD_MODULUS } from '../../../protocol/proof.ts';
import {
  BLOCK_CHUNK_BYTES,
  type Block,
  blockTransitionBytes,
  decodeBlock,
  encodeBlock,
} from '../../../protocol/transaction/block.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const byte = fc.nat(255);
const proof = fc
  .array(fc.bigInt({ min: 0n, max: BASE_FIELD_MODULUS - 1n }), { minLength: 8, maxLength: 8 })
  .map((words) => concatBytes(...words.map((word) => integerToBytes(word, 32))));
const block: fc.Arbitrary<Block> = fc.record({
  // Both sizes, in any order.
  transitions: fc.array(
    fc.oneof(
      ...[27, 49].map((count, keyId) =>
        fc.record({
          keyId: fc.constant(keyId),
          anchorBlock: fc.nat(2 ** 32 - 1),
          proof,
          statementHash: field,
          signals: fc.array(field, { minLength: count, maxLength: count }),
        }),
      ),
    ),
    { maxLength: 4 },
  ),
  chunks: fc.array(
    fc.record({ keyId: byte, newNoteRoot: field, newNullifierRoot: field, statementHash: field, proof }),
    {
      maxLength: 3,
    },
  ),
  depositCount: fc.nat(65535),
});

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const section = (type: number, length: number, ...body: Uint8Array[]): Uint8Array =>
  concatBytes(Uint8Array.of(type), integerToBytes(BigInt(length), 4), ...body);
const two = (count: number): Uint8Array => integerToBytes(BigInt(count), 2);
const version = Uint8Array.of(1);
const SMALL_BYTES = 1 + 4 + 256 + 32 + 27 * 32;
const LARGE_BYTES = 1 + 4 + 256 + 32 + 49 * 32;
const transitions = (count: number): Uint8Array =>
  section(1, 2 + count * SMALL_BYTES, two(count), zeros(count * SMALL_BYTES));
const large = Uint8Array.of(1, ...zeros(LARGE_BYTES - 1));
const chunks = (count: number): Uint8Array =>
  section(2, 2 + count * BLOCK_CHUNK_BYTES, two(count), zeros(count * BLOCK_CHUNK_BYTES));
const deposits = section(3, 2, two(4));

describe('block encoding', () => {
  it('round-trips both ways', () => {
    fc.assert(
      fc.property(block, (some) => {
        const bytes = encodeBlock(some);
        const read = decodeBlock(bytes);
        assert.deepEqual(read, structuredClone(some));
        assert.deepEqual(encodeBlock(read), bytes);
      }),
      { numRuns: 40 },
    );
  });

  it('has the sizes of section 11', () => {
    assert.equal(blockTransitionBytes(0), SMALL_BYTES);
    assert.equal(blockTransitionBytes(1), LARGE_BYTES);
    assert.equal(BLOCK_CHUNK_BYTES, 1 + 32 + 32 + 32 + 256);
    assert.deepEqual(encodeBlock({ transitions: [], chunks: [], depositCount: 0 }), version);
    assert.deepEqual(
      encodeBlock({ transitions: [], chunks: [], depositCount: 4 }),
      concatBytes(version, deposits),
    );
    const whole = concatBytes(version, transitions(2), chunks(1), deposits);
    const read = decodeBlock(whole);
    assert.equal(read.transitions.length, 2);
    assert.equal(read.chunks.length, 1);
    assert.equal(read.depositCount, 4);
  });

  it('refuses every other form', () => {
    const refused: Record<string, Uint8Array> = {
      nothing: zeros(0),
      'version 0': Uint8Array.of(0),
      'version 2': concatBytes(Uint8Array.of(2), deposits),
      'cut header': concatBytes(version, deposits.subarray(0, 6)),
      'cut body': concatBytes(version, transitions(1).subarray(0, -1)),
      'trailing byte': concatBytes(version, deposits, zeros(1)),
      'trailing zeros that look like a section': concatBytes(version, deposits, zeros(7)),
      'descending sections': concatBytes(version, deposits, chunks(1)),
      'a section twice': concatBytes(version, chunks(1), chunks(1)),
      'section 0': concatBytes(version, section(0, 2, two(1))),
      'unknown section': concatBytes(version, section(4, 2, two(1))),
      'empty transitions': concatBytes(version, section(1, 2, two(0))),
      'empty chunks': concatBytes(version, section(2, 2, two(0))),
      'no deposits': concatBytes(version, section(3, 2, two(0))),
      'count below entries': concatBytes(
        version,
        section(2, 2 + 2 * BLOCK_CHUNK_BYTES, two(1), zeros(2 * BLOCK_CHUNK_BYTES)),
      ),
      'count above entries': concatBytes(
        version,
        section(2, 2 + BLOCK_CHUNK_BYTES, two(2), zeros(BLOCK_CHUNK_BYTES)),
      ),
      'length below count': concatBytes(version, section(3, 1, two(4))),
      'length 0': concatBytes(version, section(3, 0, two(4))),
      'length beyond the end': concatBytes(version, section(3, 2 ** 32 - 1, two(4))),
      'a large transition in the room of a small one': concatBytes(
        version,
        section(1, 2 + SMALL_BYTES, two(1), large.subarray(0, SMALL_BYTES)),
      ),
      'a small transition in the room of a large one': concatBytes(
        version,
        section(1, 2 + LARGE_BYTES, two(1), zeros(LARGE_BYTES)),
      ),
      'the last of two transitions cut': concatBytes(
        version,
        section(1, 2 + SMALL_BYTES + LARGE_BYTES - 1, two(2), zeros(SMALL_BYTES), large.subarray(1)),
      ),
      'more transitions than entries': concatBytes(version, section(1, 2 + LARGE_BYTES, two(2), large)),
      'fewer transitions than entries': concatBytes(
        version,
        section(1, 2 + LARGE_BYTES + SMALL_BYTES, two(1), large, zeros(SMALL_BYTES)),
      ),
      'a transition under the key of a state update': concatBytes(
        version,
        section(1, 2 + SMALL_BYTES, two(1), Uint8Array.of(2), zeros(SMALL_BYTES - 1)),
      ),
      'deposits with body': concatBytes(version, section(3, 3, two(4), zeros(1))),
    };
    for (const [name, bytes] of Object.entries(refused)) {
      assert.throws(() => decodeBlock(bytes), { code: 'BLOCK_ENCODING' }, name);
    }
  });

  it('refuses values out of range', () => {
    const whole = concatBytes(version, transitions(1));
    const put = (at: number, value: bigint): Uint8Array => {
      const copy = whole.slice();
      copy.set(integerToBytes(value, 32), at);
      return copy;
    };
    const body = 1 + 5 + 2;
    for (let k = 0; k < 8; k++) {
      assert.throws(() => decodeBlock(put(body + 5 + 32 * k, BASE_FIELD_MODULUS)), {
        code: 'PROOF_ENCODING',
      });
    }
    for (let k = 0; k < 27; k++) {
      assert.throws(() => decodeBlock(put(body + 5 + 256 + 32 * k, FIELD_MODULUS)), {
        code: 'FIELD_OUT_OF_RANGE',
      });
    }
  });

  it('refuses values of a large transition out of range', () => {
    for (let k = 0; k < 49; k++) {
      const entry = large.slice();
      entry.set(integerToBytes(FIELD_MODULUS, 32), 5 + 256 + 32 * k);
      const whole = concatBytes(version, section(1, 2 + LARGE_BYTES, two(1), entry));
      assert.throws(() => decodeBlock(whole), { code: 'FIELD_OUT_OF_RANGE' });
    }
  });

  it('does not write what it would not read', () => {
    const some = decodeBlock(concatBytes(version, transitions(1), chunks(1)));
    const [transition] = some.transitions;
    const [chunk] = some.chunks;
    const write = (changes: Partial<Block>) => () => encodeBlock({ ...some, ...changes });
    for (const bad of [-1, 65536, 1.5]) assert.throws(write({ depositCount: bad }), `${bad} deposits`);
    for (const keyId of [1, 2, 3, 4, 256]) {
      assert.throws(write({ transitions: [{ ...transition, keyId }] }), { code: 'BLOCK_ENCODING' });
    }
    assert.throws(write({ transitions: [{ ...transition, anchorBlock: 2 ** 32 }] }));
    assert.throws(write({ transitions: [{ ...transition, anchorBlock: -1 }] }));
    assert.throws(write({ transitions: [{ ...transition, proof: zeros(255) }] }));
    assert.throws(write({ transitions: [{ ...transition, signals: transition.signals.slice(1) }] }));
    assert.throws(
      write({ transitions: [{ ...transition, signals: transition.signals.with(0, FIELD_MODULUS) }] }),
    );
    assert.throws(write({ chunks: [{ ...chunk, keyId: -1 }] }));
    assert.throws(write({ chunks: [{ ...chunk, newNoteRoot: FIELD_MODULUS }] }));
    assert.throws(write({ chunks: [{ ...chunk, proof: zeros(288) }] }));
  });
});
