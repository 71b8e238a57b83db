/** A signed call of a compiled program that uses more of everything than the small circuit has. */
import assert from 'node:assert/strict';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { functionOf, simulate } from '../../../program/run/simulate.ts';
import { authorize } from '../../../protocol/call/request.ts';
import { AVM_SIZE, RECORD_WORDS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { alice, bob, pad, ROLLUP_ID, type TestCall, treeWith } from './transitions.ts';

/** More of everything than the small circuit has: inputs, rows, hash slots, constants; and group slots, which it has none of. */
const WORKLOAD = `program workload.aleo;
record out:
    owner as address.private;
    total as u64.private;
    digest as field.private;
    product as group.private;
function work:
    input r0 as [u64; 12u32].private;
    input r1 as [field; 6u32].private;
    input r2 as group.private;
    input r3 as scalar.private;
${lines(11, (k) => `add ${k === 0 ? 'r0[0u32]' : `r${3 + k}`} r0[${k + 1}u32] into r${4 + k};`)}
${lines(12, (k) => `hash.psd2 ${k === 0 ? 'r1' : `r${14 + k}`} into r${15 + k} as field;`)}
${lines(18, (k) => `mul r${26 + k} ${100 + k}field into r${27 + k};`)}
    mul r2 r3 into r45;
    mul r45 r3 into r46;
    cast self.signer r14 r44 r46 into r47 as out.record;
    output r47 as out.record;
`;

function lines(count: number, line: (k: number) => string): string {
  return Array.from({ length: count }, (_, k) => `    ${line(k)}`).join('\n');
}

/** A signed call of the workload, simulated as the wallet does. */
export function workCall(): TestCall {
  const compiled = compileProgram(WORKLOAD, 'workload.aleo');
  const fn = functionOf(compiled, 'work');
  const numbers = Array.from({ length: 12 }, (_, k) => BigInt(1000 * k + 7));
  const leaves = [numbers, [1n, 2n, 3n, 4n, 5n, 12345n], [bob.address.x], [SUBGROUP_ORDER - 2n]];
  const context = { signer: alice.address.x, caller: alice.address.x };
  const inputs = fn.checked.inputs.map(({ type }, k) => ({ type, leaves: leaves[k] }));
  const ran = simulate(compiled, 'work', inputs, context);
  const { sizeClass } = fn.bytecode;
  assert.equal(sizeClass, 'large');
  const { inputs: small, wide, hash, constants } = AVM_SIZE.small;
  const { lowered } = fn;
  assert.ok(lowered.fn.inputCount > small && lowered.fn.wide.length > wide);
  assert.ok(lowered.fn.hash.length > hash && lowered.fn.constants.length > constants);
  assert.equal(lowered.fn.group?.length, 2);
  const authorization = authorize({
    account: alice,
    sizeClass,
    programId: compiled.programId,
    functionId: fn.functionId,
    inputs: pad(ran.inputs, AVM_SIZE[sizeClass].inputs),
    recordInputs: [],
    recordOutputs: ran.recordOutputs.map(({ name, owner, data }) => ({
      typeId: compiled.records.get(name)!.typeId,
      owner,
      data: pad(data, RECORD_WORDS),
    })),
    anchorRoot: treeWith([]).tree.root(),
    rollupId: ROLLUP_ID,
    randomness: new Uint8Array(32).fill(7),
  });
  return {
    authorization,
    trace: ran.trace,
    notePaths: [],
    fn: {
      name: fn.nameField,
      bytecode: fn.bytecode,
      path: fn.path,
      loweringVersion: compiled.loweringVersion,
      sourceHash: compiled.sourceHash,
      programName: compiled.nameField,
    },
  };
}
