/** `cast`: into a narrower literal type by a check that the value fits; into structs and records by gathering leaves. */
import { type LoweringRule, widthOf } from './rule.ts';

export const CAST: Readonly<Record<string, LoweringRule>> = {
  cast: ({ builder, operands, result }) => {
    if (result?.kind !== 'literal') return operands.flatMap(({ leaves }) => leaves);
    const [value] = operands[0].leaves;
    const width = widthOf(result.name);
    if (result.name === 'boolean') builder.assertBoolean(value);
    else if (width !== undefined) builder.range(value, width);
    return [value];
  },
};
