// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A contract that calls anything and can hold ETH; optionally it calls on when it is paid
contract Forwarder {
  address private _target;
  bytes private _onReceive;
  bool private _entered;

  /// @notice Makes the next payment call `target`; with target 0 payments are just kept.
  function arm(address target, bytes calldata call_) external {
    _target = target;
    _onReceive = call_;
  }

  function forward(address target, bytes calldata call_) external payable returns (bytes memory) {
    (bool success, bytes memory result) = target.call{value: msg.value}(call_);
    if (!success) _bubble(result);
    return result;
  }

  receive() external payable {
    if (_target == address(0) || _entered) return;
    _entered = true;
    (bool success, bytes memory result) = _target.call(_onReceive);
    _entered = false;
    if (!success) _bubble(result);
  }

  function _bubble(bytes memory result) private pure {
    assembly ("memory-safe") {
      revert(add(result, 32), mload(result))
    }
  }
}
