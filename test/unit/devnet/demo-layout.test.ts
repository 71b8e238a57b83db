/** The demo's screen on terminals of any width, and its counts. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { createBoard, stepLine } from '../../../devnet/demo/board.ts';
import { type BlockCost, blockTable } from '../../../devnet/demo/report.ts';
import { STEP_NAMES, STEP_TITLES } from '../../../devnet/demo/step-names.ts';
import { costLines, observerLines, verdict } from '../../../devnet/demo/verdict.ts';
import { barLine } from '../../../host/progress.ts';
import { withoutLibraryWarnings } from '../../../l1/artifacts.ts';

const COST: BlockCost = { l2Block: 1, gas: 619_000n, bytes: 1_430, deposits: 2, transactions: [] };
const ALL = STEP_NAMES.map((name) => ({ name, ok: true, seconds: 1, ended: true }));

describe('a terminal of 44 columns', () => {
  test('shows every step with its whole title, its bar and its time', () => {
    for (const step of STEP_NAMES) {
      for (const state of [
        { mark: '>', stage: 'settling', fraction: 0.5 },
        { mark: '✓', stage: '', fraction: 1, seconds: 1234.5 },
        { mark: ' ', stage: '', fraction: 0 },
      ] as const) {
        const line = stepLine(step, state, 44);
        assert.ok(line.length < 44, line);
        assert.ok(line.includes(STEP_TITLES[step]), line);
      }
    }
    assert.match(stepLine('mint', { mark: '>', stage: 'settling', fraction: 0.5 }, 44), /███░░░ {2}50 %$/);
    assert.match(stepLine('mint', { mark: '>', stage: 'settling', fraction: 0.5 }, 80), /tokens: settling/);
  });

  test('shows bars, tables and the end without a broken line', () => {
    const steps = [
      ALL,
      [{ ...ALL[0], ok: false }, ...ALL.slice(1).map((step) => ({ ...step, ended: false, ok: false }))],
    ];
    const lines = [
      barLine('key of state-update-large with a long name', 0.999, 44),
      ...blockTable([COST, { ...COST, l2Block: 9999, gas: 9_999_999n, bytes: 99_999, deposits: 64 }]),
      ...observerLines([COST], 44),
      ...costLines({ proofSeconds: 12.34, gas: 619_000 }, 44),
      ...steps.flatMap((each) => verdict(each, 44)),
    ];
    for (const line of lines) assert.ok(line.length < 44, line);
    for (const columns of [undefined, 0, 1, 24, 80, 500]) {
      assert.ok(barLine('x'.repeat(300), 1, columns).length < Math.max(24, columns || 80));
    }
  });
});

test('the end says what was shown and where to go; a failure claims nothing', () => {
  const text = (steps: Parameters<typeof verdict>[0]): string => verdict(steps, 80).join(' ');
  assert.match(
    text(ALL),
    /^Shown: .*refused by the sequencer and by the contract.*npm run devnet.*npm run example/,
  );
  const failed = ALL.map((step) => (step.name === 'attackProof' ? { ...step, ok: false } : step));
  assert.match(text(failed), /^The demo failed at "Attack: change a proof"/);
  const interrupted = ALL.map((step) =>
    step.name === 'attackSignal' ? { ...step, ok: false, ended: false } : step,
  );
  assert.match(text(interrupted), /^The demo ended before its last 1 steps/);
  for (const steps of [failed, interrupted]) assert.doesNotMatch(text(steps), /Shown/);
});

test('without a terminal each step is one line', () => {
  const out = new PassThrough();
  const board = createBoard(out as never);
  board.start('keys');
  for (const fraction of [0, 0.1, 0.3, 0.31, 0.8, 1]) board.progress('keys', '', fraction);
  board.end('keys', true, 61.25);
  board.start('mint');
  board.progress('mint', 'proving', 0.5);
  board.end('mint', false, 2);
  board.stop();
  assert.equal(
    String(out.read()),
    '      Make development keys: 25 %\n      Make development keys: 75 %\nok    Make development keys (61.3 s)\nFAIL  Alice mints 100 tokens (2.0 s)\n',
  );
});

test('warnings about libraries are not shown; errors and our own warnings are', () => {
  const problem = (severity: 'error' | 'warning', file?: string) =>
    ({
      severity,
      type: 'T',
      component: 'general',
      message: 'm',
      ...(file === undefined ? {} : { sourceLocation: { file } }),
    }) as never;
  const library = 'npm/@openzeppelin/contracts@5.4.0/utils/TransientSlot.sol';
  const own = 'project/contracts/Rollup.sol';
  assert.deepEqual(withoutLibraryWarnings([problem('warning', library)]), []);
  assert.equal(withoutLibraryWarnings(undefined), undefined);
  const kept = [problem('error', library), problem('warning', own), problem('warning')];
  assert.deepEqual(withoutLibraryWarnings([problem('warning', library), ...kept]), kept);
});
