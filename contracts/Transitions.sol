// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BlockParser} from "./BlockParser.sol";
import {IRollup} from "./IRollup.sol";
import {Constants} from "./generated/Constants.sol";

/// @title What L1 itself checks of a transition's public signals
/// @dev Positions follow docs/specification.md, section 6; with n record slots of a kind (2 small, 4 large):
/// anchorRoot, nullifiers[n], commitments[n], tpk.x, R.x, ciphertexts[n][6], outgoing[n], finalizeHash, linkIn, linkOut[4]
/// (large only), message[4], rollupId. A block carries all but rollupId, which is the contract's own: 27 or 49 words.
/// `signals` is the memory address of the first word and `end` the one behind the last, where the next entry starts; the
/// four words before `end` are the message.
library Transitions {
  /// @dev Also the position of rollupId.
  uint256 internal constant SMALL_CARRIED = 27;
  uint256 internal constant LARGE_CARRIED = 49;
  /// @dev 32 * SMALL_CARRIED.
  uint256 private constant SMALL_BYTES = 864;
  uint256 private constant NULLIFIERS = 1;
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

  /// @notice Bounds of the signals of the transition whose entry starts at this address; `BlockParser.parse` has checked
  /// that its key id is one of the two.
  function bounds(uint256 entry) internal pure returns (uint256 signals, uint256 end) {
    unchecked {
      signals = entry + BlockParser.TRANSITION_SIGNALS;
      end = entry
        + (BlockParser.readUint(entry, 1) == Constants.KEY_ID_TRANSITION_LARGE
            ? BlockParser.LARGE_TRANSITION_BYTES
            : BlockParser.SMALL_TRANSITION_BYTES);
    }
  }

  function signal(uint256 signals, uint256 position) internal pure returns (uint256 value) {
    assembly ("memory-safe") {
      value := mload(add(signals, shl(5, position)))
    }
  }

  /// @notice Bytes of a transition's nullifiers, and of its commitments: two words each or four.
  function slotBytes(uint256 signals, uint256 end) internal pure returns (uint256 size) {
    assembly ("memory-safe") {
      size := shl(gt(sub(end, signals), SMALL_BYTES), 64)
    }
  }

  /// @notice Every signal below r, nullifiers and commitments not 0, no feature that does not exist yet.
  /// @dev One pass without branches; only a block that is refused anyway pays for finding out why.
  function check(uint256 signals, uint256 end, uint256 transition) internal pure {
    bool wrong;
    uint256 size = slotBytes(signals, end);
    assembly ("memory-safe") {
      // Three at a time. 27 is nine times three; of 49 the first is left.
      wrong := iszero(lt(mload(signals), R))
      for { let word := add(signals, mod(sub(end, signals), 96)) } lt(word, end) { word := add(word, 96) } {
        wrong :=
          or(
            wrong,
            iszero(
              and(lt(mload(word), R), and(lt(mload(add(word, 32)), R), lt(mload(add(word, 64)), R)))
            )
          )
      }
      // Nullifiers and commitments, four or eight from the second word, are not 0.
      let last := add(signals, shl(1, size))
      for { let word := add(signals, 32) } iszero(gt(word, last)) { word := add(word, 128) } {
        wrong :=
          or(
            wrong,
            or(
              or(iszero(mload(word)), iszero(mload(add(word, 32)))),
              or(iszero(mload(add(word, 64))), iszero(mload(add(word, 96))))
            )
          )
      }
      // finalizeHash, linkIn and, when there are eight of those, linkOut[4] stand right before the message and are 0.
      let message := sub(end, 128)
      for { let word := sub(sub(end, 64), shl(1, size)) } lt(word, message) { word := add(word, 64) } {
        wrong := or(wrong, iszero(iszero(or(mload(word), mload(add(word, 32))))))
      }
    }
    if (wrong) _refuse(signals, end, transition);
  }

  function _refuse(uint256 signals, uint256 end, uint256 transition) private pure {
    uint256 count = (end - signals) / 32;
    uint256 slots = slotBytes(signals, end) / 32;
    for (uint256 i = 0; i < count; ++i) {
      if (signal(signals, i) >= R) revert IRollup.SignalOutOfRange(transition, i);
    }
    for (uint256 i = NULLIFIERS; i < NULLIFIERS + 2 * slots; ++i) {
      if (signal(signals, i) == 0) revert IRollup.ZeroElement(transition, i);
    }
    uint256 feature = slots == 2 ? 21 : 39;
    while (signal(signals, feature) == 0) ++feature;
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
  function copyElements(uint256 signals, uint256 size, uint256 nullifiers, uint256 commitments) internal pure {
    assembly ("memory-safe") {
      mcopy(nullifiers, add(signals, 32), size)
      mcopy(commitments, add(signals, add(32, size)), size)
    }
  }
}
