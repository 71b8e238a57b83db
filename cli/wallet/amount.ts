import { formatEther, parseEther } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';

/** Records hold amounts as u128, and the bridge takes no more. */
const AMOUNT_LIMIT = 2n ** 128n;

/** ETH as people write it (`0.25`), in wei: more than 0, at most 18 decimals. Throws AMOUNT_INVALID. */
export function parseEthAmount(text: string): bigint {
  if (!/^\d{1,30}(\.\d{1,18})?$/.test(text)) {
    throw invalid(text, 'give ETH as a plain number with at most 18 decimals, such as 0.25');
  }
  return inRange(parseEther(text), text);
}

/** A token amount in the token's smallest unit: a whole number more than 0. Throws AMOUNT_INVALID. */
export function parseUnitAmount(text: string): bigint {
  if (!/^\d{1,40}$/.test(text)) {
    throw invalid(text, "give a whole number of the token's smallest unit, such as 1000000");
  }
  return inRange(BigInt(text), text);
}

/** `0.25 ETH` of wei. */
export function formatEth(wei: bigint): string {
  return `${formatEther(wei)} ETH`;
}

function inRange(amount: bigint, text: string): bigint {
  if (amount > 0n && amount < AMOUNT_LIMIT) return amount;
  throw invalid(text, 'it must be more than 0 and less than 2^128');
}

function invalid(text: string, fix: string): AzaleaError {
  return new AzaleaError('AMOUNT_INVALID', `The amount "${text.slice(0, 60)}" cannot be used: ${fix}.`);
}
