import type { Field } from '../../protocol/field.ts';
import { addressFromText } from '../../protocol/text.ts';

/** An account as the client shows it: nothing secret in it. */
export interface ClientAccount {
  readonly alias: string;
  /** `azalea1...` */
  readonly address: string;
}

/** x of an account's address. Throws what `addressFromText` throws. */
export function addressOf(account: ClientAccount): Field {
  return addressFromText(account.address);
}
