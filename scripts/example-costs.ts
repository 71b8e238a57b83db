/**
 * `npm run costs` writes programs/costs.json: what each function of programs/*.aleo uses of its circuit. A test
 * compares the file with the compiler: run this after a change of a program that is meant.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RESOURCES } from '../avm/capacity.ts';
import { compileProgram, type ProgramFunction } from '../program/compile/artifact.ts';

const PROGRAMS = fileURLToPath(new URL('../programs/', import.meta.url));
export const COSTS_FILE = `${PROGRAMS}costs.json`;

/**
 * Program file, function, costs: the size class, and how much is used of each resource; what is not used is left out. Programs in
 * alphabetical order, functions in order of declaration.
 */
export function exampleCosts(): Record<string, Record<string, string>> {
  const files = globSync('*.aleo', { cwd: PROGRAMS }).sort();
  return Object.fromEntries(
    files.map((file) => {
      const { functions } = compileProgram(readFileSync(`${PROGRAMS}${file}`, 'utf8'), file);
      return [file, Object.fromEntries([...functions].map(([name, fn]) => [name, costsOf(fn)]))];
    }),
  );
}

function costsOf({ bytecode, capacity }: ProgramFunction): string {
  const used = RESOURCES.filter((resource) => capacity[resource].used > 0);
  return [bytecode.sizeClass, ...used.map((resource) => `${capacity[resource].used} ${resource}`)].join(', ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(COSTS_FILE, `${JSON.stringify(exampleCosts(), undefined, 2)}\n`);
}
