/** Isomorphic HTTP client of a sequencer: typed answers, typed errors, time limits and retries. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AzaleaError } from '../protocol/errors.ts';
import {
  type BlockResponse,
  BlockResponse as BlockSchema,
  BlocksResponse,
  RootsResponse,
} from './schema/blocks.ts';
import { HealthResponse, InfoResponse } from './schema/info.ts';
import { NotesResponse } from './schema/notes.ts';
import { ErrorBody } from './schema/primitives.ts';
import { SubmitResponse, type TransactionState, TransactionStatus } from './schema/transactions.ts';

export interface SequencerClientOptions {
  /** Base URL, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Time limit of one attempt, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** Further attempts after a connection failure, time-out or 5xx answer. Default 4. */
  readonly retries?: number;
  /** First pause between attempts, in milliseconds; doubles each time, up to 5 s. Default 200. */
  readonly retryDelayMs?: number;
}

export interface SequencerClientDependencies {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface PageOptions {
  readonly fromBlock?: number;
  /** Number of blocks, at most limits.pageBlocks of /info. */
  readonly limit?: number;
}

export interface ArtifactOptions {
  /** Total size, from /info; checked. */
  readonly bytes?: number;
  /** What an earlier, interrupted download already received; the download goes on after it. */
  readonly received?: Uint8Array;
  readonly onProgress?: (receivedBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Milliseconds. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Milliseconds between two questions. Default 500. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
  readonly onStatus?: (status: TransactionStatus) => void;
}

const ORDER: readonly TransactionState[] = ['pending', 'included', 'proven', 'settled'];

const toHex = (bytes: Uint8Array): string =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });

export class SequencerClient {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #retries: number;
  readonly #retryDelayMs: number;
  readonly #fetch: typeof fetch;

  constructor(options: SequencerClientOptions, dependencies: SequencerClientDependencies = {}) {
    this.#url = options.url.replace(/\/+$/, '');
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#retries = options.retries ?? 4;
    this.#retryDelayMs = options.retryDelayMs ?? 200;
    this.#fetch = dependencies.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  getInfo(): Promise<InfoResponse> {
    return this.#json(InfoResponse, 'GET', '/info');
  }

  /** Also answers when the sequencer is not healthy: read `status`. */
  getHealth(): Promise<HealthResponse> {
    return this.#json(HealthResponse, 'GET', '/health', undefined, [503]);
  }

  getTransaction(id: string): Promise<TransactionStatus> {
    return this.#json(TransactionStatus, 'GET', `/transactions/${id}`);
  }

  getBlocks(page: PageOptions = {}): Promise<BlocksResponse> {
    return this.#json(BlocksResponse, 'GET', `/blocks${pageQuery(page)}`);
  }

  getBlock(number: number): Promise<BlockResponse> {
    return this.#json(BlockSchema, 'GET', `/blocks/${number}`);
  }

  getRoots(page: PageOptions = {}): Promise<RootsResponse> {
    return this.#json(RootsResponse, 'GET', `/roots${pageQuery(page)}`);
  }

  /** One page; go on with `fromBlock: nextBlock` until `blocks` is empty. */
  getNotes(page: PageOptions = {}): Promise<NotesResponse> {
    return this.#json(NotesResponse, 'GET', `/notes${pageQuery(page)}`);
  }

  /**
   * Hands in a transaction (canonical bytes). Resolves once the sequencer has stored it. A repeated attempt whose
   * predecessor got through (TRANSACTION_DUPLICATE after a lost answer) counts as success; a first attempt that is a
   * duplicate throws.
   */
  async submitTransaction(bytes: Uint8Array): Promise<SubmitResponse> {
    let attempts = 0;
    try {
      return await this.#json(SubmitResponse, 'POST', '/transactions', {
        body: JSON.stringify({ transaction: toHex(bytes) }),
        onAttempt: () => {
          attempts++;
        },
      });
    } catch (error) {
      const duplicate = error instanceof AzaleaError && error.code === 'TRANSACTION_DUPLICATE';
      if (!duplicate || attempts < 2) throw error;
      const status = await this.getTransaction(String(error.details.transaction));
      return { id: status.id, status: status.status };
    }
  }

  /** Waits until the transaction has at least the wanted status; throws TRANSACTION_DROPPED or WAIT_TIMEOUT. */
  async waitForTransaction(
    id: string,
    wanted: 'pending' | 'included' | 'proven' | 'settled' = 'settled',
    options: WaitOptions = {},
  ): Promise<TransactionStatus> {
    const deadline = Date.now() + (options.timeoutMs ?? 600_000);
    let last: string | undefined;
    for (;;) {
      const status = await this.getTransaction(id);
      if (status.status !== last) options.onStatus?.(status);
      last = status.status;
      if (status.status === 'dropped' || status.status === 'reverted') {
        throw new AzaleaError(
          'TRANSACTION_DROPPED',
          `Transaction ${id} was ${status.status}: ${status.reason?.message ?? 'no reason given'}`,
          { transaction: id, reason: status.reason?.code ?? 'UNKNOWN' },
        );
      }
      if (ORDER.indexOf(status.status) >= ORDER.indexOf(wanted)) return status;
      if (Date.now() > deadline) {
        throw new AzaleaError(
          'WAIT_TIMEOUT',
          `Transaction ${id} is still ${status.status}, not ${wanted}; ask again later`,
          { transaction: id, status: status.status },
        );
      }
      await pause(options.intervalMs ?? 500, options.signal);
    }
  }

  /**
   * Downloads a proving key or witness generator by its SHA-256 hash. Resumes where a broken connection stopped and
   * checks the hash of the whole before returning it.
   */
  async downloadArtifact(hash: string, options: ArtifactOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = options.received === undefined ? [] : [options.received];
    let received = options.received?.length ?? 0;
    let total = options.bytes ?? 0;
    for (let failures = 0; options.bytes === undefined || received < options.bytes; ) {
      try {
        const headers: Record<string, string> = received > 0 ? { range: `bytes=${received}-` } : {};
        const response = await this.#fetch(`${this.#url}/artifacts/${hash}`, {
          headers,
          signal: options.signal,
        });
        if (received > 0 && response.status === 200) {
          parts.length = 0;
          received = 0;
        } else if (response.status !== 200 && response.status !== 206) {
          throw await answeredError(response);
        }
        total = received + Number(response.headers.get('content-length') ?? 0);
        for await (const part of chunksOf(response)) {
          parts.push(part);
          received += part.length;
          options.onProgress?.(received, total);
        }
        if (received >= total) break;
      } catch (error) {
        if (options.signal?.aborted || (error instanceof AzaleaError && error.code !== 'INTERNAL'))
          throw error;
        if (++failures > this.#retries) throw this.#unreachable(error);
        await pause(this.#delay(failures), options.signal);
      }
    }
    const whole = new Uint8Array(received);
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    const actual = toHex(sha256(whole));
    if (actual !== hash || (options.bytes !== undefined && options.bytes !== received)) {
      throw new AzaleaError(
        'ARTIFACT_HASH_MISMATCH',
        `The artifact ${hash} arrived with hash ${actual} and ${received} bytes; do not use it`,
        { expected: hash, actual, bytes: received },
      );
    }
    return whole;
  }

  #delay(attempt: number): number {
    return Math.min(this.#retryDelayMs * 2 ** (attempt - 1), 5_000);
  }

  #unreachable(cause: unknown): AzaleaError {
    if (cause instanceof AzaleaError) return cause;
    const timedOut = cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError');
    return timedOut
      ? new AzaleaError(
          'SEQUENCER_TIMEOUT',
          `${this.#url} did not answer within ${this.#timeoutMs} ms`,
          { url: this.#url },
          { cause },
        )
      : new AzaleaError(
          'SEQUENCER_UNREACHABLE',
          `No connection to the sequencer at ${this.#url}`,
          { url: this.#url },
          { cause },
        );
  }

  async #json<S extends TSchema>(
    schema: S,
    method: 'GET' | 'POST',
    path: string,
    request: { body?: string; onAttempt?: () => void } = {},
    alsoGood: readonly number[] = [],
  ): Promise<Static<S>> {
    for (let attempt = 1; ; attempt++) {
      request.onAttempt?.();
      let failure: AzaleaError;
      try {
        const response = await this.#fetch(`${this.#url}${path}`, {
          method,
          headers: {
            accept: 'application/json',
            ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: request.body,
          signal: AbortSignal.timeout(this.#timeoutMs),
        });
        if (response.ok || alsoGood.includes(response.status)) return await parse(schema, response, path);
        failure = await answeredError(response);
        if (response.status < 500) throw failure;
      } catch (error) {
        if (error instanceof AzaleaError) throw error;
        failure = this.#unreachable(error);
      }
      if (attempt > this.#retries) throw failure;
      await pause(this.#delay(attempt));
    }
  }
}

function pageQuery(page: PageOptions): string {
  const query = new URLSearchParams();
  if (page.fromBlock !== undefined) query.set('fromBlock', String(page.fromBlock));
  if (page.limit !== undefined) query.set('limit', String(page.limit));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

async function parse<S extends TSchema>(schema: S, response: Response, path: string): Promise<Static<S>> {
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AzaleaError(
      'RESPONSE_INVALID',
      `The answer to ${path} is not JSON; is this a sequencer?`,
      { path },
      { cause },
    );
  }
  if (!Value.Check(schema, value)) {
    const first = Value.Errors(schema, value).First();
    throw new AzaleaError(
      'RESPONSE_INVALID',
      `The answer to ${path} does not have the stated form at ${first?.path ?? '/'}: ${first?.message ?? ''}`,
      { path, at: first?.path ?? '/' },
    );
  }
  return value;
}

/** The typed error in an answer with status 400 or above. */
async function answeredError(response: Response): Promise<AzaleaError> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (Value.Check(ErrorBody, body)) {
      return new AzaleaError(body.error.code, body.error.message, body.error.details);
    }
  } catch {
    // Not JSON: reported below.
  }
  const code = response.status >= 500 ? 'INTERNAL' : 'RESPONSE_INVALID';
  return new AzaleaError(code, `HTTP ${response.status} without a typed error`, { status: response.status });
}

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
    reader.releaseLock();
  }
}
