// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BlockParser} from "./BlockParser.sol";
import {IRollup} from "./IRollup.sol";
import {Statement} from "./Statement.sol";
import {Constants} from "./generated/Constants.sol";

/// @title What L1 itself checks of a transition's statement
/// @dev Positions follow docs/specification.md, section 6; with n record slots of a kind (2 small, 4 large):
/// anchorRoot, nullifiers[n], commitments[n], tpk.x, R.x, ciphertexts[n][6], outgoing[n], finalizeHash, linkIn, linkOut[4]
/// (large only), message[4], rollupId. A block carries c, then all words but rollupId, which is the contract's own: 27 or 49.
/// `words` is the memory address of the first word, c standing before it, and `end` the one behind the last, where the next
/// entry starts; the four words before `end` are the message.
library Transitions {
  /// @dev 32 * 27.
  uint256 private constant SMALL_BYTES = 864;
  uint256 private constant NULLIFIERS = 1;
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  /// @dev Words of memory that `publicInputs` needs: key id, 50 words of a large statement, x, y, c.
  uint256 internal constant SCRATCH_WORDS = 54;

  /// @notice Bounds of the words of the transition whose entry starts at this address; `BlockParser.parse` has checked
  /// that its key id is one of the two.
  function bounds(uint256 entry) internal pure returns (uint256 words, uint256 end) {
    unchecked {
      words = entry + BlockParser.TRANSITION_WORDS;
      end = entry
        + (BlockParser.readUint(entry, 1) == Constants.KEY_ID_TRANSITION_LARGE
            ? BlockParser.LARGE_TRANSITION_BYTES
            : BlockParser.SMALL_TRANSITION_BYTES);
    }
  }

  function word(uint256 words, uint256 position) internal pure returns (uint256 value) {
    assembly ("memory-safe") {
      value := mload(add(words, shl(5, position)))
    }
  }

  /// @notice The public inputs of a transition's proof: x = keccak256(key id, S, c) mod r, y, c.
  /// @param scratch Memory address of SCRATCH_WORDS words that the caller owns.
  /// @return inputs Memory address of the three, within `scratch`.
  function publicInputs(uint256 keyId, uint256 words, uint256 end, uint256 rollupId, uint256 scratch)
    internal
    pure
    returns (uint256 inputs)
  {
    assembly ("memory-safe") {
      let size := sub(end, words)
      mstore(scratch, keyId)
      mcopy(add(scratch, 32), words, size)
      let last := add(scratch, add(size, 32))
      mstore(last, rollupId)
      mstore(add(last, 32), mload(sub(words, 32)))
    }
    unchecked {
      return Statement.publicInputs(scratch, scratch + 32, (end - words) / 32 + 1);
    }
  }

  /// @notice Bytes of a transition's nullifiers, and of its commitments: two words each or four.
  function slotBytes(uint256 words, uint256 end) internal pure returns (uint256 size) {
    assembly ("memory-safe") {
      size := shl(gt(sub(end, words), SMALL_BYTES), 64)
    }
  }

  /// @notice Every word and c below r, nullifiers and commitments not 0, no feature that does not exist yet.
  /// @dev One pass without branches; only a block that is refused anyway pays for finding out why.
  function check(uint256 words, uint256 end, uint256 transition) internal pure {
    bool wrong;
    uint256 size = slotBytes(words, end);
    assembly ("memory-safe") {
      // Three at a time. 27 is nine times three; of 49 the first is left.
      wrong := iszero(and(lt(mload(sub(words, 32)), R), lt(mload(words), R)))
      for { let at := add(words, mod(sub(end, words), 96)) } lt(at, end) { at := add(at, 96) } {
        wrong :=
          or(
            wrong,
            iszero(
              and(lt(mload(at), R), and(lt(mload(add(at, 32)), R), lt(mload(add(at, 64)), R)))
            )
          )
      }
      // Nullifiers and commitments, four or eight from the second word, are not 0.
      let last := add(words, shl(1, size))
      for { let at := add(words, 32) } iszero(gt(at, last)) { at := add(at, 128) } {
        wrong :=
          or(
            wrong,
            or(
              or(iszero(mload(at)), iszero(mload(add(at, 32)))),
              or(iszero(mload(add(at, 64))), iszero(mload(add(at, 96))))
            )
          )
      }
      // finalizeHash, linkIn and, when there are eight of those, linkOut[4] stand right before the message and are 0.
      let message := sub(end, 128)
      for { let at := sub(sub(end, 64), shl(1, size)) } lt(at, message) { at := add(at, 64) } {
        wrong := or(wrong, iszero(iszero(or(mload(at), mload(add(at, 32))))))
      }
    }
    if (wrong) _refuse(words, end, transition);
  }

  function _refuse(uint256 words, uint256 end, uint256 transition) private pure {
    uint256 count = (end - words) / 32;
    uint256 slots = slotBytes(words, end) / 32;
    if (word(words - 32, 0) >= R) {
      revert IRollup.StatementHashOutOfRange(
        slots == 2 ? Constants.KEY_ID_TRANSITION_SMALL : Constants.KEY_ID_TRANSITION_LARGE, transition
      );
    }
    for (uint256 i = 0; i < count; ++i) {
      if (word(words, i) >= R) revert IRollup.WordOutOfRange(transition, i);
    }
    for (uint256 i = NULLIFIERS; i < NULLIFIERS + 2 * slots; ++i) {
      if (word(words, i) == 0) revert IRollup.ZeroElement(transition, i);
    }
    uint256 feature = slots == 2 ? 21 : 39;
    while (word(words, feature) == 0) ++feature;
    revert IRollup.UnsupportedFeature(transition, feature);
  }

  /// @notice Memory address of an array's first word.
  function firstWord(uint256[] memory array) internal pure returns (uint256 first) {
    assembly ("memory-safe") {
      first := add(array, 32)
    }
  }

  /// @notice Copies the nullifiers and the commitments to memory that the caller owns.
  /// @param size `slotBytes` of the transition.
  function copyElements(uint256 words, uint256 size, uint256 nullifiers, uint256 commitments) internal pure {
    assembly ("memory-safe") {
      mcopy(nullifiers, add(words, 32), size)
      mcopy(commitments, add(words, add(32, size)), size)
    }
  }
}
