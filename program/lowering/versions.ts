/** The released lowerings. Each is frozen: a program keeps the ids that it was first built with. */
import { LOWERING_VERSION } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { lowerFunction } from './lower.ts';

export type Lowering = typeof lowerFunction;

/** Lowerings by version number. */
export const LOWERINGS: ReadonlyMap<number, Lowering> = new Map([[1, lowerFunction]]);

/** The lowering of a version, by default the newest. @throws AzaleaError LOWERING_UNKNOWN */
export function loweringOf(version: number = LOWERING_VERSION): Lowering {
  const lowering = LOWERINGS.get(version);
  if (lowering === undefined) {
    const known = [...LOWERINGS.keys()].join(', ');
    throw new AzaleaError(
      'LOWERING_UNKNOWN',
      `This compiler has no lowering version ${version}: it knows ${known}. Use one of these, or a compiler that has it.`,
      { version, known },
    );
  }
  return lowering;
}
