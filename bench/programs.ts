/** Measures compiling and interpreting programs, and counts the functions that fit the small circuit. */
import { readdir, readFile } from 'node:fs/promises';
import { compileProgram, type Program } from '../program/compile/artifact.ts';
import { interpret } from '../program/run/interpreter.ts';
import { encodeValue } from '../program/values/values.ts';
import { addressToText } from '../protocol/text.ts';
import { median } from './median.ts';
import { alice, bob } from './token-calls.ts';

export interface ProgramFigures {
  /** Median compile time by program, in milliseconds. */
  readonly compileMs: Readonly<Record<string, number>>;
  /** A private transfer of programs/token.aleo, in milliseconds. */
  readonly interpretMs: number;
  /** Functions of all programs that fit the small circuit, of all functions. */
  readonly fitSmall: { readonly small: number; readonly all: number };
}

/** Every `.aleo` file of programs/, `runs` times each after one that is not counted. */
export async function measurePrograms(runs: number): Promise<ProgramFigures> {
  const folder = new URL('../programs/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.aleo')).sort();
  const compileMs: Record<string, number> = {};
  const programs = new Map<string, Program>();
  for (const file of files) {
    const source = await readFile(new URL(file, folder), 'utf8');
    programs.set(file, compileProgram(source, file));
    compileMs[file] = timed(runs, () => compileProgram(source, file));
  }
  const functions = [...programs.values()].flatMap((program) => [...program.functions.values()]);
  return {
    compileMs,
    interpretMs: interpretTransfer(programs.get('token.aleo')!, runs),
    fitSmall: {
      small: functions.filter(({ bytecode }) => bytecode.sizeClass === 'small').length,
      all: functions.length,
    },
  };
}

function interpretTransfer(token: Program, runs: number): number {
  const { checked } = token.functions.get('transfer')!;
  const given = [{ owner: addressToText(alice.address.x), amount: 100n }, addressToText(bob.address.x), 30n];
  const inputs = checked.inputs.map(({ type }, i) => encodeValue(given[i], type, token.types));
  const signer = alice.address.x;
  return timed(runs, () => {
    interpret(token.checked, checked, inputs, { signer, caller: signer });
  });
}

/** Median milliseconds of `run`. */
function timed(runs: number, run: () => void): number {
  run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    run();
    times.push(performance.now() - started);
  }
  return median(times);
}
