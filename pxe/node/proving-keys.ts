import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contractKey, type SnarkjsVerificationKey, verificationKeyHash } from '../../l1/verification-key.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { cacheDirectory } from '../../prover/node/cache-directory.ts';
import type { ProvingKey } from '../../prover/node/snarkjs-prover.ts';
import type { SequencerClient } from '../../rpc/client.ts';
import type { ArtifactInfo, InfoResponse } from '../../rpc/schema/info.ts';
import { TRANSITION_CIRCUIT } from '../transactions/prove-call.ts';
import { checkProvingKey } from './check-proving-key.ts';

export interface FetchKeysOptions {
  /** Called while a file arrives: bytes of all bytes. */
  readonly onProgress?: (file: string, received: number, total: number) => void;
  /** Default: the software's cache directory. */
  readonly cache?: string;
}

/** The key a PXE proves with, and its hash as L1 holds it. */
export interface FetchedKey {
  readonly key: ProvingKey;
  readonly keyHash: string;
}

/**
 * The rollup's transition key from its sequencer, kept by content hash: a file is fetched once, a broken connection goes on
 * where it stopped, and nothing is used whose hash is not the announced one. Whether it is the rollup's key is checked
 * against L1 afterwards (`Pxe.open`).
 * Errors: ARTIFACT_MISSING, ARTIFACT_HASH_MISMATCH, SEQUENCER_UNREACHABLE, KEY_MALFORMED, KEY_NOT_BLINDING.
 */
export async function fetchTransitionKey(
  sequencer: SequencerClient,
  options: FetchKeysOptions = {},
): Promise<FetchedKey> {
  const info = await sequencer.getInfo();
  const directory = join(options.cache ?? cacheDirectory(), 'fetched');
  await mkdir(directory, { recursive: true });
  const file = (kind: ArtifactInfo['kind']): Promise<string> =>
    ensureFile(sequencer, directory, artifactOf(info, kind), options);
  const zkeyFile = await file('proving-key');
  const wasmFile = await file('witness-generator');
  const verificationKey = JSON.parse(await readFile(await file('verification-key'), 'utf8'));
  await checkProvingKey(zkeyFile, verificationKey);
  const keyHash = verificationKeyHash(
    contractKey(TRANSITION_CIRCUIT, verificationKey as SnarkjsVerificationKey),
  );
  const circuit = { name: TRANSITION_CIRCUIT, wasmFile } as ProvingKey['circuit'];
  return { key: { circuit, zkeyFile, verificationKey }, keyHash };
}

function artifactOf(info: InfoResponse, kind: ArtifactInfo['kind']): ArtifactInfo {
  const found = info.artifacts.find(
    (artifact) => artifact.circuit === TRANSITION_CIRCUIT && artifact.kind === kind,
  );
  if (found !== undefined) return found;
  throw new AzaleaError(
    'ARTIFACT_MISSING',
    `The sequencer offers no ${kind} of ${TRANSITION_CIRCUIT}. Ask its operator, or use another sequencer.`,
    { kind },
  );
}

async function ensureFile(
  sequencer: SequencerClient,
  directory: string,
  artifact: ArtifactInfo,
  options: FetchKeysOptions,
): Promise<string> {
  const path = join(directory, artifact.sha256.slice(2));
  if ((await hashOf(path)) === artifact.sha256) return path;
  const partial = `${path}.${process.pid}.part`;
  const bytes = await sequencer.downloadArtifact(artifact.sha256, {
    bytes: artifact.bytes,
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
