import type { NotesResponse } from '../../rpc/schema/notes.ts';

/**
 * Where blocks of commitments and encrypted records come from: a sequencer (`SequencerClient`), or L1 itself. Neither is
 * trusted: the note tree that the stream builds is compared with the root that L1 stored.
 */
export interface NoteSource {
  /** Its blocks are L1's own bytes: then nothing in them is anybody's word. */
  readonly fromL1?: boolean;
  /** One page from `fromBlock` on, newest settled block last. */
  getNotes(page: { readonly fromBlock?: number; readonly limit?: number }): Promise<NotesResponse>;
}
