/**
 * Lowers `and or xor not nand nor ternary`. Booleans are field elements 0 and 1; integers go through the AND of a wide slot:
 * x or y = x + y - (x and y), x xor y = x + y - 2 (x and y), not x = 2^w - 1 - x. No advice; results keep their range.
 * Signed integers go through it as two's complement: docs/proofs/lowering-field-and-logic.md.
 */

import type { WideWidth } from '../../../../avm/function.ts';
import { integerOf } from '../../../../protocol/field.ts';
import {
  isSignedType,
  type LiteralType,
  literalName,
  SIGNED_WIDTH,
  type SignedType,
} from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import { trustType } from '../../invariant.ts';
import { type LoweringRule, onLiterals } from '../../rule.ts';
import { constants, type Wire } from '../../wire.ts';
import { biased, known } from '../arithmetic/signed.ts';
import { selectPoint } from '../curve/group.ts';

type Bitwise = (builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined) => Wire;

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

function signedAnd(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  if (x === y) return x;
  const values = constants([x, y])?.map(integerOf);
  if (values !== undefined) return builder.constant(values[0] & values[1]);
  const width = SIGNED_WIDTH[type];
  const [u, v] = [x, y].map((wire) => biased(builder, wire, width));
  const [s, t] = [u, v].map((wire) => builder.top(wire, width));
  const excess = width < 128 ? builder.equal(s, t) : builder.nor(s, t);
  const minusPower = builder.constant(-(1n << BigInt(width)));
  return known(builder, builder.mulAdd(excess, minusPower, builder.lowAnd(u, v, width)), type);
}

function signedOr(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  return known(builder, builder.sub(builder.add(x, y), signedAnd(builder, x, y, type)), type);
}

function signedXor(builder: Builder, x: Wire, y: Wire, type: SignedType): Wire {
  const common = signedAnd(builder, x, y, type);
  return known(builder, builder.add(builder.mulAdd(common, builder.constant(-2n), x), y), type);
}

function signedNot(builder: Builder, x: Wire, type: SignedType): Wire {
  return known(builder, builder.sub(builder.constant(-1n), x), type);
}

function bitwise(unsigned: Bitwise, signed: (b: Builder, x: Wire, y: Wire, type: SignedType) => Wire) {
  return onLiterals((builder, [x, y], width, [type]) =>
    isSignedType(type) ? signed(builder, x, y, type) : unsigned(builder, x, y, width),
  );
}

function select(builder: Builder, condition: Wire, x: Wire, y: Wire, type: LiteralType): Wire {
  if (type === 'group') return selectPoint(builder, condition, x, y);
  const bits = Math.max(builder.bitsOf(x), builder.bitsOf(y));
  const result = builder.noteBits(builder.select(condition, x, y), bits);
  if (isSignedType(type)) trustType(builder, result, type);
  return result;
}

export const LOGIC: Readonly<Record<string, LoweringRule>> = {
  and: bitwise(and, signedAnd),
  or: bitwise(or, signedOr),
  xor: bitwise(xor, signedXor),
  nand: onLiterals((builder, [x, y]) => builder.not(builder.mul(x, y))),
  nor: onLiterals((builder, [x, y]) => builder.not(builder.or(x, y))),
  not: onLiterals((builder, [x], width, [type]) =>
    isSignedType(type) ? signedNot(builder, x, type) : not(builder, x, width),
  ),
  ternary: ({ builder, operands: [condition, x, y] }) => [
    select(builder, condition.leaves[0], x.leaves[0], y.leaves[0], literalName(x.type)!),
  ],
};
