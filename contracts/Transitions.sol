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
  function check(uint256 signals, uint256 transition) internal pure {
    bool outOfRange;
    assembly ("memory-safe") {
      for { let word := signals } lt(word, add(signals, 864)) { word := add(word, 32) } {
        outOfRange := or(outOfRange, iszero(lt(mload(word), R)))
      }
    }
    if (outOfRange) {
      for (uint256 i = 0; i < CARRIED; ++i) {
        if (signal(signals, i) >= R) revert IRollup.SignalOutOfRange(transition, i);
      }
    }
    for (uint256 i = NULLIFIERS; i < COMMITMENTS + 2; ++i) {
      if (signal(signals, i) == 0) revert IRollup.ZeroElement(transition, i);
    }
    if (signal(signals, FINALIZE_HASH) != 0) revert IRollup.UnsupportedFeature(transition, FINALIZE_HASH);
    if (signal(signals, LINK_IN) != 0) revert IRollup.UnsupportedFeature(transition, LINK_IN);
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
