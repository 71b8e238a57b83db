import { fileURLToPath } from 'node:url';
import hardhatViem from '@nomicfoundation/hardhat-viem';
import { defineConfig } from 'hardhat/config';

/** Contracts are compiled with the bundled solc JavaScript build: no compiler is downloaded. */
export default defineConfig({
  plugins: [hardhatViem],
  solidity: {
    version: '0.8.37',
    path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
    settings: {
      viaIR: true,
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 1_000_000 },
    },
  },
  paths: { sources: './contracts' },
});
