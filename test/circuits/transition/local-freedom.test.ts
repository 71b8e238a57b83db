/**
 * The freedom of a prover in whole circuits, as compiled for production: no wire and no input may change but those listed
 * here with the reason. First order only: see test/support/circuit/local-freedom.ts.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { type CircuitInput, calculateWitness, loadCircuit } from '../../support/circuit/circuits.ts';
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
import { honestInput, Trees } from '../../support/state-update/chunks.ts';
import { burnCall, joinCall, mintCall, transferCall } from '../../support/transition/transitions.ts';

describe('freedom in transition-small', () => {
  const calls = { mint: mintCall, transfer: transferCall, join: joinCall, burn: burnCall };

  for (const [name, make] of Object.entries(calls)) {
    it(`${name}: no wire and no input is free, but paths of unused slots and rows that nobody reads`, async () => {
      const circuit = await loadCircuit('transition-small');
      const call = make();
      const { free, unbound } = localFreedom(circuit, calculateWitness(circuit, transitionInput(call)));
      assert.deepEqual(unexplained(free, INVERSE), []);

      const path = unusedPaths(call);
      assert.deepEqual(unexplained(unbound, path.pattern, unusedRows(call, 'small')), []);
      assert.equal(unbound.filter((each) => path.pattern.test(each)).length, path.count);
    });
  }

  it('inputs that change together: only what the function does not read', async () => {
    const circuit = await loadCircuit('transition-small');
    for (const [name, make] of Object.entries(calls)) {
      const call = make();
      const moving = jointFreedom(circuit, calculateWitness(circuit, transitionInput(call)));
      // None of these functions has advice or hashes of its own; what carries unread values moves with them.
      const unread = /^main\.(?:advice|hashOut|copy)\[/;
      assert.deepEqual(
        unexplained(moving, unusedPaths(call).pattern, unusedRows(call, 'small'), unread),
        [],
        name,
      );
      assert.ok(moving.filter((each) => each.startsWith('main.copy')).length < 8, name);
    }
  });

  it('finds that a record without membership may lie anywhere', async () => {
    const circuit = await loadCircuit('transition-small');
    const witness = calculateWitness(circuit, transitionInput(joinCall()));
    const anchor = circuit.symbols.get('main.anchorRoot')!.wire;
    const bits = new Set<number>();
    for (const [name, { wire }] of circuit.symbols) if (/^main\.bytecodeBits\[/.test(name)) bits.add(wire);
    const { a, b, c, constraints } = circuit.r1cs;
    const membership = Array.from({ length: constraints }, (_, row) => row).filter((row) => {
      const named = [a, b, c].flatMap(({ rows, wires }) => [...wires.subarray(rows[row], rows[row + 1])]);
      return named.includes(anchor) && named.some((wire) => bits.has(wire));
    });
    assert.equal(membership.length, 2);
    const cut = membership.reduce(without, circuit);
    const moving = jointFreedom(cut, witness);
    assert.equal(moving.filter((name) => name.startsWith('main.noteSiblings')).length, 96);
  });

  it('finds what a missing constraint sets free', async () => {
    const circuit = await loadCircuit('transition-small');
    const witness = calculateWitness(circuit, transitionInput(joinCall()));
    const honest = freedomIn(circuit, witness);
    let noticed = 0;
    for (let k = 0; k < 8; k++) {
      const cut = without(circuit, (k * 245_489 + 1234) % circuit.r1cs.constraints);
      if (freedomIn(cut, witness) > honest) noticed++;
    }
    // The rest are bits that other constraints hold at first order; their own forged tests need them.
    assert.ok(noticed >= 5, `${noticed} of 8 noticed`);
  });
});

describe('freedom in the state update', () => {
  const deposit = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
  // Gaps of the tree, gaps behind pending neighbours, a low leaf that was updated before.
  const full = {
    small: [5n, 9n, 31n, 100n],
    large: [50n, 150n, 250n, 350n, 450n, 60n, 160n, 40n, 30n, 7n, 8n, 9n, 10n, 460n, 470n, 140n],
  };
  for (const size of ['small', 'large'] as const) {
    it(`${size}, a full chunk: only paths of low leaves that are pending`, async () => {
      const circuit = await loadCircuit(`state-update-${size}`);
      const trees = new Trees();
      trees.apply(size, { nullifiers: [6n, 110n, 210n, 310n] });
      const chunk = trees.apply(size, {
        nullifiers: full[size],
        commitments: full[size],
        deposits: [deposit, deposit, deposit, deposit],
      });
      const input = honestInput(chunk);
      const witness = calculateWitness(circuit, input as unknown as CircuitInput);
      const { free, unbound } = localFreedom(circuit, witness);
      assert.deepEqual(free, []);
      const pending = full[size].flatMap((_, slot) => {
        const choices = input.lowPending.slice((slot * (slot - 1)) / 2, (slot * (slot + 1)) / 2);
        return choices.includes(1n) ? [slot] : [];
      });
      assert.ok(pending.length > 0);
      assert.deepEqual(
        unexplained(unbound, new RegExp(`^main\\.lowSiblings\\[(?:${pending.join('|')})\\]`)),
        [],
      );
      assert.equal(unbound.length, 48 * pending.length);
    });
  }

  it('small, skipped slots: only paths that nobody compares, and inverses of 0', async () => {
    const circuit = await loadCircuit('state-update-small');
    const trees = new Trees();
    trees.apply('small', { nullifiers: [6n, 8n, 30n] });
    const chunk = trees.apply('small', { nullifiers: [50n, 20n], commitments: [7n] });
    const witness = calculateWitness(circuit, honestInput(chunk) as unknown as CircuitInput);
    const { free, unbound } = localFreedom(circuit, witness);
    assert.deepEqual(unexplained(free, /skipped(?:\[[23]\])?\.inverse$/), []);
    assert.deepEqual(unexplained(unbound, /^main\.lowSiblings\[[23]\]/), []);
  });
});
