/**
 * Finds the free wires of whole circuits, those that a transition's function explains, and those freed by a missing
 * constraint.
 */
import assert from 'node:assert/strict';
import { bitLayout } from '../../../avm/layout.ts';
import { AVM_SIZE, ROW_FLAGS, type SizeClass, TREE_ARITY, TREE_DEPTH } from '../../../protocol/constants.ts';
import type { TestCall } from '../transition/transitions.ts';
import type { TestCircuit } from './circuits.ts';
import { localFreedom } from './local-freedom.ts';

/** Names that none of the reasons explains. */
export function unexplained(names: readonly string[], ...reasons: RegExp[]): string[] {
  return names.filter((name) => !reasons.some((reason) => reason.test(name)));
}

/** Read only by equality tests: on other rows it stands beside a factor 0. */
export const INVERSE = /^main\.core\.row\[\d+\]\.inverse$/;

/** Paths of unused slots, whose membership test is off, and how many siblings they have in all. */
export function unusedPaths({ authorization }: TestCall): {
  readonly pattern: RegExp;
  readonly count: number;
} {
  const slots = authorization.recordInputs.flatMap(({ used }, slot) => (used ? [] : [slot]));
  return {
    pattern: new RegExp(`^main\\.noteSiblings\\[(?:${slots.join('|') || 'none'})\\]`),
    count: (TREE_ARITY - 1) * TREE_DEPTH * slots.length,
  };
}

/** A row that the function does not have is advice, and its leftover wire goes to a sink that does not count. */
export function unusedRows({ fn }: TestCall, sizeClass: SizeClass): RegExp {
  return new RegExp(`^main\\.rowOut\\[(?:${adviceRows(fn.bytecode.bits, sizeClass).join('|')})\\]$`);
}

/** Rows that are advice by their flags. */
function adviceRows(bits: Uint8Array, sizeClass: SizeClass): number[] {
  const size = AVM_SIZE[sizeClass];
  const advice = bitLayout(size).rowFlags + ROW_FLAGS.indexOf('advice');
  return Array.from({ length: size.rows }, (_, row) => row).filter(
    (row) => bits[advice + ROW_FLAGS.length * row] === 1,
  );
}

/** The circuit with one constraint emptied: 0 * 0 = 0. */
export function without(circuit: TestCircuit, index: number): TestCircuit {
  const empty = (matrix: TestCircuit['r1cs']['a']) => ({
    ...matrix,
    wires: matrix.wires.slice().fill(0, matrix.rows[index], matrix.rows[index + 1]),
  });
  const { r1cs } = circuit;
  return { ...circuit, r1cs: { ...r1cs, a: empty(r1cs.a), b: empty(r1cs.b), c: empty(r1cs.c) } };
}

/** Counts free wires and inputs. A cut inside a permutation leaves it with too few constraints: then all count as free. */
export function freedomIn(circuit: TestCircuit, witness: readonly bigint[]): number {
  try {
    const { free, unbound } = localFreedom(circuit, witness);
    return free.length + unbound.length;
  } catch (error) {
    assert.match(String(error), /has too few constraints/);
    return circuit.r1cs.wires;
  }
}
