// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A junk token: it burns one percent of every transfer
contract FeeToken is ERC20 {
  constructor() ERC20("Fee", "FEE") {}

  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }

  function _update(address from, address to, uint256 value) internal override {
    if (from != address(0) && to != address(0)) {
      uint256 fee = value / 100;
      super._update(from, address(0), fee);
      value -= fee;
    }
    super._update(from, to, value);
  }
}
