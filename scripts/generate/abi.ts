/**
 * Writes l1/generated/*-abi.ts from the compiled contracts, so that viem's calls are typed and a browser needs no
 * artifacts. Run with `node scripts/generate/abi.ts` after changing an interface; a test fails on drift.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type ContractName, loadArtifact } from '../../l1/artifacts.ts';

/** File name, exported constant and contract of every generated ABI. */
export const ABI_FILES: readonly {
  readonly file: string;
  readonly constant: string;
  readonly contract: ContractName;
}[] = [
  { file: 'rollup-abi.ts', constant: 'rollupAbi', contract: 'Rollup' },
  { file: 'bridge-abi.ts', constant: 'bridgeAbi', contract: 'Bridge' },
  { file: 'test-token-abi.ts', constant: 'testTokenAbi', contract: 'TestToken' },
];

/** Text of one generated file. */
export async function abiText(constant: string, contract: ContractName): Promise<string> {
  const { abi } = await loadArtifact(contract);
  return `${[
    `// Generated from contracts/ by scripts/generate/abi.ts. Do not edit.`,
    `export const ${constant} = ${JSON.stringify(abi, null, 2)} as const;`,
  ].join('\n')}\n`;
}

if (import.meta.main) {
  for (const { file, constant, contract } of ABI_FILES) {
    const path = fileURLToPath(new URL(`../../l1/generated/${file}`, import.meta.url));
    await writeFile(path, await abiText(constant, contract));
  }
}
