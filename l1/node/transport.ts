/**
 * JSON-RPC over HTTP to one or several L1 nodes. It repeats a request while that can help. It waits as long as a rate limit
 * asks, up to its own cap. When a node does not serve, it goes to the next one.
 */
import { AzaleaError } from '../../protocol/errors.ts';
import { plainWords, type ServiceUrl, serviceUrl } from '../../protocol/service-url.ts';
import { answeredFailure, ProviderError, statusFailure } from './provider-failure.ts';

export interface HttpOptions {
  /** Time limit of one attempt, in milliseconds. Default 10 000. */
  readonly timeout?: number;
  /** Rounds over all nodes after the first one. Default 5. */
  readonly retryCount?: number;
  /** First pause between two rounds, in milliseconds; doubles each time. Default 250. */
  readonly retryDelay?: number;
  /** Longest pause in milliseconds, even if a node asks for more. Default 8000. */
  readonly longestPause?: number;
}

export interface TransportDependencies {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  readonly pause?: (ms: number) => Promise<void>;
}

export type RpcRequest = (call: { method: string; params?: unknown }) => Promise<unknown>;

/** More than any block or page of logs takes. A larger answer of eth_getLogs is asked for in parts. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
/** Milliseconds after which the first node is tried again, when another one has served meanwhile. */
const RETURN_AFTER_MS = 60_000;
/** Writes: the sender decides whether and when the same bytes are sent again. */
const NEVER_REPEATED = 'eth_sendRawTransaction';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The nodes of `a,b,c`; a comma inside one URL is kept unless a scheme follows. */
export function splitUrls(text: string): string[] {
  return text.split(/\s*,\s*(?=https?:\/\/)/).map((url) => url.trim());
}

/** @throws AzaleaError L1_URL_INVALID, which does not repeat the text: it may hold a password */
export function l1Nodes(urls: string | readonly string[]): ServiceUrl[] {
  const list = typeof urls === 'string' ? splitUrls(urls) : urls.flatMap(splitUrls);
  return list.map((text, index) => {
    if (/^https?:\/\//.test(text) && URL.canParse(text)) return serviceUrl(text);
    throw new AzaleaError(
      'L1_URL_INVALID',
      `L1 URL ${index + 1} of ${list.length} is no http or https URL: give https://host/path, several with commas between`,
      { position: index + 1 },
    );
  });
}

/** Returns whether another node, or the same one later, may answer. */
const mayPass = (failure: ProviderError): boolean => failure.kind !== 'answered';

/**
 * A `request` function as EIP-1193 has it. With several nodes, each must be on the chain of the first that answered: another
 * one is never read from.
 * @throws AzaleaError L1_URL_INVALID. The function itself throws ProviderError, or L1_WRONG_CHAIN when all nodes that answer
 * are on another chain.
 */
export function httpTransport(
  urls: string | readonly string[],
  options: HttpOptions = {},
  dependencies: TransportDependencies = {},
): RpcRequest {
  const nodes = l1Nodes(urls);
  const retries = options.retryCount ?? 5;
  const firstPause = options.retryDelay ?? 250;
  const longestPause = options.longestPause ?? 8_000;
  const pause = dependencies.pause ?? sleep;
  const ask = (node: ServiceUrl, call: Parameters<RpcRequest>[0]) =>
    requestOnce(
      node,
      call,
      options.timeout ?? 10_000,
      dependencies.fetch ?? ((...args) => globalThis.fetch(...args)),
    );
  /** Chain of the first node that answered; with several nodes only. */
  let chain: string | undefined;
  const confirmed = new Set<ServiceUrl>();
  let current = 0;
  let leftFirstAt = 0;

  const serve = async (node: ServiceUrl, call: Parameters<RpcRequest>[0]): Promise<unknown> => {
    if (nodes.length > 1 && !confirmed.has(node)) {
      const id = BigInt(String(await ask(node, { method: 'eth_chainId', params: [] }))).toString();
      chain ??= id;
      if (id !== chain) {
        throw new AzaleaError(
          'L1_WRONG_CHAIN',
          `The L1 node at ${node.origin} is on chain ${id}, the others are on ${chain}: remove its URL`,
          { node: node.origin, chainId: id, expected: chain },
        );
      }
      confirmed.add(node);
    }
    return await ask(node, call);
  };

  return async (call) => {
    if (current !== 0 && performance.now() - leftFirstAt > RETURN_AFTER_MS) current = 0;
    for (let round = 0; ; round++) {
      let failure: unknown;
      let wait = 0;
      for (let step = 0; step < nodes.length; step++) {
        const index = (current + step) % nodes.length;
        try {
          const result = await serve(nodes[index], call);
          if (index !== current) {
            if (index !== 0) leftFirstAt = performance.now();
            current = index;
          }
          return result;
        } catch (error) {
          const wrongChain = error instanceof AzaleaError && error.code === 'L1_WRONG_CHAIN';
          if (!wrongChain && !(error instanceof ProviderError && mayPass(error))) throw error;
          // A node that failed may be replaced behind its URL: its chain is asked for again.
          confirmed.delete(nodes[index]);
          if (failure === undefined || failure instanceof AzaleaError) failure = error;
          if (error instanceof ProviderError) wait = Math.max(wait, error.retryAfterMs ?? 0);
          // The bytes may be on their way: the sender looks before it sends again.
          if (call.method === NEVER_REPEATED && error instanceof ProviderError) throw error;
        }
      }
      const hopeless = failure instanceof ProviderError && failure.kind === 'unauthorized';
      if (round >= retries || hopeless || failure instanceof AzaleaError) throw failure;
      await pause(Math.min(longestPause, Math.max(wait, firstPause * 2 ** round)));
    }
  };
}

let lastId = 0;

async function requestOnce(
  node: ServiceUrl,
  call: Parameters<RpcRequest>[0],
  timeoutMs: number,
  send: typeof fetch,
): Promise<unknown> {
  const { origin } = node;
  const id = ++lastId;
  let response: Response;
  let text: string;
  try {
    response = await send(node.url, {
      method: 'POST',
      headers: { ...node.headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: call.method, params: call.params ?? [] }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    text = await bounded(response);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const timedOut = error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name);
    const reason = plainWords(
      node.scrub(String((error as { cause?: { message?: unknown } }).cause?.message ?? '')),
    );
    const words = timedOut ? `no answer within ${timeoutMs} ms` : reason || 'no connection';
    throw new ProviderError({ kind: 'unreachable', words, origin });
  }
  const words = node.scrub(text);
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  const answer = parsed(text);
  if (typeof answer?.error === 'object' && answer.error !== null) {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown };
    const status = response.ok ? undefined : response.status;
    if (status !== undefined && status >= 500 && data === undefined && status !== 500) {
      throw statusFailure(status, node.scrub(String(message ?? '')), { origin, retryAfterMs });
    }
    const safe = typeof message === 'string' ? node.scrub(message) : message;
    throw answeredFailure({ code, message: safe, data }, { status, origin, retryAfterMs });
  }
  if (!response.ok) throw statusFailure(response.status, words, { origin, retryAfterMs });
  if (answer === undefined || !('result' in answer)) {
    throw new ProviderError({
      kind: 'unreachable',
      words: `the answer is no JSON-RPC: ${plainWords(words, 80)}`,
      origin,
    });
  }
  return answer.result;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The header in milliseconds: seconds or a date; undefined for anything else. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

async function bounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel().catch(() => {});
      throw new ProviderError({
        kind: 'answered',
        words: `the response size is above the limit of ${MAX_ANSWER_BYTES} bytes`,
      });
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return new TextDecoder().decode(whole);
}
