// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A junk token: anybody may change balances, as a rebasing token does, and block accounts
contract ControlledToken is ERC20 {
  mapping(address account => bool) public blocked;

  error AccountBlocked(address account);

  constructor() ERC20("Controlled", "CTL") {}

  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }

  function burn(address from, uint256 amount) external {
    _burn(from, amount);
  }

  function setBlocked(address account, bool value) external {
    blocked[account] = value;
  }

  function _update(address from, address to, uint256 value) internal override {
    if (blocked[from]) revert AccountBlocked(from);
    if (blocked[to]) revert AccountBlocked(to);
    super._update(from, to, value);
  }
}
