import { AzaleaError } from '../../protocol/errors.ts';
import { showType, type ValueType } from '../values/types.ts';

/**
 * Refuses a call with another number of arguments than the function has inputs; `title` is `token.aleo/mint`.
 * @throws AzaleaError CALL_ARGUMENT_COUNT, which lists the inputs' types
 */
export function assertArgumentCount(
  title: string,
  inputs: readonly { readonly type: ValueType }[],
  actual: number,
): void {
  const expected = inputs.length;
  if (actual === expected) return;
  const types = inputs.map(({ type }) => showType(type)).join(', ');
  const wanted =
    expected === 0 ? 'no arguments' : `${expected} argument${expected === 1 ? '' : 's'} (${types})`;
  throw new AzaleaError('CALL_ARGUMENT_COUNT', `${title} takes ${wanted}, got ${actual}.`, {
    expected,
    actual,
  });
}
