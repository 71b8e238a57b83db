#!/usr/bin/env node
/** `azalea`: the wallet and the tools. `azalea devnet` and `azalea sequencer` start these services instead. */
import { startOnNode24 } from '../host/start-on-node24.mjs';

const SERVICES = { devnet: '../devnet/main.ts', sequencer: '../sequencer/main.ts' };

const args = process.argv.slice(2);
const service = Object.hasOwn(SERVICES, args[0]) ? SERVICES[args[0]] : undefined;
await startOnNode24(
  new URL(service ?? './main.ts', import.meta.url),
  service === undefined ? args : args.slice(1),
);
