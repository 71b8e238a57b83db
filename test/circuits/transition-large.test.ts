/** The large circuit: honest calls of every shape against its twins, and what its own public signals must be. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compileProgram } from '../../program/artifact.ts';
import { functionOf, simulate } from '../../program/simulate.ts';
import {
  AVM_SIZE,
  FIELD_MODULUS,
  RECORD_WORDS,
  SIZE_CLASS,
  SUBGROUP_ORDER,
} from '../../protocol/constants.ts';
import { functionIdOf } from '../../protocol/program-id.ts';
import { authorize } from '../../protocol/request.ts';
import { LARGE_SIGNAL_COUNT, SIGNAL_NAMES, transitionSignals } from '../../protocol/transition.ts';
import { transitionInput } from '../../prover/witness/transition.ts';
import { loadCircuit, type TestCircuit } from '../support/circuits.ts';
import { assertRefused, forgeCall, nonceOf, run, sign } from '../support/forge-call.ts';
import { acceptsCalls } from '../support/honest-calls.ts';
import { someCall, turnCall } from '../support/large-transitions.ts';
import { alice, bob, pad, program, ROLLUP_ID, type TestCall, treeWith } from '../support/transitions.ts';

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
function workCall(): TestCall {
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

describe('transition-large', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadCircuit('transition-large');
  });

  acceptsCalls(() => circuit, LARGE_SIGNAL_COUNT, {
    'four records in, four out': turnCall,
    'three in, three out, a message': someCall,
    'a compiled program that fits only here': workCall,
  });

  it('refuses every linkOut, linkIn and finalizeHash but 0, signed for', async () => {
    for (let k = 0; k < 4; k++) {
      for (const value of [1n, FIELD_MODULUS - 1n]) {
        const forged = forgeCall(turnCall(), {
          signals: (signals) => {
            signals.linkOut = signals.linkOut.map((zero, i) => (i === k ? value : zero));
          },
        });
        assertRefused(circuit, await run(circuit, forged), new RegExp(`^[^+]*main\\.linkOut\\[${k}\\]`));
      }
    }
    for (const name of ['linkIn', 'finalizeHash'] as const) {
      const forged = forgeCall(turnCall(), {
        signals: (signals) => {
          signals[name] = 1n;
        },
      });
      assertRefused(circuit, await run(circuit, forged), new RegExp(`main\\.${name}`));
    }
  });

  it('binds linkOut to the signature: a signed linkOut is not the challenge of zeros', () => {
    const { authorization } = turnCall();
    const t = nonceOf(authorization, alice);
    const challenges = [0, 1, 2, 3].map((k) => {
      const linkOut = [0n, 0n, 0n, 0n].with(k, 1n);
      return sign({ ...authorization, signals: { ...authorization.signals, linkOut } }, t, alice).challenge;
    });
    assert.equal(new Set([...challenges, authorization.challenge]).size, 5);
  });

  it('refuses a prover who changes a signed signal of the third or fourth slot and keeps the signature', async () => {
    const names = SIGNAL_NAMES.large;
    const of = (pattern: RegExp): number[] => names.flatMap((name, k) => (pattern.test(name) ? [k] : []));
    const input = transitionInput(someCall());
    const flat = transitionSignals(someCall().authorization.signals);
    const places = of(
      /^(nullifiers|commitments|outgoing|linkOut)\[[23]\]|^ciphertexts\[[23]\]\[[05]\]|rollupId/,
    );
    assert.equal(places.length, 13);
    for (const k of places) {
      const forged = await run(circuit, { ...input, ...split(flat.with(k, flat[k] + 1n)) });
      assert.ok(forged.failing.length > 0, `${names[k]} + 1`);
      assert.equal(forged.publicSignals[k], flat[k] + 1n, 'the forgery does change this signal');
    }
  });

  it('does not run a small function, nor a large one under the size class of a small one', async () => {
    // The same bytecode named by the small size class is another function, of which no tree holds the leaf.
    const honest = turnCall();
    const functionId = functionIdOf(SIZE_CLASS.small, honest.fn.name, honest.fn.bytecode.hash);
    assert.notEqual(functionId, honest.authorization.functionId);
    const forged = forgeCall(honest, {
      request: (request) => {
        request.functionId = functionId;
      },
    });
    // Only what is signed changes: the circuit computes the large id.
    assertRefused(circuit, await run(circuit, forged), /request\.strict/);
    assert.throws(() => transitionInput({ ...honest, fn: program.functions.mint }), {
      code: 'TRANSITION_PROGRAM',
    });
    assert.throws(
      () =>
        transitionInput({
          ...honest,
          authorization: { ...honest.authorization, sizeClass: 'small' },
        }),
      { code: 'TRANSITION_PROGRAM' },
    );
  });
});

/** The circuit's public inputs from signals in their order. */
function split(signals: readonly bigint[]): Record<string, readonly (bigint | readonly bigint[])[] | bigint> {
  let at = 0;
  const take = (count: number): bigint[] => signals.slice(at, (at += count));
  return {
    anchorRoot: take(1)[0],
    nullifiers: take(4),
    commitments: take(4),
    tpkX: take(1)[0],
    rX: take(1)[0],
    ciphertexts: [take(6), take(6), take(6), take(6)],
    outgoing: take(4),
    finalizeHash: take(1)[0],
    linkIn: take(1)[0],
    linkOut: take(4),
    message: take(4),
    rollupId: take(1)[0],
  };
}
