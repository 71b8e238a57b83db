// SPDX-License-Identifier: Apache-2.0
// Generated from protocol/constants.ts by `npm run generate`. Do not edit.
pragma solidity ^0.8.28;

library Constants {
  /// @dev Order r of the BN254 scalar field.
  uint256 internal constant FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  uint256 internal constant RECORD_WORDS = 5;
  uint256 internal constant CIPHERTEXT_WORDS = 6;
  uint256 internal constant TREE_DEPTH = 16;
  /// @dev Leaves of the note tree and of the nullifier tree.
  uint256 internal constant TREE_CAPACITY = 4294967296;
  /// @dev Root of the empty note tree.
  uint256 internal constant EMPTY_NOTE_ROOT = 5296672610219858950425786837268254069283016359621996950946528408381685967064;
  /// @dev Root of the nullifier tree whose only leaf is (0, 0); next free index 1.
  uint256 internal constant GENESIS_NULLIFIER_ROOT = 19765828926884436191182646524869165211024108622592547501881618821394716791813;
  uint256 internal constant GENESIS_NULLIFIER_NEXT = 1;
  uint256 internal constant ANCHOR_MAX_AGE_L1_BLOCKS = 7200;
  uint256 internal constant DEPOSIT_OVERDUE_L1_BLOCKS = 50;
  /// @dev Chain id on which development keys are accepted.
  uint256 internal constant DEVELOPMENT_CHAIN = 31337;
  uint256 internal constant DEPOSITS_PER_CHUNK = 4;
  uint256 internal constant DEPOSIT_WORDS = 8;
  uint256 internal constant STATE_UPDATE_SLOTS_SMALL = 4;
  uint256 internal constant STATE_UPDATE_SLOTS_LARGE = 16;
  uint256 internal constant KEY_ID_TRANSITION_SMALL = 0;
  uint256 internal constant KEY_ID_TRANSITION_LARGE = 1;
  uint256 internal constant KEY_ID_STATE_UPDATE_SMALL = 2;
  uint256 internal constant KEY_ID_STATE_UPDATE_LARGE = 3;
  uint256 internal constant MESSAGE_TAG_FEE = 1;
  uint256 internal constant MESSAGE_TAG_WITHDRAW = 2;
  uint256 internal constant MESSAGE_TAG_SEND = 3;
}
