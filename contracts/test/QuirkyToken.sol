// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A token with the quirks of tokens in use, each switched on by itself
contract QuirkyToken {
  /// @notice An allowance changes from or to zero only, as USDT's.
  bool public approvesFromZeroOnly;
  /// @notice `approve`, `transfer` and `transferFrom` return nothing, as early tokens.
  bool public returnsNothing;
  /// @notice `transfer` and `transferFrom` return false instead of reverting, and do nothing.
  bool public returnsFalse;
  /// @notice `approve` succeeds and changes nothing.
  bool public ignoresApprovals;
  /// @notice Balances are shares times this, in hundredths: a rebase changes it.
  uint256 public rate = 100;
  /// @notice Neither sends nor receives.
  mapping(address account => bool) public blocked;

  mapping(address account => uint256) private _shares;
  mapping(address owner => mapping(address spender => uint256)) public allowance;

  error Blocked(address account);
  error ApproveFromZero();
  error Insufficient();

  function set(bool fromZero, bool nothing, bool returnFalse, bool ignore) external {
    (approvesFromZeroOnly, returnsNothing, returnsFalse, ignoresApprovals) = (fromZero, nothing, returnFalse, ignore);
  }

  function rebase(uint256 rate_) external {
    rate = rate_;
  }

  function setBlocked(address account, bool value) external {
    blocked[account] = value;
  }

  function mint(address to, uint256 amount) external {
    _shares[to] += (amount * 100) / rate;
  }

  function balanceOf(address account) public view returns (uint256) {
    return (_shares[account] * rate) / 100;
  }

  function approve(address spender, uint256 amount) external {
    if (approvesFromZeroOnly && amount != 0 && allowance[msg.sender][spender] != 0) revert ApproveFromZero();
    if (!ignoresApprovals) allowance[msg.sender][spender] = amount;
    _answer(true);
  }

  function transfer(address to, uint256 amount) external {
    _answer(_move(msg.sender, to, amount));
  }

  function transferFrom(address from, address to, uint256 amount) external {
    if (returnsFalse) _answer(false);
    if (allowance[from][msg.sender] < amount) revert Insufficient();
    allowance[from][msg.sender] -= amount;
    _answer(_move(from, to, amount));
  }

  function _move(address from, address to, uint256 amount) private returns (bool) {
    if (returnsFalse) return false;
    if (blocked[from]) revert Blocked(from);
    if (blocked[to]) revert Blocked(to);
    if (balanceOf(from) < amount) revert Insufficient();
    uint256 shares = (amount * 100) / rate;
    _shares[from] -= shares;
    _shares[to] += shares;
    return true;
  }

  /// @dev Ends the call: with a word, or without any.
  function _answer(bool value) private view {
    uint256 size = returnsNothing ? 0 : 32;
    assembly {
      mstore(0, value)
      return(0, size)
    }
  }
}
