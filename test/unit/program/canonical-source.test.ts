/** The canonical source: what changes a program's identity and what does not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { parseProgram } from '../../../program/syntax/parser.ts';
import { printProgram } from '../../../program/syntax/printer.ts';
import { programOf } from '../../support/program/programs.ts';
import { randomCall } from '../../support/program/random-program.ts';

const BASE = `import l1.aleo;
program t.aleo;

struct point:
    x as field;
    y as u8;

record r:
    owner as address.private;
    p as point.private;

function f:
    input r0 as r.record;
    input r1 as u8.public;
    add r0.p.y r1 into r2;
    cast r0.p.x r2 into r3 as point;
    cast r0.owner r3 into r4 as r.record;
    call l1.aleo/send 1field -1field 1_0field;
    output r4 as r.record;
    output r2 as u8.private;
`;

const print = (text: string): string => printProgram(parseProgram({ name: 't', text }));
const id = (text: string): bigint => compileProgram(text).programId;

test('the printed form of a program in canonical form', () => {
  assert.equal(
    print(BASE),
    `import l1.aleo;

program t.aleo;

struct point:
    x as field;
    y as u8;

record r:
    owner as address.private;
    p as point.private;

function f:
    input r0 as r.record;
    input r1 as u8.public;
    add r0.p.y r1 into r2;
    cast r0.p.x r2 into r3 as point;
    cast r0.owner r3 into r4 as r.record;
    call l1.aleo/send 1field 21888242871839275222246405745257275088548364400416034343698204186575808495616field 10field;
    output r4 as r.record;
    output r2 as u8.private;
`,
  );
});

test('comments, white space, register numbers and the form of literals change nothing', () => {
  const expected = id(BASE);
  for (const [from, to] of [
    ['program t', '/* a\n comment */ program   t'],
    ['add r0', '// add\n\tadd  r0'],
    [/r4/g, 'r77'],
    [/r([0-4])/g, 'r9$1'],
    ['1_0field', '10field'],
    [/\n/g, '\r\n'],
  ] as const) {
    const changed = BASE.replace(from, to);
    assert.notEqual(changed, BASE);
    assert.equal(id(changed), expected, String(from));
  }
});

test('everything else changes the program id', () => {
  const ids = [id(BASE)];
  for (const [from, to] of [
    ['program t', 'program u'],
    [/\bx\b/g, 'z'],
    [/point/g, 'place'],
    [/\br\b/g, 'rec'],
    ['function f', 'function g'],
    ['u8.public', 'u8.private'],
    ['p as point.private', 'p as point.constant'],
    ['-1field', '-2field'],
    ['add r0.p.y r1', 'add r1 r0.p.y'],
    [
      '    output r4 as r.record;\n    output r2 as u8.private;',
      '    output r2 as u8.private;\n    output r4 as r.record;',
    ],
    ['    output r2 as u8.private;\n', ''],
    ['    output r2 as u8.private;\n', '    output r2 as u8.private;\nfunction g:\n'],
  ] as const) {
    const changed = BASE.replace(from, to);
    assert.notEqual(changed, BASE, String(from));
    ids.push(id(changed));
  }
  assert.equal(new Set(ids).size, ids.length);
});

test('printing what was parsed from print gives the same text', () => {
  for (const name of ['token', 'credits', 'bridge']) {
    const text = readFileSync(new URL(`../../../programs/${name}.aleo`, import.meta.url), 'utf8');
    assert.equal(print(print(text)), print(text));
  }
  fc.assert(
    fc.property(randomCall(10), ({ body, declarations }) => {
      const once = print(programOf(body, declarations));
      assert.equal(print(once), once);
    }),
  );
});
