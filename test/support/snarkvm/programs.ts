/** Programs recorded from snarkVM one by one (test/vectors/snarkvm/corpus.json): what it says of each, and what it computes. */
import { readFileSync } from 'node:fs';

/** snarkVM's text of a program: the text that it prints where that differs, but for white space. */
export interface RecordedCase {
  readonly group: string;
  readonly name: string;
  readonly source: string;
  readonly accepted: boolean;
  readonly printed?: string;
  /** Inputs of `f`, and its outputs, `halt`, or `refused` for inputs that are no values of their types. */
  readonly calls?: readonly (readonly [
    inputs: readonly string[],
    outputs: readonly string[] | 'halt' | 'refused',
  ])[];
}

/** One edit of the base program: `itself` is what snarkVM prints, `base` the program without the edit. */
export type RecordedMutation = readonly [
  at: number,
  length: number,
  text: string,
  accepted: boolean,
  printed?: string,
];

interface Corpus {
  readonly cases: readonly RecordedCase[];
  readonly base: string;
  readonly mutations: readonly RecordedMutation[];
}

/** All cases, mutations included: these are named by their edit. */
export function recordedCases(): RecordedCase[] {
  const file = new URL('../../vectors/snarkvm/corpus.json', import.meta.url);
  const { cases, base, mutations } = JSON.parse(readFileSync(file, 'utf8')) as Corpus;
  return [
    ...cases,
    ...mutations.map(([at, length, text, accepted, printed]) => ({
      group: 'mutations',
      name: `${base.slice(Math.max(0, at - 24), at)}«${base.slice(at, at + length)}»${text}«${base.slice(at + length, at + length + 24)}`.replaceAll(
        '\n',
        '\\n',
      ),
      source: base.slice(0, at) + text + base.slice(at + length),
      accepted,
      ...(printed === 'base'
        ? { printed: base }
        : printed === 'itself' || printed === undefined
          ? {}
          : { printed }),
    })),
  ];
}
