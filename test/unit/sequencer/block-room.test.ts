/** The room of a block for transactions of two sizes. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChunkSize } from '../../../protocol/state/chunk.ts';
import { layChunks } from '../../../protocol/state/lay-chunks.ts';
import { decodeTransaction } from '../../../protocol/transaction/transaction.ts';
import { BlockRoom, proposeGas } from '../../../sequencer/build/block-room.ts';
import { planChunks } from '../../../sequencer/build/chunk-plan.ts';
import { type PoolTransaction, poolTransaction } from '../../../sequencer/mempool/pool-transaction.ts';
import { testSignals, testTransaction } from '../../support/sequencer/sequencer-harness.ts';

const ample = { transactions: 64, maxChunks: 16, chunkSlots: 16, gas: 14_000_000 };
const make = (size: 'small' | 'large'): PoolTransaction =>
  poolTransaction(decodeTransaction(testTransaction(testSignals(1n, {}, size)).bytes));
const small = make('small');
const large = make('large');

/** Takes from the list until something does not fit; how many were taken. */
function taken(options: Partial<typeof ample>, waiting: readonly PoolTransaction[]): number {
  const room = new BlockRoom({ ...ample, ...options });
  const first = waiting.findIndex((transition) => !room.take(transition));
  return first < 0 ? waiting.length : first;
}
const many = (transition: PoolTransaction): PoolTransaction[] => Array(100).fill(transition);

test('slots count, not transactions: a chunk of 4 takes two small or one large', () => {
  const one = { maxChunks: 1, chunkSlots: 4 };
  assert.equal(taken(one, many(small)), 2);
  assert.equal(taken(one, many(large)), 1);
  assert.equal(taken(one, [small, large]), 1);
  assert.equal(taken({ maxChunks: 2 }, many(large)), 8);
  assert.equal(taken({ maxChunks: 2 }, [...many(small).slice(0, 15), ...many(large)]), 15);
});

test('the number of transactions and the gas are limits of their own', () => {
  assert.equal(taken({ transactions: 3 }, many(large)), 3);
  const gas = proposeGas({ small: 0, large: 5 }, 5);
  assert.equal(taken({ gas }, many(large)), 5);
  assert.equal(taken({ gas: gas - 1 }, many(large)), 4);
});

test('the first transaction always fits', () => {
  assert.equal(taken({ gas: 1 }, many(large)), 1);
});

test('a refused transaction takes nothing and makes the room full', () => {
  const room = new BlockRoom({ ...ample, maxChunks: 1, chunkSlots: 4 });
  assert.ok(room.take(small));
  assert.equal(room.full, false);
  assert.equal(room.take(large), false);
  assert.equal(room.full, true);
  assert.ok(room.take(small), 'the room of the refused one is still there');
});

test('whatever is taken can be cut into chunks, in any mixture, with whatever deposits', () => {
  const waiting = fc.array(fc.constantFrom(small, large), { minLength: 1, maxLength: 70 });
  const maxChunks = fc.integer({ min: 1, max: 16 });
  const sizes = fc.constantFrom<readonly ChunkSize[]>(['small'], ['large'], ['small', 'large']);
  fc.assert(
    fc.property(waiting, maxChunks, sizes, fc.nat(80), fc.integer({ min: 1, max: 4 }), (...given) => {
      const [list, chunkLimit, chunkSizes, deposits, workers] = given;
      const chunkSlots = chunkSizes.includes('large') ? 16 : 4;
      const chosen = list.slice(0, taken({ maxChunks: chunkLimit, chunkSlots }, list));
      assert.ok(chosen.length > 0);
      const slots = chosen.reduce((sum, { nullifiers }) => sum + nullifiers.length, 0);
      const plan = planChunks({
        nullifiers: slots,
        commitments: slots,
        deposits,
        workers,
        seconds: { small: 6, large: 20 },
        sizes: chunkSizes,
        maxChunks: chunkLimit,
      });
      const queue = Array.from({ length: plan.deposits }, () => Array<bigint>(8).fill(1n));
      const chunks = layChunks(plan.chunks, chosen, queue);
      assert.ok(chunks.length <= chunkLimit);
    }),
  );
});

test('a transaction of several transitions is taken as one, with the slots and the gas of all', () => {
  const single = make('small');
  const [first] = single.transitions;
  const pair = poolTransaction({ transitions: [first.proven, make('large').transitions[0].proven] });
  assert.deepEqual(
    pair.nullifiers,
    pair.transitions.flatMap(({ signals }) => signals.nullifiers),
  );
  assert.deepEqual(
    pair.commitments,
    pair.transitions.flatMap(({ signals }) => signals.commitments),
  );
  assert.equal(pair.nullifiers.length, 6);
  assert.equal(taken({ transactions: 3 }, many(pair)), 3);
  assert.equal(taken({ maxChunks: 4, chunkSlots: 4 }, many(pair)), 2);
  const gas = proposeGas({ small: 2, large: 2 }, 3);
  assert.equal(taken({ maxChunks: 3, chunkSlots: 4, gas }, many(pair)), 2);
  assert.equal(taken({ maxChunks: 3, chunkSlots: 4, gas: gas - 1 }, many(pair)), 1);
});

test('the estimate never falls when a block grows', () => {
  const load = fc.record({ small: fc.nat(64), large: fc.nat(64) });
  const gasOf = ({ small: s, large: l }: { small: number; large: number }): number =>
    proposeGas({ small: s, large: l }, 16);
  fc.assert(
    fc.property(load, (some) => {
      assert.ok(gasOf({ ...some, small: some.small + 1 }) > gasOf(some));
      assert.ok(gasOf({ ...some, large: some.large + 1 }) > gasOf(some));
    }),
  );
  assert.ok(
    gasOf({ small: 0, large: 64 }) < 2 ** 24,
    'the largest block that can be configured is below L1 s limit',
  );
});

test('the estimate is above what is measured, and not far above', () => {
  const gas = JSON.parse(readFileSync(new URL('../../contracts/gas.json', import.meta.url), 'utf8'));
  const loads: [string, number, number][] = [
    ...[1, 2, 4, 8, 16, 32].map((n): [string, number, number] => [`propose-${n}`, n, 0]),
    ...[1, 2, 4, 8, 16].map((n): [string, number, number] => [`propose-${n}-large`, 0, n]),
    ['propose-8-small-8-large', 8, 8],
  ];
  for (const [name, s, l] of loads) {
    const { executionGas, calldataBytes } = gas[name];
    // Every byte costs as much as one that is not 0.
    const measured = executionGas + 21_000 + 16 * calldataBytes;
    const slots = 2 * s + 4 * l;
    const estimate = proposeGas({ small: s, large: l }, slots <= 4 ? 1 : Math.ceil(slots / 16));
    assert.ok(estimate >= measured, `${name}: ${estimate} < ${measured}`);
    assert.ok(estimate <= 1.5 * measured, `${name}: ${estimate} is far above ${measured}`);
  }
});
