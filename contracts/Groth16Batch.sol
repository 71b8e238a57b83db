// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRollup} from "./IRollup.sol";
import {Statement} from "./Statement.sol";
import {VerificationKeys} from "./VerificationKeys.sol";

/// @title Verifies many Groth16 proofs, of several keys, in one multi-pairing
/// @dev A proof (A, B, C) of a key with public inputs s = (x, y, c) is right if
///   e(A, B) = e(alpha, beta) * e(IC_0 + sum_j s_j IC_j, gamma) * e(C, delta).
/// The keys share alpha, beta and gamma; each has its own delta. The equations are raised to coefficients z_i and
/// multiplied: prod e(z_i A_i, B_i) = e(sum z_i alpha, beta) * e(sum z_i IC(s_i), gamma) * prod_key e(sum z_i C_i, delta).
/// z_0 = 1 and the others are 128 bits of keccak256(seed, i), where the seed commits to every proof, public input and key: if
/// one equation is wrong, the product holds with probability at most 2^-128 per seed tried. The precompile checks that
/// every B lies in the prime-order subgroup; G1 has prime order.
library Groth16Batch {
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  uint256 private constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
  /// @dev Gas forwarded to a precompile: above its price today (150, 6,000, 45,000 + 34,000 per pair), bounded because
  /// a precompile that refuses its input consumes everything it was given.
  uint256 private constant GAS_ADD = 2_000;
  uint256 private constant GAS_MUL = 30_000;
  uint256 private constant GAS_PAIRING_BASE = 100_000;
  uint256 private constant GAS_PAIRING_PAIR = 80_000;
  /// @dev Words of an accumulator: count, C.x, C.y, and the scalars of the constant term, x, y and c.
  uint256 private constant ACCUMULATOR_WORDS = 4 + Statement.PUBLIC_INPUTS;

  /// @param seed Commits to everything. @param count Proofs added so far. @param input Start of the pairing's input.
  /// @param end Its end. @param scratch 4 words. @param sum Sum of all coefficients.
  struct Batch {
    uint256 seed;
    uint256 count;
    uint256 input;
    uint256 end;
    uint256 scratch;
    uint256 sum;
  }

  /// @notice What all proofs of one key add up to. In memory: count, C.x, C.y, then the scalars of the IC points.
  type Accumulator is uint256;

  /// @notice Starts a batch of at most `proofs` proofs of at most `keys` keys.
  function start(uint256 seed, uint256 proofs, uint256 keys) internal pure returns (Batch memory batch) {
    batch.seed = seed;
    uint256 input;
    assembly ("memory-safe") {
      input := mload(0x40)
      // 6 words a pair: one pair per proof, one per key, alpha-beta and IC-gamma; then the scratch words.
      mstore(0x40, add(input, add(mul(add(add(proofs, keys), 2), 192), 128)))
    }
    batch.input = input;
    batch.end = input;
    unchecked {
      batch.scratch = input + (proofs + keys + 2) * 192;
    }
  }

  /// @notice Makes an empty accumulator.
  function accumulator() internal pure returns (Accumulator) {
    uint256[] memory words = new uint256[](ACCUMULATOR_WORDS);
    uint256 pointer;
    assembly ("memory-safe") {
      pointer := add(words, 32)
    }
    return Accumulator.wrap(pointer);
  }

  /// @notice Adds one proof. Its public inputs must be below r.
  /// @param proof Memory address of the proof's 8 words, EIP-197 order.
  /// @param inputs Memory address of x, y, c.
  function add(Batch memory batch, Accumulator acc, uint256 proof, uint256 inputs) internal view {
    uint256 index = batch.count;
    bool ok = true;
    // Reads `proof` and `inputs`, which the caller owns; writes the batch, the accumulator and the words reserved for
    // the pairing's input by `start`.
    assembly ("memory-safe") {
      // Arguments are evaluated from the right: the call comes before the size of what it returned.
      let z := 1
      if index {
        mstore(0, mload(batch))
        mstore(32, index)
        z := shr(128, keccak256(0, 64))
      }
      mstore(add(batch, 0xa0), addmod(mload(add(batch, 0xa0)), z, R))

      mstore(acc, add(mload(acc), 1))
      let scalar := add(acc, 0x60)
      mstore(scalar, addmod(mload(scalar), z, R))
      for { let last := add(inputs, 96) } lt(inputs, last) { inputs := add(inputs, 32) } {
        scalar := add(scalar, 32)
        mstore(scalar, addmod(mload(scalar), mulmod(mload(inputs), z, R), R))
      }

      let pair := mload(add(batch, 0x60))
      let scratch := mload(add(batch, 0x80))
      mcopy(pair, proof, 0xc0)
      mcopy(scratch, add(proof, 0xc0), 0x40)
      if index {
        mstore(add(scratch, 0x40), z)
        ok := and(eq(returndatasize(), 64), staticcall(GAS_MUL, 7, scratch, 0x60, scratch, 0x40))
        let b := mload(add(pair, 0x40))
        mstore(add(pair, 0x40), z)
        ok := and(ok, and(eq(returndatasize(), 64), staticcall(GAS_MUL, 7, pair, 0x60, pair, 0x40)))
        mstore(add(pair, 0x40), b)
      }
      mcopy(add(scratch, 0x40), add(acc, 0x20), 0x40)
      ok := and(ok, and(eq(returndatasize(), 64), staticcall(GAS_ADD, 6, scratch, 0x80, add(acc, 0x20), 0x40)))
      mstore(add(batch, 0x60), add(pair, 0xc0))
    }
    if (!ok) revert IRollup.InvalidProofPoint(index);
    unchecked {
      batch.count = index + 1;
    }
  }

  /// @notice Verifies the batch. Accumulators without a proof are skipped.
  /// @param table Code that holds the keys. @param starts Word of the table where each key starts.
  function verify(
    Batch memory batch,
    address table,
    Accumulator[] memory accs,
    uint256[] memory starts
  ) internal view {
    uint256 key = _allocate(VerificationKeys.KEY_WORDS);
    uint256[2] memory sum;
    for (uint256 i = 0; i < accs.length; ++i) {
      if (_used(accs[i])) {
        VerificationKeys.load(table, starts[i], VerificationKeys.KEY_WORDS, key);
        _addKey(batch, accs[i], key, sum);
      }
    }
    VerificationKeys.load(table, 0, VerificationKeys.SHARED_WORDS, key);
    bool ok;
    uint256 total = batch.sum;
    assembly ("memory-safe") {
      let pair := mload(add(batch, 0x60))
      let scratch := mload(add(batch, 0x80))
      // (-sum * alpha, beta)
      mcopy(scratch, key, 0x40)
      mstore(add(scratch, 0x40), mod(sub(R, total), R))
      ok := and(eq(returndatasize(), 64), staticcall(GAS_MUL, 7, scratch, 0x60, pair, 0x40))
      mcopy(add(pair, 0x40), add(key, 0x40), 0x80)
      // (-sum IC, gamma)
      pair := add(pair, 0xc0)
      mstore(pair, mload(sum))
      mstore(add(pair, 0x20), mod(sub(Q, mload(add(sum, 0x20))), Q))
      mcopy(add(pair, 0x40), add(key, 0xc0), 0x80)
      let size := sub(add(pair, 0xc0), mload(add(batch, 0x40)))
      let cap := add(GAS_PAIRING_BASE, mul(div(size, 192), GAS_PAIRING_PAIR))
      ok := and(ok, and(eq(returndatasize(), 32), staticcall(cap, 8, mload(add(batch, 0x40)), size, scratch, 0x20)))
      ok := and(ok, eq(mload(scratch), 1))
    }
    if (!ok) revert IRollup.InvalidProof();
  }

  function _allocate(uint256 words) private pure returns (uint256 pointer) {
    assembly ("memory-safe") {
      pointer := mload(0x40)
      mstore(0x40, add(pointer, shl(5, words)))
    }
  }

  function _used(Accumulator acc) private pure returns (bool used) {
    assembly ("memory-safe") {
      used := mload(acc)
    }
  }

  /// @dev Appends (-C, delta) and adds scalar_j * IC_j to `sum`.
  function _addKey(Batch memory batch, Accumulator acc, uint256 key, uint256[2] memory sum) private view {
    bool ok = true;
    assembly ("memory-safe") {
      let pair := mload(add(batch, 0x60))
      let scratch := mload(add(batch, 0x80))
      mstore(pair, mload(add(acc, 0x20)))
      mstore(add(pair, 0x20), mod(sub(Q, mload(add(acc, 0x40))), Q))
      mcopy(add(pair, 0x40), key, 0x80)
      mstore(add(batch, 0x60), add(pair, 0xc0))

      let point := add(key, 0x80)
      let scalar := add(acc, 0x60)
      for { let last := add(scalar, 128) } lt(scalar, last) { scalar := add(scalar, 32) } {
        mcopy(scratch, point, 0x40)
        mstore(add(scratch, 0x40), mload(scalar))
        ok := and(ok, and(eq(returndatasize(), 64), staticcall(GAS_MUL, 7, scratch, 0x60, scratch, 0x40)))
        mcopy(add(scratch, 0x40), sum, 0x40)
        ok := and(ok, and(eq(returndatasize(), 64), staticcall(GAS_ADD, 6, scratch, 0x80, sum, 0x40)))
        point := add(point, 0x40)
      }
    }
    // Cannot happen: the points were checked at deployment.
    if (!ok) revert IRollup.InvalidProof();
  }
}
