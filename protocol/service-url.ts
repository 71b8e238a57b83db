/** URLs of services: their credentials become a header, and only their origin is ever shown. */

export interface ServiceUrl {
  /** The URL without user and password, without a slash at its end. A path or query may hold an access key: never show it. */
  readonly url: string;
  /** Scheme, host and port: all that errors and logs may name. */
  readonly origin: string;
  /** Authorization header when the URL carried `user:password@`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Takes every part of the URL that may be secret out of a text that came from the service. */
  readonly scrub: (text: string) => string;
}

const REMOVED = '[removed]';
/** Shorter parts of a path (`v2`, `rpc`, `main`) are no keys. */
const SHORTEST_KEY = 8;

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Splits the address of an L1 node or a sequencer. `fetch` refuses URLs with credentials; here they become HTTP basic
 * authentication.
 * @throws TypeError for text that is no URL, without repeating it
 */
export function serviceUrl(text: string): ServiceUrl {
  if (!URL.canParse(text)) throw new TypeError('not a URL');
  const parsed = new URL(text);
  const [user, password] = [decoded(parsed.username), decoded(parsed.password)];
  const headers: Record<string, string> =
    user === '' && password === '' ? {} : { authorization: `Basic ${base64(`${user}:${password}`)}` };
  const parts = [...parsed.pathname.split('/'), ...parsed.searchParams.values()];
  const secrets = [
    ...[user, password, parsed.username, parsed.password].filter((part) => part.length > 2),
    ...parts.flatMap((part) => [part, decoded(part)]).filter((part) => part.length >= SHORTEST_KEY),
    ...Object.values(headers).map((value) => value.slice('Basic '.length)),
  ].sort((a, b) => b.length - a.length);
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  return {
    url: parsed.href.replace(/\/+$/, ''),
    origin: parsed.origin,
    headers,
    scrub: (words) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), words),
  };
}

/** Text from outside for one line of a terminal or log: no control characters, no end of line, a bounded length. */
export function plainWords(text: string, longest = 300): string {
  // Control, format (direction marks) and line separators.
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean.length > longest ? `${clean.slice(0, longest)}...` : clean;
}
