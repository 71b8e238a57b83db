/** Isomorphic HTTP client of a sequencer: typed answers, typed errors, time limits and retries. */
import { AzaleaError } from '../protocol/errors.ts';
import { type ServiceUrl, serviceUrl } from '../protocol/service-url.ts';
import { PAGE_ANSWER_BYTES } from './bounded-body.ts';
import { type ArtifactOptions, downloadArtifact } from './download-artifact.ts';
import { type Connection, pause, requestJson } from './http-request.ts';
import {
  type BlockResponse,
  BlockResponse as BlockSchema,
  BlocksResponse,
  RootsResponse,
} from './schema/blocks.ts';
import { HealthResponse, InfoResponse, ProvingKeyStatus } from './schema/info.ts';
import { NotesResponse } from './schema/notes.ts';
import { SubmitResponse, type TransactionState, TransactionStatus } from './schema/transactions.ts';

export interface SequencerClientOptions {
  /** Base URL, for example `http://127.0.0.1:8080`. Credentials (`https://user:password@host`) are sent as a header. */
  readonly url: string;
  /** Time limit of one attempt, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** Further attempts after a connection failure, time-out or 5xx answer; of a download, in a row without progress. Default 4. */
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

export class SequencerClient {
  readonly #connection: Connection;

  /** @throws AzaleaError SEQUENCER_URL_INVALID */
  constructor(options: SequencerClientOptions, dependencies: SequencerClientDependencies = {}) {
    const { url, origin, headers } = addressOf(options.url);
    this.#connection = {
      url,
      origin,
      headers,
      timeoutMs: options.timeoutMs ?? 30_000,
      retries: options.retries ?? 4,
      retryDelayMs: options.retryDelayMs ?? 200,
      fetch: dependencies.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    };
  }

  getInfo(): Promise<InfoResponse> {
    return requestJson(this.#connection, InfoResponse, { method: 'GET', path: '/info' });
  }

  /** Also answers when the sequencer is not healthy: read `status`. */
  getHealth(): Promise<HealthResponse> {
    return requestJson(this.#connection, HealthResponse, { method: 'GET', path: '/health', alsoGood: [503] });
  }

  getTransaction(id: string): Promise<TransactionStatus> {
    return requestJson(this.#connection, TransactionStatus, { method: 'GET', path: `/transactions/${id}` });
  }

  getBlocks(page: PageOptions = {}): Promise<BlocksResponse> {
    return requestJson(this.#connection, BlocksResponse, {
      method: 'GET',
      path: `/blocks${pageQuery(page)}`,
      answerBytes: PAGE_ANSWER_BYTES,
    });
  }

  getBlock(number: number): Promise<BlockResponse> {
    return requestJson(this.#connection, BlockSchema, {
      method: 'GET',
      path: `/blocks/${number}`,
      answerBytes: PAGE_ANSWER_BYTES,
    });
  }

  getRoots(page: PageOptions = {}): Promise<RootsResponse> {
    return requestJson(this.#connection, RootsResponse, {
      method: 'GET',
      path: `/roots${pageQuery(page)}`,
      answerBytes: PAGE_ANSWER_BYTES,
    });
  }

  /** One page; go on with `fromBlock: nextBlock` until `blocks` is empty. */
  getNotes(page: PageOptions = {}): Promise<NotesResponse> {
    return requestJson(this.#connection, NotesResponse, {
      method: 'GET',
      path: `/notes${pageQuery(page)}`,
      answerBytes: PAGE_ANSWER_BYTES,
    });
  }

  /**
   * Hands in a transaction (canonical bytes). Resolves once the sequencer has stored it. A repeated attempt whose
   * predecessor got through (TRANSACTION_DUPLICATE after a lost answer) counts as success; a first attempt that is a
   * duplicate throws.
   */
  async submitTransaction(bytes: Uint8Array): Promise<SubmitResponse> {
    let attempts = 0;
    try {
      return await requestJson(this.#connection, SubmitResponse, {
        method: 'POST',
        path: '/transactions',
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
    const deadline = performance.now() + (options.timeoutMs ?? 600_000);
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
      if (performance.now() > deadline) {
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
   * Makes the sequencer have a circuit's proving key; ask again until it is `ready`, then /info lists its file.
   * @throws AzaleaError PROVING_KEY_UNKNOWN, PROVING_KEY_FAILED
   */
  requestProvingKey(circuit: string): Promise<ProvingKeyStatus> {
    return requestJson(this.#connection, ProvingKeyStatus, {
      method: 'POST',
      path: `/proving-keys/${circuit}`,
    });
  }

  /**
   * Downloads a proving key or witness generator by its SHA-256 hash. Resumes where a broken connection stopped and
   * checks the hash of the whole before returning it.
   * @throws AzaleaError ARTIFACT_UNKNOWN, ARTIFACT_HASH_MISMATCH, SEQUENCER_UNREACHABLE, SEQUENCER_TIMEOUT
   */
  downloadArtifact(hash: string, options: ArtifactOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return downloadArtifact(this.#connection, hash, options);
  }
}

function addressOf(url: string): ServiceUrl {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return serviceUrl(url);
  // The text is not repeated: it may hold a password.
  throw new AzaleaError(
    'SEQUENCER_URL_INVALID',
    "The sequencer's URL is no http or https URL: give https://host",
  );
}

function pageQuery(page: PageOptions): string {
  const query = new URLSearchParams();
  if (page.fromBlock !== undefined) query.set('fromBlock', String(page.fromBlock));
  if (page.limit !== undefined) query.set('limit', String(page.limit));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
