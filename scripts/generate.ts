/**
 * Writes the constants of protocol/constants.ts for circom and Solidity. `npm run generate`; test/unit/generate holds
 * the committed files to this output.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { circomConstants } from './generate/circom.ts';
import { circomTreeConstants } from './generate/circom-trees.ts';
import { solidityConstants } from './generate/solidity.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Every generated file: path from the repository's root, and text. */
export function generatedFiles(): { path: string; text: string }[] {
  return [
    { path: 'circuits/generated/constants.circom', text: circomConstants() },
    { path: 'circuits/generated/tree-constants.circom', text: circomTreeConstants() },
    { path: 'contracts/generated/Constants.sol', text: solidityConstants() },
  ];
}

if (import.meta.main) {
  for (const { path, text } of generatedFiles()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
