/** Runs random programs with the seeds that the parent sends; answers one after the other, and ends when worn. */
import { randomProgram } from './random-program.mjs';
import { isWorn, load } from './snarkvm.mjs';

const CALLS = 5;

process.once('message', async (seeds) => {
  for (const seed of seeds) {
    const { source, calls } = randomProgram(seed, CALLS);
    const run = load(source);
    const results = [];
    for (const inputs of calls) results.push([inputs, await run(inputs)]);
    await new Promise((resolve) => process.send({ source, calls: results }, resolve));
    if (isWorn()) break;
  }
  process.exit(0);
});
