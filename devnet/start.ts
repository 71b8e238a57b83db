import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Address, encodeFunctionData } from 'viem';
import { programSource } from '../host/program-source.ts';
import { accountFromPrivateKey } from '../l1/account.ts';
import { buildContracts, loadArtifact } from '../l1/artifacts.ts';
import { connectL1, type L1Client, type L1Wallet, l1Wallet } from '../l1/client.ts';
import { deployContract, deployRollup } from '../l1/deploy/deploy.ts';
import { type RollupInfo, readRollupInfo } from '../l1/rollup-info.ts';
import { sendCall } from '../l1/send.ts';
import type { KeyName } from '../l1/verification-key.ts';
import { compileProgram, type Program } from '../program/compile/artifact.ts';
import type { CircuitKey, PublicCircuitKey, SetupEvent } from '../prover/node/dev-key-builder.ts';
import { ensureDevKeyTable } from '../prover/node/dev-keys.ts';
import { SnarkjsProver } from '../prover/node/snarkjs-prover.ts';
import type { Prover } from '../prover/prover.ts';
import type { CircuitInput } from '../prover/witness-calculator.ts';
import { madeOnDemand } from '../sequencer/keys/dev-proving-key.ts';
import { loadConfig } from '../sequencer/process/config.ts';
import { type SequencerService, startService } from '../sequencer/process/service.ts';
import { type DevelopmentAccount, type DevelopmentChain, startChain } from './chain.ts';

/** Parts of starting up, in order. */
export type StartStep = 'keys' | 'contracts' | 'deploy' | 'sequencer';

export interface StartOptions {
  readonly circuits: readonly KeyName[];
  /** Circuits that the rollup verifies, too, and whose proving keys are made when a client first asks for them. */
  readonly laterCircuits?: readonly KeyName[];
  readonly software: string;
  /** Port of the L1 node; 0 picks a free one. */
  readonly l1Port?: number;
  /** Port of the sequencer; 0 picks a free one. */
  readonly sequencerPort?: number;
  /** Milliseconds between L1 blocks; without it every transaction is mined at once. */
  readonly l1BlockMs?: number;
  /** Settings of the sequencer beside those the devnet fixes. */
  readonly sequencer?: Readonly<Record<string, unknown>>;
  readonly log?: Logger;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: StartStep, state: 'start' | 'done') => void;
  readonly onSetup?: (event: SetupEvent) => void;
  /** Called after each proof that the sequencer makes, with the seconds of witness and proof together. */
  readonly onStateUpdate?: (input: CircuitInput, seconds: number) => void;
}

/** A rollup that runs in this process: chain, contracts, sequencer, accounts with money. */
export interface Devnet {
  readonly chain: DevelopmentChain;
  readonly l1Url: string;
  readonly client: L1Client;
  readonly rollup: RollupInfo;
  /** An ERC-20 of which every account has a million units (18 decimals). */
  readonly token: Address;
  readonly service: SequencerService;
  readonly keys: readonly CircuitKey[];
  /** Proposes blocks. */
  readonly proposer: DevelopmentAccount;
  /** For users: deposits, withdrawals. */
  readonly accounts: readonly DevelopmentAccount[];
  wallet(account: DevelopmentAccount): L1Wallet;
  close(): Promise<void>;
}

const TOKENS_PER_ACCOUNT = 10n ** 24n;

/** Starts everything. It keeps nothing: the next start is a new rollup. */
export async function startDevnet(options: StartOptions): Promise<Devnet> {
  const { onStep, signal } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const step = async <T>(name: StartStep, work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    onStep?.(name, 'start');
    const result = await work();
    onStep?.(name, 'done');
    return result;
  };
  try {
    const { whole: keys, later } = await step('keys', () =>
      ensureDevKeyTable(
        { whole: options.circuits, later: options.laterCircuits ?? [] },
        { onProgress: options.onSetup, signal },
      ),
    );
    await step('contracts', buildContracts);
    const { chain, client, proposer, accounts, rollup, token, wallet } = await step('deploy', async () => {
      const started = await startChain({ port: options.l1Port ?? 0, blockIntervalMs: options.l1BlockMs });
      closers.push(started.close);
      return { chain: started, ...(await deployAll(started, [...keys, ...later])) };
    });
    const service = await step('sequencer', async () => {
      const dataDirectory = await mkdtemp(join(tmpdir(), 'azalea-sequencer-'));
      closers.push(() => rm(dataDirectory, { recursive: true, force: true }));
      const config = loadConfig({
        overrides: {
          pollMs: 200,
          blockDelayMs: 300,
          // Nobody else's machine can reach it.
          submissionsPerMinute: 0,
          downloadsPerMinute: 0,
          ...options.sequencer,
          l1Url: chain.url,
          rollup: rollup.rollup,
          proposerKey: proposer.privateKey,
          dataDirectory,
          port: options.sequencerPort ?? 0,
        },
      });
      const prover = observed(
        new SnarkjsProver({ keys, processes: config.proofWorkers }),
        options.onStateUpdate,
      );
      const running = await startService(
        { config, keys, laterKeys: later.map((key) => madeOnDemand(key)), software: options.software },
        { log: options.log, prover },
      );
      closers.push(running.close);
      return running;
    });
    return {
      chain,
      l1Url: chain.url!,
      client,
      rollup,
      token,
      service,
      keys,
      proposer,
      accounts,
      wallet,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A prover that reports how long each proof took. */
function observed(prover: Prover, report: StartOptions['onStateUpdate']): Prover {
  return {
    prove: async (circuit, input, proveOptions) => {
      const result = await prover.prove(circuit, input, proveOptions);
      report?.(input, result.timings.witnessSeconds + result.timings.proofSeconds);
      return result;
    },
    verify: (circuit, publicSignals, proof) => prover.verify(circuit, publicSignals, proof),
    close: () => prover.close(),
  };
}

async function deployAll(chain: DevelopmentChain, keys: readonly PublicCircuitKey[]) {
  const client = await connectL1({ l1: chain.provider, pollingInterval: 50 });
  const [proposer, ...accounts] = chain.accounts;
  const wallet = (account: DevelopmentAccount): L1Wallet =>
    l1Wallet(client, accountFromPrivateKey(account.privateKey));
  const typeOf = (program: Program, record: string): bigint => program.records.get(record)!.typeId;
  const credits = compileProgram(await programSource('credits'));
  const bridge = compileProgram(await programSource('bridge'));
  const deployed = await deployRollup(
    {
      keys: Object.fromEntries(keys.map((key) => [key.circuit.name, key.verificationKey])),
      insecureKeys: true,
      creditsProgramId: credits.programId,
      bridgeProgramId: bridge.programId,
      creditsTypeId: typeOf(credits, 'credits'),
      bridgeTypeId: typeOf(bridge, 'asset'),
    },
    { client, wallet: wallet(proposer), artifact: await loadArtifact('Rollup') },
  );
  const rollup = await readRollupInfo(client, deployed.rollup);
  const token = await deployToken(client, wallet(proposer), accounts);
  return { client, proposer, accounts, wallet, rollup, token };
}

async function deployToken(
  client: L1Client,
  wallet: L1Wallet,
  accounts: readonly DevelopmentAccount[],
): Promise<Address> {
  const artifact = await loadArtifact('TestToken');
  const token = await deployContract({ client, wallet }, artifact, ['Azalea Test Dollar', 'AZD']);
  for (const { address } of accounts) {
    const args = [address, TOKENS_PER_ACCOUNT];
    const data = encodeFunctionData({ abi: artifact.abi, functionName: 'mint', args });
    await sendCall(client, wallet, 'mint test tokens', { to: token, data });
  }
  return token;
}
