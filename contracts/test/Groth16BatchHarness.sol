// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Groth16Batch} from "../Groth16Batch.sol";
import {IRollup} from "../IRollup.sol";
import {VerificationKeys} from "../VerificationKeys.sol";

/// @title The batch verifier alone, for tests
contract Groth16BatchHarness {
  using Groth16Batch for Groth16Batch.Batch;

  struct Claim {
    uint8 keyId;
    uint256[8] proof;
    uint256[3] inputs;
  }

  address private immutable _table;
  uint256 private immutable _directory;
  bytes32 public immutable tableHash;

  constructor(IRollup.SharedKey memory shared, IRollup.VerificationKey[] memory keys) {
    (_table, _directory, tableHash) = VerificationKeys.store(shared, keys);
  }

  function table() external view returns (address) {
    return _table;
  }

  /// @notice Reverts unless every claim is right. Public inputs must be below r; the rollup checks that before.
  function verify(Claim[] memory claims) external view {
    Groth16Batch.Accumulator[] memory accs = new Groth16Batch.Accumulator[](4);
    uint256[] memory starts = new uint256[](4);
    for (uint256 i = 0; i < 4; ++i) {
      starts[i] = VerificationKeys.startOf(_directory, i);
      accs[i] = Groth16Batch.accumulator();
    }
    Groth16Batch.Batch memory batch =
      Groth16Batch.start(uint256(keccak256(abi.encode(tableHash, claims))), claims.length, 4);
    for (uint256 i = 0; i < claims.length; ++i) {
      Claim memory claim = claims[i];
      uint256[8] memory proof = claim.proof;
      uint256[3] memory inputs = claim.inputs;
      uint256 proofAt;
      uint256 inputsAt;
      assembly ("memory-safe") {
        proofAt := proof
        inputsAt := inputs
      }
      batch.add(accs[claim.keyId], proofAt, inputsAt);
    }
    batch.verify(_table, accs, starts);
  }
}
