import type { Address } from 'viem';
import { type QueuedDeposit, readEvents, type SettledBlock } from '../../l1/events.ts';
import { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type AppliedChunk, applyChunk } from '../../protocol/state/apply-chunk.ts';
import { stateUpdateHash, stateUpdatePublicInputs } from '../../protocol/state/binding.ts';
import { encodeBlock } from '../../protocol/transaction/block.ts';
import type { ProvenTransition } from '../../protocol/transaction/transaction.ts';
import { parseTransitionSignals } from '../../protocol/transaction/transition.ts';
import { NoteTree } from '../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../protocol/tree/nullifier-tree.ts';
import type { Prover } from '../../prover/prover.ts';
import { stateUpdateInput } from '../../prover/witness/state-update.ts';
import { readBlock } from '../../sequencer/build/block-contents.ts';
import type { Devnet } from '../start.ts';

/** The L1 events that determine the state. */
export interface SettledHistory {
  readonly blocks: readonly Pick<
    SettledBlock,
    'l2Block' | 'bytes' | 'depositsTaken' | 'noteRoot' | 'nullifierRoot'
  >[];
  readonly deposits: readonly Pick<QueuedDeposit, 'index' | 'typeId' | 'ownerHash' | 'data'>[];
}

export interface ReplayedState {
  readonly noteTree: NoteTree;
  readonly nullifierTree: NullifierTree;
  /** Number of settled blocks. */
  readonly blocks: number;
}

/** The state after all settled blocks, rebuilt from L1 alone. Throws STATE_DIVERGED. */
export async function replayL1(net: Devnet): Promise<ReplayedState> {
  const head = Number(await net.client.getBlockNumber());
  return replay(await readEvents(net.client, net.rollup, net.rollup.deployedAt, head), net.rollup.rollupId);
}

/** The state after these blocks. Throws STATE_DIVERGED when L1 has other roots. */
export function replay({ blocks, deposits }: SettledHistory, rollupId: bigint): ReplayedState {
  const noteTree = new NoteTree();
  const nullifierTree = new NullifierTree();
  let taken = 0;
  for (const block of blocks) {
    const contents = readBlock(block.bytes, {
      rollupId,
      deposit: (offset) => {
        const queued = deposits[taken + offset];
        return (
          queued &&
          ({
            ...queued,
            typeId: fieldToHex(queued.typeId),
            ownerHash: fieldToHex(queued.ownerHash),
            data: queued.data.map(fieldToHex),
          } as never)
        );
      },
    });
    for (const chunk of contents.chunks) applyChunk(noteTree, nullifierTree, chunk.size, chunk.data);
    // Of all blocks so far, as L1 counts it.
    taken = block.depositsTaken;
    if (noteTree.root() !== block.noteRoot || nullifierTree.root() !== block.nullifierRoot) {
      throw new AzaleaError(
        'STATE_DIVERGED',
        `The state replayed from L1 differs after L2 block ${block.l2Block}.`,
      );
    }
  }
  return { noteTree, nullifierTree, blocks: blocks.length };
}

/** A small chunk with its proof, bound to the next block and a proposer. */
export interface ProvenChunk {
  readonly applied: AppliedChunk;
  readonly proof: Uint8Array;
}

/** Proves the state update of one transition, as any proposer can. */
export async function proveChunkFor(
  net: Devnet,
  prover: Prover,
  proposer: Address,
  transition: ProvenTransition,
): Promise<ProvenChunk> {
  const { noteTree, nullifierTree, blocks } = await replayL1(net);
  const { nullifiers, commitments } = parseTransitionSignals(transition.signals);
  const applied = applyChunk(noteTree, nullifierTree, 'small', { nullifiers, commitments, deposits: [] });
  const inputs = stateUpdatePublicInputs({
    chainId: BigInt(net.rollup.chainId),
    contract: net.rollup.rollup,
    sender: proposer,
    l2Block: blocks + 1,
    keyId: KEY_ID['state-update-small'],
    chunk: applied,
  });
  const { proof } = await prover.prove('state-update-small', stateUpdateInput(applied, inputs));
  return { applied, proof };
}

/** Bytes of a block with one transition and one small chunk. */
export function blockOf(transition: ProvenTransition, anchorBlock: number, chunk: ProvenChunk): Uint8Array {
  return encodeBlock({
    transitions: [
      {
        keyId: transition.keyId,
        anchorBlock,
        proof: transition.proof,
        statementHash: transition.statementHash,
        signals: transition.signals.slice(0, -1),
      },
    ],
    chunks: [
      {
        keyId: KEY_ID['state-update-small'],
        newNoteRoot: chunk.applied.newNoteRoot,
        newNullifierRoot: chunk.applied.newNullifierRoot,
        statementHash: stateUpdateHash(chunk.applied),
        proof: chunk.proof,
      },
    ],
    depositCount: 0,
  });
}
