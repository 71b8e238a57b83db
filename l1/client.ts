import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type EIP1193Provider,
  type HttpTransportConfig,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { l1Call } from './failure.ts';

/** Reads L1. */
export type L1Client = PublicClient<Transport, Chain>;
/** Sends transactions of one account. */
export type L1Wallet = WalletClient<Transport, Chain, Account>;

export interface L1ClientOptions {
  /** JSON-RPC endpoint, or an EIP-1193 provider (a browser's wallet, an in-process chain). */
  readonly l1: string | EIP1193Provider;
  /** Milliseconds between polls while waiting for receipts; default 1000. */
  readonly pollingInterval?: number;
  /** Retries and timeout of the HTTP transport. */
  readonly http?: HttpTransportConfig;
}

const transportOf = (options: L1ClientOptions): Transport =>
  typeof options.l1 === 'string' ? http(options.l1, options.http) : custom(options.l1, { retryCount: 0 });

/**
 * Connects to L1 and asks for its chain id.
 * @throws AzaleaError L1_UNREACHABLE
 */
export async function connectL1(options: L1ClientOptions): Promise<L1Client> {
  const transport = transportOf(options);
  const probe = createPublicClient({ transport });
  const id = await l1Call('eth_chainId', () => probe.getChainId());
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: typeof options.l1 === 'string' ? [options.l1] : [] } },
  });
  return createPublicClient({
    chain,
    transport,
    pollingInterval: options.pollingInterval ?? 1000,
    cacheTime: 0,
  });
}

/** A wallet on the chain of `client`, signing locally with `account`. */
export function l1Wallet(client: L1Client, account: Account): L1Wallet {
  return createWalletClient({
    account,
    chain: client.chain,
    transport: custom({ request: client.request as EIP1193Provider['request'] }, { retryCount: 0 }),
    pollingInterval: client.pollingInterval,
    cacheTime: 0,
  });
}
