/** GET /blocks, /blocks/:number, /roots. */
import { type Static, Type } from '@sinclair/typebox';
import { AddressHex, BytesHex, Count, FieldHex, HashHex, Nullable } from './primitives.ts';

export const PageQuery = Type.Object(
  {
    fromBlock: Type.Optional(Count),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
);
export type PageQuery = Static<typeof PageQuery>;

/** An L2 block found on L1. Block 0 (genesis) has no L1 transaction, proposer or contents. */
export const BlockSummary = Type.Object(
  {
    number: Count,
    hash: HashHex,
    noteRoot: FieldHex,
    nullifierRoot: FieldHex,
    l1Block: Count,
    l1BlockHash: HashHex,
    l1TransactionHash: Nullable(HashHex),
    proposer: Nullable(AddressHex),
    timestamp: Type.Integer({ minimum: 0, description: 'Of the L1 block, seconds' }),
    transactions: Count,
    deposits: Count,
    chunks: Count,
    settled: Type.Boolean({ description: 'Has the configured number of confirmations' }),
  },
  { additionalProperties: false },
);
export type BlockSummary = Static<typeof BlockSummary>;

export const BlocksResponse = Type.Object(
  { head: Count, blocks: Type.Array(BlockSummary) },
  { additionalProperties: false, description: 'head: number of the newest L2 block on L1' },
);
export type BlocksResponse = Static<typeof BlocksResponse>;

export const BlockParams = Type.Object(
  { number: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
  { additionalProperties: false },
);

export const BlockResponse = Type.Object(
  {
    block: BlockSummary,
    transactionIds: Type.Array(HashHex),
    bytes: Type.Union([BytesHex, Type.Null()], {
      description: 'As published on L1 (specification, section 11)',
    }),
  },
  { additionalProperties: false },
);
export type BlockResponse = Static<typeof BlockResponse>;

export const RootEntry = Type.Object(
  {
    block: Count,
    noteRoot: FieldHex,
    nullifierRoot: FieldHex,
    l1Block: Count,
    l1BlockHash: HashHex,
    supersededAtL1Block: Nullable(Count),
    expiresAfterL1Block: Nullable(Count),
  },
  { additionalProperties: false },
);
export type RootEntry = Static<typeof RootEntry>;

export const RootsResponse = Type.Object(
  { head: Count, l1Head: Count, roots: Type.Array(RootEntry) },
  { additionalProperties: false },
);
export type RootsResponse = Static<typeof RootsResponse>;
