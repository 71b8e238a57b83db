/** The last results of a function of field elements, most recently used first. */
const KEPT = 8;

interface Result<T> {
  readonly operands: readonly bigint[];
  readonly value: T;
}

/**
 * A small cache for slow pure functions that see the same operands again and again.
 * In attack tests these are bytecode checks, roots, points and hashes of thousands of evaluations.
 * It keeps operands and results, so it is not for secrets.
 */
export class RecentResults<T> {
  readonly #results: Result<T>[] = [];

  /** Returns the cached result, or calls `compute`, which must be pure. */
  of(operands: readonly bigint[], compute: () => T): T {
    const results = this.#results;
    const at = results.findIndex(
      (known) =>
        known.operands.length === operands.length &&
        operands.every((value, i) => value === known.operands[i]),
    );
    const result = at === -1 ? { operands, value: compute() } : results.splice(at, 1)[0];
    results.unshift(result);
    if (results.length > KEPT) results.pop();
    return result.value;
  }
}
