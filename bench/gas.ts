/**
 * Gas of whole blocks on a Hardhat chain in this process. Every transition and state update needs a proof of its own for the
 * keys that the rollup verifies with: nullifiers differ.
 */

import { cutChunks, deployFixture, type Fixture, makeBlock } from '../fixtures/rollup.ts';
import { proposeBlock } from '../l1/propose.ts';
import type { KeyName, SnarkjsVerificationKey } from '../l1/verification-key.ts';
import { challengeHash } from '../protocol/call/challenge.ts';
import { KEY_ID } from '../protocol/constants.ts';
import { applyChunk } from '../protocol/state/apply-chunk.ts';
import type { BlockTransition } from '../protocol/transaction/block.ts';
import { transitionPublicInputs } from '../protocol/transaction/statement.ts';
import { transitionSignals } from '../protocol/transaction/transition.ts';
import { NoteTree } from '../protocol/tree/note-tree.ts';
import { NullifierTree } from '../protocol/tree/nullifier-tree.ts';
import { stateUpdateInput } from '../prover/witness/state-update.ts';
import type { CircuitInput } from '../prover/witness-calculator.ts';
import { planChunks } from '../sequencer/build/chunk-plan.ts';
import { loadConfig } from '../sequencer/process/config.ts';
import type { TokenCalls } from './token-calls.ts';

/** Proves a circuit, or finds the proof of the same public signals. */
export type Prove = (
  circuit: KeyName,
  signals: readonly bigint[],
  input: () => CircuitInput,
) => Promise<Uint8Array>;

export interface GasOptions {
  /** The verification keys of the rollup. */
  readonly keys: Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>;
  readonly prove: Prove;
  readonly calls: TokenCalls;
  /** Transitions of each block. */
  readonly counts: readonly number[];
  /** After each proof; fraction 0..1 of all. */
  readonly onProgress: (fraction: number) => void;
}

/** Gas of the whole L1 transaction, divided by the block's transitions, per number of transitions. */
export async function measureGas(options: GasOptions): Promise<ReadonlyMap<number, number>> {
  const { calls, counts, onProgress } = options;
  const fixture = await deployFixture({ keys: options.keys });
  try {
    // The first block of a rollup writes storage that later ones only change: it is not typical.
    const plans = [1, ...counts].map((count) => ({ count, sizes: chunkSizes(count) }));
    const proofs = plans.reduce((sum, { count, sizes }) => sum + count + sizes.length, 0);
    let done = 0;
    const prove: Prove = async (...job) => {
      const proof = await options.prove(...job);
      onProgress(++done / proofs);
      return proof;
    };
    const trees = { note: new NoteTree(), nullifier: new NullifierTree() };
    const gas = new Map<number, number>();
    let seed = 0;
    for (const { count, sizes } of plans) {
      const transitions: BlockTransition[] = [];
      for (let i = 0; i < count; i++) transitions.push(await mint(calls, ++seed, fixture, prove));
      const block = await blockOf(transitions, sizes, trees, fixture, prove);
      const receipt = await proposeBlock(fixture.client, fixture.wallets[0], fixture.rollup, block);
      const { gasUsed } = await fixture.client.getTransactionReceipt({ hash: receipt.transactionHash });
      gas.set(count, Number(gasUsed) / count);
    }
    return gas;
  } finally {
    await fixture.close();
  }
}

/** The chunks that a sequencer with default settings would choose for so many transitions. */
function chunkSizes(count: number): readonly ('small' | 'large')[] {
  const { smallChunkSeconds, largeChunkSeconds, maxChunks } = loadConfig({
    environment: {},
    overrides: {
      l1Url: 'http://127.0.0.1',
      rollup: `0x${'11'.repeat(20)}`,
      proposerKey: `0x${'11'.repeat(32)}`,
    },
  });
  const slots = 2 * count;
  const seconds = { small: smallChunkSeconds, large: largeChunkSeconds };
  const plan = planChunks({
    nullifiers: slots,
    commitments: slots,
    deposits: 0,
    workers: 1,
    seconds,
    maxChunks,
  });
  return plan.chunks;
}

async function mint(
  calls: TokenCalls,
  seed: number,
  fixture: Fixture,
  prove: Prove,
): Promise<BlockTransition> {
  const { authorization, input } = calls.mint(seed, fixture.info.rollupId);
  const signals = transitionSignals(authorization.signals);
  const keyId = KEY_ID['transition-small'];
  const statementHash = challengeHash(authorization);
  const inputs = transitionPublicInputs(keyId, signals, statementHash);
  const proof = await prove('transition-small', inputs, () => input);
  return { keyId, anchorBlock: 0, proof, statementHash, signals: signals.slice(0, -1) };
}

async function blockOf(
  transitions: readonly BlockTransition[],
  sizes: readonly ('small' | 'large')[],
  trees: { readonly note: NoteTree; readonly nullifier: NullifierTree },
  fixture: Fixture,
  prove: Prove,
): Promise<Uint8Array> {
  const keyIds = sizes.map((size) => KEY_ID[`state-update-${size}`]);
  const applied = cutChunks(transitions, [], keyIds).map((data, index) =>
    applyChunk(trees.note, trees.nullifier, sizes[index], data),
  );
  const chunks = applied.map(({ newNoteRoot, newNullifierRoot }, index) => ({
    keyId: keyIds[index],
    newNoteRoot,
    newNullifierRoot,
  }));
  let next = 0;
  return makeBlock(fixture, { transitions, chunks }, (_keyId, _chunk, inputs) => {
    const index = next++;
    return prove(`state-update-${sizes[index]}`, inputs, () => stateUpdateInput(applied[index], inputs));
  });
}
