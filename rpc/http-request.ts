/** One request to a sequencer: typed answer or typed error, time limit, repeated while repeating can help. */
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AzaleaError } from '../protocol/errors.ts';
import { boundedText, SMALL_ANSWER_BYTES } from './bounded-body.ts';
import { ErrorBody } from './schema/primitives.ts';

/** The target of a request, and its patience. */
export interface Connection {
  /** Base URL without trailing slash and without credentials. Never shown: its path may hold an access key. */
  readonly url: string;
  /** Scheme, host and port: for messages. */
  readonly origin: string;
  /** Authorization, when the URL carried credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Further attempts after a connection failure, time-out, 5xx answer or 429. */
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly fetch: typeof fetch;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Statuses beside 2xx whose body is the answer. */
  readonly alsoGood?: readonly number[];
  /** Most bytes of the answer; default `SMALL_ANSWER_BYTES`. */
  readonly answerBytes?: number;
  readonly onAttempt?: () => void;
}

/** @throws AzaleaError the sequencer's own, SEQUENCER_UNREACHABLE, SEQUENCER_TIMEOUT, RESPONSE_TOO_LARGE or RESPONSE_INVALID. */
export async function requestJson<S extends TSchema>(
  connection: Connection,
  schema: S,
  request: JsonRequest,
): Promise<Static<S>> {
  for (let attempt = 1; ; attempt++) {
    request.onAttempt?.();
    let failure: AzaleaError;
    let wait = 0;
    try {
      const response = await connection.fetch(`${connection.url}${request.path}`, {
        method: request.method,
        headers: {
          ...connection.headers,
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: request.body,
        signal: AbortSignal.timeout(connection.timeoutMs),
      });
      if (response.ok || request.alsoGood?.includes(response.status)) {
        return await parse(schema, response, request);
      }
      failure = await answeredError(response);
      if (response.status < 500 && response.status !== TOO_MANY_REQUESTS) throw failure;
      wait = retryAfterMs(response);
      if (wait > LONGEST_WAIT_MS) throw failure;
    } catch (error) {
      if (error instanceof AzaleaError) throw error;
      failure = connectionError(connection, error);
    }
    if (attempt > connection.retries) throw failure;
    await pause(Math.max(wait, retryDelay(connection, attempt)));
  }
}

const TOO_MANY_REQUESTS = 429;
/** Most bytes of an error's body. */
const ERROR_BYTES = 1 << 16;
/** A server that asks for more patience than this gets none: the caller is told. */
export const LONGEST_WAIT_MS = 15_000;

/** Returns the pause that the Retry-After header asks for, in milliseconds; 0 without one. */
export function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? 1000 * seconds : 0;
}

/** The typed error in an answer with status 400 or above. */
export async function answeredError(response: Response): Promise<AzaleaError> {
  const text = await boundedText(response, ERROR_BYTES, '').catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (Value.Check(ErrorBody, body)) {
      return new AzaleaError(body.error.code, body.error.message, body.error.details);
    }
  } catch {
    // Not JSON: reported below.
  }
  if (response.status === 401 || response.status === 403) {
    return new AzaleaError(
      'SEQUENCER_UNAUTHORIZED',
      `The sequencer, or a proxy before it, refuses the credentials (HTTP ${response.status}); check user and password in its URL`,
      { status: response.status },
    );
  }
  const code = response.status >= 500 ? 'INTERNAL' : 'RESPONSE_INVALID';
  return new AzaleaError(code, `HTTP ${response.status} without a typed error`, { status: response.status });
}

/** Turns an error of `fetch` into a typed one. */
export function connectionError({ origin: url, timeoutMs }: Connection, cause: unknown): AzaleaError {
  if (cause instanceof AzaleaError) return cause;
  const timedOut = cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError');
  return timedOut
    ? new AzaleaError('SEQUENCER_TIMEOUT', `${url} did not answer within ${timeoutMs} ms`, { url }, { cause })
    : new AzaleaError(
        'SEQUENCER_UNREACHABLE',
        `No connection to the sequencer at ${url}`,
        { url },
        { cause },
      );
}

/** Milliseconds to wait after the n-th failed attempt (n from 1). */
export const retryDelay = ({ retryDelayMs }: Connection, attempt: number): number =>
  Math.min(retryDelayMs * 2 ** (attempt - 1), 5_000);

/** Waits; rejects with the signal's reason when aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
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
}

async function parse<S extends TSchema>(
  schema: S,
  response: Response,
  { path, answerBytes = SMALL_ANSWER_BYTES }: JsonRequest,
): Promise<Static<S>> {
  const text = await boundedText(response, answerBytes, path);
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
      `The answer to ${path} does not match the API at ${first?.path ?? '/'}: ${first?.message ?? ''}`,
      { path, at: first?.path ?? '/' },
    );
  }
  return value;
}
