const P = (text) => `program NAME.aleo;\n${text}`;
const body = (lines) => lines.map((line) => `    ${line}\n`).join('');
const F = (...lines) => P(`function f:\n${body(lines)}`);
const D = (declarations, ...lines) => P(`${declarations}\nfunction f:\n${body(lines)}`);
const inputs = (n) => Array.from({ length: n }, (_, i) => `input r${i} as u8.private;`);
const outputs = (n) => Array.from({ length: n }, (_, i) => `output r${i} as u8.private;`);
const TOKEN = 'record token:\n    owner as address.private;\n    amount as u64.private;\n';
const POINT = 'struct point:\n    x as u8;\n    y as u8;\n';
const G = 'closure g:\n    input r0 as u8;\n    add r0 1u8 into r1;\n    output r1 as u8;\n';
/** How programs are built: [name, source]. */
export const STRUCTURE = [
  ['no functions', P(POINT)],
  ['a function without instructions and outputs', F('input r0 as u8.private;')],
  ['a function without anything', P('function f:\n')],
  ['an input as an output', F('input r0 as u8.private;', 'output r0 as u8.private;')],
  [
    'one input twice as an output',
    F('input r0 as u8.private;', 'output r0 as u8.private;', 'output r0 as u8.private;'),
  ],
  ['a literal as an output', F('input r0 as u8.private;', 'output 1u8 as u8.private;')],
  ['self.caller as an output', F('input r0 as u8.private;', 'output self.caller as address.private;')],
  ['an output of another type', F('input r0 as u8.private;', 'output r0 as u16.private;')],
  ['16 inputs', F(...inputs(16))],
  ['17 inputs', F(...inputs(17))],
  ['16 outputs', F(...inputs(16), ...outputs(16))],
  ['17 outputs', F(...inputs(16), 'add r0 r1 into r16;', ...outputs(17))],
  [
    'an instruction after an output',
    F('input r0 as u8.private;', 'output r0 as u8.private;', 'add r0 r0 into r1;'),
  ],
  [
    'an input after an instruction',
    F('input r0 as u8.private;', 'add r0 r0 into r1;', 'input r2 as u8.private;'),
  ],
  ['inputs out of order', F('input r1 as u8.private;', 'input r0 as u8.private;')],
  ['inputs that begin at r1', F('input r1 as u8.private;')],
  ['a destination that leaves a gap', F('input r0 as u8.private;', 'add r0 r0 into r2;')],
  ['a destination written twice', F('input r0 as u8.private;', 'add r0 r0 into r1;', 'add r0 r0 into r1;')],
  ['an input overwritten', F('input r0 as u8.private;', 'add r0 r0 into r0;')],
  [
    'a register read before it is written',
    F('input r0 as u8.private;', 'add r0 r2 into r1;', 'add r0 r0 into r2;'),
  ],
  ['an operand too many', F('input r0 as u8.private;', 'add r0 r0 r0 into r1;')],
  ['an operand too few', F('input r0 as u8.private;', 'add r0 into r1;')],
  ['no destination', F('input r0 as u8.private;', 'add r0 r0;')],
  ['a destination of assert.eq', F('input r0 as u8.private;', 'assert.eq r0 r0 into r1;')],
  ['two literals', F('input r0 as u8.private;', 'add 1u8 2u8 into r1;')],
  [
    'two functions',
    P('function f:\n    input r0 as u8.private;\nfunction g:\n    input r0 as u8.private;\n'),
  ],
  [
    'two functions of one name',
    P('function f:\n    input r0 as u8.private;\nfunction f:\n    input r0 as u8.private;\n'),
  ],
  ['a function and a struct of one name', D('struct f:\n    x as u8;\n', 'input r0 as u8.private;')],
  ['a struct after its use', P(`function f:\n    input r0 as point.private;\n${POINT}`)],
  [
    'a struct in a struct before it is declared',
    D('struct line:\n    a as point;\nstruct point:\n    x as u8;\n', 'input r0 as u8.private;'),
  ],
  ['a struct in itself', D('struct point:\n    a as point;\n', 'input r0 as u8.private;')],
  ['a struct without members', D('struct point:\n', 'input r0 as u8.private;')],
  ['a member twice', D('struct point:\n    a as u8;\n    a as u8;\n', 'input r0 as u8.private;')],
  ['a visible struct member', D('struct point:\n    a as u8.private;\n', 'input r0 as u8.private;')],
  ['an unknown type', F('input r0 as point.private;')],
  ['a record in a struct', D(`${TOKEN}struct point:\n    a as token;\n`, 'input r0 as u8.private;')],
  [
    'a struct in a record',
    D(
      `${POINT}record token:\n    owner as address.private;\n    p as point.private;\n`,
      'input r0 as token.record;',
    ),
  ],
  [
    'an array in a record',
    D(
      'record token:\n    owner as address.private;\n    p as [u8; 2u32].private;\n',
      'input r0 as token.record;',
    ),
  ],
  [
    'a record of an owner alone',
    D('record token:\n    owner as address.private;\n', 'input r0 as token.record;'),
  ],
  ['a record without an owner', D('record token:\n    amount as u64.private;\n', 'input r0 as u8.private;')],
  [
    'an owner that is not first',
    D(
      'record token:\n    amount as u64.private;\n    owner as address.private;\n',
      'input r0 as u8.private;',
    ),
  ],
  [
    'a public owner',
    D(
      'record token:\n    owner as address.public;\n    amount as u64.private;\n',
      'input r0 as token.record;',
    ),
  ],
  [
    'public and constant record members',
    D(
      'record token:\n    owner as address.private;\n    a as u64.public;\n    b as u64.constant;\n',
      'input r0 as token.record;',
    ),
  ],
  [
    'a record member without visibility',
    D('record token:\n    owner as address.private;\n    amount as u64;\n', 'input r0 as token.record;'),
  ],
  ['a record input with a visibility', D(TOKEN, 'input r0 as token.private;')],
  ['a record input as an output', D(TOKEN, 'input r0 as token.record;', 'output r0 as token.record;')],
  [
    'a record made twice an output',
    D(
      TOKEN,
      'input r0 as u64.private;',
      'cast self.signer r0 into r1 as token.record;',
      'output r1 as token.record;',
      'output r1 as token.record;',
    ),
  ],
  [
    'a record that is made and dropped',
    D(TOKEN, 'input r0 as u64.private;', 'cast self.signer r0 into r1 as token.record;'),
  ],
  [
    'a record as a plain output',
    D(
      TOKEN,
      'input r0 as u64.private;',
      'cast self.signer r0 into r1 as token.record;',
      'output r1 as token.private;',
    ),
  ],
  ['a constant input', F('input r0 as u8.constant;', 'add r0 r0 into r1;', 'output r1 as u8.constant;')],
  ['an input without visibility', F('input r0 as u8;')],
  ['an array of 1', F('input r0 as [u8; 1u32].private;')],
  ['an array of 0', F('input r0 as [u8; 0u32].private;')],
  ['an array of 32', F('input r0 as [u8; 32u32].private;')],
  ['an array of 33', F('input r0 as [u8; 33u32].private;')],
  ['a length without a type', F('input r0 as [u8; 2].private;')],
  ['a length of another type', F('input r0 as [u8; 2u8].private;')],
  ['an array of records', D(TOKEN, 'input r0 as [token; 2u32].private;')],
  [
    'an index in a register',
    F('input r0 as [u8; 2u32].private;', 'input r1 as u32.private;', 'add r0[r1] 1u8 into r2;'),
  ],
  ['an index of another type', F('input r0 as [u8; 2u32].private;', 'add r0[0u8] 1u8 into r1;')],
  ['a member of a literal', F('input r0 as u8.private;', 'add r0.x 1u8 into r1;')],
  ['an unknown member', D(POINT, 'input r0 as point.private;', 'add r0.z 1u8 into r1;')],
  ['an index of a struct', D(POINT, 'input r0 as point.private;', 'add r0[0u32] 1u8 into r1;')],
  ['a call of a closure', D(G, 'input r0 as u8.private;', 'call g r0 into r1;')],
  ['a closure after its use', P(`function f:\n    input r0 as u8.private;\n    call g r0 into r1;\n${G}`)],
  ['a call of a closure with a literal', D(G, 'input r0 as u8.private;', 'call g 1u8 into r1;')],
  ['a call of a closure with another type', D(G, 'input r0 as u16.private;', 'call g r0 into r1;')],
  ['a call of a closure without destination', D(G, 'input r0 as u8.private;', 'call g r0;')],
  [
    'a call of a closure with too many destinations',
    D(G, 'input r0 as u8.private;', 'call g r0 into r1 r2;'),
  ],
  ['a call of an unknown closure', F('input r0 as u8.private;', 'call g r0 into r1;')],
  [
    'a closure without outputs',
    D('closure g:\n    input r0 as u8;\n    assert.eq r0 1u8;\n', 'input r0 as u8.private;', 'call g r0;'),
  ],
  [
    'a closure without inputs',
    D(
      'closure g:\n    add 1u8 2u8 into r0;\n    output r0 as u8;\n',
      'input r0 as u8.private;',
      'call g into r1;',
    ),
  ],
  [
    'a closure without instructions',
    D(
      'closure g:\n    input r0 as u8;\n    output r0 as u8;\n',
      'input r0 as u8.private;',
      'call g r0 into r1;',
    ),
  ],
  [
    'a closure with two outputs',
    D(
      'closure g:\n    input r0 as u8;\n    add r0 1u8 into r1;\n    output r0 as u8;\n    output r1 as u8;\n',
      'input r0 as u8.private;',
      'call g r0 into r1 r2;',
    ),
  ],
  [
    'a closure that calls a closure',
    D(
      `${G}closure h:\n    input r0 as u8;\n    call g r0 into r1;\n    output r1 as u8;\n`,
      'input r0 as u8.private;',
      'call h r0 into r1;',
    ),
  ],
  [
    'a closure that takes a record',
    D(
      `${TOKEN}closure g:\n    input r0 as token.record;\n    add r0.amount 1u64 into r1;\n    output r1 as u64;\n`,
      'input r0 as token.record;',
      'call g r0 into r1;',
    ),
  ],
  [
    'a closure that makes a record',
    D(
      `${TOKEN}closure g:\n    input r0 as u64;\n    cast self.signer r0 into r1 as token.record;\n    output r1 as token.record;\n`,
      'input r0 as u64.private;',
      'call g r0 into r1;',
    ),
  ],
  [
    'a closure input with a visibility',
    D(
      'closure g:\n    input r0 as u8.private;\n    add r0 1u8 into r1;\n    output r1 as u8;\n',
      'input r0 as u8.private;',
    ),
  ],
  [
    'a closure that reads self.caller',
    D(
      'closure g:\n    input r0 as address;\n    is.eq r0 self.caller into r1;\n    output r1 as boolean;\n',
      'input r0 as address.private;',
      'call g r0 into r1;',
    ),
  ],
  [
    'a closure that reads self.signer',
    D(
      'closure g:\n    input r0 as address;\n    is.eq r0 self.signer into r1;\n    output r1 as boolean;\n',
      'input r0 as address.private;',
      'call g r0 into r1;',
    ),
  ],
  [
    'a function that calls a function',
    P(
      'function g:\n    input r0 as u8.private;\n    add r0 1u8 into r1;\n    output r1 as u8.private;\nfunction f:\n    input r0 as u8.private;\n    call g r0 into r1;\n',
    ),
  ],
  [
    'the x of a group element',
    F('input r0 as group.private;', 'cast r0 into r1 as group.x;', 'output r1 as field.private;'),
  ],
  [
    'the y of a group element',
    F('input r0 as group.private;', 'cast r0 into r1 as group.y;', 'output r1 as field.private;'),
  ],
  ['the x of a field element', F('input r0 as field.private;', 'cast r0 into r1 as group.x;')],
  ['the x of an address', F('input r0 as address.private;', 'cast r0 into r1 as group.x;')],
  ['the lossy x of a group element', F('input r0 as group.private;', 'cast.lossy r0 into r1 as group.x;')],
  ['the x of two group elements', F('input r0 as group.private;', 'cast r0 r0 into r1 as group.x;')],
  ['group::GEN as an operand', F('input r0 as group.private;', 'add r0 group::GEN into r1;')],
  ['a hash into a struct', D(POINT, 'input r0 as field.private;', 'hash.psd2 r0 into r1 as point;')],
  ['a hash into an array', F('input r0 as field.private;', 'hash.psd2 r0 into r1 as [u8; 2u32];')],
  [
    'an owner that is no address',
    D(TOKEN, 'input r0 as group.private;', 'cast r0 1u64 into r1 as token.record;'),
  ],
  ['self.signer as an operand of cast', F('input r0 as u8.private;', 'cast self.signer into r1 as field;')],
  [
    'comments of both kinds',
    P(
      '// one\n/* two\n three */\nfunction f: // four\n    input r0 as u8.private; // five\n    /* six */ add r0 r0 into r1;\n',
    ),
  ],
  ['a comment that is left open', P('function f:\n    input r0 as u8.private;\n/* two\n')],
  [
    'one line',
    'program NAME.aleo; function f: input r0 as u8.private; add r0 r0 into r1; output r1 as u8.private;',
  ],
  ['no line feed at the end', P('function f:\n    input r0 as u8.private;')],
  ['a semicolon left out', F('input r0 as u8.private', 'add r0 r0 into r1;')],
  ['a capital in the name of a function', P('function F:\n    input r0 as u8.private;\n')],
  ['five record inputs', D(TOKEN, ...Array.from({ length: 5 }, (_, i) => `input r${i} as token.record;`))],
];
