/** Names of a function's arguments in TypeScript. */
import type { CheckedInput } from '../../program/check/checked.ts';
import type { ValueType } from '../../program/values/types.ts';
import type { InputComment } from './source-comments.ts';

/** Words that no parameter may be called in strict code. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch ' +
    'this throw true try typeof var void while with yield'
  ).split(' '),
);

/**
 * Takes the names that the program's comments give (`input r1 as u64.private; // amount`), if TypeScript takes them and no
 * two are equal. Else a name is register and type: `r1_u64`.
 */
export function argumentNames(
  inputs: readonly Pick<CheckedInput, 'register' | 'type'>[],
  comments: readonly InputComment[],
): string[] {
  const wanted = inputs.map((_, k) => comments[k]?.name);
  return inputs.map(({ register, type }, k) => {
    const name = wanted[k];
    const usable =
      name !== undefined &&
      !RESERVED.has(name) &&
      !/^r\d/.test(name) &&
      wanted.indexOf(name) === wanted.lastIndexOf(name);
    return usable ? name : `r${register}_${typeWord(type)}`;
  });
}

function typeWord(type: ValueType): string {
  return type.kind === 'array' ? 'array' : type.name;
}
