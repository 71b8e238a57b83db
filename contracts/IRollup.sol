// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBridge} from "./IBridge.sol";

/// @title Settlement of a private rollup
/// @notice Keeps the roots of the rollup's trees and moves them forward one L2 block at a time. A block carries all its
/// data and all its proofs; every proof is verified in one multi-pairing. Anyone may propose. There is no owner and
/// nothing can be changed after deployment.
/// @dev The normative text is docs/specification.md, sections 6, 10 and 11. All roots, words and identifiers are
/// elements of the BN254 scalar field (order r) and below r.
interface IRollup {
  /// @notice What one verification key of a deployment is, without the parts that all keys share.
  /// @param id Key id of protocol/constants.ts (KEY_ID); it fixes the role.
  /// @param delta The key's own delta in G2, EIP-197 order: x.c1, x.c0, y.c1, y.c0.
  /// @param ic Points in G1, x and y each: the constant term, then x, y and c.
  struct VerificationKey {
    uint8 id;
    uint256[4] delta;
    uint256[8] ic;
  }

  /// @notice The parts of a Groth16 key that all keys of a deployment share.
  struct SharedKey {
    uint256[2] alpha;
    uint256[4] beta;
    uint256[4] gamma;
  }

  /// @notice Everything a deployment fixes.
  /// @param salt 32 random bytes; part of the rollup's identity.
  /// @param insecureKeys True when the setup's secrets are known to somebody (development keys).
  /// @param creditsProgramId Program whose WITHDRAW messages pay ETH.
  /// @param bridgeProgramId Program whose WITHDRAW messages pay ERC-20 tokens.
  /// @param creditsTypeId Record type that an ETH deposit makes.
  /// @param bridgeTypeId Record type that an ERC-20 deposit makes.
  struct Deployment {
    bytes32 salt;
    bool insecureKeys;
    uint256 creditsProgramId;
    uint256 bridgeProgramId;
    uint256 creditsTypeId;
    uint256 bridgeTypeId;
    SharedKey shared;
    VerificationKey[] keys;
  }

  /// @notice A block settled. Its bytes are the argument of `propose` in the transaction that logged this.
  /// @param number L2 block number, from 1.
  /// @param proposer Sender of the transaction.
  /// @param blockHash keccak256 of the block's bytes.
  /// @param noteRoot Note root after the block.
  /// @param nullifierRoot Nullifier root after the block.
  /// @param nextNoteIndex Next free leaf of the note tree.
  /// @param nextNullifierIndex Next free leaf of the nullifier tree.
  /// @param depositsTaken Queue elements taken by all blocks so far.
  event BlockSettled(
    uint256 indexed number,
    address indexed proposer,
    bytes32 blockHash,
    uint256 noteRoot,
    uint256 nullifierRoot,
    uint256 nextNoteIndex,
    uint256 nextNullifierIndex,
    uint256 depositsTaken
  );

  /// @notice A program sent a message to L1 (tag SEND).
  /// @param number L2 block number.
  /// @param programId The program that ran.
  /// @param transition Position of the transition in its block.
  /// @param w0 First word. @param w1 Second word. @param w2 Last word: its lowest byte is the tag.
  event MessageSent(
    uint256 indexed number, uint256 indexed programId, uint256 transition, uint256 w0, uint256 w1, uint256 w2
  );

  // Deployment

  /// @notice Development keys are accepted on chain 31337 only.
  error InsecureKeysRefused(uint256 chainId);
  /// @notice A program or type id is 0, at or above r, or used twice.
  error InvalidProtocolId(uint256 id);
  /// @notice The key list is empty, not in ascending order of id, or lacks a role.
  error InvalidKeyList();
  /// @notice No circuit has this key id.
  error UnknownKey(uint256 keyId);
  /// @notice A point of a key is at infinity, has a coordinate at or above q, is off the curve or outside the subgroup.
  /// `keyId` is type(uint256).max for the shared points. `point` counts the key's points in the order of its struct.
  error InvalidKeyPoint(uint256 keyId, uint256 point);
  /// @notice Two deltas, or a delta and gamma, are equal or opposite: wires of one circuit could pass for another's.
  error DependentKeys(uint256 keyId, uint256 otherKeyId);

  // Encoding of a block

  /// @notice Propose from an externally owned account without code, directly: a block's bytes must be readable from the
  /// input of an L1 transaction, so that anyone can follow the rollup from L1 alone.
  error CallerNotCodelessOrigin(address caller);
  /// @notice The call is not the canonical ABI encoding of one `bytes` argument.
  error NonCanonicalCalldata();
  /// @notice The block's bytes end early, or their version is unknown.
  error InvalidBlockVersion();
  /// @notice A section's type is unknown, repeated or out of order, or its length does not match its content.
  error InvalidSection(uint256 sectionType);
  /// @notice The block has no chunk.
  error EmptyBlock();
  /// @notice The key cannot be used for this: not in the table, or made for another role.
  error WrongKeyRole(uint256 keyId);

  // Transitions

  /// @notice A word of the statement is at or above r.
  /// @param transition Position in the block. @param word Position in the statement.
  error WordOutOfRange(uint256 transition, uint256 word);
  /// @notice c of a transition or of a chunk is at or above r.
  /// @param position Of the transition among the transitions, or of the chunk among the chunks.
  error StatementHashOutOfRange(uint256 keyId, uint256 position);
  /// @notice A nullifier or commitment is 0.
  error ZeroElement(uint256 transition, uint256 word);
  /// @notice `finalizeHash`, `linkIn` or a `linkOut` is not 0: calls between programs and finalize do not exist in this version.
  error UnsupportedFeature(uint256 transition, uint256 word);
  /// @notice The anchor block has not settled.
  error UnknownAnchor(uint256 transition, uint256 anchorBlock);
  /// @notice The anchor root is not the note root after the anchor block.
  error WrongAnchorRoot(uint256 transition, uint256 anchorBlock);
  /// @notice The anchor block was superseded too many L1 blocks ago.
  error AnchorExpired(uint256 transition, uint256 anchorBlock, uint256 lastL1Block);
  /// @notice A WITHDRAW message of a program that may not send it, or with an asset that the program does not hold.
  error ForeignWithdrawal(uint256 transition, uint256 programId);
  /// @notice A withdrawal's asset, amount or receiver is out of range.
  error InvalidWithdrawal(uint256 transition);
  /// @notice FEE messages do not exist in this version.
  error FeeUnsupported(uint256 transition);

  // Chunks

  /// @notice The chunks have no room for all nullifiers, commitments or deposits of the block.
  error DataLeftOver();
  /// @notice A chunk got no nullifier, commitment or deposit.
  error EmptyChunk(uint256 chunk);
  /// @notice A new root is at or above r.
  error RootOutOfRange(uint256 chunk);
  /// @notice A tree has no room for the chunk.
  error TreeFull(uint256 chunk);

  // Proofs

  /// @notice A proof has a point that is not on its curve, or its coordinates are out of range.
  error InvalidProofPoint(uint256 proof);
  /// @notice At least one proof of the block is wrong.
  error InvalidProof();

  /// @notice Settles the next L2 block.
  /// @param blockBytes The block (docs/specification.md, section 11). The state-update proofs bind the sender, the
  /// chain, this contract and the block number; nobody else can propose them.
  function propose(bytes calldata blockBytes) external;

  /// @notice keccak256(abi.encode(chainId, this contract, salt)) mod r; a word of every transition's statement.
  function rollupId() external view returns (uint256);
  function salt() external view returns (bytes32);
  /// @notice Custody and deposit queue, deployed by this contract's constructor.
  function bridge() external view returns (IBridge);
  /// @notice True: whoever made the keys can forge proofs. Only possible on chain 31337.
  function insecureKeys() external view returns (bool);
  function creditsProgramId() external view returns (uint256);
  function bridgeProgramId() external view returns (uint256);
  /// @notice L1 block of the deployment: no event is older.
  function deployedAt() external view returns (uint256);

  /// @notice Number of the next L2 block; 1 after deployment.
  function nextBlock() external view returns (uint256);
  /// @notice Note root after an L2 block; 0 if it has not settled. Block 0 is the empty tree.
  function noteRoot(uint256 number) external view returns (uint256);
  /// @notice Nullifier root after the last settled block.
  function nullifierRoot() external view returns (uint256);
  /// @notice Next free leaf of the note tree, before rounding up to a chunk's subtree.
  function nextNoteIndex() external view returns (uint256);
  /// @notice Next free leaf of the nullifier tree, before rounding up to a chunk's subtree.
  function nextNullifierIndex() external view returns (uint256);
  /// @notice L1 block in which an L2 block settled; 0 if it has not. Block 0: the deployment.
  function settledAt(uint256 number) external view returns (uint256);
  /// @notice Last L1 block in which a transition with this anchor can settle; type(uint256).max for the newest block,
  /// 0 if the block has not settled.
  function anchorUsableUntil(uint256 number) external view returns (uint256);
  /// @notice keccak256 of a verification key as held here: 4 words of delta, then the points; 0 if not in the table.
  function keyHash(uint256 keyId) external view returns (bytes32);
  /// @notice keccak256 of the whole table: the shared points (alpha, beta, gamma), then the keys in order of id.
  function keyTableHash() external view returns (bytes32);
}
