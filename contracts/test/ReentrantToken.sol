// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that calls somebody while it moves: to count one transfer as two deposits, or to collect twice
contract ReentrantToken is ERC20 {
  address private _target;
  bytes private _call;
  bool private _entered;

  constructor() ERC20("Reentrant", "RE") {}

  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }

  /// @notice Makes the next transfers call `target`. The call's error is passed on.
  function arm(address target, bytes calldata call_) external {
    _target = target;
    _call = call_;
  }

  function _update(address from, address to, uint256 value) internal override {
    super._update(from, to, value);
    if (_target == address(0) || _entered || from == address(0)) return;
    _entered = true;
    (bool success, bytes memory result) = _target.call(_call);
    _entered = false;
    if (!success) {
      assembly ("memory-safe") {
        revert(add(result, 32), mload(result))
      }
    }
  }
}
