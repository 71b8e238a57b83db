// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBridge} from "./IBridge.sol";
import {IRollup} from "./IRollup.sol";
import {Transitions} from "./Transitions.sol";
import {Constants} from "./generated/Constants.sol";

/// @title Messages of transitions to L1 (docs/specification.md, section 6)
/// @dev `end` is the memory address behind a transition's words: the four words before it are its message.
library Messages {
  /// @notice Refuses a message that may not be sent and logs one for L1.
  /// @return pays Whether it is a WITHDRAW.
  function check(
    uint256 end,
    uint256 transition,
    uint256 number,
    uint256 creditsProgramId,
    uint256 bridgeProgramId
  ) internal returns (bool pays) {
    uint256 kind = tag(end);
    if (kind == Constants.MESSAGE_TAG_FEE) revert IRollup.FeeUnsupported(transition);
    if (kind == Constants.MESSAGE_TAG_WITHDRAW) {
      // Built again when the block is proven; here only to refuse it early.
      payment(end, transition, creditsProgramId, bridgeProgramId);
      return true;
    }
    if (kind == Constants.MESSAGE_TAG_SEND) {
      emit IRollup.MessageSent(number, word(end, 0), transition, word(end, 1), word(end, 2), word(end, 3));
    }
  }

  /// @notice All payments of a block's transitions.
  /// @param entry Memory address of the first transition. @param transitions How many there are.
  /// @param count How many of them pay.
  function payments(
    uint256 entry,
    uint256 transitions,
    uint256 count,
    uint256 creditsProgramId,
    uint256 bridgeProgramId
  ) internal pure returns (IBridge.Payment[] memory list) {
    list = new IBridge.Payment[](count);
    uint256 filled = 0;
    for (uint256 i = 0; i < transitions; ++i) {
      (, uint256 end) = Transitions.bounds(entry);
      if (tag(end) == Constants.MESSAGE_TAG_WITHDRAW) {
        list[filled++] = payment(end, i, creditsProgramId, bridgeProgramId);
      }
      entry = end;
    }
  }

  /// @notice Word 0 to 3 of the message.
  function word(uint256 end, uint256 position) internal pure returns (uint256) {
    unchecked {
      return Transitions.word(end - 128, position);
    }
  }

  /// @notice Tag of the message; 0 if there is none.
  function tag(uint256 end) internal pure returns (uint256) {
    return word(end, 3) & 0xff;
  }

  /// @notice The payment of a WITHDRAW message. Any program can send any message, so the program must be one of the two
  /// that hold bridged assets, and each pays only its own: ETH (asset 0) or tokens.
  function payment(uint256 end, uint256 transition, uint256 creditsProgramId, uint256 bridgeProgramId)
    internal
    pure
    returns (IBridge.Payment memory)
  {
    uint256 programId = word(end, 0);
    uint256 receiver = word(end, 1);
    uint256 amount = word(end, 2);
    uint256 asset = word(end, 3) >> 8;
    if (programId != (asset == 0 ? creditsProgramId : bridgeProgramId)) {
      revert IRollup.ForeignWithdrawal(transition, programId);
    }
    if (
      asset >> 160 != 0 || receiver == 0 || receiver >> 160 != 0 || amount == 0 || amount > type(uint128).max
    ) revert IRollup.InvalidWithdrawal(transition);
    return IBridge.Payment(address(uint160(receiver)), address(uint160(asset)), amount);
  }
}
