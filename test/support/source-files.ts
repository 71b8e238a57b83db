/** The project's own files, for tests of its conventions. Paths are relative to its root. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = new URL('../..', import.meta.url).pathname;

/** Folders of what is shipped. */
export const SOURCES = [
  'protocol',
  'avm',
  'program',
  'prover',
  'l1',
  'rpc',
  'host',
  'pxe',
  'sequencer',
  'cli',
  'devnet',
  'examples',
  'bench',
];

/** Scripts of these folders, in order. */
export function scriptFiles(): string[] {
  return SOURCES.flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: ROOT })).sort();
}

export function readText(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
