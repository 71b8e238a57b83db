/** GET /notes: everything a wallet needs to follow the note tree and to find its records. */
import { type Static, Type } from '@sinclair/typebox';
import { AVM_SIZE, CIPHERTEXT_WORDS, RECORD_WORDS, TREE_DEPTH } from '../../protocol/constants.ts';
import { Count, FieldHex, HashHex } from './primitives.ts';

/** Bounds of an honest answer: a hostile one is refused by its form, before anything of it is used. */
const MOST_RECORDS = AVM_SIZE.large.recordOutputs;
const MOST_BLOCK_ITEMS = 4096;
const MOST_PAGE_BLOCKS = 1000;
/** Place in the note tree. */
const LeafIndex = Type.Integer({ minimum: 0, maximum: 4 ** TREE_DEPTH - 1 });

export const NoteTransition = Type.Object(
  {
    transactionId: HashHex,
    tpk: FieldHex,
    r: FieldHex,
    nullifiers: Type.Array(FieldHex, { maxItems: MOST_RECORDS }),
    outputs: Type.Array(
      Type.Object(
        {
          index: LeafIndex,
          commitment: FieldHex,
          ciphertext: Type.Array(FieldHex, { minItems: CIPHERTEXT_WORDS, maxItems: CIPHERTEXT_WORDS }),
          outgoing: FieldHex,
        },
        { additionalProperties: false },
      ),
      { maxItems: MOST_RECORDS },
    ),
  },
  { additionalProperties: false },
);
export type NoteTransition = Static<typeof NoteTransition>;

export const NoteDeposit = Type.Object(
  {
    queueIndex: Count,
    index: LeafIndex,
    commitment: FieldHex,
    typeId: FieldHex,
    ownerHash: FieldHex,
    data: Type.Array(FieldHex, { minItems: RECORD_WORDS, maxItems: RECORD_WORDS, TREE_DEPTH }),
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
    transitions: Type.Array(NoteTransition, { maxItems: MOST_BLOCK_ITEMS }),
    deposits: Type.Array(NoteDeposit, { maxItems: MOST_BLOCK_ITEMS }),
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
    blocks: Type.Array(NotesBlock, { maxItems: MOST_PAGE_BLOCKS }),
  },
  { additionalProperties: false },
);
export type NotesResponse = Static<typeof NotesResponse>;
