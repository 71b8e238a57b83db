// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRollup} from "./IRollup.sol";
import {Constants} from "./generated/Constants.sol";

/// @title The encoding of a block (docs/specification.md, section 11)
/// @dev Strict: every byte is accounted for, so that a block has exactly one reading.
library BlockParser {
  uint256 private constant VERSION = 1;
  uint256 private constant TRANSITIONS = 1;
  uint256 private constant CHUNKS = 2;
  uint256 private constant DEPOSITS = 3;
  /// @dev key id 1, anchor block 4, proof 256, c 32, statement without rollupId: 27 * 32 or 49 * 32.
  uint256 internal constant SMALL_TRANSITION_BYTES = 1157;
  uint256 internal constant LARGE_TRANSITION_BYTES = 1861;
  uint256 internal constant TRANSITION_PROOF = 5;
  uint256 internal constant TRANSITION_WORDS = 293;
  /// @dev key id 1, newNoteRoot 32, newNullifierRoot 32, c 32, proof 256.
  uint256 internal constant CHUNK_BYTES = 353;
  uint256 internal constant CHUNK_NOTE_ROOT = 1;
  uint256 internal constant CHUNK_NULLIFIER_ROOT = 33;
  uint256 internal constant CHUNK_HASH = 65;
  uint256 internal constant CHUNK_PROOF = 97;

  /// @dev `transitions` and `chunks` are memory addresses of the first entry. `largeCount` of the transitions are large;
  /// they stand among the small ones in any order.
  struct Sections {
    uint256 transitions;
    uint256 transitionCount;
    uint256 largeCount;
    uint256 chunks;
    uint256 chunkCount;
    uint256 depositCount;
  }

  function parse(bytes memory data) internal pure returns (Sections memory sections) {
    uint256 cursor;
    uint256 end;
    assembly ("memory-safe") {
      cursor := add(data, 32)
      end := add(cursor, mload(data))
    }
    if (data.length == 0 || readUint(cursor, 1) != VERSION) revert IRollup.InvalidBlockVersion();
    // Addresses and lengths below are bounded by the calldata's size and 2^32: nothing overflows.
    unchecked {
      ++cursor;
      uint256 previous = 0;
      while (cursor != end) {
        if (end - cursor < 7) revert IRollup.InvalidSection(0);
        uint256 sectionType = readUint(cursor, 1);
        uint256 length = readUint(cursor + 1, 4);
        uint256 count = readUint(cursor + 5, 2);
        if (sectionType <= previous || count == 0 || length > end - cursor - 5) {
          revert IRollup.InvalidSection(sectionType);
        }
        uint256 expected = 2;
        if (sectionType == TRANSITIONS) {
          sections.transitions = cursor + 7;
          sections.transitionCount = count;
          uint256 bytesOf;
          (sections.largeCount, bytesOf) = _walk(cursor + 7, count, cursor + 5 + length);
          expected += bytesOf;
        } else if (sectionType == CHUNKS) {
          expected += count * CHUNK_BYTES;
          sections.chunks = cursor + 7;
          sections.chunkCount = count;
        } else if (sectionType == DEPOSITS) {
          sections.depositCount = count;
        } else {
          revert IRollup.InvalidSection(sectionType);
        }
        if (length != expected) revert IRollup.InvalidSection(sectionType);
        previous = sectionType;
        cursor += 5 + length;
      }
    }
  }

  /// @dev Walks `count` entries: each says by its key id how long it is. Reads nothing at or behind `end`.
  /// @return largeCount Large transitions among them. @return size Bytes of all.
  function _walk(uint256 first, uint256 count, uint256 end)
    private
    pure
    returns (uint256 largeCount, uint256 size)
  {
    // Addresses are bounded by the calldata's size: nothing overflows.
    unchecked {
      uint256 entry = first;
      for (uint256 i = 0; i < count; ++i) {
        if (entry >= end) revert IRollup.InvalidSection(TRANSITIONS);
        uint256 keyId = readUint(entry, 1);
        if (keyId == Constants.KEY_ID_TRANSITION_SMALL) {
          entry += SMALL_TRANSITION_BYTES;
        } else if (keyId == Constants.KEY_ID_TRANSITION_LARGE) {
          entry += LARGE_TRANSITION_BYTES;
          ++largeCount;
        } else {
          revert IRollup.WrongKeyRole(keyId);
        }
      }
      size = entry - first;
    }
  }

  /// @notice The big-endian integer of `size` bytes (1 to 32) cursor memory address `cursor`.
  function readUint(uint256 cursor, uint256 size) internal pure returns (uint256 value) {
    assembly ("memory-safe") {
      value := shr(sub(256, shl(3, size)), mload(cursor))
    }
  }
}
