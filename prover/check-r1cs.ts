/** Checks witnesses against a circuit's real constraints, independent of the witness generator. Isomorphic. */

import { FIELD_MODULUS } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { coefficientAt, type R1cs, type SparseMatrix } from './r1cs.ts';

const HALF = FIELD_MODULUS >> 1n;

/** Evaluates A*w o B*w = C*w row by row. Keeps the coefficients as integers between calls. */
export class R1csChecker {
  readonly r1cs: R1cs;
  readonly #coefficients: readonly (bigint | undefined)[][];
  #rowsOfWire: { starts: Uint32Array; rows: Uint32Array } | undefined;

  constructor(r1cs: R1cs) {
    this.r1cs = r1cs;
    this.#coefficients = [r1cs.a, r1cs.b, r1cs.c].map((matrix) => new Array(matrix.wires.length));
  }

  /**
   * @param witness one value per wire, canonical, witness[0] = 1
   * @returns indexes of the constraints that do not hold, ascending
   * @throws R1CS_WITNESS when the witness has another length, a value outside [0, r) or wire 0 is not 1
   */
  failing(witness: readonly bigint[]): number[] {
    this.#validate(witness);
    const failing: number[] = [];
    for (let row = 0; row < this.r1cs.constraints; row++) if (!this.holds(row, witness)) failing.push(row);
    return failing;
  }

  /**
   * The same for a witness that differs from a satisfying one only in `changed`: looks at the constraints with those
   * wires only.
   */
  failingAround(witness: readonly bigint[], changed: readonly number[]): number[] {
    this.#validate(witness);
    const { starts, rows } = (this.#rowsOfWire ??= indexRows(this.r1cs));
    const touched = new Set<number>();
    for (const wire of changed) {
      for (let entry = starts[wire]!; entry < starts[wire + 1]!; entry++) touched.add(rows[entry]!);
    }
    return [...touched].filter((row) => !this.holds(row, witness)).sort((x, y) => x - y);
  }

  /** Whether constraint `row` holds. */
  holds(row: number, witness: readonly bigint[]): boolean {
    const { a, b, c } = this.r1cs;
    const product = this.#dot(a, 0, row, witness) * this.#dot(b, 1, row, witness);
    return (product - this.#dot(c, 2, row, witness)) % FIELD_MODULUS === 0n;
  }

  /** An entry's coefficient in (-r/2, r/2]. */
  coefficient(matrix: SparseMatrix, entry: number): bigint {
    const value = coefficientAt(this.r1cs, matrix.offsets[entry]!);
    return value > HALF ? value - FIELD_MODULUS : value;
  }

  /** Row times witness, reduced, in (-r, r). */
  #dot(matrix: SparseMatrix, index: number, row: number, witness: readonly bigint[]): bigint {
    const cache = this.#coefficients[index]!;
    let sum = 0n;
    for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++) {
      let coefficient = cache[entry];
      if (coefficient === undefined) {
        coefficient = this.coefficient(matrix, entry);
        cache[entry] = coefficient;
      }
      sum += coefficient * witness[matrix.wires[entry]!]!;
    }
    return sum % FIELD_MODULUS;
  }

  #validate(witness: readonly bigint[]): void {
    const bad = witness.findIndex((value) => value < 0n || value >= FIELD_MODULUS);
    if (witness.length !== this.r1cs.wires || witness[0] !== 1n || bad !== -1) {
      throw new AzaleaError(
        'R1CS_WITNESS',
        `a witness needs ${this.r1cs.wires} canonical values with wire 0 = 1; got ${witness.length}${bad === -1 ? '' : `, wire ${bad} out of range`}`,
      );
    }
  }
}

/** For each wire the constraints that name it, in compressed form. */
function indexRows(r1cs: R1cs): { starts: Uint32Array; rows: Uint32Array } {
  const starts = new Uint32Array(r1cs.wires + 1);
  const matrices = [r1cs.a, r1cs.b, r1cs.c];
  for (const { wires } of matrices) for (const wire of wires) starts[wire + 1]!++;
  for (let wire = 0; wire < r1cs.wires; wire++) starts[wire + 1]! += starts[wire]!;
  const next = starts.slice();
  const rows = new Uint32Array(r1cs.nonZeros);
  for (const matrix of matrices) {
    for (let row = 0; row < r1cs.constraints; row++) {
      for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++) {
        rows[next[matrix.wires[entry]!]!++] = row;
      }
    }
  }
  return { starts, rows };
}
