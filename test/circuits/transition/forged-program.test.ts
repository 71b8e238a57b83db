/** Attacks on which function runs, and of which program. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bytecodeHash } from '../../../avm/bytecode.ts';
import { bitLayout } from '../../../avm/layout.ts';
import type { Authorization } from '../../../protocol/call/request.ts';
import { AVM_SIZE, DOMAIN, SIZE_CLASS } from '../../../protocol/constants.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { functionIdOf } from '../../../protocol/program-id.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { type CircuitInput, loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import {
  assertRefused,
  type ForgeHooks,
  forgeAuthorization,
  forgeCall,
  holdRecord,
  nonceOf,
  run,
} from '../../support/transition/forge-call.ts';
import {
  alice,
  bob,
  call,
  makeProgram,
  mintCall,
  output,
  program,
  TOKEN_FUNCTIONS,
  token,
} from '../../support/transition/transitions.ts';

const PROGRAM = /program\.(program|tree|leaf)|programId/;

describe('transition-small, forged programs', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  const refused = async (input: CircuitInput, because: RegExp): Promise<void> =>
    assertRefused(circuit, await run(circuit, input), because);

  it("refuses code that claims to be another program's", async () => {
    const evil = makeProgram('token', { ...TOKEN_FUNCTIONS, mint: { ...TOKEN_FUNCTIONS.mint, wide: [] } });
    assert.notEqual(evil.programId, program.programId);
    // Signed, typed and hashed as the victim's: all that fails is the way from the bytecode to the id.
    const honest = call({
      fn: 'mint',
      program: { ...evil, programId: evil.programId },
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
    });
    const victim = call({
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
    });
    const forged = forgeCall(
      honest,
      {
        request: (request) => {
          request.programId = program.programId;
        },
        outputs: (slots) => {
          const sealed = forgeAuthorization(
            { ...honest.authorization, recordOutputs: victim.authorization.recordOutputs },
            {},
          );
          slots.splice(0, slots.length, ...sealed.recordOutputs);
        },
      },
      { programId: program.programId },
    );
    await refused(forged, PROGRAM);
  });

  it('refuses a function whose finalize would be skipped', async () => {
    const finalizing = makeProgram('token', TOKEN_FUNCTIONS, 77n);
    const plain = makeProgram('token', TOKEN_FUNCTIONS);
    const honest = call({
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
      trace: { wide: [{ and: 0n, topA: 0n, topB: 0n }] },
    });
    assert.equal(plain.programId, program.programId);
    const real = call({
      program: finalizing,
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n, finalizing.typeId)],
    });
    const forged = forgeCall(
      honest,
      {
        request: (request) => {
          request.programId = finalizing.programId;
        },
        outputs: (slots) => {
          const sealed = forgeAuthorization(
            { ...honest.authorization, recordOutputs: real.authorization.recordOutputs },
            {},
          );
          slots.splice(0, slots.length, ...sealed.recordOutputs);
        },
      },
      {
        programId: finalizing.programId,
        functionSiblings: real.fn.path.siblings as unknown as bigint[][],
      },
    );
    await refused(forged, PROGRAM);
  });

  it('refuses other bytecode, names or descriptors under the same id', async () => {
    const at = bitLayout(AVM_SIZE.small);
    const input = transitionInput(mintCall()) as Record<string, bigint[]>;
    const { bytecode, name } = mintCall().fn;
    const otherBits = bytecode.bits.slice();
    otherBits[at.rowFlags + 3] = 1;
    const functionId = functionIdOf(SIZE_CLASS.small, name, bytecodeHash({ ...bytecode, bits: otherBits }));
    const withBits = { bytecodeBits: Array.from(otherBits) };
    await refused(forgeCall(mintCall(), signing({ functionId }), withBits), PROGRAM);
    const renamed = functionIdOf(SIZE_CLASS.small, 5n, bytecode.hash);
    await refused(forgeCall(mintCall(), signing({ functionId: renamed }), { functionName: 5n }), PROGRAM);
    await refused({ ...input, loweringVersion: 2n }, PROGRAM);
    await refused({ ...input, sourceHash: 2n }, PROGRAM);
    await refused({ ...input, programName: 2n }, PROGRAM);
    await refused({ ...input, functionIndexBits: [1, 0, 0, 0, 0, 0] }, PROGRAM);
    await refused({ ...input, functionIndexBits: [2, 0, 0, 0, 0, 0] }, /functionIndexBits|program/);
  });

  it('refuses to claim a record input unused that the bytecode uses', async () => {
    const honest = call({
      fn: 'transfer',
      inputs: [bob.address.x, 0n],
      records: [token(alice, 0n, 1n)],
      outputs: [output(bob, 0n), output(alice, 0n)],
      trace: { rows: [0n], wide: [{ and: 0n, topA: 0n, topB: 0n }] },
    });
    const { authorization } = honest;
    const at = bitLayout(AVM_SIZE.small);
    const { bytecode, name } = honest.fn;
    const bits = bytecode.bits.slice();
    bits[at.recordInputUsed] = 0;
    const recordInputNames = [0n, 0n];
    const functionId = functionIdOf(
      SIZE_CLASS.small,
      name,
      bytecodeHash({ ...bytecode, bits, recordInputNames }),
    );
    const unused = authorization.recordInputs[1];
    const forged = forgeCall(
      honest,
      {
        ...signing({ functionId }),
        inputs: ([slot]) => {
          slot.used = false;
          holdRecord(slot, unused.record, nonceOf(authorization, alice), alice);
          slot.nullifier = hash(DOMAIN.DUMMY, [authorization.tvk, alice.address.x, 0n]);
        },
      },
      { bytecodeBits: Array.from(bits), recordInputNames },
    );
    await refused(forged, PROGRAM);
  });
});

/** Hooks that sign other values than the honest ones. */
function signing(changes: Partial<Authorization>): ForgeHooks {
  return { request: (request) => void Object.assign(request, changes) };
}
