/** Values that a caller gave, as errors tell of them. Types let no number pass for a bigint, plain JavaScript does. */
import { AzaleaError } from './errors.ts';

/** What was given, for people: `the number 10: integers are bigint, write 10n`. A number is not exact above 2^53. */
export function describeGiven(value: unknown): string {
  if (typeof value === 'number') {
    const fix = Number.isInteger(value)
      ? `: integers are bigint, write ${BigInt(value)}n`
      : ', which is no integer';
    return `the number ${value}${fix}`;
  }
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'members' : String(value).slice(0, 60);
}

/** Throws VALUE_TYPE_MISMATCH, which names `where`. */
export function assertBigint(value: unknown, where: string): asserts value is bigint {
  if (typeof value === 'bigint') return;
  throw new AzaleaError('VALUE_TYPE_MISMATCH', `${where} must be a bigint, found ${describeGiven(value)}`, {
    where,
    type: 'bigint',
  });
}
