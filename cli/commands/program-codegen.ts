import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileProgram } from '../../program/compile/artifact.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { BINDINGS_MARK, bindingsOf } from '../codegen/bindings.ts';
import type { CliContext } from '../context.ts';
import { ensureDirectory } from '../ensure-directory.ts';
import { readOneProgram } from '../program-file.ts';
import { unwritable } from './program-build.ts';
import { noticeDiagnostics } from './program-check.ts';

const CLIENT = fileURLToPath(new URL('../../pxe/client', import.meta.url));

export interface CodegenOptions {
  readonly out?: string;
  readonly client?: string;
  readonly lowering?: number;
}

/** `azalea codegen`: TypeScript bindings in a file or on standard output. */
export function codegen(context: CliContext, file: string | undefined, options: CodegenOptions): void {
  const { path, text } = readOneProgram(file);
  const program = compileProgram(text, path, { lowering: options.lowering });
  noticeDiagnostics(context, program.warnings);
  const directory = resolve(options.out === undefined ? '.' : dirname(options.out));
  const bindings = bindingsOf(program, { client: options.client ?? importPath(directory, CLIENT) });
  if (options.out === undefined) {
    context.output.document({ program: `${program.name}.aleo`, bindings }, bindings);
    return;
  }
  try {
    if (existsSync(options.out) && !readFileSync(options.out, 'utf8').startsWith(BINDINGS_MARK)) {
      throw new AzaleaError(
        'OUTPUT_NOT_GENERATED',
        `${options.out} exists and is no file of bindings: name another one with --out, or remove it.`,
        { path: options.out },
      );
    }
    ensureDirectory(directory);
    writeFileSync(options.out, bindings);
  } catch (cause) {
    throw unwritable(options.out, cause);
  }
  context.output.result({ program: `${program.name}.aleo`, written: options.out }, [`wrote ${options.out}`]);
}

/** Returns the import path from one directory to a file in another. */
export function importPath(from: string, to: string): string {
  const path = relative(from, to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
