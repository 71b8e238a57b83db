import type { SizeClass } from '../protocol/constants.ts';

/** Figures of one run. null: not measured in this run, or not measurable on this machine. */
export interface Figures {
  readonly setupSeconds: number | null;
  readonly transition: Readonly<
    Record<
      SizeClass,
      {
        readonly constraints: number;
        readonly witnessSeconds: number;
        readonly proofSeconds: number;
        readonly peakMemoryMiB: number | null;
      }
    >
  >;
  readonly stateUpdate: { readonly secondsPerTransaction: number };
  readonly gas: Readonly<Record<'1' | '4' | '16' | '32', number | null>>;
  readonly scan: { readonly recordsPerSecond: number };
  readonly verification: { readonly proofsPerSecond: number };
  readonly bytes: { readonly provingKey: number; readonly proof: number; readonly transaction: number };
  readonly programs: {
    readonly compileMs: Readonly<Record<string, number>>;
    readonly interpretMs: number;
    readonly fitSmall: { readonly small: number; readonly all: number };
  };
}

/** The notes of the table beside the figures. */
export interface Notes {
  readonly machine: string;
  readonly firstProofSeconds: number;
  readonly stateUpdatePeakMiB: number | null;
  readonly snarkjsProofSeconds: number;
  /** Nanoseconds of a field multiplication, call included. */
  readonly multiplication: { readonly own: number; readonly library: number };
  /** Time of the multiplications of a small proof alone, on all threads. */
  readonly boundSeconds: number;
  /** Time of circom's own field arithmetic over ours, for a large witness. */
  readonly largeWitnessRatio: number;
  /** Time of the full rules over the wallet's, for the same outputs. */
  readonly scanRatio: number;
  /** Processor time of snarkjs's verification over ours in a batch. */
  readonly verificationRatio: number;
}

interface Row {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly digits?: number;
  /** Highest value that meets the target. */
  readonly target?: number;
  readonly note?: string;
}

/** Lines of the table: figure, target, whether it is met. */
export function reportLines(figures: Figures, notes: Notes): string[] {
  const { small, large } = figures.transition;
  const rows: Row[] = [
    {
      name: 'circuits and development keys, from nothing',
      value: figures.setupSeconds,
      unit: 's',
      digits: 1,
    },
    { name: 'transition: constraints', value: small.constraints, unit: '' },
    { name: 'transition: witness', value: small.witnessSeconds, unit: 's', digits: 2, target: 1 },
    { name: 'transition: proof', value: small.proofSeconds, unit: 's', digits: 2 },
    {
      name: 'transition: witness and proof',
      value: small.witnessSeconds + small.proofSeconds,
      unit: 's',
      digits: 2,
      target: 1.3,
    },
    { name: 'transition: first one, key read', value: notes.firstProofSeconds, unit: 's', digits: 2 },
    { name: 'transition: peak memory', value: small.peakMemoryMiB, unit: 'MiB', target: 250 },
    {
      name: 'transition: proof by snarkjs itself',
      value: notes.snarkjsProofSeconds,
      unit: 's',
      digits: 2,
      note: `${(notes.snarkjsProofSeconds / small.proofSeconds).toFixed(2)} times ours`,
    },
    {
      name: 'transition: multiplications alone',
      value: notes.boundSeconds,
      unit: 's',
      digits: 2,
      note: `the proof takes ${(small.proofSeconds / notes.boundSeconds).toFixed(2)} times that`,
    },
    {
      name: 'field multiplication',
      value: notes.multiplication.own,
      unit: 'ns',
      digits: 1,
      note: `${(notes.multiplication.library / notes.multiplication.own).toFixed(2)} times as fast as ffjavascript`,
    },
    { name: 'large transition: constraints', value: large.constraints, unit: '' },
    {
      name: 'large transition: witness',
      value: large.witnessSeconds,
      unit: 's',
      digits: 2,
      target: 0.15,
    },
    {
      name: "large transition: witness by circom's arithmetic",
      value: large.witnessSeconds * notes.largeWitnessRatio,
      unit: 's',
      digits: 2,
      note: `${notes.largeWitnessRatio.toFixed(2)} times ours`,
    },
    {
      name: 'large transition: witness and proof',
      value: large.witnessSeconds + large.proofSeconds,
      unit: 's',
      digits: 2,
      target: 2.6,
    },
    { name: 'large transition: peak memory', value: large.peakMemoryMiB, unit: 'MiB' },
    {
      name: 'state update, per transaction of a full chunk',
      value: figures.stateUpdate.secondsPerTransaction,
      unit: 's',
      digits: 2,
      target: 2.8,
    },
    { name: 'state update: peak memory', value: notes.stateUpdatePeakMiB, unit: 'MiB' },
    { name: 'gas per transition, 1 a block', value: figures.gas['1'], unit: '' },
    { name: 'gas per transition, 4 a block', value: figures.gas['4'], unit: '' },
    { name: 'gas per transition, 16 a block', value: figures.gas['16'], unit: '', target: 110_000 },
    { name: 'gas per transition, 32 a block', value: figures.gas['32'], unit: '', target: 95_000 },
    {
      name: 'scan: records of others, one core',
      value: figures.scan.recordsPerSecond,
      unit: '/s',
      note: `${notes.scanRatio.toFixed(1)} times the full rules`,
    },
    {
      name: 'proofs verified, batches of 64, one core',
      value: figures.verification.proofsPerSecond,
      unit: '/s',
      note: `${notes.verificationRatio.toFixed(1)} times as fast as snarkjs`,
    },
    { name: 'proving key', value: figures.bytes.provingKey / 1e6, unit: 'MB', digits: 1, target: 80 },
    { name: 'proof', value: figures.bytes.proof, unit: 'bytes' },
    { name: 'transaction', value: figures.bytes.transaction, unit: 'bytes', target: 1500 },
    ...Object.entries(figures.programs.compileMs).map(
      ([name, value]): Row => ({ name: `compile ${name}`, value, unit: 'ms', digits: 1, target: 100 }),
    ),
    { name: 'interpret a private transfer', value: figures.programs.interpretMs, unit: 'ms', digits: 2 },
    {
      name: 'functions of programs/ that fit the small size',
      value: figures.programs.fitSmall.small,
      unit: '',
      note: `of ${figures.programs.fitSmall.all}`,
    },
  ];
  return [notes.machine, '', ...rows.map(line)];
}

function line({ name, value, unit, digits = 0, target, note }: Row): string {
  const shown = value === null ? 'not measured' : `${value.toFixed(digits)} ${unit}`;
  const goal = target === undefined ? '' : `at most ${target} ${unit}`.trimEnd();
  const met = target === undefined || value === null ? (note ?? '') : value <= target ? 'met' : 'MISSED';
  return `${name.padEnd(46)} ${shown.padStart(16)}   ${goal.padEnd(18)} ${met}`.trimEnd();
}
