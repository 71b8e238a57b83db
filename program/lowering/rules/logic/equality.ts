/** `is.eq is.neq assert.eq assert.neq` on all leaves. The row's equality test has no free value. */
import type { Typed } from '../../../values/types.ts';
import type { Builder } from '../../builder.ts';
import type { LoweringRule } from '../../rule.ts';
import type { Wire } from '../../wire.ts';

function allEqual(builder: Builder, [x, y]: readonly Typed<Wire>[]): Wire {
  return x.leaves.reduce(
    (all, leaf, i) => builder.mul(all, builder.equal(leaf, y.leaves[i])),
    builder.constant(1n),
  );
}

export const EQUALITY: Readonly<Record<string, LoweringRule>> = {
  'is.eq': ({ builder, operands }) => [allEqual(builder, operands)],
  'is.neq': ({ builder, operands }) => [builder.not(allEqual(builder, operands))],
  'assert.eq': ({ builder, operands: [x, y] }) => {
    x.leaves.forEach((leaf, i) => {
      builder.assertEqual(leaf, y.leaves[i]);
    });
    return [];
  },
  'assert.neq': ({ builder, operands }) => {
    builder.assertZero(allEqual(builder, operands));
    return [];
  },
};
