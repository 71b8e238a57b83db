// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A junk token without any ledger: it reports whatever balance its author wants
contract LyingToken {
  uint256 public before;
  uint256 public afterwards;
  bool private _moved;

  /// @notice The bridge's balance as reported before and after the next transfer.
  function set(uint256 before_, uint256 afterwards_) external {
    before = before_;
    afterwards = afterwards_;
    _moved = false;
  }

  function balanceOf(address) external view returns (uint256) {
    return _moved ? afterwards : before;
  }

  function transferFrom(address, address, uint256) external returns (bool) {
    _moved = true;
    return true;
  }
}
