import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RELEASED_CIRCUITS } from '../generated/released-circuits.ts';
import { assertReleased } from '../released-circuit.ts';
import type { CompiledCircuit } from './compile.ts';

/**
 * Requires that a compiled circuit has the constraints of this release, which were checked: production keys are made for no
 * others. Throws CIRCUIT_NOT_RELEASED.
 */
export async function assertReleasedConstraints({ name, r1csFile }: CompiledCircuit): Promise<void> {
  const hash = createHash('sha256')
    .update(await readFile(r1csFile))
    .digest('hex');
  assertReleased(RELEASED_CIRCUITS, name, 'constraintSystem', `0x${hash}`);
}
