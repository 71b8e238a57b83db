/** Wire forms shared by every schema (docs/specification.md, section 1). */
import { type TSchema, Type } from '@sinclair/typebox';

/** A field element: `0x` and 64 lower-case hex digits, below r. */
export const FieldHex = Type.String({
  pattern: '^0x[0-9a-f]{64}$',
  description: 'Field element, 32 bytes big-endian, smaller than r',
});

/** A 32-byte hash: transaction id, L1 block or transaction hash, key hash. */
export const HashHex = Type.String({ pattern: '^0x[0-9a-f]{64}$', description: '32 bytes' });

/** An L1 address in lower case. */
export const AddressHex = Type.String({ pattern: '^0x[0-9a-f]{40}$', description: 'L1 address' });

/** Bytes of any length. */
export const BytesHex = Type.String({ pattern: '^0x([0-9a-f]{2})*$', description: 'Bytes' });

/** A block number, index or count. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Body of every answer with status 400 or above. */
export const ErrorBody = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'Stable; docs/errors.md lists them all' }),
      message: Type.String(),
      details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    }),
  },
  { $id: 'Error', additionalProperties: false },
);
