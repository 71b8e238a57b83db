import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_NAME_LENGTH, RESERVED_WORDS } from '../../program/syntax/reserved.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CliContext } from '../context.ts';
import { starterFiles } from '../starter-files.ts';
import { unwritable } from './program-build.ts';
import { importPath } from './program-codegen.ts';

const ROOT = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/** `azalea new`: a starter program in a directory that does not exist yet. */
export function create(context: CliContext, directory: string): void {
  const name = programName(basename(resolve(directory)));
  const files = writeStarter(directory, name);
  context.output.result({ program: `${name}.aleo`, directory, files }, [
    ...files.map((file) => join(directory, file)),
    '',
    `Next: npx azalea run ${directory} give self.signer 100u64`,
  ]);
}

function writeStarter(directory: string, name: string): string[] {
  const place = resolve(directory);
  try {
    mkdirSync(dirname(place), { recursive: true });
    // Not recursive: it fails if the directory exists.
    mkdirSync(place);
    const home = realpathSync(place);
    const inside = relative(ROOT, home);
    const path = inside.startsWith('..') ? home : inside.replaceAll('\\', '/');
    const files = starterFiles({ name, path, root: importPath(home, ROOT) });
    for (const [file, text] of files) {
      mkdirSync(join(place, dirname(file)), { recursive: true });
      writeFileSync(join(place, file), text, { flag: 'wx' });
    }
    return [...files.keys()];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(place)) {
      throw new AzaleaError(
        'NEW_EXISTS',
        `${directory} exists already: nothing is overwritten; name another directory.`,
        { directory },
        { cause },
      );
    }
    throw unwritable(directory, cause);
  }
}

/** @throws AzaleaError PROGRAM_NAME_INVALID */
function programName(name: string): string {
  const fits = /^[a-z][a-z0-9_]*$/.test(name) && name.length <= MAX_NAME_LENGTH;
  if (fits && !RESERVED_WORDS.has(name) && !/^r[0-9]+$/.test(name) && name !== 'l1') return name;
  throw new AzaleaError(
    'PROGRAM_NAME_INVALID',
    `${JSON.stringify(name)} is no name of a program: use a lower-case letter, then up to ${MAX_NAME_LENGTH - 1} lower-case letters, digits and underscores, and no reserved word.`,
    { name },
  );
}
