#!/usr/bin/env node
/** `azalea-sequencer`: the sequencer as a service. Signals reach it, and its exit status comes back. */
import { startOnNode24 } from '../host/start-on-node24.mjs';

await startOnNode24(new URL('./main.ts', import.meta.url), process.argv.slice(2));
