import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  contractKey,
  type KeyName,
  type SnarkjsVerificationKey,
  verificationKeyHash,
} from '../../l1/verification-key.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { RELEASED_CIRCUITS } from '../../prover/generated/released-circuits.ts';
import { cacheDirectory } from '../../prover/node/cache-directory.ts';
import type { ProvingKey } from '../../prover/node/snarkjs-prover.ts';
import { assertReleased, type ReleasedCircuits } from '../../prover/released-circuit.ts';
import type { SequencerClient } from '../../rpc/client.ts';
import { pause } from '../../rpc/http-request.ts';
import type { ArtifactInfo, InfoResponse, ProvingKeyStatus } from '../../rpc/schema/info.ts';
import { checkProvingKey } from './check-proving-key.ts';

export interface FetchKeysOptions {
  /** Called while a file arrives: bytes of all bytes. */
  readonly onProgress?: (file: string, received: number, total: number) => void;
  /** Called while the sequencer still makes the proving key: how much of it, 0..1. */
  readonly onBuilding?: (circuit: string, fraction: number) => void;
  readonly signal?: AbortSignal;
  /** Default: the software's cache directory. */
  readonly cache?: string;
  /** The circuits whose witness generators may run; default: this release's. */
  readonly released?: ReleasedCircuits;
  /** Milliseconds between two questions whether the key is made; default 1000. */
  readonly pollMs?: number;
  /** Milliseconds to wait for a sequencer that is still making the key; default 30 minutes. */
  readonly buildingTimeoutMs?: number;
}

/** Many times what the largest key takes on two cores. */
const BUILDING_TIMEOUT_MS = 30 * 60_000;

/** The wanted key: a circuit under the key that L1 holds. */
export interface WantedKey {
  readonly circuit: KeyName;
  /** keccak256 of the verification key, from L1. */
  readonly hash: string;
}

/**
 * Fetches a proving key of the rollup from its sequencer and keeps it by content hash. A file is fetched once, and a broken
 * download resumes. Nothing is used unless its hash is the announced one and its verification key the one on L1. The witness
 * generator must be the release's own. When the sequencer has still to make the key, this waits for it.
 * Errors: ARTIFACT_MISSING, ARTIFACT_HASH_MISMATCH, CIRCUIT_NOT_RELEASED, PROVING_KEY_FAILED, PROVING_KEY_TIMEOUT, KEY_MISMATCH,
 * SEQUENCER_UNREACHABLE, KEY_MALFORMED, KEY_NOT_BLINDING.
 */
export async function fetchProvingKey(
  sequencer: SequencerClient,
  wanted: WantedKey,
  options: FetchKeysOptions = {},
): Promise<ProvingKey> {
  const { circuit } = wanted;
  const directory = join(options.cache ?? cacheDirectory(), 'fetched');
  await mkdir(directory, { recursive: true });
  const info = await infoWithKey(sequencer, circuit, options);
  const file = (kind: ArtifactInfo['kind']): Promise<string> =>
    ensureFile(sequencer, directory, artifactOf(info, circuit, kind), options);
  // The smallest first: a sequencer with other keys is found out before the large files.
  const { verificationKey, hash } = readVerificationKey(
    circuit,
    await readFile(await file('verification-key'), 'utf8'),
  );
  if (hash.toLowerCase() !== wanted.hash.toLowerCase()) {
    throw new AzaleaError(
      'KEY_MISMATCH',
      `The sequencer's key of ${circuit} (${hash}) is not the rollup's (${wanted.hash}). Use another sequencer of this rollup.`,
      { circuit, expected: wanted.hash, actual: hash },
    );
  }
  const generator = artifactOf(info, circuit, 'witness-generator');
  assertReleased(options.released ?? RELEASED_CIRCUITS, circuit, 'witnessGenerator', generator.sha256);
  const wasmFile = await file('witness-generator');
  const zkeyFile = await file('proving-key');
  await checkProvingKey(zkeyFile, verificationKey);
  return { circuit: { name: circuit, wasmFile } as ProvingKey['circuit'], zkeyFile, verificationKey };
}

/** @throws KEY_MALFORMED */
function readVerificationKey(circuit: KeyName, text: string) {
  try {
    const verificationKey = JSON.parse(text);
    const hash = verificationKeyHash(contractKey(circuit, verificationKey as SnarkjsVerificationKey));
    return { verificationKey, hash };
  } catch (cause) {
    throw new AzaleaError(
      'KEY_MALFORMED',
      `The file that the sequencer serves as verification key of ${circuit} is none. Use another sequencer of this rollup.`,
      { circuit },
      { cause },
    );
  }
}

/** Returns the sequencer's offer, once it has the circuit's proving key. */
async function infoWithKey(
  sequencer: SequencerClient,
  circuit: KeyName,
  options: FetchKeysOptions,
): Promise<InfoResponse> {
  const has = (info: InfoResponse): boolean =>
    info.artifacts.some((artifact) => artifact.circuit === circuit && artifact.kind === 'proving-key');
  const info = await sequencer.getInfo();
  if (has(info)) return info;
  const timeoutMs = options.buildingTimeoutMs ?? BUILDING_TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const status = await requestKey(sequencer, circuit);
    if (status === undefined || status.state === 'ready') return await sequencer.getInfo();
    if (performance.now() > deadline) throw notMade(circuit, timeoutMs);
    options.onBuilding?.(circuit, status.fraction);
    await pause(options.pollMs ?? 1000, options.signal);
  }
}

const notMade = (circuit: KeyName, timeoutMs: number): AzaleaError =>
  new AzaleaError(
    'PROVING_KEY_TIMEOUT',
    `The sequencer has not made its key of ${circuit} in ${Math.ceil(timeoutMs / 1000)} s. Try again later, or use another sequencer of this rollup.`,
    { circuit, timeoutMs },
  );

/** Undefined when the sequencer has no such key, or does not know the question: its list then shows the gap. */
async function requestKey(
  sequencer: SequencerClient,
  circuit: KeyName,
): Promise<ProvingKeyStatus | undefined> {
  try {
    return await sequencer.requestProvingKey(circuit);
  } catch (error) {
    const unknown = ['PROVING_KEY_UNKNOWN', 'ROUTE_UNKNOWN'];
    if (error instanceof AzaleaError && unknown.includes(error.code)) return undefined;
    throw error;
  }
}

function artifactOf(info: InfoResponse, circuit: KeyName, kind: ArtifactInfo['kind']): ArtifactInfo {
  const found = info.artifacts.find((artifact) => artifact.circuit === circuit && artifact.kind === kind);
  if (found !== undefined) return found;
  throw new AzaleaError(
    'ARTIFACT_MISSING',
    `The sequencer offers no ${kind} of ${circuit}. Ask its operator, or use another sequencer.`,
    { circuit, kind },
  );
}

/** Most bytes of each kind: several times what this release has. */
const MOST_BYTES: Readonly<Record<ArtifactInfo['kind'], number>> = {
  'verification-key': 2 ** 20,
  'witness-generator': 2 ** 26,
  'proving-key': 2 ** 29,
};

async function ensureFile(
  sequencer: SequencerClient,
  directory: string,
  artifact: ArtifactInfo,
  options: FetchKeysOptions,
): Promise<string> {
  if (artifact.bytes > MOST_BYTES[artifact.kind]) {
    throw new AzaleaError(
      'ARTIFACT_TOO_LARGE',
      `The sequencer announces ${artifact.bytes} bytes for the ${artifact.kind} of ${artifact.circuit}, none has more than ${MOST_BYTES[artifact.kind]}. Use another sequencer.`,
      { circuit: artifact.circuit, bytes: artifact.bytes },
    );
  }
  const path = join(directory, artifact.sha256.slice(2));
  if ((await hashOf(path)) === artifact.sha256) return path;
  const partial = `${path}.${crypto.randomUUID()}.part`;
  const bytes = await sequencer.downloadArtifact(artifact.sha256, {
    bytes: artifact.bytes,
    signal: options.signal,
    onProgress: (received, total) => options.onProgress?.(artifact.name, received, total),
  });
  try {
    await writeFile(partial, bytes);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  return path;
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    await stat(path);
  } catch {
    return undefined;
  }
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return `0x${digest.digest('hex')}`;
}
