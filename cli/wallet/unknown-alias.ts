import { AzaleaError } from '../../protocol/errors.ts';

/** Refuses an unknown alias, where an address or the alias of an own account is expected. */
export function assertNoAlias(text: string): void {
  if (!/^[a-z0-9_-]{1,20}$/i.test(text) || text.startsWith('azalea1')) return;
  throw new AzaleaError(
    'ACCOUNT_UNKNOWN',
    `No account is called "${text}" in this wallet: give an address azalea1..., or an alias that "azalea account list" shows.`,
    { account: text },
  );
}
