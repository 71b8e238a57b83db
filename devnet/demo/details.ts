/** The demo's results: figures for `--json`, and every public byte for `--details`. */
import { layoutWidth, wrap } from '../../host/fit.ts';
import { type BlockCost, blockTable, meanGas, revealTable } from './report.ts';
import type { StepResult } from './steps.ts';
import type { SentTransaction } from './story.ts';

/** Means over the demo's transactions; part of what `--json` promises. */
export interface DemoFigures {
  readonly proofs: {
    readonly transitionSeconds: number;
    readonly stateUpdateSecondsPerTransaction: number;
  };
  readonly gas: { readonly perBlock: number; readonly perTransaction: number };
}

export const NO_FIGURES: DemoFigures = {
  proofs: { transitionSeconds: 0, stateUpdateSecondsPerTransaction: 0 },
  gas: { perBlock: 0, perTransaction: 0 },
};

export function figuresOf(
  costs: readonly BlockCost[],
  sent: readonly SentTransaction[],
  stateUpdateSeconds: number,
): DemoFigures {
  if (sent.length === 0) return NO_FIGURES;
  const seconds = sent.reduce(
    (sum, { witnessSeconds, proofSeconds }) => sum + witnessSeconds + proofSeconds,
    0,
  );
  return {
    proofs: {
      transitionSeconds: round(seconds / sent.length),
      stateUpdateSecondsPerTransaction: round(stateUpdateSeconds / sent.length),
    },
    gas: meanGas(costs),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** What `--details` adds: each transaction as the world sees it, its proof's time, the attacks, and the blocks. */
export function detailLines(
  costs: readonly BlockCost[],
  { sent, refusals }: { readonly sent: readonly SentTransaction[]; readonly refusals: readonly string[] },
  columns: number | undefined,
): string[] {
  return [
    '',
    'Every transaction as the world sees it:',
    ...revealTable(costs, sent, columns),
    '',
    'Transition proofs:',
    ...sent.flatMap(({ title, witnessSeconds, proofSeconds }) => [
      `  ${title}`,
      `    witness ${witnessSeconds.toFixed(2)} s, proof ${proofSeconds.toFixed(2)} s`,
    ]),
    '',
    'Attacks:',
    ...refusals.flatMap((line) => wrap(`- ${line}`, layoutWidth(columns))),
    '',
    ...blockTable(costs),
  ];
}

/** The last line of standard output with `--json`. */
export function resultLine(
  result: DemoFigures & {
    readonly ok: boolean;
    readonly firstRun: boolean;
    readonly steps: readonly StepResult[];
  },
): string {
  const { ok, firstRun, steps, proofs, gas } = result;
  return JSON.stringify({ ok, firstRun, steps, proofs, gas });
}
