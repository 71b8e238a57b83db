/**
 * Writes prover/generated/released-circuits.ts: the hashes of what the compiler makes of the circuits. Run with
 * `npm run generate:circuits` after changing a circuit or the compiler; a test fails on drift.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY_ID } from '../../protocol/constants.ts';
import { type CompiledCircuit, compileCircuit } from '../../prover/node/compile.ts';
import type { ReleasedCircuit } from '../../prover/released-circuit.ts';

/** Circuits of a release: those that a rollup has keys of. */
export const RELEASED_NAMES = Object.keys(KEY_ID) as (keyof typeof KEY_ID)[];

/** Hashes of a compiled circuit, as they stand in the release. */
export async function releasedCircuit(circuit: CompiledCircuit): Promise<ReleasedCircuit> {
  return {
    witnessGenerator: await sha256Of(circuit.wasmFile),
    constraintSystem: await sha256Of(circuit.r1csFile),
  };
}

/** Text of the generated file. */
export function releasedCircuitsText(circuits: Readonly<Record<string, ReleasedCircuit>>): string {
  return `${[
    '// Generated from circuits/ by scripts/generate/released-circuits.ts. Do not edit.',
    "import type { ReleasedCircuits } from '../../prover/released-circuit.ts';",
    '',
    `export const RELEASED_CIRCUITS: ReleasedCircuits = ${JSON.stringify(circuits, null, 2)};`,
  ].join('\n')}\n`;
}

async function sha256Of(file: string): Promise<`0x${string}`> {
  return `0x${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}`;
}

if (import.meta.main) {
  const circuits: Record<string, ReleasedCircuit> = {};
  for (const name of RELEASED_NAMES) {
    process.stdout.write(`compile ${name}\n`);
    circuits[name] = await releasedCircuit(await compileCircuit(name));
  }
  const file = fileURLToPath(new URL('../../prover/generated/released-circuits.ts', import.meta.url));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, releasedCircuitsText(circuits));
  process.stdout.write('wrote prover/generated/released-circuits.ts\n');
}
