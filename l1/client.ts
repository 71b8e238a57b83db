import {
  type Chain,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type EIP1193Provider,
  type LocalAccount,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { l1Call } from './failure.ts';
import { LogRange, rememberLogRange } from './node/log-range.ts';
import { type HttpOptions, httpTransport } from './node/transport.ts';

/** Reads L1. */
export type L1Client = PublicClient<Transport, Chain>;
/** Sends transactions of one account. */
export type L1Wallet = WalletClient<Transport, Chain, LocalAccount>;

export interface L1ClientOptions {
  /**
   * JSON-RPC endpoint, or several (a list, or one text with commas): the next one serves when one does not. Credentials
   * (`https://user:password@host`) are sent as a header. Or an EIP-1193 provider (a browser's wallet, an in-process chain).
   */
  readonly l1: string | readonly string[] | EIP1193Provider;
  /** Milliseconds between polls while waiting for receipts; default 1000. */
  readonly pollingInterval?: number;
  /** Repetitions and time limit of the HTTP transport. */
  readonly http?: HttpOptions;
  /** Most L1 blocks asked for in one eth_getLogs; it shrinks by itself when the node refuses. Default 1000. */
  readonly logRange?: number;
}

const isProvider = (l1: L1ClientOptions['l1']): l1 is EIP1193Provider =>
  typeof l1 === 'object' && 'request' in l1;

function transportOf({ l1, http }: L1ClientOptions): Transport {
  if (isProvider(l1)) return custom(l1, { retryCount: 0 });
  return custom({ request: httpTransport(l1, http) }, { retryCount: 0 });
}

/**
 * Connects to L1 and asks for its chain id.
 * @throws AzaleaError L1_URL_INVALID, L1_UNREACHABLE, L1_RATE_LIMITED, L1_UNAUTHORIZED
 */
export async function connectL1(options: L1ClientOptions): Promise<L1Client> {
  const transport = transportOf(options);
  const probe = createPublicClient({ transport });
  const id = await l1Call('eth_chainId', () => probe.getChainId());
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    // viem repeats these in errors: an access key has no place here.
    rpcUrls: { default: { http: [] } },
  });
  const client = createPublicClient({
    chain,
    transport,
    pollingInterval: options.pollingInterval ?? 1000,
    cacheTime: 0,
  });
  rememberLogRange(client, new LogRange(options.logRange));
  return client;
}

/** A wallet on the chain of `client`, signing locally with `account`. */
export function l1Wallet(client: L1Client, account: LocalAccount): L1Wallet {
  return createWalletClient({
    account,
    chain: client.chain,
    transport: custom({ request: client.request as EIP1193Provider['request'] }, { retryCount: 0 }),
    pollingInterval: client.pollingInterval,
    cacheTime: 0,
  });
}
