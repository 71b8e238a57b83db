/** Checks witnesses against a circuit's real constraints, independent of the witness generator. Isomorphic. */

import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { coefficientAt, type R1cs, type SparseMatrix } from '../../../prover/r1cs.ts';

const HALF = FIELD_MODULUS >> 1n;

/** A witness and every constraint that it breaks. */
interface Checked {
  readonly witness: bigint[];
  readonly failing: Set<number>;
}

/** Evaluates A*w o B*w = C*w row by row. Keeps the coefficients as integers between calls, and the last witness. */
export class R1csChecker {
  readonly r1cs: R1cs;
  readonly #coefficients: ReadonlyMap<SparseMatrix, (bigint | undefined)[]>;
  #rowsOfWire: { starts: Uint32Array; rows: Uint32Array } | undefined;
  #last: Checked | undefined;

  constructor(r1cs: R1cs) {
    this.r1cs = r1cs;
    this.#coefficients = new Map(
      [r1cs.a, r1cs.b, r1cs.c].map((matrix) => [matrix, new Array(matrix.wires.length)]),
    );
  }

  /**
   * Checks only constraints that name a wire whose value differs from the witness of the call before: forged witnesses
   * differ from each other in few.
   *
   * @param witness one value per wire, canonical, witness[0] = 1
   * @returns indexes of the constraints that do not hold, ascending
   * @throws R1CS_WITNESS when the witness has another length, a value outside [0, r) or wire 0 is not 1
   */
  failing(witness: readonly bigint[]): number[] {
    const last = this.#last;
    const changed: number[] = [];
    for (let wire = 0; wire < witness.length; wire++)
      if (witness[wire] !== last?.witness[wire]) changed.push(wire);
    if (last === undefined || witness.length !== this.r1cs.wires || 2 * changed.length > witness.length) {
      this.#validate(witness);
      const failing = new Set<number>();
      for (let row = 0; row < this.r1cs.constraints; row++) if (!this.holds(row, witness)) failing.add(row);
      this.#last = { witness: witness.slice(), failing };
      return [...failing];
    }
    this.#validate(witness, changed);
    for (const row of this.#rowsWith(changed)) {
      if (this.holds(row, witness)) last.failing.delete(row);
      else last.failing.add(row);
    }
    for (const wire of changed) last.witness[wire] = witness[wire]!;
    return [...last.failing].sort((x, y) => x - y);
  }

  /**
   * The same for a witness that differs from a satisfying one only in `changed`: looks at the constraints with those
   * wires only.
   */
  failingAround(witness: readonly bigint[], changed: readonly number[]): number[] {
    this.#validate(witness);
    return [...this.#rowsWith(changed)].filter((row) => !this.holds(row, witness)).sort((x, y) => x - y);
  }

  /** Returns whether constraint `row` holds. */
  holds(row: number, witness: readonly bigint[]): boolean {
    const { a, b, c } = this.r1cs;
    const left = this.#dot(a, row, witness);
    const product = left === 0n ? 0n : left * this.#dot(b, row, witness);
    return (product - this.#dot(c, row, witness)) % FIELD_MODULUS === 0n;
  }

  /** An entry's coefficient in (-r/2, r/2]; the matrix may be another one over the same bytes. */
  coefficient(matrix: SparseMatrix, entry: number): bigint {
    const cache = this.#coefficients.get(matrix);
    const known = cache?.[entry];
    if (known !== undefined) return known;
    const value = coefficientAt(this.r1cs, matrix.offsets[entry]!);
    const centred = value > HALF ? value - FIELD_MODULUS : value;
    if (cache !== undefined) cache[entry] = centred;
    return centred;
  }

  /** Row times witness, reduced, in (-r, r). */
  #dot(matrix: SparseMatrix, row: number, witness: readonly bigint[]): bigint {
    let sum = 0n;
    for (let entry = matrix.rows[row]!; entry < matrix.rows[row + 1]!; entry++) {
      const value = witness[matrix.wires[entry]!]!;
      if (value !== 0n) sum += this.coefficient(matrix, entry) * value;
    }
    return sum % FIELD_MODULUS;
  }

  /** Constraints that name one of the wires. */
  #rowsWith(wires: readonly number[]): Set<number> {
    const { starts, rows } = (this.#rowsOfWire ??= indexRows(this.r1cs));
    const touched = new Set<number>();
    for (const wire of wires) {
      for (let entry = starts[wire]!; entry < starts[wire + 1]!; entry++) touched.add(rows[entry]!);
    }
    return touched;
  }

  #validate(witness: readonly bigint[], wires?: readonly number[]): void {
    const outside = (value: bigint): boolean => value < 0n || value >= FIELD_MODULUS;
    const bad =
      wires === undefined
        ? witness.findIndex(outside)
        : (wires.find((wire) => outside(witness[wire]!)) ?? -1);
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
