/** The last results of a function of field elements, most recently used first. */
const KEPT = 8;

interface Result<T> {
  readonly operands: readonly bigint[];
  readonly value: T;
}

/**
 * For evaluation under attack, where thousands of runs of one function differ in few values while roots, points and hashes of
 * the others take most of the time. Never for honest runs: what it keeps may be secret.
 */
export class RecentResults<T> {
  readonly #results: Result<T>[] = [];

  /** `compute()`, or what it gave for the same operands lately. It must depend on nothing else. */
  of(operands: readonly bigint[], compute: () => T): T {
    const results = this.#results;
    const at = results.findIndex((known) => operands.every((value, i) => value === known.operands[i]));
    const result = at === -1 ? { operands, value: compute() } : results.splice(at, 1)[0];
    results.unshift(result);
    if (results.length > KEPT) results.pop();
    return result.value;
  }
}
