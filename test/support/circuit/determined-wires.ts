/**
 * Proves for a circuit that its inputs leave no freedom, for every input at once. A constraint whose A and B are determined
 * is a linear equation in the wires of C, with a known right-hand side. Elimination over these equations yields further
 * determined wires and combinations, until nothing changes. No step depends on values, so the result holds for all inputs.
 * It is not complete: a wire fixed by a quadratic equation (a bit) is not found.
 */

import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import { coefficientAt, type SparseMatrix } from '../../../prover/r1cs.ts';
import type { TestCircuit } from './circuits.ts';

type Row = Map<number, bigint>;

/** Wires that the constraints do not determine from the wires in `given` (and wire 0), ascending. */
export function undeterminedWires(circuit: TestCircuit, given: Iterable<number>): number[] {
  const { r1cs } = circuit;
  const known = new Set<number>([0, ...given]);
  const pivots = new Map<number, Row>();
  let waiting = Array.from({ length: r1cs.constraints }, (_, row) => row);
  const row = (matrix: SparseMatrix, index: number): Row => {
    const terms: Row = new Map();
    for (let entry = matrix.rows[index]!; entry < matrix.rows[index + 1]!; entry++) {
      terms.set(matrix.wires[entry]!, coefficientAt(r1cs, matrix.offsets[entry]!));
    }
    return terms;
  };
  const isKnown = (matrix: SparseMatrix, index: number): boolean => {
    const terms = row(matrix, index);
    reduce(terms);
    return terms.size === 0;
  };
  // Known wires are constants: they never enter a row.
  const forget = (wire: number): void => {
    known.add(wire);
    for (const other of pivots.values()) other.delete(wire);
  };
  // The rest of a combination without its determined wires.
  const reduce = (terms: Row): void => {
    for (const wire of [...terms.keys()]) if (known.has(wire)) terms.delete(wire);
    for (const wire of [...terms.keys()]) {
      const pivot = pivots.get(wire);
      if (pivot) subtract(terms, pivot, terms.get(wire)!);
    }
  };
  const add = (equation: Row): void => {
    reduce(equation);
    const [wire] = equation.keys();
    if (wire === undefined) return;
    const scale = fieldInv(equation.get(wire)!);
    for (const [at, value] of equation) equation.set(at, (value * scale) % FIELD_MODULUS);
    for (const other of pivots.values()) {
      const factor = other.get(wire);
      if (factor !== undefined) subtract(other, equation, factor);
    }
    pivots.set(wire, equation);
  };
  for (let progress = true; progress; ) {
    progress = false;
    waiting = waiting.filter((index) => {
      if (!isKnown(r1cs.a, index) || !isKnown(r1cs.b, index)) return true;
      add(row(r1cs.c, index));
      progress = true;
      return false;
    });
    for (const [wire, equation] of [...pivots]) {
      if (equation.size !== 1) continue;
      pivots.delete(wire);
      forget(wire);
      progress = true;
    }
  }
  const missing: number[] = [];
  for (let wire = 0; wire < r1cs.wires; wire++) if (!known.has(wire)) missing.push(wire);
  return missing;
}

/** target -= factor * source. */
function subtract(target: Row, source: Row, factor: bigint): void {
  for (const [wire, value] of source) {
    const next = ((target.get(wire) ?? 0n) + (FIELD_MODULUS - factor) * value) % FIELD_MODULUS;
    if (next === 0n) target.delete(wire);
    else target.set(wire, next);
  }
}
