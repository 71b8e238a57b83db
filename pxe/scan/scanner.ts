import type { NoteTransition } from '../../rpc/schema/notes.ts';
import { packTransitions } from './pack-transitions.ts';
import { ScanFilter, type ScanKeys } from './scan-filter.ts';

/** Finds the few transitions that are worth trying with an account's keys. */
export interface Scanner {
  /**
   * The transitions that may concern the account: all in which `discover` finds something, and hardly any other.
   * Throws FIELD_ENCODING and FIELD_OUT_OF_RANGE for words that are not canonical, SCANNER_STOPPED.
   */
  candidates(keys: ScanKeys, transitions: readonly NoteTransition[]): Promise<ReadonlySet<NoteTransition>>;
  close(): Promise<void>;
}

/** The transitions whose verdict is 1. */
export function chosen(
  transitions: readonly NoteTransition[],
  verdicts: Uint8Array,
): ReadonlySet<NoteTransition> {
  return new Set(transitions.filter((_, k) => verdicts[k] === 1));
}

/** A scanner in this thread: runs everywhere, and blocks while it works. */
export function directScanner(): Scanner {
  let filter: Promise<ScanFilter> | undefined;
  return {
    candidates: async (keys, transitions) => {
      filter ??= ScanFilter.create();
      return chosen(transitions, (await filter).filter(keys, packTransitions(transitions)));
    },
    close: async () => {},
  };
}
