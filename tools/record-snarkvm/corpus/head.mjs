/** Names of programs, imports, order and names of declarations, and their number. */
import { block, CLOSURE, COIN, POINT, program, TOKEN, withF } from './build.mjs';

const F = block('function f', 'input r0 as u8.public;');
const G = block('function g', 'input r0 as u8.public;');
const named = (name) => [`a program ${name}`, `program ${name};\n${F}`];
const repeat = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const many = (n, make) => program(...repeat(n, make), F);
const struct = (i) => block(`struct s${i}`, 'x as u8;');
const record = (i) => block(`record q${i}`, 'owner as address.private;', 'x as u8.private;');
const closure = (i) => block(`closure c${i}`, 'input r0 as u8;', 'add r0 r0 into r1;', 'output r1 as u8;');
const fn = (i) => block(`function f${i}`, 'input r0 as u8.public;');

export const HEAD = [
  ...['p.aleo', 'p1.aleo', 'p_q.aleo', 'p__q.aleo', 'p_.aleo', '_p.aleo', '1p.aleo', 'P.aleo', 'pQ.aleo'].map(
    named,
  ),
  ...[
    `${'p'.repeat(31)}.aleo`,
    `${'p'.repeat(32)}.aleo`,
    'p.leo',
    'p',
    'p.aleo.aleo',
    'p.q.aleo',
    'p-q.aleo',
  ].map(named),
  ...[
    'aleo.aleo',
    'my_aleo.aleo',
    'aleo_x.aleo',
    'add.aleo',
    'input.aleo',
    'u8.aleo',
    'self.aleo',
    'r0.aleo',
  ].map(named),
  ...[
    'owner.aleo',
    'credits.aleo',
    'record.aleo',
    'function.aleo',
    'view.aleo',
    'constructor.aleo',
    'p.ALEO',
  ].map(named),
  ...[
    'true.aleo',
    'block.aleo',
    'network.aleo',
    'key.aleo',
    'async.aleo',
    'group.aleo',
    'is.aleo',
    'r.aleo',
  ].map(named),
  ['no program line', F],
  ['two program lines', `program NAME.aleo;\nprogram NAME.aleo;\n${F}`],
  ['the program line after a declaration', `${F}program NAME.aleo;\n`],
  ['an import after the program line', `program NAME.aleo;\nimport credits.aleo;\n${F}`],
  ['an import of itself', `import NAME.aleo;\nprogram NAME.aleo;\n${F}`],
  ['an import of a program that is not there', `import nobody.aleo;\nprogram NAME.aleo;\n${F}`],
  ['an import of credits.aleo', `import credits.aleo;\nprogram NAME.aleo;\n${F}`],
  ['an import twice', `import credits.aleo;\nimport credits.aleo;\nprogram NAME.aleo;\n${F}`],
  ['an import without .aleo', `import credits;\nprogram NAME.aleo;\n${F}`],
  ['an import without a semicolon', `import credits.aleo\nprogram NAME.aleo;\n${F}`],
  ['a declaration of nothing', program(F, 'nothing f:\n')],
  ['an instruction outside', program('add 1u8 2u8 into r0;\n', F)],
  ['a struct after a function', program(F, POINT)],
  ['a record after a function', program(F, TOKEN)],
  ['a closure after a function', program(F, CLOSURE)],
  [
    'a struct after the record that holds it',
    program(block('record b', 'owner as address.private;', 'p as point.private;'), POINT, F),
  ],
  [
    'a struct after the function that takes it',
    program(block('function f', 'input r0 as point.public;'), POINT),
  ],
  [
    'a record after the function that takes it',
    program(block('function f', 'input r0 as token.record;'), TOKEN),
  ],
  [
    'a struct after the closure that takes it',
    program(block('closure c', 'input r0 as point;', 'add r0.x 1u8 into r1;', 'output r1 as u8;'), POINT, F),
  ],
  [
    'a closure after the function that calls it',
    program(block('function f', 'input r0 as u8.public;', 'call g r0 into r1;'), CLOSURE),
  ],
  ['structs that hold each other', program(block('struct a', 'x as b;'), block('struct b', 'x as a;'), F)],
  ['a struct in itself by an array', program(block('struct a', 'x as [a; 2u32];'), F)],
  ['a struct alone', program(POINT)],
  ['a record alone', program(TOKEN)],
  ['a closure alone', program(CLOSURE)],
  ['a function alone', program(F)],
  ['two structs of one name', program(POINT, POINT, F)],
  ['two records of one name', program(TOKEN, TOKEN, F)],
  ['two closures of one name', program(CLOSURE, CLOSURE, F)],
  ['two functions of one name', program(F, F)],
  ['a struct and a record of one name', program(POINT, TOKEN.replace('token', 'point'), F)],
  ['a closure and a function of one name', program(CLOSURE, G)],
  ['a closure and a record of one name', program(CLOSURE, TOKEN.replace('token', 'g'), F)],
  ['a function named like its program', `program same1.aleo;\n${F.replace('f:', 'same1:')}`],
  ['a struct named like its program', `program same2.aleo;\n${POINT.replace('point', 'same2')}${F}`],
  ['a member named like its struct', program(block('struct point', 'point as u8;'), F)],
  ['a member named like a register', program(block('struct point', 'r0 as u8;'), F)],
  ['a member named like a long register', program(block('struct point', 'r12345678901 as u8;'), F)],
  ['a struct named like a register', program(block('struct r1', 'x as u8;'), F)],
  ['a function named like a register', program(block('function r1', 'input r0 as u8.public;'))],
  ['a function named r', program(block('function r', 'input r0 as u8.public;'))],
  ['a function named r_1', program(block('function r_1', 'input r0 as u8.public;'))],
  ['a function named r1a', program(block('function r1a', 'input r0 as u8.public;'))],
  ['a function named u8a', program(block('function u8a', 'input r0 as u8.public;'))],
  [
    'a struct named u8a',
    program(block('struct u8a', 'x as u8;'), block('function f', 'input r0 as u8a.public;')),
  ],
  [
    'a struct named fields',
    program(block('struct fields', 'x as u8;'), block('function f', 'input r0 as fields.public;')),
  ],
  [
    'a struct named record1',
    program(block('struct record1', 'x as u8;'), block('function f', 'input r0 as record1.public;')),
  ],
  [
    'a struct named groups',
    program(
      block('struct groups', 'x as u8;'),
      block('function f', 'input r0 as u8.public;', 'cast r0 into r1 as groups;'),
    ),
  ],
  ['a struct named u', program(block('struct u', 'x as u8;'), block('function f', 'input r0 as u.public;'))],
  ['a function with a dash', program(block('function f-g', 'input r0 as u8.public;'))],
  ['a function with a dot', program(block('function f.g', 'input r0 as u8.public;'))],
  ['a function with a digit first', program(block('function 1f', 'input r0 as u8.public;'))],
  ['a function with an underscore first', program(block('function _f', 'input r0 as u8.public;'))],
  ['a function with letters of another script', program(block('function f\u00e9', 'input r0 as u8.public;'))],
  ['a function of 31 letters', program(block(`function ${'f'.repeat(31)}`, 'input r0 as u8.public;'))],
  ['a function of 32 letters', program(block(`function ${'f'.repeat(32)}`, 'input r0 as u8.public;'))],
  ['a member of 31 letters', program(block('struct s', `${'m'.repeat(31)} as u8;`), F)],
  ['a member of 32 letters', program(block('struct s', `${'m'.repeat(32)} as u8;`), F)],
  [
    'an entry named owner twice',
    program(block('record q', 'owner as address.private;', 'owner as address.private;'), F),
  ],
  ['a struct member named owner', program(block('struct s', 'owner as address;'), F)],
  ['a struct member named gates', program(block('struct s', 'gates as u64;'), F)],
  [
    'an entry named _nonce',
    program(block('record q', 'owner as address.private;', '_nonce as u8.private;'), F),
  ],
  [
    'an entry named nonce',
    program(block('record q', 'owner as address.private;', 'nonce as u8.private;'), F),
  ],
  [
    'an entry twice',
    program(block('record q', 'owner as address.private;', 'x as u8.private;', 'x as u8.private;'), F),
  ],
  ['no colon after a struct', program('struct s\n    x as u8;\n', F)],
  ['a struct without a name', program('struct :\n    x as u8;\n', F)],
  ['a function without a name', program('function :\n    input r0 as u8.public;\n')],
  ['a member without a semicolon', program('struct s:\n    x as u8\n', F)],
  ['a member without a type', program('struct s:\n    x;\n', F)],
  ['a member with is', program('struct s:\n    x is u8;\n', F)],
  ['two members on one line', program('struct s:\n    x as u8; y as u8;\n', F)],
  [
    'declarations on one line',
    'program NAME.aleo; struct s: x as u8; function f: input r0 as s.public; output r0.x as u8.public;',
  ],
  ['31 functions', program(...repeat(31, fn))],
  ['32 functions', program(...repeat(32, fn))],
  ['64 functions', program(...repeat(64, fn))],
  ['65 functions', program(...repeat(65, fn))],
  ['310 structs', many(310, struct)],
  ['311 structs', many(311, struct)],
  ['310 records', many(310, record)],
  ['311 records', many(311, record)],
  ['62 closures', many(62, closure)],
  ['63 closures', many(63, closure)],
  [
    'a struct of 32 members',
    withF([block('struct s', ...repeat(32, (i) => `m${i} as u8;`))], 'input r0 as u8.public;'),
  ],
  [
    'a struct of 33 members',
    withF([block('struct s', ...repeat(33, (i) => `m${i} as u8;`))], 'input r0 as u8.public;'),
  ],
  [
    'a record of 5 entries beside the owner',
    withF(
      [block('record q', 'owner as address.private;', ...repeat(5, (i) => `m${i} as u8.private;`))],
      'input r0 as u8.public;',
    ),
  ],
  [
    'a record of 6 entries beside the owner',
    withF(
      [block('record q', 'owner as address.private;', ...repeat(6, (i) => `m${i} as u8.private;`))],
      'input r0 as u8.public;',
    ),
  ],
  [
    'a record of 31 entries beside the owner',
    withF(
      [block('record q', 'owner as address.private;', ...repeat(31, (i) => `m${i} as u8.private;`))],
      'input r0 as u8.public;',
    ),
  ],
  [
    'a record of 32 entries beside the owner',
    withF(
      [block('record q', 'owner as address.private;', ...repeat(32, (i) => `m${i} as u8.private;`))],
      'input r0 as u8.public;',
    ),
  ],
  ['two records', program(TOKEN, COIN, F)],
  ...[
    'mapping m:\n    key as u8.public;\n    value as u8.public;\n',
    'constructor:\n    assert.eq true true;\n',
  ].map((text) => [`a declaration ${text.split(/[: ]/)[0]}`, program(text, F)]),
  [
    'a view',
    program('view v:\n    input r0 as u8.public;\n    add r0 r0 into r1;\n    output r1 as u8.public;\n', F),
  ],
  [
    'an empty finalize',
    program(
      block('function f', 'input r0 as u8.public;'),
      block('finalize f', 'input r0 as u8.public;', 'assert.eq r0 1u8;'),
    ),
  ],
  [
    'a function with its finalize',
    program(
      block(
        'function f',
        'input r0 as u8.public;',
        'async f r0 into r1;',
        'output r1 as NAME.aleo/f.future;',
      ),
      block('finalize f', 'input r0 as u8.public;', 'assert.eq r0 1u8;'),
    ),
  ],
];
