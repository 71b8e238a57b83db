import { type Address, getAddress, isAddress, zeroAddress } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';

/** An L1 address; with mixed case its checksum must hold (EIP-55). Throws L1_ADDRESS_INVALID. */
export function parseL1Address(text: string): Address {
  if (isAddress(text) && text.toLowerCase() !== zeroAddress) return getAddress(text);
  throw new AzaleaError(
    'L1_ADDRESS_INVALID',
    `"${text.slice(0, 60)}" is no L1 address, or is mistyped: it is 0x and 40 hex digits, not all zero, with a valid checksum.`,
  );
}
