import { AzaleaError } from '../../protocol/errors.ts';

const FORM = /^\d{4}-\d{2}-\d{2}$/;
/** No account is older. */
const FIRST_YEAR = 2025;

/** A birthday in milliseconds since 1970 as its UTC day: 2026-11-30. */
export function birthdayToText(birthday: number): string {
  return new Date(birthday).toISOString().slice(0, 10);
}

/**
 * Start of a UTC day in milliseconds since 1970.
 * Throws BIRTHDAY_INVALID for another form, a day that does not exist, or one in the future, which would hide records.
 */
export function birthdayFromText(text: string, now: number = Date.now()): number {
  const time = FORM.test(text) ? Date.parse(text) : Number.NaN;
  const valid = !Number.isNaN(time) && birthdayToText(time) === text && time <= now;
  if (valid && new Date(time).getUTCFullYear() >= FIRST_YEAR) return time;
  throw new AzaleaError(
    'BIRTHDAY_INVALID',
    `"${text}" is no birthday of an account: give the day on which its seed was drawn, such as ${birthdayToText(now)}, or leave it out.`,
  );
}
