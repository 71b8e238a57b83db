import {
  ANCHOR_MAX_AGE_L1_BLOCKS,
  CIPHERTEXT_WORDS,
  DEPOSIT_OVERDUE_L1_BLOCKS,
  DEPOSIT_WORDS,
  DEPOSITS_PER_CHUNK,
  DEVELOPMENT_CHAIN,
  FIELD_MODULUS,
  KEY_ID,
  MESSAGE_TAG,
  RECORD_WORDS,
  STATE_UPDATE_SLOTS,
  TREE_DEPTH,
} from '../../protocol/constants.ts';
import { genesisNullifierRoot } from '../../protocol/tree/nullifier-tree.ts';
import { zeroSubtrees } from '../../protocol/tree/zero-subtrees.ts';

const define = (name: string, value: bigint | number, note = ''): string =>
  `${note === '' ? '' : `  /// @dev ${note}\n`}  uint256 internal constant ${name} = ${value};`;

const screaming = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();

/** Text of contracts/generated/Constants.sol: a library of internal constants. */
export function solidityConstants(): string {
  const emptyNoteRoot = zeroSubtrees('note')[TREE_DEPTH];
  return `${[
    '// SPDX-License-Identifier: Apache-2.0',
    '// Generated from protocol/constants.ts by `npm run generate`. Do not edit.',
    'pragma solidity ^0.8.28;',
    '',
    'library Constants {',
    define('FIELD_MODULUS', FIELD_MODULUS, 'Order r of the BN254 scalar field.'),
    define('RECORD_WORDS', RECORD_WORDS),
    define('CIPHERTEXT_WORDS', CIPHERTEXT_WORDS),
    define('TREE_DEPTH', TREE_DEPTH),
    define('TREE_CAPACITY', 4n ** BigInt(TREE_DEPTH), 'Leaves of the note tree and of the nullifier tree.'),
    define('EMPTY_NOTE_ROOT', emptyNoteRoot, 'Root of the empty note tree.'),
    define(
      'GENESIS_NULLIFIER_ROOT',
      genesisNullifierRoot(),
      'Root of the nullifier tree whose only leaf is (0, 0); next free index 1.',
    ),
    define('GENESIS_NULLIFIER_NEXT', 1),
    define('ANCHOR_MAX_AGE_L1_BLOCKS', ANCHOR_MAX_AGE_L1_BLOCKS),
    define('DEPOSIT_OVERDUE_L1_BLOCKS', DEPOSIT_OVERDUE_L1_BLOCKS),
    define('DEVELOPMENT_CHAIN', DEVELOPMENT_CHAIN, 'Chain id on which development keys are accepted.'),
    define('DEPOSITS_PER_CHUNK', DEPOSITS_PER_CHUNK),
    define('DEPOSIT_WORDS', DEPOSIT_WORDS),
    ...Object.entries(STATE_UPDATE_SLOTS).map(([size, n]) =>
      define(`STATE_UPDATE_SLOTS_${screaming(size)}`, n),
    ),
    ...Object.entries(KEY_ID).map(([name, id]) => define(`KEY_ID_${screaming(name)}`, id)),
    ...Object.entries(MESSAGE_TAG).map(([name, tag]) => define(`MESSAGE_TAG_${name}`, tag)),
    '}',
  ].join('\n')}\n`;
}
