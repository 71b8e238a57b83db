/** Records random programs. Usage: node programs.mjs OUTPUT.json COUNT [random | mixed] */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [, , file, count, kind = 'random'] = process.argv;
const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
const programs = [];
while (programs.length < seeds.length) {
  await new Promise((resolve, reject) => {
    const child = fork(new URL('programs-worker.mjs', import.meta.url));
    child.on('message', (program) => programs.push(program));
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`program ${programs.length}: ${code}`)),
    );
    child.send({ kind, seeds: seeds.slice(programs.length) });
  });
  process.stderr.write(`${programs.length} of ${count}\n`);
}
writeFileSync(file, `[\n${programs.map((program) => JSON.stringify(program)).join(',\n')}\n]\n`);
