/** GET /notes: everything a wallet needs to follow the note tree and to find its records. */
import { type Static, Type } from '@sinclair/typebox';
import { CIPHERTEXT_WORDS, RECORD_WORDS } from '../../protocol/constants.ts';
import { Count, FieldHex, HashHex } from './primitives.ts';

export const NoteTransition = Type.Object(
  {
    transactionId: HashHex,
    tpk: FieldHex,
    r: FieldHex,
    nullifiers: Type.Array(FieldHex),
    outputs: Type.Array(
      Type.Object(
        {
          index: Count,
          commitment: FieldHex,
          ciphertext: Type.Array(FieldHex, { minItems: CIPHERTEXT_WORDS, maxItems: CIPHERTEXT_WORDS }),
          outgoing: FieldHex,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type NoteTransition = Static<typeof NoteTransition>;

export const NoteDeposit = Type.Object(
  {
    queueIndex: Count,
    index: Count,
    commitment: FieldHex,
    typeId: FieldHex,
    ownerHash: FieldHex,
    data: Type.Array(FieldHex, { minItems: RECORD_WORDS, maxItems: RECORD_WORDS }),
  },
  { additionalProperties: false },
);
export type NoteDeposit = Static<typeof NoteDeposit>;

export const NotesBlock = Type.Object(
  {
    number: Count,
    hash: HashHex,
    previousNoteRoot: FieldHex,
    noteRoot: FieldHex,
    noteCount: Type.Integer({
      minimum: 0,
      description: 'Next free leaf index after this block, gaps included',
    }),
    l1Block: Count,
    l1BlockHash: HashHex,
    settled: Type.Boolean(),
    transitions: Type.Array(NoteTransition),
    deposits: Type.Array(NoteDeposit),
  },
  { additionalProperties: false },
);
export type NotesBlock = Static<typeof NotesBlock>;

export const NotesResponse = Type.Object(
  {
    head: Count,
    nextBlock: Type.Integer({
      minimum: 0,
      description: 'fromBlock of the next page; head + 1 when this was the last',
    }),
    blocks: Type.Array(NotesBlock),
  },
  { additionalProperties: false },
);
export type NotesResponse = Static<typeof NotesResponse>;
