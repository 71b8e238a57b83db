/** POST /transactions, GET /transactions/:id. */
import { type Static, Type } from '@sinclair/typebox';
import { BytesHex, Count, HashHex, Nullable } from './primitives.ts';

export const SubmitRequest = Type.Object(
  { transaction: BytesHex },
  { additionalProperties: false, description: 'Canonical transaction bytes (specification, section 11)' },
);
export type SubmitRequest = Static<typeof SubmitRequest>;

/**
 * pending: accepted and stored. included: in a block being built. proven: that block is proven and being published, or
 * on L1 without enough confirmations. settled: on L1 with the configured confirmations. dropped: will never settle.
 * reverted: settled, but its public part failed (not before public calls exist).
 */
export const TransactionState = Type.Union([
  Type.Literal('pending'),
  Type.Literal('included'),
  Type.Literal('proven'),
  Type.Literal('settled'),
  Type.Literal('dropped'),
  Type.Literal('reverted'),
]);
export type TransactionState = Static<typeof TransactionState>;

export const SubmitResponse = Type.Object(
  { id: HashHex, status: TransactionState },
  { additionalProperties: false },
);
export type SubmitResponse = Static<typeof SubmitResponse>;

export const TransactionParams = Type.Object({ id: HashHex }, { additionalProperties: false });

export const TransactionStatus = Type.Object(
  {
    id: HashHex,
    status: TransactionState,
    l2Block: Nullable(Count),
    l1TransactionHash: Nullable(HashHex),
    l1Block: Nullable(Count),
    confirmations: Type.Integer({
      minimum: 0,
      description: 'L1 blocks on top, its own included; 0 if not on L1',
    }),
    reason: Nullable(
      Type.Object(
        { code: Type.String(), message: Type.String() },
        { additionalProperties: false, description: 'Why it was dropped, or why it waits' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type TransactionStatus = Static<typeof TransactionStatus>;
