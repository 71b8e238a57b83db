/**
 * Freedom of first order, on a whole circuit as compiled for production. At an honest witness w every constraint
 * A*w o B*w = C*w has a linear form in small changes v of the wires: (B*w)(A*v) + (A*w)(B*v) - C*v = 0.
 *
 * - `free`: wires that may change while all inputs stay: advice that the constraints do not pin, or of which the value does not
 *   matter at this witness. A bit is pinned by its own constraint (its derivative is 1 or -1).
 * - `unbound`: inputs that may change, alone, with everything that follows from them, while the public signals stay.
 *
 * Not a proof of uniqueness: a second solution far away (the other root, another binary form) is not seen; those have forged
 * tests of their own. A Poseidon permutation is taken as a black box, any relation of all its inputs and outputs
 * (test/circuits/poseidon.test.ts shows what is inside); so preimages of hashes are not looked for.
 */
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import type { SparseMatrix } from '../../../prover/r1cs.ts';
import type { TestCircuit } from './circuits.ts';

/** A linear form: coefficient by wire, none of them 0. */
export type Row = Map<number, bigint>;

/** Wires inside a permutation, and in which one: circuits/hash/poseidon.circom. */
const INSIDE = /^(.*\.rounds)\.(?:x2|x4|y|u|u2|u4|v|x\[[1-7]\])\[/;

export interface Freedom {
  readonly free: readonly string[];
  readonly unbound: readonly string[];
}

/** @param witness honest, of the circuit; `seed`: of the random combinations */
export function localFreedom(circuit: TestCircuit, witness: readonly bigint[], seed = 1n): Freedom {
  const { r1cs } = circuit;
  const { inside, names } = readNames(circuit);
  const inputs = r1cs.publicSignals + r1cs.privateInputs;
  const rows = collapse(linearise(circuit, witness), inside, randoms(seed));

  // Solve in an order in which each equation brings one new wire.
  const unknown = (wire: number): boolean => wire > inputs && !inside.has(wire);
  const rowsOf = new Map<number, number[]>();
  const open = rows.map((row, index) => {
    let count = 0;
    for (const wire of row.keys()) {
      if (!unknown(wire)) continue;
      count++;
      const known = rowsOf.get(wire);
      if (known === undefined) rowsOf.set(wire, [index]);
      else known.push(index);
    }
    return count;
  });
  const solved = new Set<number>();
  const definitions: { readonly row: number; readonly wire: number }[] = [];
  const defining = new Set<number>();
  const queue = open.flatMap((count, index) => (count === 1 ? [index] : []));
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    if (open[row] !== 1) continue;
    const wire = [...rows[row]!.keys()].find((each) => unknown(each) && !solved.has(each))!;
    solved.add(wire);
    definitions.push({ row, wire });
    defining.add(row);
    for (const other of rowsOf.get(wire)!) if (--open[other]! === 1) queue.push(other);
  }

  // Push a random combination of the other equations back to the inputs.
  const random = randoms(seed + 1n);
  const weight = new Map<number, bigint>();
  const add = (row: Row, factor: bigint, skip?: number): void => {
    for (const [wire, value] of row) {
      if (wire !== skip) weight.set(wire, ((weight.get(wire) ?? 0n) + factor * value) % FIELD_MODULUS);
    }
  };
  rows.forEach((row, index) => {
    if (!defining.has(index) && open[index] === 0) add(row, random());
  });
  for (const { row, wire } of definitions.reverse()) {
    const at = weight.get(wire) ?? 0n;
    if (at === 0n) continue;
    const coefficient = rows[row]!.get(wire)!;
    add(rows[row]!, ((FIELD_MODULUS - at) * fieldInv(coefficient)) % FIELD_MODULUS, wire);
  }
  const name = (wire: number): string => names.get(wire) ?? `wire ${wire}`;
  const free: string[] = [];
  for (let wire = inputs + 1; wire < r1cs.wires; wire++)
    if (unknown(wire) && !solved.has(wire)) free.push(name(wire));
  const unbound: string[] = [];
  for (let wire = r1cs.publicSignals + 1; wire <= inputs; wire++)
    if ((weight.get(wire) ?? 0n) === 0n) unbound.push(name(wire));
  return { free, unbound };
}

export interface WireNames {
  /** Wires inside a permutation, and in which one. */
  readonly inside: ReadonlyMap<number, string>;
  /** The first name of each wire. */
  readonly names: ReadonlyMap<number, string>;
  /** Wires of the first squares of permutations. */
  readonly firstSquares: ReadonlySet<number>;
}

const namesOf = new WeakMap<TestCircuit['symbols'], WireNames>();

export function readNames({ symbols }: TestCircuit): WireNames {
  const known = namesOf.get(symbols) ?? readSymbols(symbols);
  namesOf.set(symbols, known);
  return known;
}

function readSymbols(symbols: TestCircuit['symbols']): WireNames {
  const firstSquares = new Set<number>();
  const inside = new Map<number, string>();
  const outside = new Set<number>();
  const names = new Map<number, string>();
  for (const [name, { wire }] of symbols) {
    if (/\.rounds\.x2\[0\]/.test(name)) firstSquares.add(wire);
    if (wire < 0) continue;
    if (!names.has(wire)) names.set(wire, name);
    const instance = INSIDE.exec(name)?.[1];
    if (instance === undefined) outside.add(wire);
    else inside.set(wire, instance);
  }
  for (const wire of outside) inside.delete(wire);
  return { inside, names, firstSquares };
}

/** Every constraint's linear form at the witness. */
export function linearise({ r1cs, checker }: TestCircuit, witness: readonly bigint[]): Row[] {
  const { a, b, c } = r1cs;
  const dot = (matrix: SparseMatrix, row: number): bigint => {
    let sum = 0n;
    for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++)
      sum += checker.coefficient(matrix, entry) * witness[matrix.wires[entry]!]!;
    return sum % FIELD_MODULUS;
  };
  return Array.from({ length: r1cs.constraints }, (_, index) => {
    const row: Row = new Map();
    const take = (matrix: SparseMatrix, factor: bigint): void => {
      for (let entry = matrix.rows[index]!; entry < matrix.rows[index + 1]!; entry++) {
        const wire = matrix.wires[entry]!;
        if (wire !== 0)
          row.set(
            wire,
            ((row.get(wire) ?? 0n) + factor * checker.coefficient(matrix, entry)) % FIELD_MODULUS,
          );
      }
    };
    take(a, dot(b, index));
    take(b, dot(a, index));
    take(c, -1n);
    for (const [wire, value] of row) {
      if (value === 0n) row.delete(wire);
      else if (value < 0n) row.set(wire, value + FIELD_MODULUS);
    }
    return row;
  });
}

/** Replaces a permutation's n equations over m inner wires by n - m random ones over its inputs and outputs. */
function collapse(rows: readonly Row[], inside: ReadonlyMap<number, string>, random: () => bigint): Row[] {
  const kept: Row[] = [];
  const instances = new Map<string, { rows: Row[]; wires: Set<number> }>();
  for (const row of rows) {
    const inner = [...row.keys()].filter((wire) => inside.has(wire));
    if (inner.length === 0) {
      kept.push(row);
      continue;
    }
    const name = inside.get(inner[0]!)!;
    const instance = instances.get(name) ?? { rows: [], wires: new Set() };
    instances.set(name, instance);
    instance.rows.push(row);
    for (const wire of inner) {
      if (inside.get(wire) !== name)
        throw new Error(`one constraint joins the insides of ${name} and another`);
      instance.wires.add(wire);
    }
  }
  for (const [name, instance] of instances) {
    const outputs = instance.rows.length - instance.wires.size;
    if (outputs < 1) throw new Error(`${name} has too few constraints`);
    for (let k = 0; k < outputs; k++) {
      const combined: Row = new Map();
      for (const row of instance.rows) {
        const factor = random();
        for (const [wire, value] of row) {
          if (!inside.has(wire))
            combined.set(wire, ((combined.get(wire) ?? 0n) + factor * value) % FIELD_MODULUS);
        }
      }
      kept.push(combined);
    }
  }
  return kept;
}

/** Reproducible field elements; any that are not chosen with the circuit in mind will do. */
function randoms(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % FIELD_MODULUS;
    state = (state * state + 7n * state + 11n) % FIELD_MODULUS;
    return state;
  };
}
