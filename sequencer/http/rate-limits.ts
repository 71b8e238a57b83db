/** Limits the requests of one client network per minute. They are counted before the body is read. */
import type { RateLimitOptions } from '@fastify/rate-limit';
import { AzaleaError } from '../../protocol/errors.ts';

const MINUTE_MS = 60_000;
/** Client networks that are counted at the same time; the one heard of longest ago is forgotten first. */
const MAX_NETWORKS = 5_000;

/** Route options of @fastify/rate-limit; empty for a limit of 0. */
export function perMinute(limit: number, noun: string): { readonly rateLimit?: RateLimitOptions } {
  if (limit <= 0) return {};
  return {
    rateLimit: {
      max: limit,
      timeWindow: MINUTE_MS,
      keyGenerator: (request: { ip: string }) => clientNetwork(request.ip),
      errorResponseBuilder: (_request: unknown, context: { ttl: number }) => {
        const seconds = Math.ceil(context.ttl / 1000);
        return new AzaleaError(
          'RATE_LIMITED',
          `More than ${limit} ${noun} in a minute from this address; send it again in ${seconds} s`,
          { perMinute: limit, retryAfterSeconds: seconds },
        );
      },
    },
  };
}

/** The address, or for IPv6 its /64: that is what one subscriber gets. */
export function clientNetwork(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::')
    ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0')
    : [];
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}

interface Window {
  current: number;
  startedAt: number;
}

/** Store of @fastify/rate-limit that reads the monotonic clock: a clock set back must lock nobody out. */
export class MonotonicWindows {
  readonly #windows = new Map<string, Window>();

  incr(
    key: string,
    done: (error: Error | null, result?: { current: number; ttl: number }) => void,
    timeWindow = MINUTE_MS,
  ): void {
    const now = performance.now();
    const known = this.#windows.get(key);
    const window =
      known !== undefined && now - known.startedAt < timeWindow ? known : { current: 0, startedAt: now };
    window.current++;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    if (this.#windows.size > MAX_NETWORKS) {
      const [oldest] = this.#windows.keys();
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
    done(null, { current: window.current, ttl: Math.max(0, timeWindow - (now - window.startedAt)) });
  }

  /** Each route counts by itself. */
  child(): MonotonicWindows {
    return new MonotonicWindows();
  }
}
