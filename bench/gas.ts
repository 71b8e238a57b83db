/**
 * Gas of whole blocks with real proofs on a Hardhat chain in this process. Every transition and state update is proven with
 * the keys that the rollup verifies with; the proofs are kept in the cache directory by key and public signals, because 32
 * transitions need 32 proofs (nullifiers differ) and gas does not depend on when they were made.
 */
import { proposeBlock } from '../l1/propose.ts';
import { contractKeys } from '../l1/verification-key.ts';
import type { BlockTransition } from '../protocol/block.ts';
import { KEY_ID } from '../protocol/constants.ts';
import { transitionSignals } from '../protocol/transition.ts';
import { NoteTree } from '../protocol/tree/note-tree.ts';
import { NullifierTree } from '../protocol/tree/nullifier-tree.ts';
import type { CircuitKey } from '../prover/node/dev-keys.ts';
import { SnarkjsProver } from '../prover/node/snarkjs-prover.ts';
import { applyChunk, stateUpdateInput } from '../prover/witness/state-update.ts';
import { planChunks } from '../sequencer/chunk-plan.ts';
import { loadConfig } from '../sequencer/config.ts';
import { proofCache } from '../test/support/proof-cache.ts';
import { cutChunks, deployFixture, type Fixture, makeBlock } from '../test/support/rollup-fixture.ts';
import type { TokenCalls } from './token-calls.ts';

export interface GasOptions {
  readonly keys: readonly CircuitKey[];
  readonly calls: TokenCalls;
  /** Transitions of each block. */
  readonly counts: readonly number[];
  /** After each proof, fresh or from the cache; fraction 0..1 of all. */
  readonly onProgress: (fraction: number) => void;
}

/** Gas of the whole L1 transaction, divided by the block's transitions, per number of transitions. */
export async function measureGas(options: GasOptions): Promise<ReadonlyMap<number, number>> {
  const { keys, calls, counts, onProgress } = options;
  const verificationKeys = Object.fromEntries(keys.map((key) => [key.circuit.name, key.verificationKey]));
  const fixture = await deployFixture({ keys: verificationKeys });
  const prover = new SnarkjsProver({ keys });
  try {
    const cached = proofCache(
      contractKeys(verificationKeys).keys.map((key) => [key.id, key.delta, key.ic].join()),
    );
    // The first block of a rollup writes storage that later ones only change: it is not typical.
    const plans = [1, ...counts].map((count) => ({ count, sizes: chunkSizes(count) }));
    const proofs = plans.reduce((sum, { count, sizes }) => sum + count + sizes.length, 0);
    let done = 0;
    const prove = async (
      circuit: string,
      signals: readonly bigint[],
      input: () => Parameters<SnarkjsProver['prove']>[1],
    ) => {
      const proof = await cached(circuit, signals, async () => (await prover.prove(circuit, input())).proof);
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
    await prover.close();
    await fixture.close();
  }
}

type Prove = (
  circuit: string,
  signals: readonly bigint[],
  input: () => Parameters<SnarkjsProver['prove']>[1],
) => Promise<Uint8Array>;

/** The chunks that a sequencer with default settings would choose for so many transitions. */
function chunkSizes(count: number): readonly ('small' | 'large')[] {
  const { smallChunkSeconds, largeChunkSeconds, maxChunks } = loadConfig({
    environment: {},
    overrides: {
      l1Url: 'http://127.0.0.1',
      rollup: `0x${'00'.repeat(20)}`,
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
  const proof = await prove('transition-small', signals, () => input);
  return { keyId: KEY_ID['transition-small'], anchorBlock: 0, proof, signals: signals.slice(0, -1) };
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
  return makeBlock(fixture, { transitions, chunks }, (_keyId, _chunk, signals) => {
    const index = next++;
    const [x, y] = signals.slice(-2);
    return prove(`state-update-${sizes[index]}`, signals, () => stateUpdateInput(applied[index], { x, y }));
  });
}
