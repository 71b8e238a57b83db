// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BlockParser} from "./BlockParser.sol";
import {IBridge} from "./IBridge.sol";
import {IRollup} from "./IRollup.sol";
import {Constants} from "./generated/Constants.sol";

/// @title What L1 itself checks of a transition's public signals
/// @dev Positions follow docs/specification.md, section 6. `signals` is the memory address of the first of the 27
/// signals that a block carries; rollupId, the 28th, is the contract's own.
library Transitions {
  uint256 internal constant CARRIED = 27;
  uint256 internal constant ROLLUP_ID = 27;
  uint256 internal constant NULLIFIERS = 1;
  uint256 internal constant COMMITMENTS = 3;
  uint256 internal constant FINALIZE_HASH = 21;
  uint256 internal constant LINK_IN = 22;
  uint256 internal constant MESSAGE = 23;
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

  function signal(uint256 signals, uint256 position) internal pure returns (uint256 value) {
    assembly ("memory-safe") {
      value := mload(add(signals, shl(5, position)))
    }
  }

  /// @notice Every signal below r, nullifiers and commitments not 0, no feature that does not exist yet.
  /// @dev One pass without branches; only a block that is refused anyway pays for finding out why.
  function check(uint256 signals, uint256 transition) internal pure {
    bool wrong;
    assembly ("memory-safe") {
      // 27 signals, three at a time.
      for { let word := signals } lt(word, add(signals, 864)) { word := add(word, 96) } {
        wrong :=
          or(
            wrong,
            iszero(
              and(lt(mload(word), R), and(lt(mload(add(word, 32)), R), lt(mload(add(word, 64)), R)))
            )
          )
      }
      // Signals 1 to 4 are not 0; signals 21 and 22 are.
      wrong :=
        or(
          wrong,
          or(
            or(iszero(mload(add(signals, 32))), iszero(mload(add(signals, 64)))),
            or(
              or(iszero(mload(add(signals, 96))), iszero(mload(add(signals, 128)))),
              iszero(iszero(or(mload(add(signals, 672)), mload(add(signals, 704)))))
            )
          )
        )
    }
    if (wrong) _refuse(signals, transition);
  }

  function _refuse(uint256 signals, uint256 transition) private pure {
    for (uint256 i = 0; i < CARRIED; ++i) {
      if (signal(signals, i) >= R) revert IRollup.SignalOutOfRange(transition, i);
    }
    for (uint256 i = NULLIFIERS; i < COMMITMENTS + 2; ++i) {
      if (signal(signals, i) == 0) revert IRollup.ZeroElement(transition, i);
    }
    revert IRollup.UnsupportedFeature(
      transition, signal(signals, FINALIZE_HASH) != 0 ? FINALIZE_HASH : LINK_IN
    );
  }

  /// @notice Memory address of an array's first word.
  function firstWord(uint256[] memory array) internal pure returns (uint256 first) {
    assembly ("memory-safe") {
      first := add(array, 32)
    }
  }

  /// @notice Copies the two nullifiers and the two commitments to memory that the caller owns.
  function copyElements(uint256 signals, uint256 nullifiers, uint256 commitments) internal pure {
    assembly ("memory-safe") {
      mcopy(nullifiers, add(signals, 32), 64)
      mcopy(commitments, add(signals, 96), 64)
    }
  }

  /// @notice Tag of the transition's message; 0 if there is none.
  function messageTag(uint256 signals) internal pure returns (uint256) {
    return signal(signals, MESSAGE + 3) & 0xff;
  }

  /// @notice The payment of a WITHDRAW message. Any program can send any message, so the program must be one of the two
  /// that hold bridged assets, and each pays only its own: ETH (asset 0) or tokens.
  function payment(uint256 signals, uint256 transition, uint256 creditsProgramId, uint256 bridgeProgramId)
    internal
    pure
    returns (IBridge.Payment memory)
  {
    uint256 programId = signal(signals, MESSAGE);
    uint256 receiver = signal(signals, MESSAGE + 1);
    uint256 amount = signal(signals, MESSAGE + 2);
    uint256 asset = signal(signals, MESSAGE + 3) >> 8;
    if (programId != (asset == 0 ? creditsProgramId : bridgeProgramId)) {
      revert IRollup.ForeignWithdrawal(transition, programId);
    }
    if (
      asset >> 160 != 0 || receiver == 0 || receiver >> 160 != 0 || amount == 0 || amount > type(uint128).max
    ) revert IRollup.InvalidWithdrawal(transition);
    return IBridge.Payment(address(uint160(receiver)), address(uint160(asset)), amount);
  }
}
