/** The demo's results, from stubbed steps and blocks: `--json`, `--details`, README's table, and the board on a terminal. */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { createBoard } from '../../../devnet/demo/board.ts';
import { detailLines, figuresOf, NO_FIGURES, resultLine } from '../../../devnet/demo/details.ts';
import { blockCost, blockTable } from '../../../devnet/demo/report.ts';
import { STEP_NAMES, STEP_TITLES } from '../../../devnet/demo/step-names.ts';
import { KEY_ID } from '../../../protocol/constants.ts';
import { encodeBlock } from '../../../protocol/transaction/block.ts';
import { SMALL_SIGNAL_COUNT } from '../../../protocol/transaction/transition.ts';
import { readText } from '../../support/source-files.ts';

const ROLLUP_ID = 7n;
const transition = (anchorBlock: number) => ({
  keyId: KEY_ID['transition-small'],
  anchorBlock,
  proof: new Uint8Array(256),
  statementHash: 1n,
  signals: Array.from({ length: SMALL_SIGNAL_COUNT - 1 }, () => 0n),
});
/** Blocks as L1 has them: its events count the deposits of all blocks so far. */
const BLOCKS = [2, 0, 1].map((depositCount, k) => ({
  l2Block: k + 1,
  depositsTaken: [2, 2, 3][k],
  bytes: encodeBlock({ transitions: k === 1 ? [transition(1)] : [], chunks: [], depositCount }),
}));
const COSTS = BLOCKS.map((block) => blockCost(block, 600_000n, ROLLUP_ID));
const SENT = [
  {
    step: 'mint',
    title: STEP_TITLES.mint,
    id: COSTS[1].transactions[0].id,
    witnessSeconds: 0.5,
    proofSeconds: 2.5,
  },
] as const;
const REFUSALS = [
  'the same token again: NULLIFIER_SPENT from the sequencer, NullifierTreeRoot from the contract',
];

test('the deposits of each block are counted, not those of all blocks so far', () => {
  assert.deepEqual(
    COSTS.map(({ deposits }) => deposits),
    [2, 0, 1],
  );
  const column = blockTable(COSTS).map((row) => row.trim().split(/\s+/)[2]);
  assert.deepEqual(column, ['deposits', '2', '0', '1']);
});

describe('--json', () => {
  const steps = STEP_NAMES.map((name) => ({ name, ok: true, seconds: 1 }));

  test('is one line with the documented members', () => {
    const line = resultLine({ ok: true, firstRun: false, steps, ...figuresOf(COSTS, SENT, 4) });
    assert.ok(!line.includes('\n'));
    assert.deepEqual(JSON.parse(line), {
      ok: true,
      firstRun: false,
      steps,
      proofs: { transitionSeconds: 3, stateUpdateSecondsPerTransaction: 4 },
      gas: { perBlock: 600_000, perTransaction: 600_000 },
    });
  });

  test('of a demo that failed before its first transaction has the same members', () => {
    assert.deepEqual(figuresOf([], [], 0), NO_FIGURES);
    const { proofs, gas } = JSON.parse(resultLine({ ok: false, firstRun: true, steps, ...NO_FIGURES }));
    assert.deepEqual([...Object.values(proofs), ...Object.values(gas)], [0, 0, 0, 0]);
  });
});

describe('--details', () => {
  test('shows every transaction with its public words, its proof, the attacks and the blocks', () => {
    const text = detailLines(COSTS, { sent: SENT, refusals: REFUSALS }, 80).join('\n');
    assert.match(text, /Alice mints 100 tokens {2}\(0x[0-9a-f]{16}\.\.\., L2 block 2\)/);
    assert.match(text, /anchorRoot +0x0{12}\.\.\.\s+the wallet's view was as of L2 block 1/);
    assert.match(text, /rollupId +0x0{12}\.\.\.\s+this deployment/);
    assert.match(text, /Transition proofs:\n {2}Alice mints 100 tokens\n {4}witness 0\.50 s, proof 2\.50 s/);
    assert.match(text, /- the same token again: NULLIFIER_SPENT/);
    for (const row of blockTable(COSTS)) assert.ok(text.includes(row));
  });

  test('fits a terminal of 44 columns', () => {
    for (const line of detailLines(COSTS, { sent: SENT, refusals: REFUSALS }, 44)) {
      assert.ok(line.length < 44, line);
    }
  });
});

test('README names the steps as the demo shows them', () => {
  const [, section] = readText('README.md').split('## Try it');
  const table = section.slice(0, section.indexOf('## Build on it'));
  const shown = [...table.matchAll(/^\| ([A-Z][^|]*) \|/gm)].flatMap(([, cell]) => cell.split(', '));
  const setUp = ['circuits', 'keys', 'contracts', 'deploy'];
  const wanted = STEP_NAMES.filter((name) => !setUp.includes(name)).map((name) => STEP_TITLES[name]);
  assert.deepEqual(shown, wanted);
});

/** Enough of a terminal for what a board writes; `wrapped` counts characters beyond the last column. */
class Terminal extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows = 45;
  readonly lines: string[][] = [[]];
  wrapped = 0;
  #x = 0;
  #y = 0;

  constructor(columns: number) {
    super({ decodeStrings: false });
    this.columns = columns;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are a terminal's commands
    for (const [found, count, command] of String(chunk).matchAll(/\x1b\[\??(\d*)([A-Za-z])|./gsu)) {
      const n = Number(count ?? 0);
      if (command === 'A') this.#y = Math.max(0, this.#y - (n || 1));
      else if (command === 'B') this.#y += n || 1;
      else if (command === 'G') this.#x = Math.max(0, n - 1);
      else if (command === 'K') this.#line().length = Math.min(this.#line().length, n === 0 ? this.#x : 0);
      else if (command === undefined) this.#put(found);
    }
    done();
  }

  #line(): string[] {
    while (this.lines.length <= this.#y) this.lines.push([]);
    return this.lines[this.#y];
  }

  #put(character: string): void {
    if (character === '\r') this.#x = 0;
    else if (character === '\n') this.#y++;
    else {
      if (this.#x >= this.columns) this.wrapped++;
      this.#line()[this.#x++] = character;
    }
  }

  screen(): string[] {
    return this.lines
      .map((line) =>
        Array.from(line, (each) => each ?? ' ')
          .join('')
          .trimEnd(),
      )
      .filter(Boolean);
  }
}

test('on a terminal each step has one line, which is redrawn', () => {
  for (const columns of [44, 80]) {
    const terminal = new Terminal(columns);
    const board = createBoard(terminal as unknown as NodeJS.WriteStream);
    for (const step of STEP_NAMES.slice(0, 7)) {
      board.start(step);
      for (const fraction of [0, 0.5, 0.9]) board.progress(step, 'proving', fraction);
      if (step !== 'mint') board.end(step, step !== 'keys', 12.34);
    }
    board.stop();
    const screen = terminal.screen();
    assert.equal(terminal.wrapped, 0);
    assert.equal(screen.length, STEP_NAMES.length, screen.join('\n'));
    for (const [k, step] of STEP_NAMES.entries()) assert.ok(screen[k].includes(STEP_TITLES[step]), screen[k]);
    assert.match(screen[0], /^✓ Compile the circuits +12\.3 s$/);
    assert.match(screen[1], /^✗ Make development keys +12\.3 s$/);
    assert.match(screen[6], /^> Alice mints 100 tokens.* █████░ {2}90 %$/);
    assert.equal(screen[7], '  Alice sends Bob 60 tokens');
  }
});
