/** Signed calls of programs/token.aleo, the same every time: what the measurements prove. */
import { readFile } from 'node:fs/promises';
import { compileProgram, type Program } from '../program/compile/artifact.ts';
import { functionOf, simulate } from '../program/run/simulate.ts';
import { type Account, accountFromSeed } from '../protocol/account.ts';
import { type Authorization, authorize } from '../protocol/call/request.ts';
import { AVM_SIZE, RECORD_WORDS } from '../protocol/constants.ts';
import type { Field } from '../protocol/field.ts';
import { type RecordPreimage, recordCommitment } from '../protocol/record.ts';
import { NoteTree } from '../protocol/tree/note-tree.ts';
import type { TreePath } from '../protocol/tree/path.ts';
import { transitionInput } from '../prover/witness/transition.ts';
import type { CircuitInput } from '../prover/witness-calculator.ts';

export const alice: Account = accountFromSeed(new Uint8Array(32).fill(11));
export const bob: Account = accountFromSeed(new Uint8Array(32).fill(12));

export interface SignedCall {
  readonly authorization: Authorization;
  /** Input of the transition circuit of its size class. */
  readonly input: CircuitInput;
}

export interface TokenCalls {
  /** Alice makes a token for Bob; anchored at the empty tree. Another seed is another transition. */
  mint(seed: number, rollupId: Field): SignedCall;
  /** Alice sends Bob 30 of a token of 100 whose note is in a tree of four: the usual private transfer. */
  transfer(seed: number, rollupId: Field): SignedCall;
  /** A call of the large circuit: four records of 100 become four others. */
  large(seed: number, rollupId: Field): SignedCall;
}

/** Takes and makes as many records as the large circuit can. */
const LARGE_PROGRAM = `program bench.aleo;
record token:
    owner as address.private;
    amount as u64.private;
function turn:
    input r0 as token.record;
    input r1 as token.record;
    input r2 as token.record;
    input r3 as token.record;
    add r0.amount r1.amount into r4;
    sub r4 1u64 into r5;
    cast r0.owner r5 into r6 as token.record;
    cast r0.owner 1u64 into r7 as token.record;
    cast r0.owner r2.amount into r8 as token.record;
    cast r0.owner r3.amount into r9 as token.record;
    output r6 as token.record;
    output r7 as token.record;
    output r8 as token.record;
    output r9 as token.record;
`;

export async function tokenCalls(): Promise<TokenCalls> {
  const source = await readFile(new URL('../programs/token.aleo', import.meta.url), 'utf8');
  const program = compileProgram(source, 'token.aleo');
  const largeProgram = compileProgram(LARGE_PROGRAM, 'bench.aleo');
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
    large: (seed, rollupId) => {
      const spent = [1n, 2n, 3n, 4n].map(
        (rho): RecordPreimage => ({
          typeId: largeProgram.records.get('token')!.typeId,
          owner: alice.address.x,
          blind: 5n,
          rho: 4n * BigInt(seed) + rho,
          data: padded([100n], RECORD_WORDS),
        }),
      );
      const tree = new NoteTree();
      tree.appendSubtree(0, spent.map(recordCommitment));
      return sign(largeProgram, {
        functionName: 'turn',
        leaves: spent.map((record) => [record.owner, record.data[0]]),
        seed,
        rollupId,
        anchorRoot: tree.root(),
        spent,
        paths: spent.map((_, index) => tree.path(index)),
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
  const { sizeClass } = fn.bytecode;
  const authorization = authorize({
    account: alice,
    sizeClass,
    rollupId,
    programId: program.programId,
    functionId: fn.functionId,
    inputs: padded(run.inputs, AVM_SIZE[sizeClass].inputs),
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
