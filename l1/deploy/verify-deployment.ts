/**
 * Checks a deployment against the contracts compiled here. It reads the creating transaction: from our creation code and
 * known arguments everything else follows, every immutable included. It believes the L1 node.
 */
import { type AbiParameter, type Address, decodeAbiParameters, type Hash, type Hex } from 'viem';
import { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { L1Client } from '../client.ts';
import { l1Call } from '../failure.ts';
import { bridgeAbi } from '../generated/bridge-abi.ts';
import { rollupAbi } from '../generated/rollup-abi.ts';
import { readRollupInfo } from '../rollup-info.ts';
import {
  contractKeys,
  type KeyName,
  keyTableHash,
  type SnarkjsVerificationKey,
} from '../verification-key.ts';

/** A compiled contract: code that creates it, code that runs, and where that holds immutables. */
export interface CompiledContract {
  readonly bytecode: Hex;
  readonly deployedBytecode: Hex;
  readonly immutableReferences: Readonly<
    Record<string, readonly { readonly start: number; readonly length: number }[]>
  >;
}

export interface ExpectedDeployment {
  readonly keys: Readonly<Partial<Record<KeyName, SnarkjsVerificationKey>>>;
  readonly insecureKeys: boolean;
  readonly creditsProgramId: bigint;
  readonly bridgeProgramId: bigint;
  readonly creditsTypeId: bigint;
  readonly bridgeTypeId: bigint;
}

export interface DeploymentCheck {
  readonly name: string;
  readonly ok: boolean;
  /** The value found and the value expected, when it is not ok. */
  readonly found: string;
}

const DEVELOPMENT_CHAIN = 31337;

/**
 * Compares everything; it does not stop at the first difference.
 * @param transaction the transaction that created the rollup
 * @throws AzaleaError L1_NOT_A_ROLLUP, and as `l1Failure` says
 */
export async function verifyDeployment(
  client: L1Client,
  { rollup, transaction }: { readonly rollup: Address; readonly transaction: Hash },
  expected: ExpectedDeployment,
  contracts: { readonly rollup: CompiledContract; readonly bridge: CompiledContract },
): Promise<DeploymentCheck[]> {
  const info = await readRollupInfo(client, rollup);
  return await l1Call('verify the deployment', async () => {
    const [receipt, creation, code, bridgeCode, table, owner] = await Promise.all([
      client.getTransactionReceipt({ hash: transaction }),
      client.getTransaction({ hash: transaction }),
      client.getCode({ address: rollup }),
      client.getCode({ address: info.bridge }),
      client.readContract({ address: rollup, abi: rollupAbi, functionName: 'keyTableHash' }),
      client.readContract({ address: info.bridge, abi: bridgeAbi, functionName: 'rollup' }),
    ]);
    const { shared, keys } = contractKeys(expected.keys);
    const checks: DeploymentCheck[] = [];
    const check = (name: string, found: unknown, wanted: unknown): void => {
      const ok = text(found) === text(wanted);
      checks.push({ name, ok, found: ok ? text(found) : `${text(found)}, not ${text(wanted)}` });
    };
    check('created by this transaction', receipt.status === 'success' && receipt.contractAddress, rollup);
    const ours = creation.input.startsWith(contracts.rollup.bytecode);
    check('creation code', ours ? 'as compiled here' : 'other code', 'as compiled here');
    check('code of the rollup', sameCode(code, contracts.rollup), 'as compiled here');
    check('code of the bridge', sameCode(bridgeCode, contracts.bridge), 'as compiled here');
    check('rollup of the bridge', owner, rollup);
    if (ours) {
      const given = constructorArguments(creation.input, contracts.rollup.bytecode);
      for (const name of Object.keys(expected) as (keyof ExpectedDeployment)[]) {
        if (name !== 'keys') check(name, given[name], expected[name]);
      }
      check('verification keys given', same(given, { shared, keys }), 'the keys meant');
    }
    check('verification keys', table, keyTableHash(shared, keys));
    check('keys', info.keys.map(({ name }) => name).join(), namesById(expected.keys));
    check(
      'insecure keys only on a development chain',
      !info.insecureKeys || info.chainId === DEVELOPMENT_CHAIN,
      true,
    );
    return checks;
  });
}

/** @throws AzaleaError DEPLOYMENT_MISMATCH that names every check that failed */
export function requireVerified(rollup: Address, checks: readonly DeploymentCheck[]): void {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return;
  throw new AzaleaError(
    'DEPLOYMENT_MISMATCH',
    `The rollup at ${rollup} is not the one meant: ${failed.map(({ name }) => name).join(', ')}. Deposit nothing into it`,
    { rollup, failed: failed.map(({ name }) => name).join(', ') },
  );
}

type Arguments = Omit<ExpectedDeployment, 'keys'> & Record<'shared' | 'keys', unknown>;

/** The constructor arguments in the creating transaction. */
function constructorArguments(input: Hex, bytecode: Hex): Arguments {
  const { inputs } = rollupAbi.find(({ type }) => type === 'constructor') as {
    readonly inputs: readonly AbiParameter[];
  };
  const [deployment] = decodeAbiParameters(inputs, `0x${input.slice(bytecode.length)}`);
  return deployment as Arguments;
}

function same(given: Arguments, wanted: Pick<Arguments, 'shared' | 'keys'>): string {
  return text({ shared: given.shared, keys: given.keys }) === text(wanted) ? 'the keys meant' : 'other keys';
}

function sameCode(
  code: Hex | undefined,
  { deployedBytecode, immutableReferences }: CompiledContract,
): string {
  if (code === undefined || code.length !== deployedBytecode.length) return 'other code';
  const masked = (text: string): string => {
    const bytes = Buffer.from(text.slice(2), 'hex');
    for (const { start, length } of Object.values(immutableReferences).flat())
      bytes.fill(0, start, start + length);
    return bytes.toString('hex');
  };
  return masked(code) === masked(deployedBytecode) ? 'as compiled here' : 'other code';
}

function namesById(keys: ExpectedDeployment['keys']): string {
  return (Object.keys(keys) as KeyName[]).sort((a, b) => KEY_ID[a] - KEY_ID[b]).join();
}

/** Values of an ABI as text; addresses in one case, object keys in one order. */
function text(value: unknown): string {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${key}:${text(item)}`).join()}}`;
  }
  return String(value);
}
