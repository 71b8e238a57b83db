import { type Hex, toHex } from 'viem';
import {
  type HDAccount,
  mnemonicToAccount,
  type PrivateKeyAccount,
  privateKeyToAccount,
} from 'viem/accounts';
import { AzaleaError } from '../protocol/errors.ts';

/** The mnemonic of every Ethereum development chain. Its keys are public. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';

/** An account that signs locally. @throws AzaleaError L1_KEY_INVALID; the message never contains the key. */
export function accountFromPrivateKey(key: string): PrivateKeyAccount {
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) {
    throw new AzaleaError('L1_KEY_INVALID', 'the L1 private key must be 0x and 64 hex digits');
  }
  try {
    return privateKeyToAccount(key as Hex);
  } catch {
    throw new AzaleaError('L1_KEY_INVALID', 'the L1 private key is 0 or above the order of secp256k1');
  }
}

/** The first `count` development accounts, as `hardhat node` prints them. For development chains only. */
export function developmentAccounts(count: number): readonly HDAccount[] {
  return Array.from({ length: count }, (_, addressIndex) =>
    mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex }),
  );
}

/** Private key of a development account, to be printed by a devnet. */
export function developmentPrivateKey(account: HDAccount): Hex {
  return toHex(account.getHdKey().privateKey!);
}
