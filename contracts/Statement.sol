// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The three public inputs that stand for the words of a statement (docs/specification.md, section 6)
/// @dev A proof's public inputs are x, y, c. c is made in the circuit and determines every word there; x is a hash of L1's words
/// and c; y is the polynomial of the words at x. Equal y at that x means equal words.
library Statement {
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  /// @dev x, y, c.
  uint256 internal constant PUBLIC_INPUTS = 3;

  /// @notice Replaces c, and the two words behind it, by x, y, c.
  /// @param start Memory address of what is hashed: what binds the proof, then the statement, then c.
  /// @param first Address of the statement's first word. @param count Number of its words; c stands behind them.
  /// @return inputs Address of x, y, c.
  function publicInputs(uint256 start, uint256 first, uint256 count) internal pure returns (uint256 inputs) {
    unchecked {
      inputs = first + 32 * count;
    }
    uint256 x;
    assembly ("memory-safe") {
      x := mod(keccak256(start, sub(add(inputs, 32), start)), R)
      mstore(add(inputs, 64), mload(inputs))
      mstore(inputs, x)
    }
    uint256 y = evaluate(first, count, x);
    assembly ("memory-safe") {
      mstore(add(inputs, 32), y)
    }
  }

  /// @notice y = S_0 x + S_1 x^2 + ... over `count` words of memory from `first`.
  function evaluate(uint256 first, uint256 count, uint256 x) internal pure returns (uint256 y) {
    assembly ("memory-safe") {
      let p := add(first, shl(5, count))
      // Horner's rule from the last word: an odd one first, then two at a time.
      if and(count, 1) {
        p := sub(p, 32)
        y := mulmod(mload(p), x, R)
      }
      for {} gt(p, first) {} {
        y := mulmod(addmod(y, mload(sub(p, 32)), R), x, R)
        p := sub(p, 64)
        y := mulmod(addmod(y, mload(p), R), x, R)
      }
    }
  }
}
