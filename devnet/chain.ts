import type { EIP1193Provider, Hex } from 'viem';
import { DEVELOPMENT_MNEMONIC, developmentAccounts, developmentPrivateKey } from '../l1/account.ts';
import { hardhatEnvironment } from '../l1/artifacts.ts';
import { DEVELOPMENT_CHAIN } from '../protocol/constants.ts';
import { serveJsonRpc } from './json-rpc-server.ts';

export interface ChainOptions {
  /** Port of the JSON-RPC server; 0 takes a free one. Without it there is no server: use `provider`. */
  readonly port?: number;
  /** Host name to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Milliseconds between blocks. Without it every transaction is mined at once. */
  readonly blockIntervalMs?: number;
  /** Number of funded accounts; default 20. */
  readonly accounts?: number;
  /** Default 31337. */
  readonly chainId?: number;
}

export interface DevelopmentAccount {
  readonly address: Hex;
  readonly privateKey: Hex;
}

export interface DevelopmentChain {
  readonly chainId: number;
  /** JSON-RPC over HTTP; undefined without a port. */
  readonly url: string | undefined;
  /** EIP-1193, in process. With evm_snapshot, evm_revert, evm_mine, hardhat_mine and the like. */
  readonly provider: EIP1193Provider;
  /** 10,000 ETH each. Their keys are public: mnemonic `test test ... junk`. */
  readonly accounts: readonly DevelopmentAccount[];
  close(): Promise<void>;
}

/** Starts an in-process Hardhat chain. It holds its state in memory and starts afresh each time. */
export async function startChain(options: ChainOptions = {}): Promise<DevelopmentChain> {
  const hre = await hardhatEnvironment();
  const chainId = options.chainId ?? DEVELOPMENT_CHAIN;
  const count = options.accounts ?? 20;
  const connection = await hre.network.create({
    network: 'default',
    chainType: 'l1',
    override: {
      chainId,
      accounts: { mnemonic: DEVELOPMENT_MNEMONIC, count, accountsBalance: 10_000n * 10n ** 18n },
      allowBlocksWithSameTimestamp: true,
      // As Ethereum nodes do: a transaction that reverts is accepted and gets a receipt.
      throwOnTransactionFailures: false,
      mining:
        options.blockIntervalMs === undefined
          ? { auto: true, interval: 0 }
          : { auto: false, interval: options.blockIntervalMs },
    },
  });
  const provider = connection.provider as unknown as EIP1193Provider;
  const server =
    options.port === undefined
      ? undefined
      : await serveJsonRpc(provider, options.host ?? '127.0.0.1', options.port);
  return {
    chainId,
    url: server?.url,
    provider,
    accounts: developmentAccounts(count).map((account) => ({
      address: account.address,
      privateKey: developmentPrivateKey(account),
    })),
    close: async () => {
      await server?.close();
      await connection.close();
    },
  };
}
