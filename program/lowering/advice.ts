/**
 * Advice: values that the prover supplies because no row computes them. Data, not closures, so that a lowered function can be
 * stored and sent. Every kind is pinned down by the constraints of the lowering rule that asks for it.
 */
import { fieldInv } from '../../protocol/field.ts';
import type { Source } from '../bytecode/types.ts';
import { Halt } from '../errors.ts';

export type AdviceKind =
  /** 1 / x */
  | 'inverse'
  /** floor(x / y) */
  | 'quotient'
  /** x mod y */
  | 'remainder'
  /** floor(x / 2^n) */
  | 'high8'
  | 'high16'
  | 'high32'
  | 'high64'
  | 'high128'
  /** 1 if x < 2^64, else 0 */
  | 'below64';

/** How to compute one advice value from values that are known before it. */
export interface AdviceHint {
  readonly kind: AdviceKind;
  readonly operands: readonly Source[];
}

/** @throws Halt where the honest prover has no value: HALT_DIVISION_BY_ZERO */
export function computeAdvice(kind: AdviceKind, operands: readonly bigint[]): bigint {
  const [x, y] = operands;
  switch (kind) {
    case 'inverse':
      if (x === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'zero has no inverse');
      return fieldInv(x);
    case 'quotient':
      if (y === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'division by zero');
      return x / y;
    case 'remainder':
      if (y === 0n) throw new Halt('HALT_DIVISION_BY_ZERO', 'division by zero');
      return x % y;
    case 'high8':
    case 'high16':
    case 'high32':
    case 'high64':
    case 'high128':
      return x >> BigInt(kind.slice(4));
    case 'below64':
      return x >> 64n === 0n ? 1n : 0n;
  }
}
