/** The last results of a function of field elements, most recently used first. */
const KEPT = 8;

interface Result<T> {
  readonly operands: readonly bigint[];
  readonly value: T;
}

/**
 * For slow functions of values that hardly change from call to call: the bytecode that is checked, roots, points and hashes in
 * thousands of evaluations under attack. It keeps operands and results: not for secrets.
 */
export class RecentResults<T> {
  readonly #results: Result<T>[] = [];

  /** `compute()`, or what it gave for the same operands lately. It must depend on nothing else. */
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
