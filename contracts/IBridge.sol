// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Custody of the rollup's ETH and ERC-20 tokens
/// @notice A deposit joins a queue that the rollup takes from in order; each element becomes a private record without
/// any further transaction of its owner. Withdrawals accumulate per receiver and asset and are collected by the
/// receiver. Withdrawals of an asset never exceed its deposits. There is no owner.
/// @dev Amounts are in the asset's smallest unit (wei for ETH). Asset 0 is ETH; otherwise the token's address. A token
/// that changes balances by itself (rebasing) is not supported: it can only hurt its own holders.
interface IBridge {
  /// @notice One element of the deposit queue.
  /// @param ownerHash hash(OWNER, [owner.x, blind]); who owns it is known to the owner alone.
  /// @param asset 0 for ETH, else the token. @param amount Received amount, at least 1.
  /// @param l1Block L1 block of the deposit.
  struct Deposit {
    uint256 ownerHash;
    address asset;
    uint128 amount;
    uint64 l1Block;
  }

  /// @notice One payment that a settled block grants.
  struct Payment {
    address receiver;
    address asset;
    uint256 amount;
  }

  /// @notice A deposit joined the queue at `index`.
  event Deposited(
    uint256 indexed index, uint256 indexed ownerHash, address indexed asset, uint256 amount, address depositor
  );
  /// @notice A settled block granted a payment; `receiver` can collect it.
  event WithdrawalCredited(address indexed receiver, address indexed asset, uint256 amount);
  /// @notice `receiver` collected everything granted in this asset.
  event Withdrawn(address indexed receiver, address indexed asset, uint256 amount);

  /// @notice Only the rollup may call this.
  error NotRollup(address caller);
  /// @notice ownerHash is at or above r.
  error OwnerHashOutOfRange(uint256 ownerHash);
  /// @notice The received amount is 0 or at or above 2^128.
  error AmountOutOfRange(uint256 amount);
  /// @notice Not a token contract. ETH is deposited with `depositEth`.
  error InvalidToken(address token);
  /// @notice The block takes more deposits than are queued.
  error DepositsMissing(uint256 requested, uint256 queued);
  /// @notice The deposit at `index` is overdue and the block has room for it: take it.
  error DepositOverdue(uint256 index);
  /// @notice More would be paid out than was ever deposited.
  error WithdrawalExceedsDeposits(address asset, uint256 amount, uint256 available);
  /// @notice Nothing to collect.
  error NothingToWithdraw(address receiver, address asset);
  /// @notice The receiver did not take the ETH.
  error EthTransferFailed(address receiver);

  /// @notice Deposits msg.value wei. @return index Position in the queue.
  function depositEth(uint256 ownerHash) external payable returns (uint256 index);

  /// @notice Deposits tokens, approved before. Credited is what the bridge's balance grew by, which may be less than
  /// `amount` for a token that takes a fee. @return index Position in the queue.
  function depositErc20(address token, uint256 amount, uint256 ownerHash) external returns (uint256 index);

  /// @notice Pays the caller everything granted to it in `asset`. @return amount What was paid.
  function withdraw(address asset) external returns (uint256 amount);

  /// @notice Takes the oldest `count` deposits for a block with room for `capacity`. Rollup only.
  /// @return words Per deposit the DEPOSIT_WORDS field elements (typeId, ownerHash, index, amount, asset, 0, 0, 0).
  /// @return taken Deposits taken by all blocks so far, these included.
  function takeDeposits(uint256 count, uint256 capacity) external returns (uint256[] memory words, uint256 taken);

  /// @notice Grants payments. Rollup only.
  function credit(Payment[] calldata payments) external;

  function rollup() external view returns (address);
  function creditsTypeId() external view returns (uint256);
  function bridgeTypeId() external view returns (uint256);
  /// @notice Length of the queue, taken deposits included.
  function depositCount() external view returns (uint256);
  /// @notice Deposits taken by settled blocks; the index of the oldest one that waits.
  function depositsTaken() external view returns (uint256);
  function deposits(uint256 index) external view returns (Deposit memory);
  /// @notice Deposited and not granted to anybody yet.
  function backing(address asset) external view returns (uint256);
  /// @notice Granted to `receiver` and not collected yet.
  function withdrawable(address receiver, address asset) external view returns (uint256);
}
