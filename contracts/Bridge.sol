// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBridge} from "./IBridge.sol";
import {Constants} from "./generated/Constants.sol";

/// @title The bridge of one rollup
/// @notice See IBridge.
contract Bridge is IBridge, ReentrancyGuardTransient {
  using SafeERC20 for IERC20;

  address public immutable override rollup;
  uint256 public immutable override creditsTypeId;
  uint256 public immutable override bridgeTypeId;

  /// @inheritdoc IBridge
  uint256 public override depositCount;
  /// @inheritdoc IBridge
  uint256 public override depositsTaken;
  mapping(uint256 index => Deposit) private _deposits;
  /// @inheritdoc IBridge
  mapping(address asset => uint256) public override backing;
  /// @inheritdoc IBridge
  mapping(address receiver => mapping(address asset => uint256)) public override withdrawable;

  modifier onlyRollup() {
    if (msg.sender != rollup) revert NotRollup(msg.sender);
    _;
  }

  /// @dev Deployed by the rollup, which has checked the type ids.
  constructor(uint256 creditsTypeId_, uint256 bridgeTypeId_) {
    rollup = msg.sender;
    creditsTypeId = creditsTypeId_;
    bridgeTypeId = bridgeTypeId_;
  }

  /// @inheritdoc IBridge
  function depositEth(uint256 ownerHash) external payable override nonReentrant returns (uint256 index) {
    return _enqueue(ownerHash, address(0), msg.value);
  }

  /// @inheritdoc IBridge
  function depositErc20(address token, uint256 amount, uint256 ownerHash)
    external
    override
    nonReentrant
    returns (uint256 index)
  {
    if (token == address(0) || token.code.length == 0) revert InvalidToken(token);
    uint256 before = IERC20(token).balanceOf(address(this));
    IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
    uint256 received = IERC20(token).balanceOf(address(this));
    received = received > before ? received - before : 0;
    return _enqueue(ownerHash, token, received);
  }

  /// @inheritdoc IBridge
  function withdraw(address asset) external override nonReentrant returns (uint256 amount) {
    amount = withdrawable[msg.sender][asset];
    if (amount == 0) revert NothingToWithdraw(msg.sender, asset);
    withdrawable[msg.sender][asset] = 0;
    emit Withdrawn(msg.sender, asset, amount);
    if (asset == address(0)) {
      (bool sent,) = msg.sender.call{value: amount}("");
      if (!sent) revert EthTransferFailed(msg.sender);
    } else {
      IERC20(asset).safeTransfer(msg.sender, amount);
    }
  }

  /// @inheritdoc IBridge
  function takeDeposits(uint256 count, uint256 capacity)
    external
    override
    onlyRollup
    nonReentrant
    returns (uint256[] memory words, uint256 taken)
  {
    uint256 first = depositsTaken;
    uint256 queued = depositCount - first;
    if (count > queued) revert DepositsMissing(count, queued);
    taken = first + count;
    // Queue order is order of L1 blocks: if the oldest one left is not overdue, none is.
    if (
      count < capacity && count < queued
        && block.number > _deposits[taken].l1Block + Constants.DEPOSIT_OVERDUE_L1_BLOCKS
    ) revert DepositOverdue(taken);
    if (count == 0) return (words, taken);

    depositsTaken = taken;
    words = new uint256[](count * Constants.DEPOSIT_WORDS);
    for (uint256 i = 0; i < count; ++i) {
      Deposit storage element = _deposits[first + i];
      uint256 position = i * Constants.DEPOSIT_WORDS;
      address asset = element.asset;
      words[position] = asset == address(0) ? creditsTypeId : bridgeTypeId;
      words[position + 1] = element.ownerHash;
      words[position + 2] = first + i;
      words[position + 3] = element.amount;
      words[position + 4] = uint160(asset);
    }
  }

  /// @inheritdoc IBridge
  function credit(Payment[] calldata payments) external override onlyRollup nonReentrant {
    for (uint256 i = 0; i < payments.length; ++i) {
      Payment calldata payment = payments[i];
      uint256 available = backing[payment.asset];
      if (payment.amount > available) {
        revert WithdrawalExceedsDeposits(payment.asset, payment.amount, available);
      }
      // Cannot overflow: the sum of all that was ever granted in an asset is at most the sum of its deposits.
      backing[payment.asset] = available - payment.amount;
      withdrawable[payment.receiver][payment.asset] += payment.amount;
      emit WithdrawalCredited(payment.receiver, payment.asset, payment.amount);
    }
  }

  /// @inheritdoc IBridge
  function deposits(uint256 index) external view override returns (Deposit memory) {
    return _deposits[index];
  }

  function _enqueue(uint256 ownerHash, address asset, uint256 amount) private returns (uint256 index) {
    if (ownerHash >= Constants.FIELD_MODULUS) revert OwnerHashOutOfRange(ownerHash);
    if (amount == 0 || amount > type(uint128).max) revert AmountOutOfRange(amount);
    index = depositCount;
    depositCount = index + 1;
    _deposits[index] = Deposit(ownerHash, asset, uint128(amount), uint64(block.number));
    backing[asset] += amount;
    emit Deposited(index, ownerHash, asset, amount, msg.sender);
  }
}
