/// <reference path="../../host/cli-progress.d.ts" />
/** The demo's steps on the way: one screen that is redrawn on a terminal, one line for each step elsewhere. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { bar, fitTo, layoutWidth } from '../../host/fit.ts';
import { STEP_NAMES, STEP_TITLES, type StepName } from './step-names.ts';

export interface Board {
  start(step: StepName): void;
  /** `stage`: the current work, such as `proving`; fraction 0..1 of it. */
  progress(step: StepName, stage: string, fraction: number): void;
  end(step: StepName, ok: boolean, seconds: number): void;
  /** Leaves the last state on the screen. */
  stop(): void;
}

/** The progress of a step. */
interface StepState {
  readonly mark: ' ' | '>' | '✓' | '✗';
  readonly stage: string;
  readonly fraction: number;
  readonly seconds?: number;
}

const WAITING: StepState = { mark: ' ', stage: '', fraction: 0 };
const RIGHT = 12;

/** `✓ Alice deposits 1 ETH        3.1 s`; while it runs, the stage and a bar. At most `columns` - 1 wide. */
export function stepLine(
  step: StepName,
  { mark, stage, fraction, seconds }: StepState,
  columns: number | undefined,
): string {
  const width = layoutWidth(columns);
  const left = width - RIGHT - 3;
  const title = stage === '' ? STEP_TITLES[step] : `${STEP_TITLES[step]}: ${stage}`;
  // A stage that does not fit is left out rather than cut.
  const shown = title.length <= left ? title : STEP_TITLES[step];
  const right =
    seconds !== undefined
      ? `${seconds.toFixed(1)} s`.padStart(RIGHT)
      : mark === '>'
        ? `${bar(fraction, RIGHT - 6)} ${`${Math.floor(fraction * 100)} %`.padStart(5)}`
        : '';
  return `${mark} ${fitTo(shown, left)} ${right}`.trimEnd();
}

export function createBoard(out: NodeJS.WriteStream): Board {
  // A board of more lines than the terminal has cannot be redrawn.
  const fits = (out.rows ?? 0) > STEP_NAMES.length + 2;
  return out.isTTY && fits ? screenBoard(out) : lineBoard(out);
}

function screenBoard(out: NodeJS.WriteStream): Board {
  const states = new Map<StepName, StepState>();
  const multi = new MultiBar(
    {
      format: (_options, _params, { step }) =>
        stepLine(step as StepName, states.get(step as StepName) ?? WAITING, out.columns),
      hideCursor: true,
      stream: out,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  );
  const lines = new Map<StepName, SingleBar>(STEP_NAMES.map((step) => [step, multi.create(1, 0, { step })]));
  const show = (step: StepName, state: StepState): void => {
    states.set(step, state);
    lines.get(step)?.update(0, { step });
  };
  return {
    start: (step) => show(step, { mark: '>', stage: '', fraction: 0 }),
    progress: (step, stage, fraction) => {
      // Reports that come late do not open a finished step again.
      if (states.get(step)?.seconds === undefined) show(step, { mark: '>', stage, fraction });
    },
    end: (step, ok, seconds) => show(step, { mark: ok ? '✓' : '✗', stage: '', fraction: 1, seconds }),
    stop: () => multi.stop(),
  };
}

/** Steps that compile or make keys take minutes the first time: they say how far they are. */
const LONG: readonly StepName[] = ['circuits', 'keys'];

function lineBoard(out: NodeJS.WritableStream): Board {
  const shown = new Map<StepName, number>();
  return {
    start: () => {},
    progress: (step, _stage, fraction) => {
      const quarter = Math.floor(fraction * 4) * 25;
      if (!LONG.includes(step) || quarter === 0 || quarter === 100 || shown.get(step) === quarter) return;
      shown.set(step, quarter);
      out.write(`      ${STEP_TITLES[step]}: ${quarter} %\n`);
    },
    end: (step, ok, seconds) =>
      out.write(`${ok ? 'ok  ' : 'FAIL'}  ${STEP_TITLES[step]} (${seconds.toFixed(1)} s)\n`),
    stop: () => {},
  };
}
