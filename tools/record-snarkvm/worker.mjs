/**
 * Runs groups of operands, sent by the parent, on snarkVM. Answers with the vectors of one group after the other: operands, then
 * the result, null or `halt`. Ends when all are done or this instance is worn.
 */
import { isWorn, load, readLiteral } from './snarkvm.mjs';

function programOf({ op, types, as, result }) {
  const operands = types.map((_, i) => `r${i}`).join(' ');
  const into = result === undefined ? '' : ` into r${types.length}`;
  const lines = [
    ...types.map((type, i) => `input r${i} as ${type}.public;`),
    `${op} ${operands}${into}${as === undefined ? '' : ` as ${as}`};`,
    ...(result === undefined ? [] : [`output r${types.length} as ${result}.public;`]),
  ];
  return `program NAME.aleo;\nfunction f:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** Halting vectors are replayed one by one: a group keeps its first few. */
const MOST_HALTS = 6;
const CONTROL = { op: 'add', types: ['u8', 'u8'], result: 'u8' };

async function record(group) {
  const run = load(programOf(group));
  const vectors = [];
  let halts = 0;
  for (const operands of group.operands) {
    for (const literal of operands) {
      if (readLiteral(literal) !== literal)
        throw new Error(`${group.op}: snarkVM does not read ${literal} as it is`);
    }
    const outputs = await run(operands);
    if (outputs === 'halt' && ++halts > MOST_HALTS) continue;
    vectors.push([...operands, outputs === 'halt' ? 'halt' : (outputs[0] ?? null)]);
  }
  return vectors;
}

process.once('message', async (groups) => {
  for (const group of groups) {
    const vectors = await record(group);
    // A halt must not be this instance's own trouble.
    const [control] = await load(programOf(CONTROL))(['1u8', '2u8']);
    if (control !== '3u8') throw new Error('the control fails');
    await new Promise((resolve) => process.send(vectors, resolve));
    if (isWorn()) break;
  }
  process.exit(0);
});
