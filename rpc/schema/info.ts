/** GET /info, /health, /artifacts/:hash, POST /proving-keys/:circuit. */
import { type Static, Type } from '@sinclair/typebox';
import { AddressHex, Count, FieldHex, HashHex, Nullable } from './primitives.ts';

export const KeyInfo = Type.Object(
  {
    id: Count,
    circuit: Type.String({ maxLength: 64 }),
    role: Type.Union([Type.Literal('transition'), Type.Literal('state-update')]),
    hash: Type.String({
      pattern: '^0x[0-9a-f]{64}$',
      description: 'keccak256 of the verification key as L1 holds it',
    }),
  },
  { additionalProperties: false },
);
export type KeyInfo = Static<typeof KeyInfo>;

export const ArtifactInfo = Type.Object(
  {
    name: Type.String({ maxLength: 128 }),
    circuit: Type.String({ maxLength: 64 }),
    kind: Type.Union([
      Type.Literal('proving-key'),
      Type.Literal('witness-generator'),
      Type.Literal('verification-key'),
    ]),
    sha256: HashHex,
    bytes: Count,
  },
  { additionalProperties: false },
);
export type ArtifactInfo = Static<typeof ArtifactInfo>;

export const InfoResponse = Type.Object(
  {
    software: Type.String({ maxLength: 128 }),
    versions: Type.Object(
      { transaction: Count, block: Count, lowering: Count },
      { additionalProperties: false },
    ),
    rollupId: FieldHex,
    chainId: Count,
    rollup: AddressHex,
    bridge: AddressHex,
    deployedAtL1Block: Count,
    creditsProgramId: FieldHex,
    bridgeProgramId: FieldHex,
    insecureKeys: Type.Boolean(),
    keys: Type.Array(KeyInfo, { maxItems: 256 }),
    artifacts: Type.Array(ArtifactInfo, { maxItems: 256 }),
    confirmations: Count,
    anchorMaxAgeL1Blocks: Count,
    limits: Type.Object(
      { bodyBytes: Count, pageBlocks: Count, mempoolTransactions: Count, blockTransactions: Count },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type InfoResponse = Static<typeof InfoResponse>;

export const HealthResponse = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('starting'), Type.Literal('degraded')], {
      description: 'ok is answered with 200, the others with 503',
    }),
    l1: Type.Object(
      {
        reachable: Type.Boolean(),
        head: Nullable(Count),
        followed: Nullable(Count),
        secondsSincePoll: Nullable(
          Type.Number({ minimum: 0, description: 'Age of the last successful look at L1, in seconds' }),
        ),
        error: Nullable(Type.String()),
      },
      { additionalProperties: false },
    ),
    l2Head: Nullable(Count),
    mempool: Type.Object({ pending: Count, parked: Count }, { additionalProperties: false }),
    candidate: Nullable(
      Type.Object(
        {
          block: Count,
          stage: Type.Union([Type.Literal('proving'), Type.Literal('proven'), Type.Literal('published')]),
          transactions: Count,
        },
        { additionalProperties: false },
      ),
    ),
    problem: Nullable(
      Type.Object({ code: Type.String(), message: Type.String() }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type HealthResponse = Static<typeof HealthResponse>;

export const ArtifactParams = Type.Object({ hash: HashHex }, { additionalProperties: false });

export const ProvingKeyParams = Type.Object(
  { circuit: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }) },
  { additionalProperties: false },
);

export const ProvingKeyStatus = Type.Object(
  {
    circuit: Type.String(),
    state: Type.Union([Type.Literal('building'), Type.Literal('ready')]),
    fraction: Type.Number({ minimum: 0, maximum: 1, description: 'How much of it is made' }),
  },
  { additionalProperties: false },
);
export type ProvingKeyStatus = Static<typeof ProvingKeyStatus>;
