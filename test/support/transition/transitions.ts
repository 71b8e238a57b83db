/** A small token program written directly in AVM functions, and signed calls of it, for tests of the transition circuit. */
import { assemble } from '../../../avm/assemble.ts';
import type { AvmFunction, AvmTrace } from '../../../avm/function.ts';
import { type Account, accountFromSeed } from '../../../protocol/account.ts';
import { type Authorization, authorize } from '../../../protocol/call/request.ts';
import type { OutputRecord } from '../../../protocol/call/seal-outputs.ts';
import { AVM_SIZE, LOWERING_VERSION, SIZE_CLASS, type SizeClass } from '../../../protocol/constants.ts';
import type { Field } from '../../../protocol/field.ts';
import {
  functionIdOf,
  functionTreePath,
  functionTreeRoot,
  nameToField,
  programIdOf,
  sourceHashOf,
} from '../../../protocol/program-id.ts';
import { type RecordPreimage, recordCommitment, recordTypeId } from '../../../protocol/record.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import type { TreePath } from '../../../protocol/tree/path.ts';
import type { ProvableFunction } from '../../../prover/witness/transition.ts';

export const ROLLUP_ID = 0x1234567890abcdefn;
export const TOKEN = nameToField('token');

export const alice = accountFromSeed(new Uint8Array(32).fill(1));
export const bob = accountFromSeed(new Uint8Array(32).fill(2));

/** mint(owner, amount): one output. */
const MINT: AvmFunction = {
  rows: [],
  wide: [{ widthA: 64, checkA: true, operands: { a: { kind: 'input', index: 1 } } }],
  hash: [],
  constants: [],
  inputCount: 2,
  adviceCount: 0,
  recordInputs: [],
  recordOutputs: [{ name: TOKEN, owner: { kind: 'input', index: 0 }, data: [{ kind: 'input', index: 1 }] }],
};

/** transfer(token, to, amount): `amount` to `to`, the rest back. */
const TRANSFER: AvmFunction = {
  rows: [
    {
      one: true,
      c: -1,
      operands: { a: { kind: 'record', record: 0, word: 0 }, c: { kind: 'input', index: 1 } },
    },
  ],
  wide: [
    {
      widthA: 64,
      widthB: 64,
      checkA: true,
      checkB: true,
      operands: { a: { kind: 'row', index: 0 }, b: { kind: 'input', index: 1 } },
    },
  ],
  hash: [],
  constants: [],
  inputCount: 2,
  adviceCount: 0,
  recordInputs: [{ name: TOKEN }],
  recordOutputs: [
    { name: TOKEN, owner: { kind: 'input', index: 0 }, data: [{ kind: 'input', index: 1 }] },
    { name: TOKEN, owner: { kind: 'context', name: 'signer' }, data: [{ kind: 'row', index: 0 }] },
  ],
};

/** join(token, token): both into one. */
const JOIN: AvmFunction = {
  rows: [
    {
      one: true,
      c: 1,
      operands: { a: { kind: 'record', record: 0, word: 0 }, c: { kind: 'record', record: 1, word: 0 } },
    },
  ],
  wide: [{ widthA: 64, checkA: true, operands: { a: { kind: 'row', index: 0 } } }],
  hash: [],
  constants: [],
  inputCount: 0,
  adviceCount: 0,
  recordInputs: [{ name: TOKEN }, { name: TOKEN }],
  recordOutputs: [
    { name: TOKEN, owner: { kind: 'context', name: 'signer' }, data: [{ kind: 'row', index: 0 }] },
  ],
};

/** burn(token, receiver): the whole amount into a message with tag 3. */
const BURN: AvmFunction = {
  rows: [],
  wide: [],
  hash: [],
  constants: [3n],
  inputCount: 1,
  adviceCount: 0,
  recordInputs: [{ name: TOKEN }],
  recordOutputs: [],
  message: [
    { kind: 'input', index: 0 },
    { kind: 'record', record: 0, word: 0 },
    { kind: 'constant', index: 0 },
  ],
};

export interface TestProgram {
  readonly programId: Field;
  readonly typeId: Field;
  readonly functions: Readonly<Record<string, ProvableFunction & { readonly functionId: Field }>>;
}

/** Assembles functions into a program. */
export function makeProgram(
  name: string,
  functions: Readonly<Record<string, AvmFunction>>,
  finalizeHash = 0n,
  sizeClass: SizeClass = 'small',
): TestProgram {
  const parts = Object.entries(functions).map(([fnName, fn]) => {
    const bytecode = assemble(fn, AVM_SIZE[sizeClass]);
    const field = nameToField(fnName);
    return {
      fnName,
      name: field,
      bytecode,
      functionId: functionIdOf(SIZE_CLASS[sizeClass], field, bytecode.hash, finalizeHash),
    };
  });
  const ids = parts.map(({ functionId }) => functionId);
  const sourceHash = sourceHashOf(`program ${name}.aleo;`);
  const programName = nameToField(name);
  const programId = programIdOf(LOWERING_VERSION, functionTreeRoot(ids), sourceHash, programName);
  return {
    programId,
    typeId: recordTypeId(programId, TOKEN),
    functions: Object.fromEntries(
      parts.map(({ fnName, ...part }, index) => [
        fnName,
        {
          ...part,
          path: functionTreePath(ids, index),
          loweringVersion: LOWERING_VERSION,
          sourceHash,
          programName,
        },
      ]),
    ),
  };
}

export const TOKEN_FUNCTIONS = { mint: MINT, transfer: TRANSFER, join: JOIN, burn: BURN };
export const program = makeProgram('token', TOKEN_FUNCTIONS);

export function pad(values: readonly bigint[], length: number = AVM_SIZE.small.inputs): bigint[] {
  return [...values, ...Array<bigint>(length - values.length).fill(0n)];
}

/** A token record of `owner`; `salt` makes it unique. */
export function token(owner: Account, amount: bigint, salt: bigint, typeId = program.typeId): RecordPreimage {
  return { typeId, owner: owner.address.x, blind: 1000n + salt, rho: 2000n + salt, data: pad([amount], 5) };
}

export interface TestCall {
  readonly authorization: Authorization;
  readonly fn: ProvableFunction;
  readonly trace: AvmTrace;
  readonly notePaths: readonly (TreePath | undefined)[];
}

export interface CallOptions {
  readonly account?: Account;
  readonly program?: TestProgram;
  readonly fn: string;
  readonly inputs?: readonly bigint[];
  readonly records?: readonly RecordPreimage[];
  readonly outputs?: readonly OutputRecord[];
  readonly message?: readonly [bigint, bigint, bigint];
  readonly trace?: Partial<AvmTrace>;
  readonly randomness?: Uint8Array;
}

/** A note tree that holds `records` among others. */
export function treeWith(records: readonly RecordPreimage[]): { tree: NoteTree; paths: TreePath[] } {
  const tree = new NoteTree();
  tree.appendSubtree(0, [11n, 12n, 13n, 14n]);
  const leaves = [21n, ...records.map(recordCommitment)];
  // A subtree of 4 or 16 leaves, at the next place that it may take.
  const size = leaves.length <= 4 ? 4 : 16;
  tree.appendSubtree(size, pad(leaves, size));
  return { tree, paths: records.map((_, i) => tree.path(size + 1 + i)) };
}

/** Signs a call whose records lie in a small note tree. */
export function call(options: CallOptions): TestCall {
  const { records = [], outputs = [] } = options;
  const running = options.program ?? program;
  const fn = running.functions[options.fn];
  const { tree, paths } = treeWith(records);
  const { sizeClass } = fn.bytecode;
  const authorization = authorize({
    account: options.account ?? alice,
    sizeClass,
    programId: running.programId,
    functionId: fn.functionId,
    inputs: pad(options.inputs ?? [], AVM_SIZE[sizeClass].inputs),
    recordInputs: records,
    recordOutputs: outputs,
    message:
      options.message === undefined ? undefined : { programId: running.programId, words: options.message },
    anchorRoot: tree.root(),
    rollupId: ROLLUP_ID,
    randomness: options.randomness ?? new Uint8Array(32).fill(7),
  });
  return {
    authorization,
    fn,
    trace: { advice: [], rows: [], wide: [], hash: [], ...options.trace },
    notePaths: paths,
  };
}

export function output(owner: Account, amount: bigint, typeId = program.typeId): OutputRecord {
  return { typeId, owner: owner.address.x, data: pad([amount], 5) };
}

export function mintCall(): TestCall {
  return call({
    fn: 'mint',
    inputs: [bob.address.x, 500n],
    outputs: [output(bob, 500n)],
    trace: { wide: [{ and: 0n, topA: 0n, topB: 0n }] },
  });
}

export function transferCall(randomness?: Uint8Array): TestCall {
  return call({
    fn: 'transfer',
    inputs: [bob.address.x, 30n],
    records: [token(alice, 100n, 1n)],
    outputs: [output(bob, 30n), output(alice, 70n)],
    trace: { rows: [70n], wide: [{ and: 70n & 30n, topA: 0n, topB: 0n }] },
    randomness,
  });
}

export function joinCall(): TestCall {
  return call({
    fn: 'join',
    records: [token(alice, 100n, 1n), token(alice, 11n, 2n)],
    outputs: [output(alice, 111n)],
    trace: { rows: [111n], wide: [{ and: 0n, topA: 0n, topB: 0n }] },
  });
}

export function burnCall(): TestCall {
  return call({
    fn: 'burn',
    inputs: [0xabcdefn],
    records: [token(alice, 100n, 1n)],
    message: [0xabcdefn, 100n, 3n],
  });
}
