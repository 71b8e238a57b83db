/** The large circuit: honest calls of every shape against its twins, and what its own public signals must be. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { FIELD_MODULUS, SIZE_CLASS } from '../../../protocol/constants.ts';
import { functionIdOf } from '../../../protocol/program-id.ts';
import { SIGNAL_NAMES, transitionSignals } from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { loadCircuit, loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import { assertRefused, forgeCall, nonceOf, run, sign } from '../../support/transition/forge-call.ts';
import { acceptsCalls } from '../../support/transition/honest-calls.ts';
import { someCall, turnCall } from '../../support/transition/large-transitions.ts';
import { workCall } from '../../support/transition/large-workload.ts';
import { alice, program } from '../../support/transition/transitions.ts';

describe('transition-large', () => {
  let circuit: TestCircuit;
  let whole: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-large');
    whole = await loadCircuit('transition-large');
  });

  acceptsCalls(() => whole, {
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
