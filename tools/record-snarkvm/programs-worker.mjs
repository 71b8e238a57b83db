/** Runs random programs with the seeds that the parent sends; answers one after the other, and ends when worn. */
import { mixedProgram } from './mixed-program.mjs';
import { randomProgram } from './random-program.mjs';
import { isWorn, load } from './snarkvm.mjs';

const CALLS = 5;
const KINDS = { random: randomProgram, mixed: mixedProgram };

process.once('message', async ({ kind, seeds }) => {
  for (const seed of seeds) {
    const { source, calls } = KINDS[kind](seed, CALLS);
    const run = load(source);
    const results = [];
    for (const inputs of calls) results.push([inputs, await run(inputs)]);
    await new Promise((resolve) => process.send({ source, calls: results }, resolve));
    if (isWorn()) break;
  }
  process.exit(0);
});
