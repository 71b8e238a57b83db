/** A Hardhat node over HTTP with a rollup on it, real keys, and real transactions: for the end-to-end tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hex } from 'viem';
import { type DevelopmentChain, startChain } from '../../../devnet/chain.ts';
import { serveJsonRpc } from '../../../devnet/json-rpc-server.ts';
import { developmentAccounts } from '../../../l1/account.ts';
import { loadArtifact } from '../../../l1/artifacts.ts';
import { connectL1, type L1Client, type L1Wallet, l1Wallet } from '../../../l1/client.ts';
import { deployRollup } from '../../../l1/deploy/deploy.ts';
import { readEvents, type SettledBlock } from '../../../l1/events.ts';
import { type RollupInfo, readRollupInfo } from '../../../l1/rollup-info.ts';
import type { KeyName } from '../../../l1/verification-key.ts';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { authorize } from '../../../protocol/call/request.ts';
import { decodeBlock } from '../../../protocol/transaction/block.ts';
import { encodeTransaction, transactionId } from '../../../protocol/transaction/transaction.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import type { CircuitKey } from '../../../prover/node/dev-key-builder.ts';
import { ensureDevKeys } from '../../../prover/node/dev-keys.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { SequencerClient } from '../../../rpc/client.ts';
import { TrapdoorProver } from '../keys/trapdoor-prover.ts';
import { alice, bob, output, pad, program } from '../transition/transitions.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const source = (name: string): string =>
  readFileSync(new URL(`../../../programs/${name}.aleo`, import.meta.url), 'utf8');

export interface E2eRollup {
  readonly chain: DevelopmentChain;
  readonly client: L1Client;
  readonly wallets: readonly L1Wallet[];
  readonly info: RollupInfo;
  readonly keys: readonly CircuitKey[];
  readonly l1Url: string;
  /** Calls a method of the node, such as evm_snapshot. */
  rpc(method: string, ...params: unknown[]): Promise<any>;
  /** Takes the JSON-RPC server away, and brings it back on the same port. */
  l1Down(): Promise<void>;
  l1Up(): Promise<void>;
  /** A real mint of `amount` for Bob: proven, anchored at `anchorRoot`. Each call gives another transaction. */
  mint(
    anchorRoot: bigint,
    amount?: bigint,
  ): Promise<{ bytes: Uint8Array; id: string; nullifiers: readonly bigint[] }>;
  settledBlocks(): Promise<readonly SettledBlock[]>;
  /** Counts the settled transitions that carry this nullifier. */
  timesSettled(nullifier: bigint): Promise<number>;
  close(): Promise<void>;
}

/** Enough for most tests; the large state update takes long to load. */
export const SMALL_CIRCUITS: readonly KeyName[] = ['transition-small', 'state-update-small'];

export async function startRollup(circuits: readonly KeyName[] = SMALL_CIRCUITS): Promise<E2eRollup> {
  const keys = await ensureDevKeys(circuits);
  const chain = await startChain();
  const client = await connectL1({ l1: chain.provider, pollingInterval: 10 });
  const wallets = developmentAccounts(4).map((account) => l1Wallet(client, account));
  const credits = compileProgram(source('credits'));
  const bridge = compileProgram(source('bridge'));
  const typeId = (compiled: typeof credits) => [...compiled.records.values()][0].typeId;
  const { rollup } = await deployRollup(
    {
      keys: Object.fromEntries(keys.map((key) => [key.circuit.name, key.verificationKey])),
      insecureKeys: true,
      creditsProgramId: credits.programId,
      bridgeProgramId: bridge.programId,
      creditsTypeId: typeId(credits),
      bridgeTypeId: typeId(bridge),
    },
    { client, wallet: wallets[0], artifact: await loadArtifact('Rollup') },
  );
  const info = await readRollupInfo(client, rollup);
  const prover = new TrapdoorProver(keys);
  // Last: a deployment that fails leaves no server open.
  let server: Awaited<ReturnType<typeof serveJsonRpc>> | undefined = await serveJsonRpc(
    chain.provider,
    '127.0.0.1',
    0,
  );
  const l1Url = server.url;
  const settledBlocks = async () => {
    const head = Number(await client.getBlockNumber());
    return (await readEvents(client, info, 0, head)).blocks;
  };
  return {
    chain,
    client,
    wallets,
    info,
    keys,
    l1Url,
    rpc: (method, ...params) => (chain.provider.request as any)({ method, params }),
    async l1Down() {
      await server?.close();
      server = undefined;
    },
    async l1Up() {
      server ??= await serveJsonRpc(chain.provider, '127.0.0.1', Number(new URL(l1Url).port));
    },
    async mint(anchorRoot, amount = 500n) {
      const fn = program.functions.mint;
      const authorization = authorize({
        account: alice,
        programId: program.programId,
        functionId: fn.functionId,
        inputs: pad([bob.address.x, amount]),
        recordInputs: [],
        recordOutputs: [output(bob, amount)],
        anchorRoot,
        rollupId: info.rollupId,
      });
      const trace = { advice: [], rows: [], wide: [{ and: 0n, topA: 0n, topB: 0n }], hash: [] };
      const input = transitionInput({ authorization, fn, trace, notePaths: [] });
      const { proof } = await prover.prove('transition-small', input);
      const transaction = {
        transitions: [
          {
            keyId: 0,
            proof,
            statementHash: challengeHash(authorization),
            signals: transitionSignals(authorization.signals),
          },
        ],
      };
      return {
        bytes: encodeTransaction(transaction),
        id: `0x${Buffer.from(transactionId(transaction)).toString('hex')}`,
        nullifiers: authorization.signals.nullifiers,
      };
    },
    settledBlocks,
    async timesSettled(nullifier) {
      const blocks = await settledBlocks();
      return blocks
        .flatMap(({ bytes }) => decodeBlock(bytes).transitions)
        .filter(({ signals }) => signals[1] === nullifier || signals[2] === nullifier).length;
    },
    async close() {
      await server?.close();
      await chain.close();
    },
  };
}

/** The second development account proposes. */
export const PROPOSER_KEY: Hex = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';

export interface SequencerProcess {
  readonly url: string;
  readonly client: SequencerClient;
  readonly process: ChildProcess;
  /** Resolves with the signal or exit code that ended it. */
  readonly ended: Promise<string>;
  /** Everything it wrote. */
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<string>;
}

export interface SequencerProcessOptions {
  readonly rollup: E2eRollup;
  readonly dataDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** These of the environment's variables, if they are set. */
function inherited(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Starts `sequencer/main.ts` as a user would; resolves when it listens or has ended. */
export async function startSequencer(options: SequencerProcessOptions): Promise<SequencerProcess> {
  const child = spawn(process.execPath, [`${ROOT}/sequencer/main.ts`], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...inherited('PATH', 'HOME', 'AZALEA_CACHE_DIR', 'XDG_CACHE_HOME', 'NODE_COMPILE_CACHE'),
      AZALEA_L1_URL: options.rollup.l1Url,
      AZALEA_ROLLUP: options.rollup.info.rollup,
      AZALEA_PROPOSER_KEY: PROPOSER_KEY,
      AZALEA_DATA_DIRECTORY: options.dataDirectory,
      AZALEA_PORT: '0',
      AZALEA_POLL_MS: '100',
      AZALEA_BLOCK_DELAY_MS: '100',
      AZALEA_RESEND_AFTER_MS: '300',
      ...options.environment,
    },
  });
  let text = '';
  child.stdout!.on('data', (data) => {
    text += data;
  });
  child.stderr!.on('data', (data) => {
    text += data;
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)));
  });
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.once('message', (message) => resolve((message as { url: string }).url));
    }),
    ended.then(() => ''),
  ]);
  return {
    url,
    client: new SequencerClient({
      url: url === '' ? 'http://127.0.0.1:1' : url,
      retries: 0,
      timeoutMs: 20_000,
    }),
    process: child,
    ended,
    output: () => text,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return await ended;
    },
  };
}

/** Repeats a question until it is answered with true. */
export async function eventually(
  what: string,
  question: () => Promise<boolean>,
  timeoutMs = 300_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await question().catch(() => false);
    if (answer) return;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
