/** Asks snarkVM about the cases that the parent sends; answers one after the other, and ends when worn. */
import { Program } from '@provablehq/sdk/testnet.js';
import { isWorn, load, refusal } from './snarkvm.mjs';

/** The text that snarkVM prints for a program. */
function printed(source) {
  const program = Program.fromString(source.replaceAll('NAME.aleo', 'printed.aleo'));
  try {
    return program.toString();
  } finally {
    program.free();
  }
}

/** Outputs of a call, `halt`, or `refused` for inputs that are no values of their types. */
async function answer(call, inputs) {
  try {
    const outputs = await call(inputs);
    return outputs === 'halt' ? outputs : outputs.map((text) => text.replaceAll(/\s+/g, ' '));
  } catch {
    return 'refused';
  }
}

process.once('message', async (cases) => {
  for (const { source, calls } of cases) {
    const reason = refusal(source);
    const verdict = { accepted: reason === undefined };
    if (reason === undefined) {
      verdict.printed = printed(source);
      if (calls !== undefined) {
        const call = load(source);
        verdict.calls = [];
        for (const inputs of calls) verdict.calls.push([inputs, await answer(call, inputs)]);
      }
    }
    await new Promise((resolve) => process.send(verdict, resolve));
    if (isWorn() || reason?.startsWith('panic')) break;
  }
  process.exit(0);
});
