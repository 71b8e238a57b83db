/** The setting `trustProxy`: the proxies in front of the sequencer whose X-Forwarded-For entries are believed. */
import { isIP } from 'node:net';
import { AzaleaError } from '../../protocol/errors.ts';

/** Names that Fastify knows for networks. */
const NETWORKS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Reads the setting into Fastify's `trustProxy`. A proxy appends the address that it saw: entries are believed from the right,
 * as long as trusted proxies wrote them. The leftmost entry is the client's own claim. A number of hops is refused, because
 * a client that reaches the port past the proxy would write the whole header.
 * @param text empty: none; or addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal, separated by commas
 * @throws AzaleaError CONFIG_INVALID
 */
export function parseTrustedProxies(text: string): string[] | false {
  if (text.trim() === '') return false;
  const entries = text.split(',').map((entry) => entry.trim());
  const wrong = entries.find((entry) => !NETWORKS.includes(entry) && !isNetwork(entry));
  if (wrong === undefined) return entries;
  throw new AzaleaError(
    'CONFIG_INVALID',
    `The setting trustProxy: "${wrong}" is no address and no network; set the addresses of your proxies (10.0.0.0/8, loopback)`,
    { setting: 'trustProxy' },
  );
}

/** A prefix of 0 would trust everybody: then the client writes its own address. */
function isNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}
