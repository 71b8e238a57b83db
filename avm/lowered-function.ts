import type { AdviceHint } from './advice.ts';
import type { AvmFunction } from './function.ts';

/** The instruction (index in the function; -1: the inputs) that each part of a lowered function comes from. */
export interface Origins {
  readonly rows: readonly number[];
  /** Both halves of each wide slot. */
  readonly wide: readonly (readonly [number, number])[];
  readonly advice: readonly number[];
}

/** A function of the AVM with the hints that the honest prover needs to run it. Plain data. */
export interface LoweredFunction {
  readonly fn: AvmFunction;
  /** One per advice value. */
  readonly hints: readonly AdviceHint[];
  readonly origins: Origins;
}
