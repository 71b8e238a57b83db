/** A value of the nullifier list and the index of its leaf. */
export interface IndexedValue {
  readonly value: bigint;
  readonly index: number;
}

/** Values in ascending order with their leaf indexes: finds the predecessor of a value. */
export class SortedValues {
  #values: bigint[];
  #indexes: number[];

  constructor(entries: readonly IndexedValue[] = []) {
    const sorted = entries.toSorted((a, b) => (a.value < b.value ? -1 : 1));
    this.#values = sorted.map((entry) => entry.value);
    this.#indexes = sorted.map((entry) => entry.index);
  }

  get length(): number {
    return this.#values.length;
  }

  has(value: bigint): boolean {
    return this.#values[this.#firstAtLeast(value)] === value;
  }

  /** The largest entry below `value`, undefined when there is none. */
  predecessor(value: bigint): IndexedValue | undefined {
    const at = this.#firstAtLeast(value) - 1;
    return at < 0 ? undefined : { value: this.#values[at], index: this.#indexes[at] };
  }

  add(entry: IndexedValue): void {
    const at = this.#firstAtLeast(entry.value);
    this.#values.splice(at, 0, entry.value);
    this.#indexes.splice(at, 0, entry.index);
  }

  delete(value: bigint): void {
    const at = this.#firstAtLeast(value);
    if (this.#values[at] !== value) return;
    this.#values.splice(at, 1);
    this.#indexes.splice(at, 1);
  }

  #firstAtLeast(value: bigint): number {
    let low = 0;
    let high = this.#values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#values[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
