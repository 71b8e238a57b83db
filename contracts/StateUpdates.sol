// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BlockParser} from "./BlockParser.sol";
import {IRollup} from "./IRollup.sol";
import {Statement} from "./Statement.sol";
import {Transitions} from "./Transitions.sol";
import {VerificationKeys} from "./VerificationKeys.sol";
import {Constants} from "./generated/Constants.sol";

/// @title Statements and public inputs of the state-update proofs (docs/specification.md, section 10)
/// @dev L1 cuts the block's data over the chunks and computes every start index itself; a proposer chooses neither.
library StateUpdates {
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  /// @dev chainId, contract, msg.sender, L2 block number, key id.
  uint256 private constant HEADER_WORDS = 5;
  uint256 private constant ROOTS_AND_STARTS = 7;
  uint256 private constant DEPOSIT_WORDS = Constants.DEPOSITS_PER_CHUNK * Constants.DEPOSIT_WORDS;

  /// @notice The state between two chunks, and how much of the block's data earlier chunks took.
  struct Cursor {
    uint256 noteRoot;
    uint256 nullifierRoot;
    uint256 nextNote;
    uint256 nextNullifier;
    uint256 nullifiersTaken;
    uint256 commitmentsTaken;
    uint256 depositWordsTaken;
  }

  /// @notice All nullifiers and commitments of the block in order of transition, and the words of its deposits.
  struct Data {
    uint256[] nullifiers;
    uint256[] commitments;
    uint256[] deposits;
  }

  /// @notice Lays out the next chunk's data, moves the cursor and returns the memory address of x, y, c.
  /// @param chunk Memory address of the chunk's entry. @param index Its position. @param number L2 block number.
  function next(Cursor memory cursor, Data memory data, uint256 chunk, uint256 index, uint256 number)
    internal
    view
    returns (uint256 inputs)
  {
    uint256 keyId = BlockParser.readUint(chunk, 1);
    uint256 slots = VerificationKeys.stateUpdateSlots(keyId);
    uint256 statementWords = ROOTS_AND_STARTS + 2 * slots + DEPOSIT_WORDS;
    uint256[] memory words = new uint256[](HEADER_WORDS + statementWords + Statement.PUBLIC_INPUTS);
    words[0] = block.chainid;
    words[1] = uint160(address(this));
    words[2] = uint160(msg.sender);
    words[3] = number;
    words[4] = keyId;
    uint256 start = Transitions.firstWord(words);
    uint256 first = start + 32 * HEADER_WORDS;
    if (!_fillData(cursor, data, slots, first + 32 * ROOTS_AND_STARTS)) revert IRollup.EmptyChunk(index);
    _fillRootsAndStarts(cursor, words, chunk, index, slots);
    uint256 c = BlockParser.readUint(chunk + BlockParser.CHUNK_HASH, 32);
    if (c >= R) revert IRollup.StatementHashOutOfRange(keyId, index);
    words[HEADER_WORDS + statementWords] = c;
    return Statement.publicInputs(start, first, statementWords);
  }

  /// @dev Writes D to memory at `to`: nullifiers, commitments, deposits. False if there was nothing left to take.
  function _fillData(Cursor memory cursor, Data memory data, uint256 slots, uint256 to) private pure returns (bool) {
    uint256 takenBefore = cursor.nullifiersTaken + cursor.commitmentsTaken + cursor.depositWordsTaken;
    cursor.nullifiersTaken = _fill(data.nullifiers, cursor.nullifiersTaken, slots, to);
    cursor.commitmentsTaken = _fill(data.commitments, cursor.commitmentsTaken, slots, to + 32 * slots);
    cursor.depositWordsTaken = _fill(data.deposits, cursor.depositWordsTaken, DEPOSIT_WORDS, to + 64 * slots);
    return cursor.nullifiersTaken + cursor.commitmentsTaken + cursor.depositWordsTaken != takenBefore;
  }

  /// @dev Writes the roots and starts behind the header and moves the cursor behind the chunk.
  function _fillRootsAndStarts(
    Cursor memory cursor,
    uint256[] memory words,
    uint256 chunk,
    uint256 index,
    uint256 slots
  ) private pure {
    uint256 i = HEADER_WORDS;
    words[i] = cursor.noteRoot;
    words[i + 1] = cursor.noteRoot = BlockParser.readUint(chunk + BlockParser.CHUNK_NOTE_ROOT, 32);
    words[i + 2] = cursor.nullifierRoot;
    words[i + 3] = cursor.nullifierRoot = BlockParser.readUint(chunk + BlockParser.CHUNK_NULLIFIER_ROOT, 32);
    if (cursor.noteRoot >= R || cursor.nullifierRoot >= R) revert IRollup.RootOutOfRange(index);
    uint256 noteStart = words[i + 4] = _roundUp(cursor.nextNote, slots);
    uint256 depositStart = words[i + 5] = noteStart + slots;
    uint256 nullifierStart = words[i + 6] = _roundUp(cursor.nextNullifier, slots);
    cursor.nextNote = depositStart + Constants.DEPOSITS_PER_CHUNK;
    cursor.nextNullifier = nullifierStart + slots;
    if (cursor.nextNote > Constants.TREE_CAPACITY || cursor.nextNullifier > Constants.TREE_CAPACITY) {
      revert IRollup.TreeFull(index);
    }
  }

  /// @dev Copies up to `room` words of `source`, from `from`, to memory at `to`; returns the new position. The words
  /// behind it stay 0.
  function _fill(uint256[] memory source, uint256 from, uint256 room, uint256 to) private pure returns (uint256 end) {
    end = from + room;
    if (end > source.length) end = source.length;
    assembly ("memory-safe") {
      mcopy(to, add(add(source, 32), shl(5, from)), shl(5, sub(end, from)))
    }
  }

  function _roundUp(uint256 value, uint256 multiple) private pure returns (uint256) {
    return ((value + multiple - 1) / multiple) * multiple;
  }
}
