/** Node adapter: compiles the contracts with Hardhat (cached; a repeated call compiles nothing) and reads artifacts. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MultiProcessMutex } from '@nomicfoundation/hardhat-utils/synchronization';
import { createHardhatRuntimeEnvironment, importUserConfig } from 'hardhat/hre';
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';
import type { CompilerOutput } from 'hardhat/types/solidity';
import type { Abi, Hex } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';

/** Contracts that can be deployed from here; all but the first two are for development and tests. */
export type ContractName =
  | 'Rollup'
  | 'Bridge'
  | 'TestToken'
  | 'ControlledToken'
  | 'FeeToken'
  | 'LyingToken'
  | 'QuirkyToken'
  | 'ReentrantToken'
  | 'Forwarder'
  | 'Groth16BatchHarness';

/** A compiled contract. */
export interface ContractArtifact {
  readonly abi: Abi;
  /** Code that creates it. */
  readonly bytecode: Hex;
  /** Code that runs, zeros where immutables go. */
  readonly deployedBytecode: Hex;
  readonly immutableReferences: Readonly<
    Record<string, readonly { readonly start: number; readonly length: number }[]>
  >;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILD_TIMEOUT_MS = 300_000;
const BUILD_MUTEX = new MultiProcessMutex(
  join(tmpdir(), `azalea-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}.lock`),
  BUILD_TIMEOUT_MS,
);

let environment: Promise<HardhatRuntimeEnvironment> | undefined;
let built: Promise<void> | undefined;

/** Hardhat with the project's configuration, independent of the working directory. Created once per process. */
export function hardhatEnvironment(): Promise<HardhatRuntimeEnvironment> {
  environment ??= (async () => {
    const path = fileURLToPath(new URL('../hardhat.config.ts', import.meta.url));
    const config = await importUserConfig(path);
    const hre = await createHardhatRuntimeEnvironment(
      config,
      { config: path },
      fileURLToPath(new URL('..', import.meta.url)),
    );
    hre.hooks.registerHandlers('solidity', {
      getCompilationJobErrors: async (context, job, output, next) => {
        const shown = await next(context, job, { ...output, errors: withoutLibraryWarnings(output.errors) });
        // Hardhat prints an empty line for an empty list, and nothing for none; its type knows no none.
        return shown.length === 0 ? (undefined as unknown as typeof shown) : shown;
      },
    });
    return hre;
  })();
  return environment;
}

/**
 * Returns the compiler's messages without its warnings about libraries. These are pinned versions: nobody can act on a
 * warning.
 */
export function withoutLibraryWarnings(errors: CompilerOutput['errors']): CompilerOutput['errors'] {
  return errors?.filter((error) => {
    // Hardhat's type leaves out the place, which solc's JSON has.
    const { sourceLocation } = error as typeof error & {
      readonly sourceLocation?: { readonly file: string };
    };
    return error.severity === 'error' || (sourceLocation?.file ?? 'project/').startsWith('project/');
  });
}

/**
 * Compiles all contracts; seconds the first time, otherwise from the cache.
 * @throws AzaleaError CONTRACTS_BUILD_FAILED
 */
export function buildContracts(): Promise<void> {
  built ??= (async () => {
    const hre = await hardhatEnvironment();
    try {
      // Hardhat's build does not expect another one in the same directory at the same time.
      await BUILD_MUTEX.use(() =>
        withoutSpinner(() => hre.tasks.getTask('build').run({ quiet: true, noTests: true })),
      );
    } catch (cause) {
      throw new AzaleaError(
        'CONTRACTS_BUILD_FAILED',
        `the contracts do not compile: ${cause instanceof Error ? cause.message : String(cause)}; run \`npx hardhat build\``,
        {},
        { cause },
      );
    }
  })();
  built.catch(() => {
    built = undefined;
  });
  return built;
}

/** Hardhat draws a spinner on a terminal, quiet or not, across what others draw there; a `dumb` terminal gets none. */
async function withoutSpinner<T>(work: () => Promise<T>): Promise<T> {
  const { TERM } = process.env;
  process.env.TERM = 'dumb';
  try {
    return await work();
  } finally {
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
  }
}

/** Compiles if needed and returns one contract. @throws AzaleaError CONTRACTS_BUILD_FAILED */
export async function loadArtifact(name: ContractName): Promise<ContractArtifact> {
  await buildContracts();
  const hre = await hardhatEnvironment();
  const artifact = await hre.artifacts.readArtifact(name);
  return {
    abi: artifact.abi as Abi,
    bytecode: artifact.bytecode as Hex,
    deployedBytecode: artifact.deployedBytecode as Hex,
    immutableReferences: artifact.immutableReferences ?? {},
  };
}
