/** `lt lte gt gte`. No advice for integers: bit w of x - y + 2^w says whether x >= y. Field elements: split-field.ts. */
import type { WideWidth } from '../bytecode/types.ts';
import type { Builder } from './builder.ts';
import { type LoweringRule, onLiterals } from './rule.ts';
import { fieldGte } from './split-field.ts';
import type { Wire } from './wire.ts';

function gte(builder: Builder, x: Wire, y: Wire, width: WideWidth | undefined): Wire {
  return width === undefined ? fieldGte(builder, x, y) : builder.gte(x, y, width);
}

export const COMPARE: Readonly<Record<string, LoweringRule>> = {
  gte: onLiterals((builder, [x, y], width) => gte(builder, x, y, width)),
  lte: onLiterals((builder, [x, y], width) => gte(builder, y, x, width)),
  lt: onLiterals((builder, [x, y], width) => builder.not(gte(builder, x, y, width))),
  gt: onLiterals((builder, [x, y], width) => builder.not(gte(builder, y, x, width))),
};
