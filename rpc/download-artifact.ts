/** Downloads a proving key or witness generator by the hash of its content. */
import { sha256 } from '@noble/hashes/sha2.js';
import { AzaleaError } from '../protocol/errors.ts';
import {
  answeredError,
  type Connection,
  connectionError,
  LONGEST_WAIT_MS,
  pause,
  retryAfterMs,
  retryDelay,
} from './http-request.ts';

/** Least bytes that must come within one time limit: a download that only trickles is as good as a silent one. */
const LEAST_PROGRESS_BYTES = 131_072;
/** Refusals that pass. */
const PASSING: readonly string[] = ['INTERNAL', 'RATE_LIMITED', 'SEQUENCER_BUSY', 'SEQUENCER_STOPPING'];

export interface ArtifactOptions {
  /** Total size, from /info; more than that is never taken. */
  readonly bytes?: number;
  /** The bytes that an earlier, interrupted download received; the download continues after them. */
  readonly received?: Uint8Array;
  readonly onProgress?: (receivedBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Resumes where a broken, silent or trickling connection stopped, and checks the hash of the whole before returning it.
 * @param hash SHA-256, hex
 * @throws AzaleaError ARTIFACT_UNKNOWN, ARTIFACT_HASH_MISMATCH, SEQUENCER_UNREACHABLE, SEQUENCER_TIMEOUT
 */
export async function downloadArtifact(
  connection: Connection,
  hash: string,
  options: ArtifactOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = options.received === undefined ? [] : [options.received];
  let received = options.received?.length ?? 0;
  const most = options.bytes ?? MOST_BYTES;
  // Attempts are counted anew after progress; bytes that come a second time are none.
  let reached = received;
  for (let failures = 0; options.bytes === undefined || received < options.bytes; ) {
    const idle = new AbortController();
    const signal =
      options.signal === undefined ? idle.signal : AbortSignal.any([idle.signal, options.signal]);
    const expire = () => idle.abort(new DOMException('no data came', 'TimeoutError'));
    let timer = setTimeout(expire, connection.timeoutMs);
    let fresh = 0;
    let wait = 0;
    try {
      const range: Record<string, string> = received > 0 ? { range: `bytes=${received}-` } : {};
      const headers = { ...connection.headers, ...range };
      const response = await connection.fetch(`${connection.url}/artifacts/${hash}`, { headers, signal });
      if (received > 0 && response.status === 200) {
        parts.length = 0;
        received = 0;
      } else if (response.status !== 200 && response.status !== 206) {
        wait = retryAfterMs(response);
        throw await answeredError(response);
      }
      const total = received + Number(response.headers.get('content-length') ?? 0);
      for await (const part of chunksOf(response)) {
        fresh += part.length;
        if (fresh >= LEAST_PROGRESS_BYTES) {
          fresh = 0;
          clearTimeout(timer);
          timer = setTimeout(expire, connection.timeoutMs);
        }
        parts.push(part);
        received += part.length;
        if (received > most) throw mismatch(hash, 'a longer file', received);
        options.onProgress?.(received, options.bytes ?? total);
      }
      if (received >= total) break;
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (error instanceof AzaleaError && (!PASSING.includes(error.code) || wait > LONGEST_WAIT_MS))
        throw error;
      if (received >= reached + LEAST_PROGRESS_BYTES) {
        reached = received;
        failures = 0;
      }
      if (++failures > connection.retries) throw connectionError(connection, error);
      await pause(Math.max(wait, retryDelay(connection, failures)), options.signal);
    } finally {
      clearTimeout(timer);
    }
  }
  return checked(hash, parts, received, options.bytes);
}

function checked(
  hash: string,
  parts: readonly Uint8Array[],
  received: number,
  bytes: number | undefined,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(received);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  const actual = `0x${Array.from(sha256(whole), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  if (actual !== hash || (bytes !== undefined && bytes !== received)) throw mismatch(hash, actual, received);
  return whole;
}

/** Most bytes of a download of unannounced size. */
const MOST_BYTES = 2 ** 30;

const mismatch = (hash: string, actual: string, bytes: number): AzaleaError =>
  new AzaleaError(
    'ARTIFACT_HASH_MISMATCH',
    `The artifact ${hash} arrived as ${actual} with ${bytes} bytes; do not use it`,
    { expected: hash, actual, bytes },
  );

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
