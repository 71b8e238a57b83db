// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BlockParser} from "./BlockParser.sol";
import {Bridge} from "./Bridge.sol";
import {Groth16Batch} from "./Groth16Batch.sol";
import {IBridge} from "./IBridge.sol";
import {IRollup} from "./IRollup.sol";
import {Messages} from "./Messages.sol";
import {StateUpdates} from "./StateUpdates.sol";
import {Transitions} from "./Transitions.sol";
import {VerificationKeys} from "./VerificationKeys.sol";
import {Constants} from "./generated/Constants.sol";

/// @title The rollup's settlement contract
/// @notice See IRollup.
contract Rollup is IRollup {
  using Groth16Batch for Groth16Batch.Batch;
  using Groth16Batch for Groth16Batch.Accumulator;

  /// @dev Key ids of protocol/constants.ts run from 0 to 3.
  uint256 private constant KEYS = 4;

  /// @dev One storage word. Indexes are at most 4^16.
  struct State {
    uint64 nextBlock;
    uint64 nextNote;
    uint64 nextNullifier;
  }

  uint256 public immutable override rollupId;
  bytes32 public immutable override salt;
  IBridge public immutable override bridge;
  bool public immutable override insecureKeys;
  uint256 public immutable override creditsProgramId;
  uint256 public immutable override bridgeProgramId;
  uint256 public immutable override deployedAt;
  bytes32 public immutable override keyTableHash;
  address private immutable _table;
  uint256 private immutable _directory;

  State private _state;
  /// @inheritdoc IRollup
  uint256 public override nullifierRoot;
  /// @inheritdoc IRollup
  mapping(uint256 number => uint256) public override noteRoot;
  /// @dev L1 block numbers of settlement, four of 64 bits a word.
  mapping(uint256 word => uint256) private _settledAt;

  constructor(Deployment memory deployment) {
    if (deployment.insecureKeys && block.chainid != Constants.DEVELOPMENT_CHAIN) revert InsecureKeysRefused(block.chainid);
    _checkIds(deployment.creditsProgramId, deployment.bridgeProgramId);
    _checkIds(deployment.creditsTypeId, deployment.bridgeTypeId);
    salt = deployment.salt;
    insecureKeys = deployment.insecureKeys;
    creditsProgramId = deployment.creditsProgramId;
    bridgeProgramId = deployment.bridgeProgramId;
    deployedAt = block.number;
    rollupId =
      uint256(keccak256(abi.encode(block.chainid, address(this), deployment.salt))) % Constants.FIELD_MODULUS;
    (_table, _directory, keyTableHash) = VerificationKeys.store(deployment.shared, deployment.keys);
    bridge = new Bridge(deployment.creditsTypeId, deployment.bridgeTypeId);

    noteRoot[0] = Constants.EMPTY_NOTE_ROOT;
    nullifierRoot = Constants.GENESIS_NULLIFIER_ROOT;
    _state = State(1, 0, uint64(Constants.GENESIS_NULLIFIER_NEXT));
    _recordSettlement(0);
  }

  /// @inheritdoc IRollup
  function propose(bytes calldata blockBytes) external override {
    _checkCall(blockBytes);
    bytes memory data = blockBytes;
    BlockParser.Sections memory sections = BlockParser.parse(data);
    if (sections.chunkCount == 0) revert EmptyBlock();
    State memory state = _state;
    uint256 number = state.nextBlock;

    StateUpdates.Data memory elements;
    uint256 payments = _checkTransitions(sections, elements, number);
    uint256 depositsTaken;
    (elements.deposits, depositsTaken) =
      bridge.takeDeposits(sections.depositCount, sections.chunkCount * Constants.DEPOSITS_PER_CHUNK);

    StateUpdates.Cursor memory cursor;
    cursor.noteRoot = noteRoot[number - 1];
    cursor.nullifierRoot = nullifierRoot;
    cursor.nextNote = state.nextNote;
    cursor.nextNullifier = state.nextNullifier;
    uint256[] memory chunkInputs = _chunkInputs(sections, elements, cursor, number);
    bytes32 blockHash = keccak256(data);
    _verify(sections, chunkInputs, blockHash);

    _state = State(uint64(number + 1), uint64(cursor.nextNote), uint64(cursor.nextNullifier));
    noteRoot[number] = cursor.noteRoot;
    nullifierRoot = cursor.nullifierRoot;
    _recordSettlement(number);
    if (payments != 0) {
      bridge.credit(
        Messages.payments(
          sections.transitions, sections.transitionCount, payments, creditsProgramId, bridgeProgramId
        )
      );
    }
    emit BlockSettled(
      number,
      msg.sender,
      blockHash,
      cursor.noteRoot,
      cursor.nullifierRoot,
      cursor.nextNote,
      cursor.nextNullifier,
      depositsTaken
    );
  }

  /// @inheritdoc IRollup
  function nextBlock() external view override returns (uint256) {
    return _state.nextBlock;
  }

  /// @inheritdoc IRollup
  function nextNoteIndex() external view override returns (uint256) {
    return _state.nextNote;
  }

  /// @inheritdoc IRollup
  function nextNullifierIndex() external view override returns (uint256) {
    return _state.nextNullifier;
  }

  /// @inheritdoc IRollup
  function settledAt(uint256 number) public view override returns (uint256) {
    return (_settledAt[number >> 2] >> (64 * (number & 3))) & type(uint64).max;
  }

  /// @inheritdoc IRollup
  function anchorUsableUntil(uint256 number) public view override returns (uint256) {
    uint256 next = _state.nextBlock;
    if (number >= next) return 0;
    if (number + 1 == next) return type(uint256).max;
    return settledAt(number + 1) + Constants.ANCHOR_MAX_AGE_L1_BLOCKS;
  }

  /// @inheritdoc IRollup
  function keyHash(uint256 keyId) external view override returns (bytes32 hash) {
    uint256 start = VerificationKeys.startOf(_directory, keyId);
    if (start == 0) return 0;
    uint256[] memory words = new uint256[](VerificationKeys.KEY_WORDS);
    uint256 to;
    assembly ("memory-safe") {
      to := add(words, 32)
    }
    VerificationKeys.load(_table, start, words.length, to);
    return keccak256(abi.encodePacked(words));
  }

  /// @dev A block's bytes must be the input of a top-level transaction to this contract, in one encoding: otherwise a
  /// proposer could go through a contract and leave followers without the data. An account with code (delegated code
  /// included) could be such a contract.
  function _checkCall(bytes calldata blockBytes) private view {
    // solhint-disable-next-line avoid-tx-origin
    if (msg.sender != tx.origin || msg.sender.code.length != 0) revert CallerNotCodelessOrigin(msg.sender);
    uint256 offset;
    uint256 padding;
    assembly ("memory-safe") {
      offset := blockBytes.offset
      // Bytes of the last word after the block's own.
      let rest := and(blockBytes.length, 31)
      if rest { padding := shl(shl(3, rest), calldataload(sub(calldatasize(), 32))) }
    }
    // Selector 4, offset 32, length 32, then the bytes padded to words with zeros.
    if (offset != 68 || padding != 0 || msg.data.length != 68 + ((blockBytes.length + 31) / 32) * 32) {
      revert NonCanonicalCalldata();
    }
  }

  /// @dev Checks all that L1 knows about the transitions, collects their data and logs their messages.
  /// @return payments Number of WITHDRAW messages.
  function _checkTransitions(
    BlockParser.Sections memory sections,
    StateUpdates.Data memory elements,
    uint256 number
  ) private returns (uint256 payments) {
    uint256 count = sections.transitionCount;
    _requireKey(Constants.KEY_ID_TRANSITION_SMALL, count - sections.largeCount);
    _requireKey(Constants.KEY_ID_TRANSITION_LARGE, sections.largeCount);
    elements.nullifiers = new uint256[](2 * (count + sections.largeCount));
    elements.commitments = new uint256[](2 * (count + sections.largeCount));
    uint256 nullifiers = Transitions.firstWord(elements.nullifiers);
    uint256 commitments = Transitions.firstWord(elements.commitments);
    uint256 entry = sections.transitions;
    // The anchor that was checked last; none yet: no block number of 4 bytes is that large.
    uint256 anchorBlock = type(uint256).max;
    uint256 anchorRoot;
    for (uint256 i = 0; i < count; ++i) {
      (uint256 words, uint256 end) = Transitions.bounds(entry);
      Transitions.check(words, end, i);
      if (
        BlockParser.readUint(entry + 1, 4) != anchorBlock || Transitions.word(words, 0) != anchorRoot
      ) {
        anchorBlock = BlockParser.readUint(entry + 1, 4);
        anchorRoot = Transitions.word(words, 0);
        _checkAnchor(anchorBlock, anchorRoot, i, number);
      }
      uint256 size = Transitions.slotBytes(words, end);
      Transitions.copyElements(words, size, nullifiers, commitments);
      unchecked {
        nullifiers += size;
        commitments += size;
      }
      if (Messages.check(end, i, number, creditsProgramId, bridgeProgramId)) ++payments;
      entry = end;
    }
  }

  /// @dev A key that is used must be in the table: without it, the words at its place are another key's.
  function _requireKey(uint256 keyId, uint256 uses) private view {
    if (uses != 0 && VerificationKeys.startOf(_directory, keyId) == 0) revert WrongKeyRole(keyId);
  }

  function _checkAnchor(uint256 anchorBlock, uint256 root, uint256 transition, uint256 number) private view {
    if (anchorBlock >= number) revert UnknownAnchor(transition, anchorBlock);
    if (noteRoot[anchorBlock] != root) revert WrongAnchorRoot(transition, anchorBlock);
    if (anchorBlock + 1 == number) return;
    uint256 last = settledAt(anchorBlock + 1) + Constants.ANCHOR_MAX_AGE_L1_BLOCKS;
    if (block.number > last) revert AnchorExpired(transition, anchorBlock, last);
  }

  /// @dev Public inputs of every chunk's proof, and that nothing of the block's data is left over.
  /// @return chunkInputs Memory addresses of x, y, c each.
  function _chunkInputs(
    BlockParser.Sections memory sections,
    StateUpdates.Data memory elements,
    StateUpdates.Cursor memory cursor,
    uint256 number
  ) private view returns (uint256[] memory chunkInputs) {
    chunkInputs = new uint256[](sections.chunkCount);
    uint256 chunk = sections.chunks;
    for (uint256 i = 0; i < chunkInputs.length; ++i) {
      uint256 keyId = BlockParser.readUint(chunk, 1);
      if (VerificationKeys.stateUpdateSlots(keyId) == 0 || VerificationKeys.startOf(_directory, keyId) == 0) {
        revert WrongKeyRole(keyId);
      }
      chunkInputs[i] = StateUpdates.next(cursor, elements, chunk, i, number);
      chunk += BlockParser.CHUNK_BYTES;
    }
    if (
      cursor.nullifiersTaken != elements.nullifiers.length || cursor.commitmentsTaken != elements.commitments.length
        || cursor.depositWordsTaken != elements.deposits.length
    ) revert DataLeftOver();
  }

  /// @dev All proofs in one multi-pairing. The coefficients commit to every proof and public input: the transitions' follow
  /// from the block's bytes and rollupId, a chunk's are its x (which commits to the rest) and y.
  function _verify(BlockParser.Sections memory sections, uint256[] memory chunkInputs, bytes32 blockHash)
    private
    view
  {
    uint256[] memory bindings = new uint256[](2 * chunkInputs.length);
    for (uint256 i = 0; i < chunkInputs.length; ++i) {
      bindings[2 * i] = Transitions.word(chunkInputs[i], 0);
      bindings[2 * i + 1] = Transitions.word(chunkInputs[i], 1);
    }
    uint256 seed =
      uint256(keccak256(abi.encode(block.chainid, address(this), keyTableHash, rollupId, blockHash, bindings)));

    Groth16Batch.Accumulator[] memory accs = new Groth16Batch.Accumulator[](KEYS);
    uint256[] memory starts = new uint256[](KEYS);
    for (uint256 keyId = 0; keyId < KEYS; ++keyId) {
      starts[keyId] = VerificationKeys.startOf(_directory, keyId);
      accs[keyId] = Groth16Batch.accumulator();
    }
    Groth16Batch.Batch memory batch = Groth16Batch.start(seed, sections.transitionCount + chunkInputs.length, KEYS);

    uint256 scratch = Transitions.firstWord(new uint256[](Transitions.SCRATCH_WORDS));
    uint256 entry = sections.transitions;
    for (uint256 i = 0; i < sections.transitionCount; ++i) {
      uint256 keyId = BlockParser.readUint(entry, 1);
      (uint256 words, uint256 end) = Transitions.bounds(entry);
      batch.add(
        accs[keyId],
        entry + BlockParser.TRANSITION_PROOF,
        Transitions.publicInputs(keyId, words, end, rollupId, scratch)
      );
      entry = end;
    }
    uint256 chunk = sections.chunks;
    for (uint256 i = 0; i < chunkInputs.length; ++i) {
      batch.add(accs[BlockParser.readUint(chunk, 1)], chunk + BlockParser.CHUNK_PROOF, chunkInputs[i]);
      chunk += BlockParser.CHUNK_BYTES;
    }
    batch.verify(_table, accs, starts);
  }

  function _recordSettlement(uint256 number) private {
    _settledAt[number >> 2] |= uint256(uint64(block.number)) << (64 * (number & 3));
  }

  function _checkIds(uint256 first, uint256 second) private pure {
    if (first == 0 || first >= Constants.FIELD_MODULUS) revert InvalidProtocolId(first);
    if (second == 0 || second >= Constants.FIELD_MODULUS || second == first) revert InvalidProtocolId(second);
  }
}
