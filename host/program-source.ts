import { readFile } from 'node:fs/promises';

/** Source of a program in `programs/`. */
export function programSource(name: string): Promise<string> {
  return readFile(new URL(`../programs/${name}.aleo`, import.meta.url), 'utf8');
}
