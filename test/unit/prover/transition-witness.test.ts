import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runningFunction, transitionInput } from '../../../prover/witness/transition.ts';
import {
  alice,
  joinCall,
  mintCall,
  program,
  token,
  transferCall,
  treeWith,
} from '../../support/transition/transitions.ts';

describe('transitionInput', () => {
  it('leads from every function of a program to its ids', () => {
    for (const fn of Object.values(program.functions)) {
      assert.deepEqual(runningFunction(fn), { functionId: fn.functionId, programId: program.programId });
    }
  });

  it('holds no secret key', () => {
    const text = JSON.stringify(transitionInput(transferCall()), (_, value) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const { skSig, rSig, viewKey } = alice;
    for (const secret of [skSig, rSig, viewKey]) assert.ok(!text.includes(secret.toString()));
  });

  it('refuses a function that was not signed for', () => {
    const { mint } = program.functions;
    assert.throws(() => transitionInput({ ...transferCall(), fn: mint }), { code: 'TRANSITION_PROGRAM' });
    assert.throws(() => transitionInput({ ...mintCall(), fn: { ...mint, sourceHash: 5n } }), {
      code: 'TRANSITION_PROGRAM',
    });
  });

  it('refuses other record slots than the bytecode uses', () => {
    const call = joinCall();
    const [first, second] = call.authorization.recordInputs;
    const recordInputs = [first, { ...second, used: false }];
    assert.throws(
      () => transitionInput({ ...call, authorization: { ...call.authorization, recordInputs } }),
      {
        code: 'TRANSITION_SLOTS',
      },
    );
  });

  it('refuses a missing path, and one under another root', () => {
    const call = transferCall();
    assert.throws(() => transitionInput({ ...call, notePaths: [] }), { code: 'TRANSITION_NOTE_PATH' });
    const { paths } = treeWith([token(alice, 1n, 1n), token(alice, 100n, 9n)]);
    assert.throws(() => transitionInput({ ...call, notePaths: [paths[1]] }), {
      code: 'TRANSITION_NOTE_PATH',
    });
  });
});
