/** Programs that differ from a good one in one place: a word less, a word twice, another word, another character. */
import { block, program } from './corpus/build.mjs';

const BASE = [
  block('struct point', 'x as u8;', 'ys as [u16; 2u32];'),
  block('record token', 'owner as address.private;', 'amount as u64.private;', 'at as point.public;'),
  block(
    'closure g',
    'input r0 as u8;',
    'input r1 as point;',
    'add.w r0 r1.x into r2;',
    'output r2 as u8;',
    'output r1.ys as [u16; 2u32];',
  ),
  block(
    'function f',
    'input r0 as token.record;',
    'input r1 as u8.public;',
    'call g r1 r0.at into r2 r3;',
    'cast r2 r3 into r4 as point;',
    'cast r0.owner r0.amount r4 into r5 as token.record;',
    'is.eq r4.ys[1u32] 1_0u16 into r6;',
    'ternary r6 r1 3u8 into r7;',
    'assert.neq r7 0u8;',
    'hash.psd2 r4 into r8 as field;',
    'output r5 as token.record;',
    'output r8 as field.private;',
  ),
];
/** The program that is changed. */
export const BASE_PROGRAM = program(...BASE);

const WORD = /[A-Za-z0-9_]+|[^\sA-Za-z0-9_]/g;
const WORDS = [
  'r0',
  'r9',
  '1u8',
  'point',
  'u8',
  'token',
  'as',
  'into',
  'input',
  ';',
  ':',
  '.',
  '[',
  'record',
  'private',
  'true',
  '/* c */',
  'aleo',
  '-',
  '/',
];
const CHARACTERS = ['\n', ' ', '_', '0', 'a', '-', '\\\n', ';'];

/** Each [place, length of what is taken out, what is put there]. */
export function mutations() {
  const words = [...BASE_PROGRAM.matchAll(WORD)].map((match) => ({ at: match.index, text: match[0] }));
  const list = [];
  words.forEach(({ at, text }, i) => {
    const next = words[i + 1];
    list.push([at, text.length, ''], [at, 0, text], [at, 0, `${text} `]);
    if (next !== undefined) {
      const between = BASE_PROGRAM.slice(at + text.length, next.at);
      list.push([at, next.at + next.text.length - at, `${next.text}${between}${text}`]);
      if (between !== '') list.push([at + text.length, between.length, '']);
    }
    // Three other words in each place, in turn.
    for (let k = 0; k < 3; k++) list.push([at, text.length, WORDS[(3 * i + k) % WORDS.length]]);
    for (let k = 0; k < 2; k++)
      list.push([at + Math.floor(text.length / 2), 0, CHARACTERS[(2 * i + k) % CHARACTERS.length]]);
  });
  const seen = new Set();
  return list.filter((edit) => {
    const text = edited(edit);
    if (seen.has(text) || text === BASE_PROGRAM) return false;
    seen.add(text);
    return true;
  });
}

/** The program with one edit. */
export function edited([at, length, text]) {
  return BASE_PROGRAM.slice(0, at) + text + BASE_PROGRAM.slice(at + length);
}
