import { bytesToHex } from '@noble/hashes/utils.js';
import { formatEther } from 'viem';
import { layoutWidth, wrap } from '../../host/fit.ts';
import { readEvents, type SettledBlock } from '../../l1/events.ts';
import { MESSAGE_TAG } from '../../protocol/constants.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import { transactionId } from '../../protocol/transaction/transaction.ts';
import { parseTransitionSignals, SMALL_SIGNAL_NAMES } from '../../protocol/transaction/transition.ts';
import type { Devnet } from '../start.ts';
import type { SentTransaction } from './story.ts';

/** A settled block with its cost on L1. */
export interface BlockCost {
  readonly l2Block: number;
  readonly gas: bigint;
  readonly bytes: number;
  /** Deposits that this block took. */
  readonly deposits: number;
  readonly transactions: readonly {
    readonly id: string;
    readonly anchorBlock: number;
    readonly signals: readonly bigint[];
  }[];
}

/** Reads all settled blocks and their gas from L1. */
export async function readBlockCosts(net: Devnet): Promise<BlockCost[]> {
  const head = Number(await net.client.getBlockNumber());
  const { blocks } = await readEvents(net.client, net.rollup, net.rollup.deployedAt, head);
  return Promise.all(
    blocks.map(async (block) => {
      const { gasUsed } = await net.client.getTransactionReceipt({ hash: block.transactionHash });
      return blockCost(block, gasUsed, net.rollup.rollupId);
    }),
  );
}

/** A settled block's cost. Its deposits are those that its own bytes take: L1's event counts those of all blocks so far. */
export function blockCost(
  { l2Block, bytes }: Pick<SettledBlock, 'l2Block' | 'bytes'>,
  gas: bigint,
  rollupId: bigint,
): BlockCost {
  const { transitions, depositCount } = decodeBlock(bytes);
  const transactions = transitions.map(({ keyId, anchorBlock, signals: carried }) => {
    const signals = [...carried, rollupId];
    const id = `0x${bytesToHex(transactionId({ transitions: [{ keyId, signals }] }))}`;
    return { id, anchorBlock, signals };
  });
  return { l2Block, gas, bytes: bytes.length, deposits: depositCount, transactions };
}

/** Mean gas over blocks with at least one transaction. */
export function meanGas(costs: readonly BlockCost[]): { perBlock: number; perTransaction: number } {
  const busy = costs.filter(({ transactions }) => transactions.length > 0);
  const gas = busy.reduce((sum, block) => sum + Number(block.gas), 0);
  const count = busy.reduce((sum, block) => sum + block.transactions.length, 0);
  return {
    perBlock: busy.length === 0 ? 0 : Math.round(gas / busy.length),
    perTransaction: count === 0 ? 0 : Math.round(gas / count),
  };
}

/** Table of blocks, at most 43 columns wide. */
export function blockTable(costs: readonly BlockCost[]): string[] {
  const row = (cells: readonly string[]): string =>
    cells.map((cell, k) => cell.padStart([5, 5, 9, 6, 8, 8][k])).join('');
  return [
    row(['block', 'txs', 'deposits', 'bytes', 'gas', 'gas/tx']),
    ...costs.map(({ l2Block, gas, bytes, deposits, transactions }) => {
      const each = transactions.length === 0 ? '-' : String(gas / BigInt(transactions.length));
      return row([l2Block, transactions.length, deposits, bytes, gas, each].map(String));
    }),
  ];
}

/** Lists the public view of each transaction, and its meaning for an observer. */
export function revealTable(
  costs: readonly BlockCost[],
  sent: readonly SentTransaction[],
  columns: number | undefined,
): string[] {
  const lines: string[] = [];
  for (const block of costs) {
    for (const { id, anchorBlock, signals } of block.transactions) {
      const known = sent.find((transaction) => transaction.id === id);
      const width = layoutWidth(columns);
      const title = `${known?.title ?? 'an attacker settles the unchanged block'}  (${id.slice(0, 18)}..., L2 block ${block.l2Block})`;
      lines.push('', ...(title.length <= width ? [title] : wrap(title, width)));
      lines.push(...revealed(anchorBlock, signals, width));
    }
  }
  return lines;
}

/** A row on one line where it fits, else its text stands below. */
function revealed(anchorBlock: number, signals: readonly bigint[], width: number): string[] {
  const { message } = parseTransitionSignals(signals);
  const short = (name: string): string =>
    `${fieldToHex(signals[SMALL_SIGNAL_NAMES.indexOf(name)]).slice(0, 14)}...`;
  const row = (name: string, value: string, tells: string): string[] => {
    const line = `  ${name.padEnd(13)} ${value.padEnd(31)} ${tells}`;
    if (line.length <= width) return [line];
    const values = wrap(value, width - 16).map((part, k) => `  ${(k === 0 ? name : '').padEnd(13)} ${part}`);
    return [...values, ...wrap(tells, width - 4).map((part) => `    ${part}`)];
  };
  return [
    ...row('anchorRoot', short('anchorRoot'), `the wallet's view was as of L2 block ${anchorBlock}`),
    ...row(
      'nullifiers',
      `${short('nullifiers[0]')} ${short('nullifiers[1]')}`,
      'nothing: spent records and fillers look alike',
    ),
    ...row(
      'commitments',
      `${short('commitments[0]')} ${short('commitments[1]')}`,
      'nothing: new records and fillers look alike',
    ),
    ...row('tpk, R', `${short('tpk')} ${short('encryptionPoint')}`, 'nothing: one-time points'),
    ...row('ciphertexts', `${short('ciphertexts[0][0]')} (12 words)`, 'nothing without a view key'),
    ...row(
      'outgoing',
      `${short('outgoing[0]')} ${short('outgoing[1]')}`,
      "nothing without the sender's view key",
    ),
    ...row('finalizeHash', '0', 'no public function was called'),
    ...row('linkIn', '0', 'a single call, called by its signer'),
    ...row('message', message === undefined ? '0 0 0 0' : 'set', tellsOf(message)),
    ...row('rollupId', short('rollupId'), 'this deployment'),
  ];
}

/** Returns a transaction's public message; undefined: none. */
export function publicMessage(signals: readonly bigint[]): string | undefined {
  const { message } = parseTransitionSignals(signals);
  return message === undefined ? undefined : tellsOf(message).replace(/^PUBLIC: /, '');
}

function tellsOf(message: ReturnType<typeof parseTransitionSignals>['message']): string {
  if (message === undefined) return 'nothing: program, function, people and amounts stay private';
  const [receiver, amount, last] = message.words;
  if ((last & 0xffn) !== MESSAGE_TAG.WITHDRAW)
    return `PUBLIC: a message of program ${fieldToHex(message.programId).slice(0, 14)}...`;
  const address = `0x${receiver.toString(16).padStart(40, '0')}`;
  const asset =
    last >> 8n === 0n ? `${formatEther(amount)} ETH` : `${amount} units of 0x${(last >> 8n).toString(16)}`;
  return `PUBLIC: ${asset} withdrawn to ${address}`;
}
