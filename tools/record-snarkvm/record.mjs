/**
 * Records what snarkVM computes for every accepted opcode and operand types, in worker processes.
 * Usage: node record.mjs TYPE-MATRIX.json OUTPUT-FOLDER [workers]
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operandsOf } from './operands.mjs';

const [, , matrixFile, folder, workers = '1'] = process.argv;
const FAMILIES = [
  ['cast', /^cast/],
  ['comparison', /^(is|assert|lt|gt)/],
  ['logic', /^(and|or|xor|nand|nor|not|ternary)$/],
  ['shift', /^sh/],
  ['power', /^pow/],
  ['arithmetic', /./],
];

/** Groups of the matrix: `u8 u8 -> u8`, `u8 as i8`, `u8 u8`. */
function groupsOf({ opcodes }) {
  return Object.entries(opcodes)
    .filter(([op]) => !/^(hash|commit|sign)/.test(op))
    .flatMap(([op, combinations]) =>
      combinations.map((combination) => {
        const [operands, result] = combination.split(' -> ');
        const [list, as] = operands.split(' as ');
        const types = list.split(' ');
        return { op, types, as, result: op.startsWith('assert') ? undefined : (as ?? result) };
      }),
    )
    .map((group) => ({ ...group, operands: operandsOf(group.op, group.types, group.as) }))
    .filter(({ operands }) => operands.length > 0);
}

const groups = groupsOf(JSON.parse(readFileSync(matrixFile, 'utf8')));
const total = groups.reduce((sum, { operands }) => sum + operands.length, 0);
process.stderr.write(`${groups.length} groups, ${total} vectors\n`);

const SHARE = 20;
const done = new Array(groups.length);
let next = 0;

/** Runs groups from..to-1 in a worker; how far it came. */
function worker(from, to) {
  return new Promise((resolve, reject) => {
    let at = from;
    const child = fork(new URL('worker.mjs', import.meta.url));
    child.on('message', (vectors) => {
      done[at++] = vectors;
    });
    child.on('exit', (code) => {
      if (code === 0) resolve(at);
      else reject(new Error(`the worker of groups ${from} to ${to} ended with ${code}`));
    });
    child.send(groups.slice(from, to));
  });
}

async function work() {
  while (next < groups.length) {
    const to = Math.min(next + SHARE, groups.length);
    let at = next;
    next = to;
    while (at < to) at = await worker(at, to);
    process.stderr.write(`${to} of ${groups.length}\n`);
  }
}
await Promise.all(Array.from({ length: Number(workers) }, work));

const files = new Map(FAMILIES.map(([name]) => [name, []]));
groups.forEach(({ op, types, as }, i) => {
  const [family] = FAMILIES.find(([, pattern]) => pattern.test(op));
  files
    .get(family)
    .push(JSON.stringify({ op, types, ...(as === undefined ? {} : { as }), vectors: done[i] }));
});
for (const [name, lines] of files)
  writeFileSync(join(folder, `${name}.json`), `[\n${lines.join(',\n')}\n]\n`);
