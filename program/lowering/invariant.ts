/**
 * Invariants of types: conditions on every value of a type, on which the rules rely.
 * - A boolean is 0 or 1; an integer lies in its range.
 * - A scalar is below the subgroup's order (split-field.ts).
 * - A group element is x of a point of the subgroup (point.ts).
 * - An address may be any field element: the rule that makes a record for one shows that it is a point.
 *
 * Booleans and integers need no advice: the check is a range check of the value, or of the value plus a constant.
 */
import { INTEGER_WIDTH, isIntegerType, isSignedType, type LiteralType } from '../values/types.ts';
import type { Builder } from './builder.ts';
import { ordinateOf } from './rules/curve/point.ts';
import { assertScalar } from './rules/curve/scalar.ts';
import type { Wire } from './wire.ts';

/**
 * Makes the invariant of `type` a condition of the call. For integers it is x - min < 2^w. For x in [0, r) exactly the w-bit
 * integers of the type pass, negative ones as r minus their magnitude.
 */
export function assertType(builder: Builder, x: Wire, type: LiteralType): void {
  if (type === 'boolean') builder.assertBoolean(x);
  else if (isIntegerType(type)) builder.range(shifted(builder, x, type), INTEGER_WIDTH[type]);
  else if (type === 'scalar') assertScalar(builder, x);
  else if (type === 'group') ordinateOf(builder, x);
}

/**
 * Notes the invariant of a value that is checked elsewhere. For a group element it notes nothing: a rule that needs its y
 * must recover it in the same way.
 */
export function trustType(builder: Builder, x: Wire, type: LiteralType): void {
  if (type === 'boolean') builder.markBoolean(x);
  else if (isIntegerType(type)) builder.noteBits(shifted(builder, x, type), INTEGER_WIDTH[type]);
}

/** x - min of its type: the same order, never negative. */
function shifted(builder: Builder, x: Wire, type: keyof typeof INTEGER_WIDTH): Wire {
  if (!isSignedType(type)) return x;
  return builder.add(x, builder.constant(1n << BigInt(INTEGER_WIDTH[type] - 1)));
}
