/**
 * Records the corpus of hand-written programs and their mutations: accepted or not, the text that snarkVM prints for them, and
 * what calls give. Usage: node corpus.mjs OUTPUT.json
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { CALL_CASES } from './corpus/calls.mjs';
import { HEAD } from './corpus/head.mjs';
import { INSTRUCTION_CASES } from './corpus/instructions.mjs';
import { REGISTER_CASES } from './corpus/registers.mjs';
import { TEXT } from './corpus/text.mjs';
import { TYPE_CASES } from './corpus/types.mjs';
import { BASE_PROGRAM, edited, mutations } from './mutations.mjs';

const GROUPS = {
  text: TEXT,
  head: HEAD,
  types: TYPE_CASES,
  registers: REGISTER_CASES,
  instructions: INSTRUCTION_CASES,
  calls: CALL_CASES,
};

/** Verdicts of cases, in their order. */
async function ask(cases) {
  const verdicts = [];
  while (verdicts.length < cases.length) {
    await new Promise((resolve, reject) => {
      const child = fork(new URL('corpus-worker.mjs', import.meta.url), { serialization: 'advanced' });
      child.on('message', (verdict) => verdicts.push(verdict));
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`case ${verdicts.length}: ${code}`)),
      );
      child.send(cases.slice(verdicts.length));
    });
    process.stderr.write(`${verdicts.length} of ${cases.length}\n`);
  }
  return verdicts;
}

const squeezed = (text) => text?.replaceAll('printed.aleo', 'NAME.aleo').trim();
/** White space means the same to both. */
const flat = (text) => text?.replaceAll(/\s+/g, ' ').trim();
const lines = (list) => `[\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`;
const seen = new Set();
const cases = Object.entries(GROUPS).flatMap(([group, list]) =>
  list.flatMap(([name, source, calls]) => {
    const key = `${group} ${source}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ group, name, source, calls }];
  }),
);
const verdicts = await ask(cases);
const edits = mutations();
const changed = await ask(edits.map((edit) => ({ source: edited(edit) })));
const base = (await ask([{ source: BASE_PROGRAM }]))[0];
if (!base.accepted) throw new Error('snarkVM refuses the program that is changed');
writeFileSync(
  process.argv[2],
  `{"cases": ${lines(
    cases.map(({ group, name, source }, i) => {
      const { accepted, printed, calls } = verdicts[i];
      const same = flat(squeezed(printed)) === flat(source);
      return {
        group,
        name,
        source,
        accepted,
        ...(accepted && !same ? { printed: squeezed(printed) } : {}),
        ...(calls === undefined ? {} : { calls }),
      };
    }),
  )},
"base": ${JSON.stringify(BASE_PROGRAM)},
"mutations": ${lines(
    edits.map((edit, i) => {
      const { accepted, printed } = changed[i];
      const text = squeezed(printed);
      return [
        ...edit,
        accepted,
        ...(accepted
          ? [text === squeezed(base.printed) ? 'base' : flat(text) === flat(edited(edit)) ? 'itself' : text]
          : []),
      ];
    }),
  )}}
`,
);
process.exit(0);
