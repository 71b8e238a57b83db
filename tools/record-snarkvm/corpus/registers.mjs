/** How registers and their parts are written, and names that could be taken for something else. */
import { block, LINE, linesOf, POINT, program, TOKEN, withF } from './build.mjs';

const IN = 'input r0 as u8.public;';
const PART = 'input r0 as line.public;';
const split = (text) => text.split(/(?<=;) /);

const WRITTEN = linesOf(
  [POINT, LINE, TOKEN],
  [
    ...[
      'r00',
      'r000',
      'r0_',
      'r0__',
      'r_0',
      'r0_0',
      'r+0',
      'r-0',
      'R0',
      'r0.',
      'r0u8',
      '$0',
      'r 0',
      'r0r',
      'r0x',
    ].flatMap((register) => [[IN, `add ${register} 1u8 into r1;`], [`input ${register} as u8.public;`]]),
    ...['r01', 'r1_', 'r_1', 'r0_1', 'r1.x', 'r1[0u32]'].map((register) => [
      IN,
      `add r0 1u8 into ${register};`,
    ]),
    ...[
      'r0.from.x',
      'r0 .from.x',
      'r0. from.x',
      'r0.from. x',
      'r0.from .x',
      'r0.from.x.',
      'r0..from.x',
      'r0.from[0u32]',
      'r0.from',
      'r0.x',
    ].map((part) => [PART, `add ${part} 1u8 into r1;`]),
    ...[
      'r0.tags[0u32]',
      'r0.tags [0u32]',
      'r0.tags[ 0u32]',
      'r0.tags[0u32 ]',
      'r0.tags[0 u32]',
      'r0.tags[0_u32]',
      'r0.tags[0_0u32]',
      'r0.tags[01u32]',
    ].map((part) => [PART, `add ${part} 1u16 into r1;`]),
    ...[
      'r0.tags[-0u32]',
      'r0.tags[0field]',
      'r0.tags[r0]',
      'r0.tags[]',
      'r0.tags[0u32',
      'r0.tags[0u32][0u32]',
      'r0.tags.0',
      'r0.tags(0u32)',
      'r0[0u32]',
    ].map((part) => [PART, `add ${part} 1u16 into r1;`]),
    ...['r0[/* c */0u32]', 'r0.tags[0u32/* c */]', 'r0./* c */tags[0u32]', 'r0/* c */.tags[0u32]'].map(
      (part) => [PART, `add ${part} 1u16 into r1;`],
    ),
    split('input r0 as u8.public; add r0 1u8 into r1; add r1 1u8 into r1;'),
    split('input r0 as u8.public; add r0 1u8 into r2; add r2 1u8 into r1;'),
    split('input r0 as u8.public; add r1 1u8 into r1;'),
    split('input r1 as u8.public; add r1 1u8 into r0;'),
    split('input r1 as u8.public; input r0 as u8.public; sub r1 r0 into r2; output r2 as u8.public;'),
    split('input r0 as u8.public; input r0 as u16.public;'),
    split('input r0 as u8.public; add r0 1u8 into r1 r2;'),
    split('input r0 as u8.public; add r0 1u8 into r1; output r1 as u8.public; output r0 as u8.public;'),
    split('input r0 as u8.public; add r0 1u8 into r1; output r0 as u8.public;'),
    split('add 1u8 2u8 into r0; output r0 as u8.public;'),
    split('add 1u8 2u8 into r1; output r1 as u8.public;'),
    split('assert.eq true true;'),
    split('assert.eq true false;'),
    split('add 255u8 1u8 into r0;'),
  ],
);

const F = block('function f', IN);
const record = (name, type) => [
  `a record ${name} as ${type}`,
  program(
    block(`record ${name}`, 'owner as address.private;', 'x as u8.private;'),
    block('function f', `input r0 as ${type};`, 'add r0.x 1u8 into r1;'),
  ),
];
const struct = (name) => [
  `a struct ${name} with a member ${name}`,
  program(
    block(`struct ${name}`, `${name} as u8;`),
    block(
      'function f',
      `input r0 as ${name}.public;`,
      `add r0.${name} 1u8 into r1;`,
      `cast r1 into r2 as ${name};`,
    ),
  ),
];
const closure = (name) => [
  `a closure ${name}`,
  program(
    block(`closure ${name}`, 'input r0 as u8;', 'add r0 1u8 into r1;', 'output r1 as u8;'),
    block('function f', IN, `call ${name} r0 into r1;`),
  ),
];
const NAMES = [
  'dynamic',
  'r0',
  'r1',
  'r',
  'r1x',
  'fieldx',
  'u8x',
  'group1',
  'boolean1',
  'recordx',
  'into1',
  'as1',
  'private1',
  'aleo1',
  'azalea1',
  'sign1',
  'true1',
];
const MORE_NAMES = [
  'falsey',
  'inputs',
  'outputs',
  'selfish',
  'functional',
  'structs',
  'end',
  'x',
  'X',
  'a_b',
  'a__',
  'A1_',
  'caller',
  'signer',
  'height',
  'l1',
  'future1',
  'string1',
];

export const REGISTER_CASES = [
  ...WRITTEN,
  ...[...NAMES, ...MORE_NAMES].flatMap((name) => [
    record(name, `${name}.record`),
    struct(name),
    closure(name),
  ]),
  record('dynamic', 'dynamic.private'),
  [
    'a struct dynamic and dynamic.record',
    program(block('struct dynamic', 'x as u8;'), block('function f', 'input r0 as dynamic.record;')),
  ],
  ['a member record', program(block('struct s', 'record as u8;'), F)],
  ['an input named as a member', withF([POINT], 'input r0 as point.x;')],
  [
    'a function and a closure that share their names with a program',
    program(block('closure credits', 'input r0 as u8;', 'add r0 1u8 into r1;', 'output r1 as u8;'), F),
  ],
];
