import type { Field } from '../../protocol/field.ts';

/**
 * Records reserved by pending calls: chosen, but their transaction is not stored yet. They are held in memory only.
 * A store has one process at a time, and nothing was sent of a call whose process ended before its transaction was kept.
 */
export class Reservations {
  readonly #held = new Set<Field>();

  /** Commitments that are reserved. */
  all(): ReadonlySet<Field> {
    return this.#held;
  }

  /** Reserves records that no other call has; the result releases them. Planning and this must run without a pause between. */
  take(commitments: readonly Field[]): () => void {
    for (const commitment of commitments) this.#held.add(commitment);
    return () => {
      for (const commitment of commitments) this.#held.delete(commitment);
    };
  }
}
