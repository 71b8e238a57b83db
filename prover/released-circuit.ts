import { AzaleaError } from '../protocol/errors.ts';

/** SHA-256 of the two files that the compiler makes of a circuit, 0x hex. */
export interface ReleasedCircuit {
  readonly witnessGenerator: `0x${string}`;
  readonly constraintSystem: `0x${string}`;
}

/** The circuits of a release by name. The release's own are `generated/released-circuits.ts`. */
export type ReleasedCircuits = Readonly<Record<string, ReleasedCircuit>>;

/**
 * Requires that a file which came from elsewhere is the one of this release. A witness generator sees every secret of a call, so
 * a hash that its giver announced is no reason to run it.
 * @throws CIRCUIT_NOT_RELEASED
 */
export function assertReleased(
  released: ReleasedCircuits,
  circuit: string,
  part: keyof ReleasedCircuit,
  hash: string,
): void {
  const expected = Object.hasOwn(released, circuit) ? released[circuit][part] : undefined;
  if (hash === expected) return;
  const what = part === 'witnessGenerator' ? 'witness generator' : 'constraint system';
  throw new AzaleaError(
    'CIRCUIT_NOT_RELEASED',
    `The ${what} of ${circuit} is ${hash}, this release has ${expected ?? 'no such circuit'}. It was not used. Take a sequencer and software of the same release; after changing a circuit run "npm run generate:circuits".`,
    { circuit, expected: expected ?? '', actual: hash },
  );
}
