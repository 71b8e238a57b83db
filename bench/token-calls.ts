/** Signed calls of programs/token.aleo, the same every time: what the measurements prove. */
import { readFile } from 'node:fs/promises';
import { compileProgram, type Program } from '../program/artifact.ts';
import { functionOf, simulate } from '../program/simulate.ts';
import { type Account, accountFromSeed } from '../protocol/account.ts';
import { AVM_SIZE, RECORD_WORDS } from '../protocol/constants.ts';
import type { Field } from '../protocol/field.ts';
import { type RecordPreimage, recordCommitment } from '../protocol/record.ts';
import { type Authorization, authorize } from '../protocol/request.ts';
import { NoteTree } from '../protocol/tree/note-tree.ts';
import type { TreePath } from '../protocol/tree/path.ts';
import { transitionInput } from '../prover/witness/transition.ts';
import type { CircuitInput } from '../prover/witness-calculator.ts';

export const alice: Account = accountFromSeed(new Uint8Array(32).fill(11));
export const bob: Account = accountFromSeed(new Uint8Array(32).fill(12));

export interface SignedCall {
  readonly authorization: Authorization;
  /** What transition-small takes. */
  readonly input: CircuitInput;
}

export interface TokenCalls {
  /** Alice makes a token for Bob; anchored at the empty tree. Another seed is another transition. */
  mint(seed: number, rollupId: Field): SignedCall;
  /** Alice sends Bob 30 of a token of 100 whose note is in a tree of four: the usual private transfer. */
  transfer(seed: number, rollupId: Field): SignedCall;
}

export async function tokenCalls(): Promise<TokenCalls> {
  const source = await readFile(new URL('../programs/token.aleo', import.meta.url), 'utf8');
  const program = compileProgram(source, 'token.aleo');
  return {
    mint: (seed, rollupId) =>
      sign(program, {
        functionName: 'mint',
        leaves: [[bob.address.x], [BigInt(seed)]],
        seed,
        rollupId,
        anchorRoot: new NoteTree().root(),
        spent: [],
        paths: [],
      }),
    transfer: (seed, rollupId) => {
      const record: RecordPreimage = {
        typeId: program.records.get('token')!.typeId,
        owner: alice.address.x,
        blind: 5n,
        rho: BigInt(seed) + 1n,
        data: padded([100n], RECORD_WORDS),
      };
      const tree = new NoteTree();
      tree.appendSubtree(0, [recordCommitment(record), 2n, 3n, 4n]);
      return sign(program, {
        functionName: 'transfer',
        leaves: [[record.owner, record.data[0]], [bob.address.x], [30n]],
        seed,
        rollupId,
        anchorRoot: tree.root(),
        spent: [record],
        paths: [tree.path(0)],
      });
    },
  };
}

interface CallOptions {
  readonly functionName: string;
  /** Values of each input, flattened. */
  readonly leaves: readonly (readonly bigint[])[];
  readonly seed: number;
  readonly rollupId: Field;
  readonly anchorRoot: Field;
  readonly spent: readonly RecordPreimage[];
  readonly paths: readonly TreePath[];
}

function sign(program: Program, options: CallOptions): SignedCall {
  const { functionName, leaves, seed, rollupId, anchorRoot, spent, paths } = options;
  const fn = functionOf(program, functionName);
  const inputs = fn.checked.inputs.map(({ type }, k) => ({ type, leaves: leaves[k] }));
  const signer = alice.address.x;
  const run = simulate(program, functionName, inputs, { signer, caller: signer });
  const randomness = new Uint8Array(32);
  new DataView(randomness.buffer).setUint32(0, seed);
  const authorization = authorize({
    account: alice,
    rollupId,
    programId: program.programId,
    functionId: fn.functionId,
    inputs: padded(run.inputs, AVM_SIZE.small.inputs),
    recordInputs: spent,
    recordOutputs: run.recordOutputs.map(({ name, owner, data }) => ({
      typeId: program.records.get(name)!.typeId,
      owner,
      data: padded(data, RECORD_WORDS),
    })),
    anchorRoot,
    randomness,
  });
  const input = transitionInput({
    authorization,
    trace: run.trace,
    notePaths: authorization.recordInputs.map((_, slot) => paths[slot]),
    fn: {
      name: fn.nameField,
      bytecode: fn.bytecode,
      path: fn.path,
      loweringVersion: program.loweringVersion,
      sourceHash: program.sourceHash,
      programName: program.nameField,
    },
  });
  return { authorization, input };
}

function padded(words: readonly bigint[], length: number): bigint[] {
  return [...words, ...Array<bigint>(length - words.length).fill(0n)];
}
