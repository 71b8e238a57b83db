/**
 * Settings of a sequencer. A JSON file is overridden by environment variables, and these by the caller's values. A variable
 * is AZALEA_ and the setting's name in upper case with underscores, for example AZALEA_L1_URL.
 */
import { availableParallelism } from 'node:os';
import { Kind, type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { rollupAddress } from '../../l1/deploy/deployment-file.ts';
import { parseTrustedProxies } from '../http/trusted-proxies.ts';
import {
  invalid,
  readableByOthers,
  readConfigFile,
  readKeyFile,
  unknownSetting,
  unknownVariables,
} from './config-sources.ts';

/** Names the proposer's key in a file; no setting of its own. */
const KEY_FILE = 'proposerKeyFile';

const MilliSeconds = (value: number, description: string) =>
  Type.Integer({ minimum: 1, default: value, description: `${description}, in milliseconds` });

export const SequencerConfig = Type.Object(
  {
    l1Url: Type.String({
      pattern: '^https?://',
      description: 'JSON-RPC endpoint of L1; several with commas: the next one serves when one does not',
    }),
    rollup: Type.String({
      pattern: '^0x[0-9a-fA-F]{40}$',
      description: 'Address of the rollup contract, or the file that azalea rollup deploy wrote',
    }),
    proposerKey: Type.String({
      pattern: '^0x[0-9a-fA-F]{64}$',
      description: 'Private key of the L1 account that proposes blocks; prefer proposerKeyFile',
    }),
    dataDirectory: Type.String({ minLength: 1, default: '.azalea/sequencer', description: 'LMDB directory' }),
    host: Type.String({ default: '127.0.0.1', description: 'Address the HTTP server listens on' }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65535,
      default: 8080,
      description: 'HTTP port; 0 picks a free one',
    }),
    metricsHost: Type.String({ default: '127.0.0.1', description: 'Address that metricsPort listens on' }),
    metricsPort: Type.Integer({
      minimum: -1,
      maximum: 65535,
      default: -1,
      description: 'Port of /metrics alone; 0 picks a free one, -1: /metrics stands beside the API',
    }),
    corsOrigin: Type.String({ default: '*', description: 'Allowed origin of browsers; empty: none' }),
    logLevel: Type.Union(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
      { default: 'info', description: 'Least level that is logged' },
    ),
    keysDirectory: Type.String({
      default: '',
      description: 'Where `npm run setup -- --ptau` put the production keys; empty: development keys',
    }),
    rapidsnark: Type.String({
      default: '',
      description: 'Path of a rapidsnark-compatible prover binary; empty: snarkjs',
    }),
    confirmations: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 1,
      description: 'L1 blocks, its own included, until an L2 block counts as settled',
    }),
    pollMs: MilliSeconds(1000, 'Pause between two looks at L1'),
    l1LogRange: Type.Integer({
      minimum: 1,
      default: 2000,
      description: 'Most L1 blocks asked for in one go; less when the node refuses',
    }),
    blockTransactions: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 32,
      description: 'Transactions that fill a block; that many waiting ones start it at once',
    }),
    blockGas: Type.Integer({
      minimum: 1_000_000,
      maximum: 2 ** 24,
      default: 14_000_000,
      description: 'Most gas that proposing a block may take; L1 allows 2^24 per transaction (EIP-7825)',
    }),
    blockDelayMs: MilliSeconds(2000, 'Age of the oldest waiting transaction or deposit that starts a block'),
    maxChunks: Type.Integer({ minimum: 1, maximum: 64, default: 16, description: 'Most chunks of a block' }),
    proofWorkers: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: Math.max(1, Math.min(4, availableParallelism() - 1)),
      description: 'State-update proofs made at the same time',
    }),
    smallChunkSeconds: Type.Number({
      exclusiveMinimum: 0,
      default: 6,
      description: 'Expected time of a small proof',
    }),
    largeChunkSeconds: Type.Number({
      exclusiveMinimum: 0,
      default: 24,
      description: 'Expected time of a large proof',
    }),
    depositShare: Type.Number({
      minimum: 0,
      default: 0.5,
      description: 'Deposits lengthen the proving of transactions by at most this share, unless overdue',
    }),
    depositBlockSeconds: Type.Number({
      exclusiveMinimum: 0,
      default: 30,
      description: 'Longest proving of deposits alone or overdue ones, one chunk excepted',
    }),
    mempoolTransactions: Type.Integer({
      minimum: 1,
      default: 10_000,
      description: 'Most waiting transactions',
    }),
    anchorMarginL1Blocks: Type.Integer({
      minimum: 0,
      default: 20,
      description: 'A transaction whose anchor expires within so many L1 blocks is not taken',
    }),
    stuckAfterMs: MilliSeconds(90_000, 'Age at which an L1 transaction that is not mined is replaced'),
    resendAfterMs: MilliSeconds(
      15_000,
      'Pause after which an L1 transaction that is not mined is sent again',
    ),
    maxFeeGwei: Type.Number({
      exclusiveMinimum: 0,
      default: 500,
      description: 'Highest fee per gas ever offered',
    }),
    submissionsPerMinute: Type.Integer({
      minimum: 0,
      default: 120,
      description: 'Submissions that one client address may send in a minute; 0: any number',
    }),
    downloadsPerMinute: Type.Integer({
      minimum: 0,
      default: 600,
      description: 'Artifact requests that one client address may send in a minute; 0: any number',
    }),
    trustProxy: Type.String({
      default: '',
      description: 'Proxies whose X-Forwarded-For counts: how many (1), or their addresses; empty: none',
    }),
    bodyBytes: Type.Integer({ minimum: 4096, default: 16_384, description: 'Largest request body' }),
  },
  { additionalProperties: false },
);
export type SequencerConfig = Static<typeof SequencerConfig>;

export interface LoadConfigOptions {
  /** Path of a JSON file with any of the settings. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Settings that override file and environment. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Called with each thing that is allowed and probably meant otherwise: an unknown variable, a key that others may read. */
  readonly onWarning?: (text: string) => void;
}

/** Name of the environment variable of a setting: `l1Url` -> AZALEA_L1_URL. */
export const environmentName = (setting: string): string =>
  `AZALEA_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/**
 * The complete, checked configuration.
 * @throws AzaleaError CONFIG_INVALID naming the setting (never its value where that is a key).
 */
export function loadConfig(options: LoadConfigOptions): SequencerConfig {
  const environment = options.environment ?? {};
  const settings = Object.keys(SequencerConfig.properties);
  const warn = options.onWarning ?? (() => {});
  const values: Record<string, unknown> = options.file === undefined ? {} : readConfigFile(options.file);
  const inFile = options.file !== undefined && values.proposerKey !== undefined ? options.file : undefined;
  for (const setting of settings) {
    const text = environment[environmentName(setting)];
    if (text !== undefined && text !== '') values[setting] = text;
  }
  for (const text of unknownVariables(environment, [...settings, KEY_FILE].map(environmentName))) warn(text);
  const keyFile = environment[environmentName(KEY_FILE)] ?? values[KEY_FILE];
  delete values[KEY_FILE];
  if (keyFile !== undefined && typeof keyFile !== 'string')
    throw invalid(KEY_FILE, `The setting ${KEY_FILE} must be a path`);
  const separate = keyFile !== undefined && values.proposerKey === undefined ? keyFile : undefined;
  if (separate !== undefined) values.proposerKey = readKeyFile(separate);
  for (const secret of [inFile, separate]) {
    const text = secret === undefined ? undefined : readableByOthers(secret);
    if (text !== undefined) warn(text);
  }
  for (const [setting, value] of Object.entries(options.overrides ?? {})) {
    if (value !== undefined) values[setting] = value;
  }
  if (typeof values.rollup === 'string') values.rollup = rollupAddress(values.rollup);
  for (const setting of Object.keys(values)) {
    if (!settings.includes(setting)) throw unknownSetting(setting, [...settings, KEY_FILE]);
  }
  const complete = Value.Default(SequencerConfig, readTexts(values));
  if (Value.Check(SequencerConfig, complete)) {
    parseTrustedProxies(complete.trustProxy);
    return complete;
  }
  const first = Value.Errors(SequencerConfig, complete).First();
  const setting = first?.path.slice(1) ?? '';
  if (!(setting in values)) {
    throw invalid(
      setting,
      `The setting ${setting} is missing; set it in the file or as ${environmentName(setting)}`,
    );
  }
  throw invalid(
    setting,
    `The setting ${setting} is wrong (${first?.message ?? ''}); set it in the file or as ${environmentName(setting)}`,
  );
}

/** Decimal texts become numbers. Nothing else is converted: `3.9` is no integer, `true` no number. */
function readTexts(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const schemas: Readonly<Record<string, TSchema>> = SequencerConfig.properties;
  return Object.fromEntries(
    Object.entries(values).map(([setting, value]) => {
      const kind = Object.hasOwn(schemas, setting) ? schemas[setting]?.[Kind] : undefined;
      const numeric = kind === 'Integer' || kind === 'Number';
      const isDecimal = typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value);
      return [setting, numeric && isDecimal ? Number(value) : value];
    }),
  );
}
