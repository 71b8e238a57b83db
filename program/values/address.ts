/** Address literals: text form and x coordinate. */
import { AzaleaError } from '../../protocol/errors.ts';
import { addressFromText, addressToText } from '../../protocol/text.ts';
import type { Literal, LiteralProblem } from './literal.ts';

/** `azalea1...` of an address's x coordinate. */
export function formatAddress(value: bigint): string {
  return addressToText(value);
}

/** Reads `azalea1...`; mistyped ones, and those that are no one's key, are refused. */
export function parseAddress(text: string): Literal | LiteralProblem {
  try {
    return { type: 'address', value: addressFromText(text) };
  } catch (error) {
    if (!(error instanceof AzaleaError)) throw error;
    return { code: 'INVALID', problem: error.message, hint: 'copy the whole address' };
  }
}
