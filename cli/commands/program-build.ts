import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESOURCES } from '../../avm/capacity.ts';
import { abiOf } from '../../program/compile/abi.ts';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import type { CliContext } from '../context.ts';
import { ensureDirectory } from '../ensure-directory.ts';
import { readOneProgram } from '../program-file.ts';
import { table } from '../terminal/output.ts';
import { noticeDiagnostics } from './program-check.ts';

export interface BuildOptions {
  readonly out: string;
  readonly lowering?: number;
}

/** `azalea build`: compiles a program, reports its costs, writes its ABI and canonical source. */
export function build(context: CliContext, file: string | undefined, options: BuildOptions): void {
  const { path, text } = readOneProgram(file);
  const program = compileProgram(text, path, { lowering: options.lowering });
  noticeDiagnostics(context, program.warnings);
  const abi = abiOf(program);
  const written = {
    abi: join(options.out, `${program.name}.abi.json`),
    source: join(options.out, `${program.name}.canonical.aleo`),
  };
  write(options.out, path, [
    [written.abi, `${JSON.stringify(abi, undefined, 2)}\n`],
    [written.source, program.canonicalSource],
  ]);
  context.output.result({ ...abi, written }, [
    `${program.name}.aleo  ${fieldToHex(program.programId)}  (lowering ${program.loweringVersion})`,
    '',
    ...functionTable(program),
    '',
    ...capacityTable(program),
    '',
    `wrote ${written.abi}, ${written.source}`,
  ]);
}

function functionTable(program: Program): string[] {
  return table([
    ['function', 'id'],
    ...[...program.functions.values()].map(({ name, functionId }) => [name, fieldToHex(functionId)]),
  ]);
}

/** Used of available, for each function and resource; `size` is the circuit that proves it. */
export function capacityTable(program: Program): string[] {
  return table([
    ['function', 'size', ...RESOURCES],
    ...[...program.functions.values()].map(({ name, bytecode, capacity }) => [
      name,
      bytecode.sizeClass,
      ...RESOURCES.map((resource) => `${capacity[resource].used}/${capacity[resource].capacity}`),
    ]),
  ]);
}

function write(directory: string, source: string, files: readonly (readonly [string, string])[]): void {
  try {
    ensureDirectory(directory);
    const own = statSync(source, { bigint: true });
    for (const [file] of files) {
      const there = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (there?.ino !== own.ino || there.dev !== own.dev) continue;
      throw new AzaleaError(
        'BUILD_OVERWRITES_SOURCE',
        `${file} is the program itself: name another directory with --out.`,
        { file },
      );
    }
    for (const [file, text] of files) writeFileSync(file, text);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/** The error of an output that cannot be written; anything but a refusal of the system is passed on. */
export function unwritable(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  return new AzaleaError(
    'OUTPUT_UNWRITABLE',
    `${path} cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}): name another place.`,
    { path },
    { cause },
  );
}
