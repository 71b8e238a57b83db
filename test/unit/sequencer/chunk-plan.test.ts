import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEPOSITS_PER_CHUNK, STATE_UPDATE_SLOTS } from '../../../protocol/constants.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { layChunks } from '../../../protocol/state/lay-chunks.ts';
import { makespan, planChunks } from '../../../sequencer/build/chunk-plan.ts';

const seconds = { small: 5, large: 20 };
const plan = (transitions: number, deposits: number, workers = 1) =>
  planChunks({
    nullifiers: 2 * transitions,
    commitments: 2 * transitions,
    deposits,
    workers,
    seconds,
    maxChunks: 16,
  });

test('a lone transaction takes one small chunk, a lone deposit too', () => {
  assert.deepEqual(plan(1, 0).chunks, ['small']);
  assert.deepEqual(plan(2, 0).chunks, ['small']);
  assert.deepEqual(plan(0, 1).chunks, ['small']);
  assert.deepEqual(plan(0, 0).chunks, []);
});

test('the plan with the least proving time wins', () => {
  // Three small proofs take 15 s on one worker, one large 20 s; four small 20 s: then the single large chunk.
  assert.deepEqual(plan(6, 0).chunks, ['small', 'small', 'small']);
  assert.deepEqual(plan(8, 0).chunks, ['large']);
  // With two workers four small ones take 10 s.
  assert.deepEqual(plan(8, 0, 2).chunks, ['small', 'small', 'small', 'small']);
});

test('deposits ride along, and get chunks of their own only when there is no room', () => {
  assert.deepEqual(plan(1, 4), { chunks: ['small'], deposits: 4, seconds: 5 });
  assert.deepEqual(plan(1, 5), { chunks: ['small', 'small'], deposits: 5, seconds: 10 });
});

test('only sizes whose keys the rollup has are planned', () => {
  const options = { nullifiers: 16, commitments: 16, deposits: 6, workers: 1, seconds, maxChunks: 16 };
  assert.deepEqual(planChunks({ ...options, sizes: ['small'] }).chunks, ['small', 'small', 'small', 'small']);
  assert.deepEqual(planChunks({ ...options, sizes: ['large'] }).chunks, ['large', 'large']);
});

test('too many nullifiers for a block are refused', () => {
  assert.throws(
    () => planChunks({ nullifiers: 1000, commitments: 1000, deposits: 0, workers: 1, seconds, maxChunks: 4 }),
    (error) => error instanceof AzaleaError && error.code === 'BLOCK_TOO_LARGE',
  );
});

test('every plan is laid out without leftovers or empty chunks, and no mix of sizes is faster', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      (transitions, deposits, workers, small, large) => {
        const cost = { small, large: small + large };
        const options = {
          nullifiers: 2 * transitions,
          commitments: 2 * transitions,
          deposits,
          workers,
          seconds: cost,
          maxChunks: 16,
        };
        const { chunks, deposits: taken, seconds: time } = planChunks(options);
        const signals = Array.from({ length: transitions }, (_, k) => ({
          nullifiers: [BigInt(4 * k + 1), BigInt(4 * k + 2)],
          commitments: [BigInt(4 * k + 3), BigInt(4 * k + 4)],
        }));
        const words = Array.from({ length: taken }, () => new Array<bigint>(8).fill(1n));
        layChunks(chunks, signals, words);
        assert.equal(taken, Math.min(deposits, DEPOSITS_PER_CHUNK * chunks.length));
        for (let larges = 0; larges <= 4; larges++) {
          const left = Math.max(0, 2 * transitions - larges * STATE_UPDATE_SLOTS.large);
          const smalls = Math.ceil(left / STATE_UPDATE_SLOTS.small);
          const jobs = [...new Array(larges).fill(cost.large), ...new Array(smalls).fill(small)];
          if (4 * jobs.length < deposits || jobs.length > 16 || jobs.length === 0) continue;
          assert.ok(time <= makespan(jobs, workers));
        }
      },
    ),
  );
});

test('dust never holds a transaction up: deposits get what rides along and the configured share', () => {
  const dust = { nullifiers: 2, commitments: 2, deposits: 130, workers: 1, seconds, maxChunks: 16 };
  const limits = { depositShare: 0.5, depositSeconds: 30 };
  assert.deepEqual(planChunks({ ...dust, ...limits }), { chunks: ['small'], deposits: 4, seconds: 5 });
  assert.deepEqual(planChunks({ ...dust, ...limits, depositShare: 1 }).deposits, 8);
  assert.deepEqual(planChunks({ ...dust, ...limits, overdue: true }), {
    chunks: new Array(6).fill('small'),
    deposits: 24,
    seconds: 30,
  });
  const alone = { ...dust, ...limits, nullifiers: 0, commitments: 0 };
  assert.equal(planChunks(alone).seconds, 30);
  // A chunk is always made, however long it takes.
  assert.deepEqual(planChunks({ ...alone, depositSeconds: 1 }).chunks, ['small']);
});

test('large chunks are preferred where they are nearly as fast', () => {
  const options = { nullifiers: 16, commitments: 16, deposits: 0, workers: 1, maxChunks: 16 };
  const nearly = { small: 5, large: 21 };
  assert.deepEqual(planChunks({ ...options, seconds: nearly, tieShare: 0.1 }).chunks, ['large']);
  assert.equal(planChunks({ ...options, seconds: nearly }).chunks.length, 4);
  assert.equal(planChunks({ ...options, seconds: { small: 5, large: 23 }, tieShare: 0.1 }).chunks.length, 4);
});

test('no plan exceeds its limits, and within them none takes more deposits', () => {
  const share = fc.double({ min: 0, max: 3, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({
        transitions: fc.integer({ min: 0, max: 32 }),
        deposits: fc.integer({ min: 0, max: 130 }),
        workers: fc.integer({ min: 1, max: 4 }),
        small: fc.integer({ min: 1, max: 30 }),
        large: fc.integer({ min: 1, max: 90 }),
        depositShare: share,
        depositSeconds: fc.integer({ min: 1, max: 100 }),
        overdue: fc.boolean(),
        tieShare: fc.constantFrom(0, 0.1),
      }),
      ({ transitions, small, large, ...rest }) => {
        const slots = 2 * transitions;
        const times = { small, large };
        const { workers, deposits, depositShare, depositSeconds } = rest;
        const options = { ...rest, nullifiers: slots, commitments: slots, seconds: times, maxChunks: 16 };
        const plan = planChunks(options);
        const timeFor = (chunks: readonly ('small' | 'large')[]) =>
          makespan(
            chunks.map((size) => times[size]),
            workers,
          );
        assert.equal(plan.deposits, Math.min(deposits, DEPOSITS_PER_CHUNK * plan.chunks.length));
        assert.equal(plan.seconds, timeFor(plan.chunks));
        assert.ok(deposits === 0 || plan.deposits > 0);
        const without = planChunks({ ...options, deposits: 0, tieShare: 0 }).seconds;
        if (deposits === 0) return assert.ok(plan.seconds <= without * 1.1 + 1e-9);
        const shared = without * (1 + depositShare);
        const limit =
          transitions === 0 ? depositSeconds : rest.overdue ? Math.max(shared, depositSeconds) : shared;
        assert.ok(plan.seconds <= limit || plan.chunks.length === 1);
        for (let larges = 0; larges <= 4; larges++) {
          for (let smalls = 0; larges + smalls <= 16; smalls++) {
            const room = larges * STATE_UPDATE_SLOTS.large + smalls * STATE_UPDATE_SLOTS.small;
            if (room < slots || larges > Math.ceil(slots / STATE_UPDATE_SLOTS.large)) continue;
            const chunks = [
              ...new Array<'large'>(larges).fill('large'),
              ...new Array<'small'>(smalls).fill('small'),
            ];
            if (timeFor(chunks) > limit) continue;
            assert.ok(plan.deposits >= Math.min(deposits, DEPOSITS_PER_CHUNK * chunks.length));
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});
