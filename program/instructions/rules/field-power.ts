/**
 * `sqrt` and `pow` of field elements. `sqrt` gives the root that is at most (r-1)/2, the lesser of the two integers, as snarkVM;
 * an element without a root halts. `pow` takes the exponent as an integer in [0, r); 0field to the power of 0field is 1field.
 */
import { Halt } from '../../../avm/halt.ts';
import { fieldPow, fieldSqrt } from '../../../protocol/field.ts';
import { allSame, type InstructionRule, literalRule } from '../rule.ts';

export const FIELD_SQRT: InstructionRule = literalRule(
  'sqrt',
  1,
  'a field element',
  ([type]) => (type === 'field' ? 'field' : undefined),
  ([a]) => {
    const root = fieldSqrt(a);
    if (root === undefined) throw new Halt('HALT_NO_ROOT', `${a}field has no square root`);
    return root;
  },
);

export const FIELD_POW: InstructionRule = literalRule(
  'pow',
  2,
  'two field elements, the second a literal or the cast of a u8, u16 or u32',
  (types) => (allSame(types) && types[0] === 'field' ? 'field' : undefined),
  ([a, b]) => fieldPow(a, b),
);
