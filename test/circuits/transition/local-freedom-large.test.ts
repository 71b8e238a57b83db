/** As local-freedom.test.ts for the large transition circuit, group slots and all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { calculateWitness, loadCircuit } from '../../support/circuit/circuits.ts';
import {
  freedomIn,
  INVERSE,
  unexplained,
  unusedPaths,
  unusedRows,
  without,
} from '../../support/circuit/free-wires.ts';
import { jointFreedom } from '../../support/circuit/joint-freedom.ts';
import { localFreedom } from '../../support/circuit/local-freedom.ts';
import { someCall, turnCall } from '../../support/transition/large-transitions.ts';
import { workCall } from '../../support/transition/large-workload.ts';

// All four records either way; three, and a message; group slots, hashes and rows of a compiled program.
const calls = { turn: turnCall, some: someCall, work: workCall };

describe('freedom in transition-large', () => {
  for (const [name, make] of Object.entries(calls)) {
    it(`${name}: no wire and no input is free, but paths of unused slots and rows that nobody reads`, async () => {
      const circuit = await loadCircuit('transition-large');
      const call = make();
      const { free, unbound } = localFreedom(circuit, calculateWitness(circuit, transitionInput(call)));
      assert.deepEqual(unexplained(free, INVERSE), []);
      const path = unusedPaths(call);
      assert.deepEqual(unexplained(unbound, path.pattern, unusedRows(call, 'large')), []);
      assert.equal(unbound.filter((each) => path.pattern.test(each)).length, path.count);
    });
  }

  it('inputs that change together: only what the function does not read', async () => {
    const circuit = await loadCircuit('transition-large');
    for (const [name, make] of Object.entries(calls)) {
      const call = make();
      const moving = jointFreedom(circuit, calculateWitness(circuit, transitionInput(call)));
      // Wires that carry unread values move with them.
      const unread = /^main\.(?:advice|hashOut|copy)\[/;
      const reasons = [unusedPaths(call).pattern, unusedRows(call, 'large'), unread];
      assert.deepEqual(unexplained(moving, ...reasons), [], name);
    }
  });

  it('finds what a missing constraint of a group slot sets free', async () => {
    const circuit = await loadCircuit('transition-large');
    const witness = calculateWitness(circuit, transitionInput(workCall()));
    const inSlot = new Set<number>();
    for (const [name, { wire }] of circuit.symbols)
      if (/^main\.core\.group\[0\]/.test(name)) inSlot.add(wire);
    inSlot.delete(0);
    const { a, b, c, constraints } = circuit.r1cs;
    const slot = Array.from({ length: constraints }, (_, row) => row).filter((row) =>
      [a, b, c].some(({ rows, wires }) =>
        wires.subarray(rows[row], rows[row + 1]).some((w) => inSlot.has(w)),
      ),
    );
    assert.ok(slot.length > 2000, `${slot.length} constraints`);
    const honest = freedomIn(circuit, witness);
    const cuts = Array.from({ length: 8 }, (_, k) => slot[Math.floor(((k + 0.5) * slot.length) / 8)]);
    const noticed = cuts.filter((row) => freedomIn(without(circuit, row), witness) > honest).length;
    assert.ok(noticed >= 6, `${noticed} of 8 noticed`);
  });
});
