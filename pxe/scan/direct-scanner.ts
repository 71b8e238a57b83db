import type { NoteTransition } from '../../rpc/schema/notes.ts';
import type { Scanner } from '../sync/account-search.ts';
import { packTransitions } from './pack-transitions.ts';
import { ScanFilter } from './scan-filter.ts';

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
