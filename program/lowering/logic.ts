/**
 * `and or xor not nand nor ternary`. Booleans are field elements 0 and 1; integers go through the AND of a wide slot:
 * x or y = x + y - (x and y), x xor y = x + y - 2 (x and y), not x = 2^w - 1 - x. No advice; results keep their range.
 */
import type { WideWidth } from '../bytecode/types.ts';
import type { Builder } from './builder.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import type { Wire } from './wire.ts';

function and(builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined): Wire {
  return width === undefined ? builder.mul(x, y) : builder.and(x, y, width);
}

function or(builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined): Wire {
  if (width === undefined) return builder.or(x, y);
  return builder.noteBits(builder.sub(builder.add(x, y), builder.and(x, y, width)), width);
}

function xor(builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined): Wire {
  if (width === undefined) return builder.not(builder.equal(x, y));
  const common = builder.and(x, y, width);
  return builder.noteBits(builder.add(builder.mulAdd(common, builder.constant(-2n), x), y), width);
}

function not(builder: Builder, x: Wire, width: WideWidth | undefined): Wire {
  if (width === undefined) return builder.not(x);
  return builder.noteBits(builder.sub(builder.constant((1n << BigInt(width)) - 1n), x), width);
}

export const LOGIC: Readonly<Record<string, LoweringRule>> = {
  and: onLiterals((builder, [x, y], width) => and(builder, x, y, width)),
  or: onLiterals((builder, [x, y], width) => or(builder, x, y, width)),
  xor: onLiterals((builder, [x, y], width) => xor(builder, x, y, width)),
  nand: onLiterals((builder, [x, y]) => builder.not(builder.mul(x, y))),
  nor: onLiterals((builder, [x, y]) => builder.not(builder.or(x, y))),
  not: onLiterals((builder, [x], width) => not(builder, x, width)),
  ternary: ({ builder, operands: [condition, x, y] }) =>
    x.leaves.map((leaf, i) => {
      const bits = Math.max(builder.bitsOf(leaf), builder.bitsOf(y.leaves[i]));
      return builder.noteBits(builder.select(condition.leaves[0], leaf, y.leaves[i]), bits);
    }),
};
