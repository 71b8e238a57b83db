import {
  type Address,
  bytesToHex,
  encodeFunctionData,
  type Hex,
  hexToBytes,
  size,
  slice,
  type TransactionReceipt,
  toFunctionSelector,
} from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client, L1Wallet } from './client.ts';
import { rollupAbi } from './generated/rollup-abi.ts';
import { sendCall, simulateCall } from './send.ts';

const SELECTOR = toFunctionSelector('function propose(bytes blockBytes)');
/** Selector, offset, length. */
const HEAD_BYTES = 4 + 32 + 32;

/** Input of the L1 transaction that proposes a block. */
export function encodeProposal(block: Uint8Array): Hex {
  return encodeFunctionData({ abi: rollupAbi, functionName: 'propose', args: [bytesToHex(block)] });
}

/**
 * The block bytes in the input of a `propose` transaction. The contract accepts the canonical encoding only, so every
 * BlockSettled event's transaction decodes. Padding is not looked at here: earlier contracts took any, and a follower that
 * refused theirs would stop for good.
 * @throws AzaleaError L1_CALLDATA_MALFORMED
 */
export function decodeProposal(input: Hex): Uint8Array {
  const malformed = (reason: string) =>
    new AzaleaError('L1_CALLDATA_MALFORMED', `not the input of a propose transaction: ${reason}`, { reason });
  if (size(input) < HEAD_BYTES || slice(input, 0, 4) !== SELECTOR) throw malformed('another function');
  if (BigInt(slice(input, 4, 36)) !== 32n) throw malformed('the argument does not start at offset 32');
  const length = BigInt(slice(input, 36, 68));
  if (BigInt(size(input)) !== BigInt(HEAD_BYTES) + ((length + 31n) / 32n) * 32n)
    throw malformed('its length is wrong');
  return hexToBytes(input).slice(HEAD_BYTES, HEAD_BYTES + Number(length));
}

/**
 * Runs `propose` without sending it: the gas it takes.
 * @throws AzaleaError L1_REVERTED (details.error: the contract's custom error), L1_UNREACHABLE
 */
export function simulateProposal(
  client: L1Client,
  rollup: Address,
  from: Address,
  block: Uint8Array,
): Promise<bigint> {
  return simulateCall(client, from, 'propose a block', { to: rollup, data: encodeProposal(block) });
}

/**
 * Proposes a block and waits until it is mined. A sequencer that must survive crashes signs and sends by itself.
 * @throws AzaleaError L1_REVERTED (details.error: the contract's custom error), and as `sendCall` says
 */
export function proposeBlock(
  client: L1Client,
  wallet: L1Wallet,
  rollup: Address,
  block: Uint8Array,
): Promise<TransactionReceipt> {
  return sendCall(client, wallet, 'propose a block', { to: rollup, data: encodeProposal(block) });
}
