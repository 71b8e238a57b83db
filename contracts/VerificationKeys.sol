// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRollup} from "./IRollup.sol";
import {Statement} from "./Statement.sol";
import {Constants} from "./generated/Constants.sol";

/// @title The table of verification keys, stored as the code of a contract
/// @dev Words of the table: alpha 2, beta 4, gamma 4, then per key in ascending order of id: delta 4, four IC points of 2.
/// The code starts with one zero byte (STOP), so that a call to it does nothing. `directory` holds, 16 bits per key id,
/// the word at which the key starts, 0 for none.
library VerificationKeys {
  uint256 internal constant SHARED_WORDS = 10;
  /// @dev delta, then the points of the constant term, x, y and c.
  uint256 internal constant KEY_WORDS = 12;
  uint256 private constant POINTS = 1 + Statement.PUBLIC_INPUTS;
  uint256 private constant SHARED = type(uint256).max;

  /// @notice Slots of a state-update key, 0 for any other.
  function stateUpdateSlots(uint256 keyId) internal pure returns (uint256) {
    if (keyId == Constants.KEY_ID_STATE_UPDATE_SMALL) return Constants.STATE_UPDATE_SLOTS_SMALL;
    if (keyId == Constants.KEY_ID_STATE_UPDATE_LARGE) return Constants.STATE_UPDATE_SLOTS_LARGE;
    return 0;
  }

  /// @notice Word at which the key starts, 0 if it is not in the table.
  function startOf(uint256 directory, uint256 keyId) internal pure returns (uint256) {
    return keyId > 15 ? 0 : (directory >> (16 * keyId)) & 0xffff;
  }

  function isKey(uint256 keyId) internal pure returns (bool) {
    return keyId == Constants.KEY_ID_TRANSITION_SMALL || keyId == Constants.KEY_ID_TRANSITION_LARGE
      || stateUpdateSlots(keyId) != 0;
  }

  /// @notice Checks every key and stores the table.
  /// @dev Reverts as IRollup says. Points must be canonical, on the curve, in the subgroup and not at infinity: a key
  /// with a point at infinity would accept anything. Deltas must be independent of each other and of gamma.
  function store(IRollup.SharedKey memory shared, IRollup.VerificationKey[] memory keys)
    internal
    returns (address pointer, uint256 directory, bytes32 tableHash)
  {
    bytes memory table = abi.encodePacked(shared.alpha, shared.beta, shared.gamma);
    _checkG1(SHARED, 0, shared.alpha[0], shared.alpha[1]);
    _checkG2(SHARED, 1, shared.beta);
    _checkG2(SHARED, 2, shared.gamma);
    bool transitions;
    bool stateUpdates;
    for (uint256 i = 0; i < keys.length; ++i) {
      IRollup.VerificationKey memory key = keys[i];
      if (i > 0 && key.id <= keys[i - 1].id) revert IRollup.InvalidKeyList();
      _checkKey(key);
      if (_dependent(key.delta, shared.gamma)) revert IRollup.DependentKeys(key.id, SHARED);
      for (uint256 j = 0; j < i; ++j) {
        if (_dependent(key.delta, keys[j].delta)) revert IRollup.DependentKeys(key.id, keys[j].id);
      }
      directory |= (table.length / 32) << (16 * uint256(key.id));
      table = abi.encodePacked(table, key.delta, key.ic);
      if (stateUpdateSlots(key.id) == 0) transitions = true;
      else stateUpdates = true;
    }
    if (!transitions || !stateUpdates) revert IRollup.InvalidKeyList();
    tableHash = keccak256(table);
    pointer = _deploy(table);
  }

  /// @notice Copies `count` words of the table, from word `from`, to memory at `to`.
  function load(address pointer, uint256 from, uint256 count, uint256 to) internal view {
    // The caller owns the memory at `to`.
    assembly ("memory-safe") {
      extcodecopy(pointer, to, add(1, shl(5, from)), shl(5, count))
    }
  }

  function _checkKey(IRollup.VerificationKey memory key) private view {
    if (!isKey(key.id)) revert IRollup.UnknownKey(key.id);
    _checkG2(key.id, 0, key.delta);
    for (uint256 i = 0; i < POINTS; ++i) {
      _checkG1(key.id, i + 1, key.ic[2 * i], key.ic[2 * i + 1]);
    }
  }

  /// @dev Adding the point at infinity makes the precompile check canonicity and the curve; G1 has no cofactor.
  function _checkG1(uint256 keyId, uint256 point, uint256 x, uint256 y) private view {
    (bool success, bytes memory result) = address(6).staticcall(abi.encode(x, y, 0, 0));
    if (!success || result.length != 64 || (x == 0 && y == 0)) revert IRollup.InvalidKeyPoint(keyId, point);
  }

  /// @dev A pairing with the G1 point at infinity makes the precompile check canonicity, the curve and the subgroup.
  function _checkG2(uint256 keyId, uint256 point, uint256[4] memory p) private view {
    (bool success, bytes memory result) = address(8).staticcall(abi.encode(0, 0, p));
    if (!success || result.length != 32 || (p[0] | p[1] | p[2] | p[3]) == 0) {
      revert IRollup.InvalidKeyPoint(keyId, point);
    }
  }

  /// @dev Equal or opposite: both have the same x.
  function _dependent(uint256[4] memory p, uint256[4] memory q) private pure returns (bool) {
    return p[0] == q[0] && p[1] == q[1];
  }

  function _deploy(bytes memory table) private returns (address pointer) {
    // PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN, then the code itself.
    bytes memory init = abi.encodePacked(hex"61", uint16(table.length + 1), hex"80600a3d393df3", hex"00", table);
    assembly ("memory-safe") {
      pointer := create(0, add(init, 32), mload(init))
    }
    // 64 keys of the largest kind would be needed to exceed the code size limit.
    assert(pointer != address(0) && pointer.code.length == table.length + 1);
  }
}
