/** `azalea rollup deploy` and `azalea rollup verify`: a rollup of one's own. docs/operations.md */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatEther, formatGwei, type Hash, type LocalAccount } from 'viem';
import { programSource } from '../../host/program-source.ts';
import { accountFromPrivateKey, developmentAccounts } from '../../l1/account.ts';
import { loadArtifact } from '../../l1/artifacts.ts';
import { connectL1, type L1Client } from '../../l1/client.ts';
import { encodeRollupDeployment } from '../../l1/deploy/deploy.ts';
import {
  type DeploymentCost,
  estimateDeployment,
  settleDeployment,
  signDeployment,
} from '../../l1/deploy/deploy-once.ts';
import {
  DeploymentDescription,
  PendingDeployment,
  readDescription,
  writeDescription,
} from '../../l1/deploy/deployment-file.ts';
import {
  type DeploymentCheck,
  type ExpectedDeployment,
  requireVerified,
  verifyDeployment,
} from '../../l1/deploy/verify-deployment.ts';
import { readRollupInfo } from '../../l1/rollup-info.ts';
import type { KeyName } from '../../l1/verification-key.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { compileCircuit } from '../../prover/node/compile.ts';
import { type PublicCircuitKey, readCircuitKey } from '../../prover/node/dev-key-builder.ts';
import { ensureDevVerificationKeys } from '../../prover/node/dev-keys.ts';
import type { CliContext } from '../context.ts';
import { table } from '../terminal/output.ts';

export interface KeyOptions {
  /** Directory of production keys. */
  readonly keys?: string;
  readonly insecureDevKeys?: boolean;
}

export interface DeployOptions extends KeyOptions {
  readonly out: string;
  readonly yes?: boolean;
}

const DEVELOPMENT_CHAIN = 31337;
const CIRCUITS = Object.keys(KEY_ID) as KeyName[];

/** Estimates, asks, keeps the signed transaction, sends, waits, verifies, writes the file. A repeated call resumes. */
export async function deploy(context: CliContext, options: DeployOptions): Promise<void> {
  if (existsSync(options.out)) {
    throw new AzaleaError(
      'DEPLOYMENT_EXISTS',
      `${options.out} describes a rollup already: "azalea rollup verify ${options.out}" checks it; name another file with --out`,
      { file: options.out },
    );
  }
  const client = await l1Of(context);
  const expected = await expectedOf(context, client, options);
  const pendingFile = `${options.out}.pending`;
  let pending = readDescription(pendingFile, PendingDeployment);
  if (pending === undefined) {
    const account = deployer(context, client.chain.id);
    const data = encodeRollupDeployment(expected, (await loadArtifact('Rollup')).bytecode);
    const cost = await estimateDeployment(client, account.address, data);
    await agree(context, client, cost, options);
    pending = await signDeployment(client, account, data, cost);
    writeDescription(pendingFile, pending);
  } else {
    if (pending.chainId !== client.chain.id) throw otherChain(pendingFile, pending.chainId, client.chain.id);
    context.output.notice(`Going on with the deployment that ${pendingFile} keeps: ${pending.transaction}`);
  }
  const receipt = await settleDeployment(client, pending, { signal: context.signal });
  const checks = await checkOf(
    client,
    { rollup: pending.rollup, transaction: pending.transaction },
    expected,
  );
  requireVerified(pending.rollup, checks);
  const info = await readRollupInfo(client, pending.rollup);
  const description: DeploymentDescription = {
    version: 1,
    chainId: info.chainId,
    rollupId: fieldToHex(info.rollupId) as Hash,
    rollup: info.rollup,
    bridge: info.bridge,
    transaction: pending.transaction,
    l1Block: Number(receipt.blockNumber),
    insecureKeys: info.insecureKeys,
    keys: info.keys.map(({ id, name, hash }) => ({ id, name, hash })),
  };
  writeDescription(options.out, description);
  rmSync(pendingFile, { force: true });
  context.output.result({ ...description, gasUsed: receipt.gasUsed, file: options.out }, [
    `Rollup  ${info.rollup}`,
    `Bridge  ${info.bridge}`,
    `Gas     ${receipt.gasUsed}, ${formatEther(receipt.gasUsed * receipt.effectiveGasPrice)} ETH`,
    `Code and verification keys are the ones compiled here (${checks.length} checks).`,
    `Written to ${options.out}: give it to the sequencer (--rollup ${options.out}) and to wallets.`,
  ]);
}

/** Checks the rollup of a deployment's file against contracts, keys and programs of this software. */
export async function verify(context: CliContext, file: string, options: KeyOptions): Promise<void> {
  const description = readDescription(file, DeploymentDescription);
  if (description === undefined) {
    throw new AzaleaError(
      'DEPLOYMENT_FILE_INVALID',
      `There is no ${file}: name the file that "azalea rollup deploy" wrote`,
      {
        file,
      },
    );
  }
  const client = await l1Of(context);
  if (description.chainId !== client.chain.id) throw otherChain(file, description.chainId, client.chain.id);
  const expected = await expectedOf(context, client, options);
  const checks = await checkOf(client, description, expected);
  const lines = table(
    checks.map(({ name, ok, found }) => [ok ? 'ok' : 'WRONG', name, ok ? '' : found.slice(0, 200)]),
  );
  if (checks.every(({ ok }) => ok)) {
    context.output.result({ rollup: description.rollup, ok: true, checks }, lines);
    return;
  }
  for (const line of lines) context.output.notice(line);
  requireVerified(description.rollup, checks);
}

async function l1Of(context: CliContext): Promise<L1Client> {
  const { l1 } = context.options;
  if (l1 === undefined) throw new AzaleaError('ENDPOINT_MISSING', 'No L1 is named: give --l1 URL.');
  return await connectL1({ l1 });
}

async function checkOf(
  client: L1Client,
  deployment: Pick<DeploymentDescription, 'rollup' | 'transaction'>,
  expected: ExpectedDeployment,
): Promise<DeploymentCheck[]> {
  const contracts = { rollup: await loadArtifact('Rollup'), bridge: await loadArtifact('Bridge') };
  return await verifyDeployment(client, deployment, expected, contracts);
}

/** Keys and programs that a deployment of this software has. */
async function expectedOf(
  context: CliContext,
  client: L1Client,
  options: KeyOptions,
): Promise<ExpectedDeployment> {
  const insecureKeys = options.insecureDevKeys ?? false;
  if (insecureKeys === (options.keys !== undefined)) {
    throw new AzaleaError(
      'DEPLOYMENT_KEY_MISSING',
      'No verification keys are named: give --keys DIR for those of a ceremony, or --insecure-dev-keys for a development chain.',
    );
  }
  if (insecureKeys && client.chain.id !== DEVELOPMENT_CHAIN) {
    throw new AzaleaError(
      'INSECURE_KEYS_REFUSED',
      `Development keys are refused on chain ${client.chain.id}: their maker could empty the bridge. Give --keys DIR`,
      { chainId: client.chain.id },
    );
  }
  const keys = await (insecureKeys ? developmentKeys(context) : productionKeys(options.keys!));
  const credits = compileProgram(await programSource('credits'));
  const bridge = compileProgram(await programSource('bridge'));
  return {
    keys: Object.fromEntries(keys.map(({ circuit, verificationKey }) => [circuit.name, verificationKey])),
    insecureKeys,
    creditsProgramId: credits.programId,
    bridgeProgramId: bridge.programId,
    creditsTypeId: credits.records.get('credits')!.typeId,
    bridgeTypeId: bridge.records.get('asset')!.typeId,
  };
}

function developmentKeys(context: CliContext): Promise<PublicCircuitKey[]> {
  return ensureDevVerificationKeys(CIRCUITS, {
    signal: context.signal,
    onProgress: ({ circuit, stage, fraction }) =>
      context.progress.update(stage === 'compile' ? `compile ${circuit}` : `key of ${circuit}`, fraction),
  });
}

async function productionKeys(directory: string): Promise<PublicCircuitKey[]> {
  return await Promise.all(
    CIRCUITS.map(async (name) => {
      if (!existsSync(join(directory, name, 'key.json'))) {
        throw new AzaleaError(
          'DEPLOYMENT_KEY_MISSING',
          `${directory} has no key of ${name}: name the directory that "npm run setup -- --ptau FILE --out DIR" wrote`,
          { circuit: name },
        );
      }
      const key = await readCircuitKey(await compileCircuit(name), join(directory, name));
      if (!key.info.insecure) return { ...key, built: false };
      throw new AzaleaError(
        'INSECURE_KEYS_REFUSED',
        `The key of ${name} in ${directory} is a development key: make production keys (docs/keys.md)`,
        { circuit: name },
      );
    }),
  );
}

function deployer(context: CliContext, chainId: number): LocalAccount {
  const given = context.environment.AZALEA_L1_KEY;
  if (given !== undefined) return accountFromPrivateKey(given.startsWith('0x') ? given : `0x${given}`);
  if (chainId === DEVELOPMENT_CHAIN) return developmentAccounts(1)[0];
  throw new AzaleaError(
    'L1_KEY_MISSING',
    'This needs an L1 account that pays: set AZALEA_L1_KEY to its private key (0x and 64 hex digits).',
  );
}

async function agree(
  context: CliContext,
  client: L1Client,
  cost: DeploymentCost,
  options: DeployOptions,
): Promise<void> {
  const { output, prompts, progress } = context;
  progress.stop();
  const lines = [
    `Chain ${client.chain.id}, from ${cost.from}, which has ${formatEther(cost.balance)} ETH`,
    `Gas ${cost.gas} at most, at ${formatGwei(cost.maxFeePerGas)} gwei at most`,
    `Cost about ${formatEther(cost.expected)} ETH, at most ${formatEther(cost.most)} ETH`,
  ];
  for (const line of lines) output.notice(line);
  if (cost.balance < cost.most) {
    throw new AzaleaError(
      'L1_BALANCE_TOO_LOW',
      `The account ${cost.from} has ${formatEther(cost.balance)} ETH, the deployment may cost ${formatEther(cost.most)} ETH: send it more`,
      { account: cost.from },
    );
  }
  if (!options.yes) await prompts.confirm('Deploy?', '--yes');
}

function otherChain(file: string, wanted: number, found: number): AzaleaError {
  return new AzaleaError(
    'L1_WRONG_CHAIN',
    `${file} is of chain ${wanted}, the L1 URL leads to chain ${found}: give the URL of the right chain`,
    { wanted, found },
  );
}
