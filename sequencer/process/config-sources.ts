/** Files and variables that settings come from. Contents never reach a message: a file may hold the proposer's key. */
import { readFileSync, statSync } from 'node:fs';
import { AzaleaError } from '../../protocol/errors.ts';
import { similarWord } from '../../protocol/similar-word.ts';

/** Variables of other parts of the software; none is a setting of a sequencer. */
const OTHER_VARIABLES = [
  'AZALEA_CACHE_DIR',
  'AZALEA_CRASH_POINT',
  'AZALEA_DEBUG',
  'AZALEA_LAUNCHER',
  'AZALEA_L1_KEY',
  'AZALEA_PASSPHRASE',
  'AZALEA_SEQUENCER_URL',
];
const OTHER_PREFIXES = ['AZALEA_FUZZ_', 'AZALEA_TEST_'];
const OTHERS_MAY_READ = 0o077;

/**
 * The settings of a JSON file.
 * @throws AzaleaError CONFIG_INVALID: no such file, unreadable, no JSON, no object
 */
export function readConfigFile(path: string): Record<string, unknown> {
  const text = readText(path, 'configuration file', path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(path, `The file ${path} is not JSON${placeOf(error, text)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalid(path, `The file ${path} must hold one JSON object`);
}

/** The private key in a file. @throws AzaleaError CONFIG_INVALID */
export function readKeyFile(path: string): string {
  return readText(path, 'key file', 'proposerKeyFile').trim();
}

/** A warning when others than the owner may read a file with a key. */
export function readableByOthers(path: string): string | undefined {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS_MAY_READ) === 0) return undefined;
  return `The file ${path} holds a private key and others may read it (mode ${mode.toString(8)}): chmod 600 ${path}`;
}

/** Warnings for variables AZALEA_* that nothing reads. */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('AZALEA_') && !known.includes(name) && !OTHER_VARIABLES.includes(name))
    .filter((name) => !OTHER_PREFIXES.some((prefix) => name.startsWith(prefix)))
    .map((name) => `The environment variable ${name} is no setting and is ignored${nearest(name, known)}`);
}

/** @returns CONFIG_INVALID for a setting that there is not, with the nearest that there is. */
export function unknownSetting(setting: string, known: readonly string[]): AzaleaError {
  return invalid(
    setting,
    `There is no setting ${JSON.stringify(setting)}${nearest(setting, known)}; azalea-sequencer --help lists all`,
  );
}

export function invalid(setting: string, message: string): AzaleaError {
  return new AzaleaError('CONFIG_INVALID', message, { setting });
}

function nearest(name: string, known: readonly string[]): string {
  const other = known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? similarWord(name, known);
  return other === undefined ? '' : `; did you mean ${other}?`;
}

function readText(path: string, what: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(
      setting,
      code === 'ENOENT' ? `There is no ${what} ${path}` : `The ${what} ${path} cannot be read (${code})`,
    );
  }
}

/** Returns the place where the parser stopped. Its message is not repeated: it quotes the file. */
function placeOf(error: unknown, text: string): string {
  const position = /at position (\d+)/.exec((error as Error).message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return ` (line ${before.length}, column ${before.at(-1)!.length + 1})`;
}
