/**
 * Blocks for a rollup with the real circuits. Every transition and state update has a witness and a proof under the keys
 * that the rollup verifies with (test/support/keys/trapdoor-prover.ts). Proofs are kept in the cache directory by key and
 * signals; everything but their blinding is deterministic.
 */

import { readFileSync } from 'node:fs';
import type { Address } from 'viem';
import { proofCache } from '../../../fixtures/proof-cache.ts';
import { deployFixture, type Fixture } from '../../../fixtures/rollup.ts';
import { contractKeys, type KeyName } from '../../../l1/verification-key.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { simulate } from '../../../program/run/simulate.ts';
import type { Account } from '../../../protocol/account.ts';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { type AuthorizeOptions, authorize } from '../../../protocol/call/request.ts';
import { AVM_SIZE, KEY_ID } from '../../../protocol/constants.ts';
import type { RecordPreimage } from '../../../protocol/record.ts';
import { type AppliedChunk, applyChunk } from '../../../protocol/state/apply-chunk.ts';
import { stateUpdateHash, stateUpdateStatement } from '../../../protocol/state/binding.ts';
import { type ChunkData, padChunk } from '../../../protocol/state/chunk.ts';
import { type BlockTransition, encodeBlock } from '../../../protocol/transaction/block.ts';
import {
  evaluateStatement,
  publicInputs,
  transitionPublicInputs,
} from '../../../protocol/transaction/statement.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../../protocol/tree/nullifier-tree.ts';
import type { TreePath } from '../../../protocol/tree/path.ts';
import { ensureDevVerificationKeys } from '../../../prover/node/dev-keys.ts';
import { stateUpdateInput } from '../../../prover/witness/state-update.ts';
import {
  type ProvableFunction,
  type TransitionWitnessOptions,
  transitionInput,
} from '../../../prover/witness/transition.ts';
import { TrapdoorProver } from '../keys/trapdoor-prover.ts';
import { MERGE_PROGRAM } from '../program/merge-program.ts';
import { alice, bob, makeProgram, output, pad, program as token } from '../transition/transitions.ts';

const CIRCUITS: readonly KeyName[] = ['transition-small', 'state-update-small', 'state-update-large'];
/** Circuits for blocks with transitions of both sizes, in small chunks. */
export const BOTH_SIZES: readonly KeyName[] = ['transition-small', 'transition-large', 'state-update-small'];
const compiled = (name: string): Program =>
  compileProgram(
    readFileSync(new URL(`../../../programs/${name}.aleo`, import.meta.url), 'utf8'),
    `${name}.aleo`,
  );
export const credits = compiled('credits');
export const bridge = compiled('bridge');
const merge = compileProgram(MERGE_PROGRAM, 'merge.aleo');
const typeIdOf = (program: Program): bigint => [...program.records.values()][0].typeId;

/** The rollup's trees. */
export interface Trees {
  readonly note: NoteTree;
  readonly nullifier: NullifierTree;
}

export interface ChunkPlan {
  /** Chunks that settled before, in order. */
  readonly history: readonly ChunkData[];
  /** The statement of the chunk's proof. */
  readonly data: ChunkData;
  readonly l2Block: number;
  readonly proposer?: Address;
  /** L1's reading of the block's data, where it differs. */
  readonly l1Data?: ChunkData;
  /** Applies the chunk elsewhere than where L1 puts it. */
  readonly apply?: (trees: Trees, data: ChunkData) => AppliedChunk;
}

export interface ProvenChunk {
  readonly keyId: number;
  readonly newNoteRoot: bigint;
  readonly newNullifierRoot: bigint;
  readonly statementHash: bigint;
  readonly proof: Uint8Array;
}

export interface RealRollup {
  readonly fixture: Fixture;
  readonly keys: Readonly<Record<string, unknown>>;
  /** A mint of the token program, anchored at the empty tree; `seed` makes it unique. */
  mint(seed: number, rollupId?: bigint): Promise<BlockTransition>;
  /** A large transition that makes three records, anchored at the empty tree; `seed` makes it unique. */
  mintThree(seed: number): Promise<BlockTransition>;
  /** A function of a program made for the attack, that sends any message. */
  message(words: readonly [bigint, bigint, bigint]): Promise<BlockTransition>;
  /** A withdrawal of bridged ETH by Alice. */
  withdraw(options: {
    readonly record: RecordPreimage;
    readonly path: TreePath;
    readonly anchorBlock: number;
    readonly anchorRoot: bigint;
    readonly receiver: Address;
    readonly amount: bigint;
  }): Promise<BlockTransition>;
  chunk(plan: ChunkPlan): Promise<ProvenChunk>;
  close(): Promise<void>;
}

/** D of a small chunk that holds these transitions and deposits. */
export function dataOf(
  transitions: readonly BlockTransition[],
  deposits: readonly (readonly bigint[])[] = [],
): ChunkData {
  return padChunk('small', {
    nullifiers: transitions.flatMap(({ signals }) => signals.slice(1, 3)),
    commitments: transitions.flatMap(({ signals }) => signals.slice(3, 5)),
    deposits,
  });
}

/** Trees after these small chunks. */
export function treesAfter(history: readonly ChunkData[]): Trees {
  const trees = { note: new NoteTree(), nullifier: new NullifierTree() };
  for (const data of history) applyChunk(trees.note, trees.nullifier, 'small', data);
  return trees;
}

/** A block of one chunk. */
export function blockOf(
  transitions: readonly BlockTransition[],
  chunk: ProvenChunk,
  depositCount = 0,
): Uint8Array {
  return encodeBlock({ transitions, chunks: [chunk], depositCount });
}

const provable = (program: Program, name: string): ProvableFunction => {
  const fn = program.functions.get(name)!;
  return {
    name: fn.nameField,
    bytecode: fn.bytecode,
    path: fn.path,
    loweringVersion: program.loweringVersion,
    sourceHash: program.sourceHash,
    programName: program.nameField,
  };
};

/** Development keys for verification, a chain, a deployed rollup, a prover. */
export async function realRollup(circuits: readonly KeyName[] = CIRCUITS): Promise<RealRollup> {
  const made = await ensureDevVerificationKeys(circuits);
  const keys = Object.fromEntries(made.map((key) => [key.circuit.name, key.verificationKey]));
  const fixture = await deployFixture({
    keys,
    ids: {
      creditsProgramId: credits.programId,
      bridgeProgramId: bridge.programId,
      creditsTypeId: typeIdOf(credits),
      bridgeTypeId: typeIdOf(bridge),
    },
  });
  const prover = new TrapdoorProver(made);
  const cache = proofCache(contractKeys(keys).keys.map((key) => [key.id, key.delta, key.ic].join()));
  const emptyRoot = new NoteTree().root();

  const transition = async (
    call: Omit<AuthorizeOptions, 'account' | 'rollupId'> & { account?: Account; rollupId?: bigint },
    witness: Omit<TransitionWitnessOptions, 'authorization'>,
    anchorBlock: number,
  ): Promise<BlockTransition> => {
    const authorization = authorize({ account: alice, rollupId: fixture.info.rollupId, ...call });
    const signals = transitionSignals(authorization.signals);
    const circuit = `transition-${authorization.sizeClass}` as const;
    const keyId = KEY_ID[circuit];
    const statementHash = challengeHash(authorization);
    const proof = await cache(circuit, transitionPublicInputs(keyId, signals, statementHash), async () => {
      const input = transitionInput({ authorization, ...witness });
      return (await prover.prove(circuit, input)).proof;
    });
    return { keyId, anchorBlock, proof, statementHash, signals: signals.slice(0, -1) };
  };

  return {
    fixture,
    keys,
    mint: (seed, rollupId) => {
      const fn = token.functions.mint;
      const call = {
        programId: token.programId,
        functionId: fn.functionId,
        inputs: pad([bob.address.x, BigInt(seed)]),
        recordInputs: [],
        recordOutputs: [output(bob, BigInt(seed))],
        anchorRoot: emptyRoot,
        randomness: new Uint8Array(32).fill(seed),
        ...(rollupId === undefined ? {} : { rollupId }),
      };
      const trace = { advice: [], rows: [], wide: [{ and: 0n, topA: 0n, topB: 0n }], hash: [] };
      return transition(call, { fn, trace, notePaths: [] }, 0);
    },
    mintThree: (seed) => {
      const fn = merge.functions.get('mint_three')!;
      const leaves = [[bob.address.x], [BigInt(seed)]];
      const inputs = fn.checked.inputs.map((input, i) => ({ type: input.type, leaves: leaves[i] }));
      const signer = alice.address.x;
      const run = simulate(merge, 'mint_three', inputs, { signer, caller: signer });
      const { sizeClass } = fn.bytecode;
      const call = {
        sizeClass,
        programId: merge.programId,
        functionId: fn.functionId,
        inputs: [...run.inputs, ...Array<bigint>(AVM_SIZE[sizeClass].inputs - run.inputs.length).fill(0n)],
        recordInputs: [],
        recordOutputs: run.recordOutputs.map(({ owner, data }) => ({
          typeId: typeIdOf(merge),
          owner,
          data: pad(data, 5),
        })),
        anchorRoot: emptyRoot,
        randomness: new Uint8Array(32).fill(seed),
      };
      return transition(call, { fn: provable(merge, 'mint_three'), trace: run.trace, notePaths: [] }, 0);
    },
    message: (words) => {
      const program = makeProgram('hostile', {
        steal: {
          rows: [],
          wide: [],
          hash: [],
          constants: words,
          inputCount: 0,
          adviceCount: 0,
          recordInputs: [],
          recordOutputs: [],
          message: [
            { kind: 'constant', index: 0 },
            { kind: 'constant', index: 1 },
            { kind: 'constant', index: 2 },
          ],
        },
      });
      const fn = program.functions.steal;
      const call = {
        programId: program.programId,
        functionId: fn.functionId,
        inputs: pad([]),
        recordInputs: [],
        recordOutputs: [],
        message: { programId: program.programId, words },
        anchorRoot: emptyRoot,
        randomness: new Uint8Array(32).fill(99),
      };
      const trace = { advice: [], rows: [], wide: [], hash: [] };
      return transition(call, { fn, trace, notePaths: [] }, 0);
    },
    withdraw: ({ record, path, anchorBlock, anchorRoot, receiver, amount }) => {
      const fn = credits.functions.get('withdraw')!;
      const leaves = [[record.owner, record.data[0]], [BigInt(receiver)], [amount]];
      const inputs = fn.checked.inputs.map((input, i) => ({ type: input.type, leaves: leaves[i] }));
      const signer = alice.address.x;
      const run = simulate(credits, 'withdraw', inputs, { signer, caller: signer });
      const call = {
        programId: credits.programId,
        functionId: fn.functionId,
        inputs: pad(run.inputs),
        recordInputs: [record],
        recordOutputs: run.recordOutputs.map(({ owner, data }) => ({
          typeId: record.typeId,
          owner,
          data: pad(data, 5),
        })),
        message: { programId: credits.programId, words: run.message! },
        anchorRoot,
        randomness: new Uint8Array(32).fill(50),
      };
      const witness = { fn: provable(credits, 'withdraw'), trace: run.trace, notePaths: [path] };
      return transition(call, witness, anchorBlock);
    },
    chunk: async ({ history, data, l1Data = data, l2Block, proposer, apply }) => {
      const trees = treesAfter(history);
      const applied = apply?.(trees, data) ?? applyChunk(trees.note, trees.nullifier, 'small', data);
      const keyId = KEY_ID['state-update-small'];
      const proposedBy = proposer ?? fixture.wallets[0].account.address;
      const bound = [fixture.info.chainId, fixture.rollup, proposedBy, l2Block, keyId].map(BigInt);
      // The circuit makes c of the data that the proof is about. A cheater takes x as L1 will compute it with that c, and y
      // over the proof's data.
      const own = { ...applied, data };
      const c = stateUpdateHash(own);
      const [x] = publicInputs(bound, stateUpdateStatement({ ...applied, data: l1Data }), c);
      const inputs = [x, evaluateStatement(stateUpdateStatement(own), x), c] as const;
      const proof = await cache('state-update-small', inputs, async () => {
        return (await prover.prove('state-update-small', stateUpdateInput(applied, inputs))).proof;
      });
      const { newNoteRoot, newNullifierRoot } = applied;
      return { keyId, newNoteRoot, newNullifierRoot, statementHash: c, proof };
    },
    close: () => fixture.close(),
  };
}
