/**
 * Failures of L1 providers, told apart by their meaning. Providers disagree about codes and words; this file is the one place
 * that knows them.
 */
import { plainWords } from '../../protocol/service-url.ts';

/**
 * - rate-limited: later the same request is answered.
 * - unauthorized: the node wants other credentials.
 * - unreachable: no answer, or one of a broken gateway: whether the request arrived is not known.
 * - answered: the node itself refused; `code` and `words` say why.
 */
export type ProviderFailureKind = 'rate-limited' | 'unauthorized' | 'unreachable' | 'answered';

export interface ProviderFailureFacts {
  readonly kind: ProviderFailureKind;
  /** The provider's own words, made safe to print. */
  readonly words: string;
  /** JSON-RPC error code. */
  readonly code?: number;
  readonly status?: number;
  /** The data of a revert, or the node's own addition. */
  readonly data?: unknown;
  /** Milliseconds that the provider asks to wait. It is a wish: callers cap it. */
  readonly retryAfterMs?: number;
  /** Scheme and host of the node. */
  readonly origin?: string;
}

/** A request to L1 that failed. It holds no URL. */
export class ProviderError extends Error {
  readonly kind: ProviderFailureKind;
  readonly words: string;
  readonly code: number | undefined;
  readonly status: number | undefined;
  readonly data: unknown;
  readonly retryAfterMs: number | undefined;
  readonly origin: string | undefined;

  constructor(facts: ProviderFailureFacts) {
    super(facts.words);
    this.name = 'ProviderError';
    this.kind = facts.kind;
    this.words = facts.words;
    this.code = facts.code;
    this.status = facts.status;
    this.data = facts.data;
    this.retryAfterMs = facts.retryAfterMs;
    this.origin = facts.origin;
  }
}

const RATE_WORDS =
  /rate.?limit|too many requests|request limit|requests? per|per (?:second|minute|day)|compute units|throttl|quota|capacity exceeded|daily (?:request|limit)/i;
const RANGE_WORDS =
  /block range|range (?:is )?too|too (?:large|wide|many) (?:a )?(?:block )?range|max(?:imum)? (?:block )?range|(?:limited|up) to (?:a )?[\d,]+ (?:block|result)|\d+ blocks?\b|more than [\d,]+ (?:results|logs)|results?\b.*(?:limit|exceed|max|too)|(?:limit|exceed|max|too).*\bresults?|response (?:size|is too)|size (?:limit|exceed)|too (?:large|big)|query timeout|range/i;
const UNAUTHORIZED_WORDS =
  /unauthori[sz]ed|forbidden|invalid (?:api.?key|project id|token)|must be authenticated/i;

/** Codes of JSON-RPC that providers use for "slow down". -32005 also means "too many results": see `refusesRange`. */
const RATE_CODES: readonly number[] = [429, -32005, -32007, -32029];
const UNAUTHORIZED_CODES: readonly number[] = [401, 403, 4100];

/** Classifies a JSON-RPC error object. */
export function answeredFailure(
  error: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown },
  more: { readonly status?: number; readonly origin?: string; readonly retryAfterMs?: number } = {},
): ProviderError {
  const code = typeof error.code === 'number' ? error.code : undefined;
  const words = plainWords(typeof error.message === 'string' ? error.message : 'no reason given');
  const { status } = more;
  const rate =
    status === 429 ||
    (code !== undefined && RATE_CODES.includes(code)) ||
    (code !== 3 && error.data === undefined && /rate.?limit|too many requests/i.test(words));
  const unauthorized =
    status === 401 || status === 403 || (code !== undefined && UNAUTHORIZED_CODES.includes(code));
  const kind: ProviderFailureKind = rate ? 'rate-limited' : unauthorized ? 'unauthorized' : 'answered';
  return new ProviderError({ ...more, kind, words, code, data: error.data });
}

/** Classifies an HTTP status without a JSON-RPC answer. */
export function statusFailure(
  status: number,
  body: string,
  more: { readonly origin?: string; readonly retryAfterMs?: number } = {},
): ProviderError {
  const words = plainWords(body) || 'no reason given';
  const kind: ProviderFailureKind =
    status === 429
      ? 'rate-limited'
      : status === 401 || status === 403
        ? 'unauthorized'
        : status >= 500 || status === 408
          ? 'unreachable'
          : UNAUTHORIZED_WORDS.test(words)
            ? 'unauthorized'
            : 'answered';
  return new ProviderError({ ...more, kind, words: `HTTP ${status}: ${words}`, status });
}

/** Finds the provider's failure in any value that a call to viem threw; undefined if there is none. */
export function providerFailure(thrown: unknown): ProviderError | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 20; error = error.cause, depth++) {
    if (error instanceof ProviderError) return error;
  }
  // Other EIP-1193 providers (a browser's wallet, a chain in this process) throw objects with a code, which viem wraps.
  for (
    let error = thrown as { code?: unknown; message?: unknown; cause?: unknown } | undefined, depth = 0;
    ;
  ) {
    if (typeof error !== 'object' || error === null || depth++ > 20) return undefined;
    const inner = error.cause as typeof error;
    const innermost = typeof inner !== 'object' || inner === null || typeof inner.code !== 'number';
    if (typeof error.code === 'number' && innermost) return answeredFailure(error);
    error = inner;
  }
}

/**
 * Returns whether the node refused eth_getLogs for the range, the size of the answer or the number of results.
 * Some nodes say only "invalid request" or "invalid params", so for this call these codes count too.
 */
export function refusesRange(failure: ProviderError): boolean {
  if (failure.kind === 'unauthorized') return false;
  const { code, words, status } = failure;
  if (status === 413) return true;
  if (failure.kind === 'unreachable') return status !== undefined && RANGE_WORDS.test(words);
  const range = RANGE_WORDS.test(words);
  if (failure.kind === 'rate-limited') return code === -32005 && (range || !RATE_WORDS.test(words));
  return range || code === -32600 || code === -32602;
}
