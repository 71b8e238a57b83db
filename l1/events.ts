import { type Address, type Hex, keccak256, parseEventLogs } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client } from './client.ts';
import { l1Call } from './failure.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { rollupAbi } from './generated/rollup-abi.ts';
import { logRangeOf } from './node/log-range.ts';
import { decodeProposal } from './propose.ts';

/** Place of an event on L1. */
export interface EventPlace {
  readonly l1Block: number;
  readonly l1BlockHash: Hex;
  readonly logIndex: number;
  readonly transactionHash: Hex;
}

/** A settled L2 block with its bytes, taken from the input of the L1 transaction. */
export interface SettledBlock extends EventPlace {
  readonly l2Block: number;
  readonly bytes: Uint8Array;
  /** Sender of the proposal; part of every state-update proof's binding. */
  readonly proposer: Address;
  readonly noteRoot: bigint;
  readonly nullifierRoot: bigint;
  readonly nextNoteIndex: number;
  readonly nextNullifierIndex: number;
  /** Elements of the queue that all blocks so far have taken, this one included. */
  readonly depositsTaken: number;
  /** Seconds since 1970, of the L1 block. */
  readonly timestamp: number;
}

/** An element of the deposit queue. */
export interface QueuedDeposit extends EventPlace {
  readonly index: number;
  readonly ownerHash: bigint;
  /** 0x0...0 for ETH. */
  readonly asset: Address;
  readonly amount: bigint;
  readonly depositor: Address;
  readonly typeId: bigint;
  /** The five data words that L1 wrote: amount, asset, 0, 0, 0. */
  readonly data: readonly bigint[];
}

/** A payment that a settled block granted, or that its receiver collected. */
export interface WithdrawalEvent extends EventPlace {
  readonly kind: 'credited' | 'withdrawn';
  readonly receiver: Address;
  readonly asset: Address;
  readonly amount: bigint;
}

/** A message of a program to L1. */
export interface SentMessage extends EventPlace {
  readonly l2Block: number;
  readonly transition: number;
  readonly programId: bigint;
  readonly words: readonly [bigint, bigint, bigint];
}

/** All events of a rollup and its bridge, each list in order. */
export interface RollupEvents {
  readonly blocks: readonly SettledBlock[];
  readonly deposits: readonly QueuedDeposit[];
  readonly withdrawals: readonly WithdrawalEvent[];
  readonly messages: readonly SentMessage[];
}

/** The facts of a deployment that reading events needs; a RollupInfo has them. */
export interface EventSource {
  readonly rollup: Address;
  readonly bridge: Address;
  readonly creditsTypeId: bigint;
  readonly bridgeTypeId: bigint;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Reads every event of the rollup in the L1 blocks from..to, both included. It says nothing about reorgs: see follow.ts.
 * @throws AzaleaError as `l1Failure` says; L1_LOGS_REFUSED; L1_REORGED when the chain changed while reading;
 *   L1_CALLDATA_MALFORMED when a settled block's bytes differ from its event (a faulty node)
 */
export async function readEvents(
  client: L1Client,
  source: EventSource,
  from: number,
  to: number,
): Promise<RollupEvents> {
  const blocks: SettledBlock[] = [];
  const deposits: QueuedDeposit[] = [];
  const withdrawals: WithdrawalEvent[] = [];
  const messages: SentMessage[] = [];
  const range = logRangeOf(client);
  for (let start = from; start <= to; ) {
    const { logs, end } = await range.read(start, to, (fromBlock, toBlock) =>
      client.getLogs({
        address: [source.rollup, source.bridge],
        fromBlock: BigInt(fromBlock),
        toBlock: BigInt(toBlock),
      }),
    );
    start = end + 1;
    for (const log of parseEventLogs({ abi: [...rollupAbi, ...bridgeAbi], logs })) {
      const place: EventPlace = {
        l1Block: Number(log.blockNumber),
        l1BlockHash: log.blockHash!,
        logIndex: Number(log.logIndex),
        transactionHash: log.transactionHash!,
      };
      // Only the contract that owns an event speaks for it.
      const fromRollup = same(log.address, source.rollup);
      if (log.eventName === 'BlockSettled' && fromRollup) {
        const bytes = await blockBytes(client, source.rollup, place, log.args.proposer, log.args.blockHash);
        const block = await l1Call('read an L1 block', () =>
          client.getBlock({ blockHash: place.l1BlockHash }),
        );
        blocks.push({
          ...place,
          l2Block: Number(log.args.number),
          bytes,
          proposer: log.args.proposer,
          noteRoot: log.args.noteRoot,
          nullifierRoot: log.args.nullifierRoot,
          nextNoteIndex: Number(log.args.nextNoteIndex),
          nextNullifierIndex: Number(log.args.nextNullifierIndex),
          depositsTaken: Number(log.args.depositsTaken),
          timestamp: Number(block.timestamp),
        });
      } else if (log.eventName === 'MessageSent' && fromRollup) {
        messages.push({
          ...place,
          l2Block: Number(log.args.number),
          transition: Number(log.args.transition),
          programId: log.args.programId,
          words: [log.args.w0, log.args.w1, log.args.w2],
        });
      } else if (log.eventName === 'Deposited' && !fromRollup) {
        const { index, ownerHash, asset, amount, depositor } = log.args;
        const typeId = BigInt(asset) === 0n ? source.creditsTypeId : source.bridgeTypeId;
        const data = [amount, BigInt(asset), 0n, 0n, 0n];
        deposits.push({ ...place, index: Number(index), ownerHash, asset, amount, depositor, typeId, data });
      } else if ((log.eventName === 'WithdrawalCredited' || log.eventName === 'Withdrawn') && !fromRollup) {
        const { receiver, asset, amount } = log.args;
        const kind = log.eventName === 'Withdrawn' ? 'withdrawn' : 'credited';
        withdrawals.push({ ...place, kind, receiver, asset, amount });
      }
    }
  }
  return { blocks, deposits, withdrawals, messages };
}

/** Block bytes of a settled block, checked against the hash that the contract logged. */
async function blockBytes(
  client: L1Client,
  rollup: Address,
  place: EventPlace,
  proposer: Address,
  blockHash: Hex,
): Promise<Uint8Array> {
  const transaction = await l1Call('read a proposal', () =>
    client.getTransaction({ hash: place.transactionHash }),
  );
  if (transaction.blockHash !== place.l1BlockHash) {
    throw new AzaleaError('L1_REORGED', `L1 changed while block ${place.l1Block} was read: read again`, {
      l1Block: place.l1Block,
    });
  }
  const bytes = decodeProposal(transaction.input);
  const right =
    transaction.to !== null &&
    same(transaction.to, rollup) &&
    same(transaction.from, proposer) &&
    keccak256(bytes) === blockHash;
  if (!right) {
    throw new AzaleaError(
      'L1_CALLDATA_MALFORMED',
      `transaction ${place.transactionHash} does not carry the block that its event names: the L1 node is faulty`,
      { transaction: place.transactionHash },
    );
  }
  return bytes;
}
