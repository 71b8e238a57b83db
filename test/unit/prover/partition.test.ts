import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partition, SECTIONS } from '../../../prover/groth16/partition.ts';

const keys = [
  {
    domain: 65536,
    wires: 50573,
    publicSignals: 40,
    points: { a: 42710, b1: 31899, b2: 31899, c: 50544, h: 65536 },
  },
  { domain: 4, wires: 5, publicSignals: 3, points: { a: 3, b1: 0, b2: 0, c: 1, h: 4 } },
  { domain: 2, wires: 1, publicSignals: 0, points: { a: 0, b1: 0, b2: 0, c: 0, h: 2 } },
  {
    domain: 2 ** 18,
    wires: 200_000,
    publicSignals: 9,
    points: { a: 9, b1: 199_000, b2: 199_000, c: 9, h: 2 ** 18 },
  },
];

describe('partition of a proving key', () => {
  for (const key of keys) {
    for (const threads of [1, 2, 3, 8]) {
      it(`gives every point of ${key.wires} wires to one of ${threads} threads`, () => {
        const parts = partition(key, key.points, threads);
        assert.equal(parts.length, threads);
        const lengths = {
          h: key.domain,
          a: key.wires,
          c: key.wires - key.publicSignals - 1,
          b1: key.wires,
          b2: key.wires,
        };
        for (const section of SECTIONS) {
          let next = 0;
          for (const slice of parts.flat().filter((each) => each.section === section)) {
            assert.equal(slice.first, next);
            assert.ok(slice.count > 0);
            next += slice.count;
          }
          assert.equal(next, lengths[section], section);
        }
      });
    }
  }

  it('balances two threads: the one with the transforms has about half of the time', () => {
    const { points, ...key } = keys[0];
    const [first, second] = partition(key, points, 2);
    assert.deepEqual(
      first.slice(0, 2).map(({ section }) => section),
      ['h', 'a'],
    );
    assert.deepEqual(
      second.slice(-2).map(({ section }) => section),
      ['b1', 'b2'],
    );
  });
});
