import { type Abi, type Address, encodeDeployData, type Hex, toHex } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';
import type { L1Client, L1Wallet } from '../client.ts';
import { l1Call } from '../failure.ts';
import { rollupAbi } from '../generated/rollup-abi.ts';
import { sendCall } from '../send.ts';
import { contractKeys, type KeyName, type SnarkjsVerificationKey } from '../verification-key.ts';

export interface DeployRollupOptions {
  /** Verification keys by circuit; at least one transition and one state-update key, all of one setup. */
  readonly keys: Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>;
  /** True for development keys: such a deployment works on chain 31337 only. */
  readonly insecureKeys: boolean;
  readonly creditsProgramId: bigint;
  readonly bridgeProgramId: bigint;
  /** Record type that an ETH deposit makes. */
  readonly creditsTypeId: bigint;
  /** Record type that an ERC-20 deposit makes. */
  readonly bridgeTypeId: bigint;
  /** 32 bytes; random by default. */
  readonly salt?: Hex;
}

export interface DeployDependencies {
  readonly client: L1Client;
  readonly wallet: L1Wallet;
  /** Compiled contracts/Rollup.sol; `loadArtifact('Rollup')` in Node. */
  readonly artifact: { readonly bytecode: Hex };
}

export interface DeployedRollup {
  readonly rollup: Address;
  readonly bridge: Address;
  readonly transaction: Hex;
  readonly l1Block: number;
  readonly gasUsed: bigint;
}

/**
 * The data of the transaction that deploys a rollup and its bridge.
 * @param bytecode compiled contracts/Rollup.sol
 * @throws AzaleaError L1_KEYS_OF_DIFFERENT_SETUPS, L1_KEYS_MISSING
 */
export function encodeRollupDeployment(options: DeployRollupOptions, bytecode: Hex): Hex {
  const { shared, keys } = contractKeys(options.keys);
  return encodeDeployData({
    abi: rollupAbi,
    bytecode: bytecode,
    args: [
      {
        salt: options.salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
        insecureKeys: options.insecureKeys,
        creditsProgramId: options.creditsProgramId,
        bridgeProgramId: options.bridgeProgramId,
        creditsTypeId: options.creditsTypeId,
        bridgeTypeId: options.bridgeTypeId,
        shared,
        keys,
      },
    ],
  });
}

/**
 * Deploys a rollup and its bridge.
 * @throws AzaleaError L1_KEYS_OF_DIFFERENT_SETUPS, L1_KEYS_MISSING, L1_REVERTED (details.error: InsecureKeysRefused,
 * InvalidKeyPoint, DependentKeys, ...), L1_UNREACHABLE
 */
export async function deployRollup(
  options: DeployRollupOptions,
  { client, wallet, artifact }: DeployDependencies,
): Promise<DeployedRollup> {
  const data = encodeRollupDeployment(options, artifact.bytecode);
  const { address: rollup, receipt } = await deployCode(client, wallet, 'deploy the rollup', data);
  const bridge = await l1Call('read the bridge', () =>
    client.readContract({ address: rollup, abi: rollupAbi, functionName: 'bridge' }),
  );
  return {
    rollup,
    bridge,
    transaction: receipt.transactionHash,
    l1Block: Number(receipt.blockNumber),
    gasUsed: receipt.gasUsed,
  };
}

/** Deploys any compiled contract, for tokens on development chains. */
export async function deployContract(
  { client, wallet }: Omit<DeployDependencies, 'artifact'>,
  artifact: { readonly abi: Abi; readonly bytecode: Hex },
  args: readonly unknown[] = [],
): Promise<Address> {
  const data = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode, args: [...args] });
  return (await deployCode(client, wallet, 'deploy a contract', data)).address;
}

async function deployCode(client: L1Client, wallet: L1Wallet, action: string, data: Hex) {
  const receipt = await sendCall(client, wallet, action, { data });
  if (receipt.contractAddress == null) {
    throw new AzaleaError(
      'L1_CALL_FAILED',
      `${action}: the receipt of ${receipt.transactionHash} names no contract`,
      { action, transaction: receipt.transactionHash },
    );
  }
  return { address: receipt.contractAddress, receipt };
}
