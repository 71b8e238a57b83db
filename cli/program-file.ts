/** Finds the programs that a command names. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AzaleaError } from '../protocol/errors.ts';

export interface ProgramFile {
  /** As named; shown in messages. */
  readonly path: string;
  readonly text: string;
}

/**
 * The program of a command that takes one: a file, or a directory (by default the current one) that holds one.
 * @throws AzaleaError PROGRAM_FILE_MISSING, PROGRAM_FILE_AMBIGUOUS
 */
export function readOneProgram(named: string | undefined): ProgramFile {
  const [first, ...more] = programPaths(named ?? '.');
  if (more.length > 0) {
    throw new AzaleaError(
      'PROGRAM_FILE_AMBIGUOUS',
      `There are several programs in ${named ?? 'this directory'}: name one of ${[first, ...more].join(', ')}.`,
      { directory: named ?? '.' },
    );
  }
  return readProgramFile(first);
}

/** All programs of a command that takes any number; none named: those of the current directory. */
export function readPrograms(named: readonly string[]): ProgramFile[] {
  return (named.length === 0 ? ['.'] : named).flatMap(programPaths).map(readProgramFile);
}

/** @throws AzaleaError PROGRAM_FILE_MISSING */
export function readProgramFile(path: string): ProgramFile {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function programPaths(named: string): string[] {
  if (!isDirectory(named)) return [named];
  const found = namesIn(named)
    .filter((name) => name.endsWith('.aleo'))
    .sort()
    .map((name) => join(named, name));
  if (found.length === 0) {
    throw missing(named, `There is no program in ${named === '.' ? 'this directory' : named}`);
  }
  return found;
}

/** An unreadable path is no directory: reading it reports why. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
}

function unreadable(path: string, cause: unknown): AzaleaError {
  const { code } = cause as NodeJS.ErrnoException;
  return missing(path, code === 'ENOENT' ? `There is no ${path}` : `${path} cannot be read (${code})`, cause);
}

function missing(file: string, problem: string, cause?: unknown): AzaleaError {
  return new AzaleaError('PROGRAM_FILE_MISSING', `${problem}: name a .aleo file.`, { file }, { cause });
}
