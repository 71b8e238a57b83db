/** Node adapter: compiles the contracts with Hardhat (cached; a repeated call compiles nothing) and reads artifacts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHardhatRuntimeEnvironment, importUserConfig } from 'hardhat/hre';
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';
import type { Abi, Hex } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';

/** Contracts that can be deployed from here; all but the first two are for development and tests. */
export type ContractName =
  | 'Rollup'
  | 'Bridge'
  | 'TestToken'
  | 'FeeToken'
  | 'LyingToken'
  | 'ReentrantToken'
  | 'Forwarder'
  | 'Groth16BatchHarness';

/** A compiled contract. */
export interface ContractArtifact {
  readonly abi: Abi;
  readonly bytecode: Hex;
}

let environment: Promise<HardhatRuntimeEnvironment> | undefined;
let built: Promise<void> | undefined;

/** Hardhat with the project's configuration, whatever the working directory. Created once per process. */
export function hardhatEnvironment(): Promise<HardhatRuntimeEnvironment> {
  environment ??= (async () => {
    const path = fileURLToPath(new URL('../hardhat.config.ts', import.meta.url));
    const config = await importUserConfig(path);
    return await createHardhatRuntimeEnvironment(
      config,
      { config: path },
      fileURLToPath(new URL('..', import.meta.url)),
    );
  })();
  return environment;
}

/**
 * Compiles all contracts; seconds the first time, otherwise from the cache.
 * @throws AzaleaError CONTRACTS_BUILD_FAILED
 */
export function buildContracts(): Promise<void> {
  built ??= (async () => {
    const hre = await hardhatEnvironment();
    try {
      await hre.tasks.getTask('build').run({ quiet: true, noTests: true });
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

/** Another process may be writing the same artifacts: so often, and so many milliseconds apart, reading is tried. */
const READ_ATTEMPTS = 20;
const READ_PAUSE_MS = 250;

/** Compiles if needed and returns one contract. @throws AzaleaError CONTRACTS_BUILD_FAILED */
export async function loadArtifact(name: ContractName): Promise<ContractArtifact> {
  await buildContracts();
  const hre = await hardhatEnvironment();
  for (let attempt = 1; ; attempt++) {
    try {
      const artifact = await hre.artifacts.readArtifact(name);
      return { abi: artifact.abi as Abi, bytecode: artifact.bytecode as Hex };
    } catch (cause) {
      if (attempt === READ_ATTEMPTS) {
        throw new AzaleaError(
          'CONTRACTS_BUILD_FAILED',
          `the artifact of ${name} cannot be read; remove artifacts/ and cache/ and run \`npx hardhat build\``,
          { contract: name },
          { cause },
        );
      }
      await sleep(READ_PAUSE_MS);
    }
  }
}
