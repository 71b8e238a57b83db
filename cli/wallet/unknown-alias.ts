import { AzaleaError } from '../../protocol/errors.ts';

/** Refuses a word that can only be meant as an alias, where an address or an own account's alias is asked for. */
export function assertNoAlias(text: string): void {
  if (!/^[a-z0-9_-]{1,20}$/i.test(text) || text.startsWith('azalea1')) return;
  throw new AzaleaError(
    'ACCOUNT_UNKNOWN',
    `No account is called "${text}" in this wallet: give an address azalea1..., or an alias that "azalea account list" shows.`,
    { account: text },
  );
}
