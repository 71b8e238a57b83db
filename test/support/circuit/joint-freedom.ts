/**
 * Finds the private inputs of a circuit that may change together while the public signals stay, at first order
 * (local-freedom.ts). It assumes that nobody finds collisions: the outputs of a Poseidon permutation stay exactly if its
 * inputs do. Gaussian elimination over all constraints' linear forms with every private wire unknown.
 */
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import type { TestCircuit } from './circuits.ts';
import { linearise, type Row, readNames } from './local-freedom.ts';

interface Permutation {
  /** Linear forms of its inputs. */
  readonly inputs: Row[];
  readonly inputWires: Set<number>;
  readonly outputWires: Set<number>;
  done: boolean;
}

/**
 * Names of inputs and outputs that may move while the wires that `fixed` names stay. These are by default the public
 * signals, so that private inputs are left.
 */
export function jointFreedom(
  circuit: TestCircuit,
  witness: readonly bigint[],
  fixed: (wire: number) => boolean = (wire) => wire <= circuit.r1cs.publicSignals,
): string[] {
  const { r1cs } = circuit;
  const { inside, names, firstSquares } = readNames(circuit);

  const elimination = new Elimination();
  const permutations = new Map<string, Permutation>();
  const others: [Permutation, Row][] = [];
  for (const row of linearise(circuit, witness)) {
    for (const wire of row.keys()) if (fixed(wire)) row.delete(wire);
    const inner = [...row.keys()].filter((wire) => inside.has(wire));
    if (inner.length === 0) {
      elimination.add(row);
      continue;
    }
    const name = inside.get(inner[0])!;
    const permutation = permutations.get(name) ?? {
      inputs: [],
      inputWires: new Set(),
      outputWires: new Set(),
      done: false,
    };
    permutations.set(name, permutation);
    for (const wire of inner) row.delete(wire);
    if (inner.length === 1 && firstSquares.has(inner[0])) {
      permutation.inputs.push(row);
      for (const wire of row.keys()) permutation.inputWires.add(wire);
    } else others.push([permutation, row]);
  }
  for (const [{ inputWires, outputWires }, row] of others)
    for (const wire of row.keys()) if (!inputWires.has(wire)) outputWires.add(wire);

  const settled = (wires: Iterable<number>): boolean =>
    [...wires].every((wire) => elimination.zero.has(wire));
  const crossPermutations = (): boolean => {
    let progress = false;
    for (const permutation of permutations.values()) {
      if (permutation.done) continue;
      const { inputs, inputWires, outputWires } = permutation;
      if (settled(outputWires)) for (const row of inputs) elimination.add(row);
      else if (settled(inputWires)) for (const wire of outputWires) elimination.add(new Map([[wire, 1n]]));
      else continue;
      permutation.done = true;
      progress = true;
    }
    return progress;
  };
  do elimination.propagate();
  while (crossPermutations() || elimination.pivot());

  const moving: string[] = [];
  for (let wire = 1; wire <= r1cs.publicSignals + r1cs.privateInputs; wire++)
    if (!fixed(wire) && !elimination.zero.has(wire)) moving.push(names.get(wire) ?? `wire ${wire}`);
  return moving;
}

/** A homogeneous system: finds wires that are 0 in every solution. */
class Elimination {
  readonly zero = new Set<number>();
  /** Eliminated wires as combinations of others. */
  private readonly pivots = new Map<number, Row>();
  private readonly rows = new Map<number, Row>();
  private readonly rowsOf = new Map<number, Set<number>>();
  private readonly single: number[] = [];
  private next = 0;

  add(given: Row): void {
    const row: Row = new Map();
    for (const [wire, value] of given) {
      const pivot = this.pivots.get(wire);
      addMultiple(row, pivot ?? new Map([[wire, 1n]]), value);
    }
    for (const wire of [...row.keys()]) if (this.zero.has(wire)) row.delete(wire);
    const id = this.next++;
    this.rows.set(id, row);
    for (const wire of row.keys()) this.note(wire, id);
    this.touched(id);
  }

  /** Sets wires to 0 that stand alone in a row, until there is none. */
  propagate(): void {
    for (let id = this.single.pop(); id !== undefined; id = this.single.pop()) {
      const row = this.rows.get(id);
      if (row?.size !== 1) continue;
      this.rows.delete(id);
      this.setZero([...row.keys()][0]);
    }
  }

  /** Eliminates one wire, of a shortest row; false when no row is left. */
  pivot(): boolean {
    let shortest: number | undefined;
    for (const [id, { size }] of this.rows) {
      if (shortest !== undefined && size >= this.rows.get(shortest)!.size) continue;
      shortest = id;
      if (size === 2) break;
    }
    if (shortest === undefined) return false;
    const row = this.rows.get(shortest)!;
    this.rows.delete(shortest);
    for (const wire of row.keys()) this.rowsOf.get(wire)!.delete(shortest);
    const rarity = (wire: number): number => this.rowsOf.get(wire)!.size;
    const [wire] = [...row.keys()].sort((x, y) => rarity(x) - rarity(y));
    const scale = FIELD_MODULUS - fieldInv(row.get(wire)!);
    row.delete(wire);
    const expression: Row = new Map();
    addMultiple(expression, row, scale);
    for (const id of this.rowsOf.get(wire)!) {
      const other = this.rows.get(id)!;
      const factor = other.get(wire)!;
      other.delete(wire);
      addMultiple(other, expression, factor);
      for (const each of expression.keys()) {
        if (other.has(each)) this.note(each, id);
        else this.rowsOf.get(each)?.delete(id);
      }
      this.touched(id);
    }
    this.rowsOf.delete(wire);
    for (const pivot of this.pivots.values()) {
      const factor = pivot.get(wire);
      if (factor === undefined) continue;
      pivot.delete(wire);
      addMultiple(pivot, expression, factor);
    }
    this.pivots.set(wire, expression);
    this.settle();
    return true;
  }

  private note(wire: number, id: number): void {
    const known = this.rowsOf.get(wire);
    if (known === undefined) this.rowsOf.set(wire, new Set([id]));
    else known.add(id);
  }

  private touched(id: number): void {
    const { size } = this.rows.get(id)!;
    if (size === 1) this.single.push(id);
    else if (size === 0) this.rows.delete(id);
  }

  private setZero(wire: number): void {
    this.zero.add(wire);
    for (const id of this.rowsOf.get(wire) ?? []) {
      if (this.rows.get(id)?.delete(wire)) this.touched(id);
    }
    this.rowsOf.delete(wire);
    for (const pivot of this.pivots.values()) pivot.delete(wire);
    this.settle();
  }

  /** A pivot whose combination is empty is 0 itself. */
  private settle(): void {
    for (const [wire, expression] of this.pivots) {
      if (expression.size > 0) continue;
      this.pivots.delete(wire);
      this.zero.add(wire);
    }
  }
}

/** target += factor * source. */
function addMultiple(target: Row, source: Row, factor: bigint): void {
  for (const [wire, value] of source) {
    const sum = ((target.get(wire) ?? 0n) + factor * value) % FIELD_MODULUS;
    if (sum === 0n) target.delete(wire);
    else target.set(wire, sum);
  }
}
