/** Arrays and closures: meaning, canonical source, cost, and every refusal with its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { decodeValue, encodeValue, formatValue, type GivenValue } from '../../../program/values/values.ts';
import { CONTEXT } from '../../support/program/programs.ts';

const HEAD = 'program t.aleo;\n';

/** Runs `f` on values and gives its outputs as text; bytecode and meaning must agree. */
function run(source: string, ...values: GivenValue[]): string[] {
  const program = compileProgram(HEAD + source, 'x.aleo');
  const { checked } = program.functions.get('f')!;
  const inputs = checked.inputs.map(({ type }, i) => encodeValue(values[i], type, program.types, `r${i}`));
  const { outputs } = simulate(program, 'f', inputs, CONTEXT);
  return outputs.map((output) => formatValue(decodeValue(output, program.types)));
}

const CARRY = 'record out:\n    owner as address.private;\n    n as u64.private;\n';

test('elements are read, gathered, nested and compared', () => {
  const source = `
struct pair:
    a as [u8; 2u32];
    b as field;
function f:
    input r0 as [[u8; 2u32]; 3u32].private;
    input r1 as pair.private;
    add r0[0u32][1u32] r0[2u32][0u32] into r2;
    add r2 r1.a[1u32] into r3;
    cast r3 r2 1u8 into r4 as [u8; 3u32];
    is.eq r0[1u32] r1.a into r5;
    output r4 as [u8; 3u32].private;
    output r5 as boolean.private;
    output r0[1u32] as [u8; 2u32].private;`;
  assert.deepEqual(run(source, '[[1u8, 2u8], [3u8, 4u8], [5u8, 6u8]]', '{ a: [3u8, 4u8], b: 9field }'), [
    '[11u8, 7u8, 1u8]',
    'true',
    '[3u8, 4u8]',
  ]);
  assert.deepEqual(
    run(
      source,
      [
        [1n, 2n],
        [3n, 4n],
        [5n, 6n],
      ],
      { a: [0n, 4n], b: '0field' },
    )[1],
    'false',
  );
});

test('an array in a record, a hash of an array', () => {
  const source = `
record board:
    owner as address.private;
    cells as [u8; 3u32].private;
    moves as u8.private;
function f:
    input r0 as [u8; 3u32].private;
    hash.psd4 r0 into r1 as field;
    hash.psd4 r0 into r2 as field;
    assert.eq r1 r2;
    cast self.signer r0 7u8 into r3 as board.record;
    output r3 as board.record;`;
  assert.match(run(source, '[1u8, 2u8, 3u8]')[0], /cells: \[1u8, 2u8, 3u8\], moves: 7u8/);
});

const SUM = `
closure sum_and_product:
    input r0 as u64;
    input r1 as u64;
    add r0 r1 into r2;
    mul r0 r1 into r3;
    output r2 as u64;
    output r3 as u64;
function f:
    input r0 as u64.private;
    input r1 as u64.private;
    call sum_and_product r0 r1 into r2 r3;
    call sum_and_product r2 r3 into r4 r5;
    output r4 as u64.private;
    output r5 as u64.private;`;

test('closures run in place of their calls', () => {
  assert.deepEqual(run(SUM, 3n, 4n), ['19u64', '84u64']);
  const inline = `
function f:
    input r0 as u64.private;
    input r1 as u64.private;
    add r0 r1 into r2;
    mul r0 r1 into r3;
    add r2 r3 into r4;
    mul r2 r3 into r5;
    output r4 as u64.private;
    output r5 as u64.private;`;
  const bytecode = (source: string) => compileProgram(HEAD + source).functions.get('f')!.bytecode;
  assert.deepEqual(bytecode(SUM), bytecode(inline));
});

test('a halt in a closure names its line, and its file unless that has the name of the program', () => {
  for (const [file, place] of [
    ['x.aleo', 'line 6 of x.aleo'],
    ['programs/t.aleo', 'line 6 of programs/t.aleo'],
    ['t.aleo', 'line 6'],
    [undefined, 'line 6'],
  ] as const) {
    const program = compileProgram(HEAD + SUM, file);
    const { checked } = program.functions.get('f')!;
    const inputs = [1n << 63n, 1n << 63n].map((value, i) =>
      encodeValue(value, checked.inputs[i].type, program.types),
    );
    assert.throws(
      () => simulate(program, 'f', inputs, CONTEXT),
      (error: Error) => {
        const start = `t.aleo/f halts at ${place}: add r0 r1 into r2;`;
        assert.equal(error.message.slice(0, start.length), start);
        return true;
      },
    );
  }
});

test('canonical source prints arrays and closures, and reading it gives the same program', () => {
  const first = compileProgram(
    `${HEAD}closure c:\n input r7 as [u8;2u32];\n add r7[0u32] r7[1u32] into r9;\n output r9 as u8;\nfunction f:\n input r3 as [u8; 2u32].public;\n call c r3 into r1;\n output r1 as u8.private;`,
  );
  assert.match(
    first.canonicalSource,
    /closure c:\n {4}input r0 as \[u8; 2u32\];\n {4}add r0\[0u32\] r0\[1u32\] into r1;/,
  );
  assert.match(first.canonicalSource, /call c r0 into r1;/);
  assert.equal(compileProgram(first.canonicalSource).programId, first.programId);
});

const CLOSURE = 'closure c:\n    input r0 as u8;\n    add r0 1u8 into r1;\n    output r1 as u8;\n';
const f = (body: string): string => `${HEAD}${CARRY}${CLOSURE}function f:\n${body}`;

/** `«` marks where the error must point. */
const REFUSED: readonly (readonly [code: string, text: string])[] = [
  ['PROGRAM_ARRAY', f('input r0 as «[u8; 0u32].private;')],
  ['PROGRAM_ARRAY', f('input r0 as «[u8; 33u32].private;')],
  ['PROGRAM_ARRAY', f('input r0 as «[[u8; 9u32]; 8u32].private;')],
  ['PROGRAM_ARRAY', f(`input r0 as ${'['.repeat(8)}«[u8${'; 1u32]'.repeat(9)}.private;`)],
  ['PROGRAM_TYPE_MISMATCH', f('input r0 as [«out.record; 2u32].private;')],
  ['PROGRAM_TYPE_MISMATCH', f('input r0 as [u8; «2u8].private;')],
  ['PROGRAM_VISIBILITY', f('input r0 as «[u8; 2u32];')],
  ['PROGRAM_UNKNOWN_ELEMENT', f('input r0 as [u8; 2u32].private;\nadd r0[«2u32] 1u8 into r1;')],
  ['PROGRAM_UNKNOWN_ELEMENT', f('input r0 as u8.private;\nadd r0[«0u32] 1u8 into r1;')],
  ['PROGRAM_UNKNOWN_MEMBER', f('input r0 as [u8; 2u32].private;\nadd r0.«x 1u8 into r1;')],
  ['PROGRAM_TYPE_MISMATCH', f('input r0 as [u8; 2u32].private;\nadd r0[«0u8] 1u8 into r1;')],
  ['PROGRAM_ARITY', f('«cast 1u8 into r0 as [u8; 2u32];')],
  ['PROGRAM_TYPE_MISMATCH', f('cast 1u8 «1u16 into r0 as [u8; 2u32];')],
  ['PROGRAM_UNKNOWN_FUNCTION', f('call «d 1u8 into r0;')],
  ['PROGRAM_NOT_YET', f('call «f 1u8 into r0;')],
  ['PROGRAM_ARITY', f('«call c 1u8 2u8 into r0;')],
  ['PROGRAM_ARITY', f('«call c 1u8 into r0 r1;')],
  ['PROGRAM_TYPE_MISMATCH', f('call c «1u16 into r0;')],
  ['PROGRAM_REGISTER_REDEFINED', f('call c 1u8 into r0;\ncall c 1u8 into «r0;')],
  ['PROGRAM_ARITY', f('call c 1u8 into r0 as «u8;')],
  ['PROGRAM_CLOSURE', `${HEAD}${CLOSURE}closure d:\n    «call c 1u8 into r0;\nfunction f:\n`],
  [
    'PROGRAM_CLOSURE',
    `${HEAD}${CARRY}closure d:\n    cast self.signer 1u64 into r0 as out.record;\n    «output r0 as out.record;\nfunction f:\n`,
  ],
  ['PROGRAM_SYNTAX', `${HEAD}closure d:\n    input r0 as u8«.private;\nfunction f:\n`],
  ['PROGRAM_DUPLICATE_NAME', `${HEAD}${CLOSURE}function «c:\n`],
  ['PROGRAM_EMPTY', `program «t.aleo;\n${CLOSURE}`],
  [
    'PROGRAM_TOO_MANY_INPUTS',
    f(Array.from({ length: 17 }, (_, i) => `${i === 16 ? '«' : ''}input r${i} as u8.private;`).join('\n')),
  ],
  [
    'PROGRAM_TOO_MANY_OUTPUTS',
    f(Array.from({ length: 17 }, (_, i) => `${i === 16 ? '«' : ''}output 1u8 as u8.private;`).join('\n')),
  ],
];

for (const [code, marked] of REFUSED) {
  const offset = marked.indexOf('«');
  const before = marked.slice(0, offset).split('\n');
  test(`${code} at ${before.at(-1)}`, () => {
    assert.throws(
      () => compileProgram(marked.replace('«', ''), 'x.aleo'),
      (error: unknown) => {
        assert.ok(error instanceof ProgramError, String(error));
        assert.equal(error.code, code, error.message);
        assert.deepEqual(
          [error.position.line, error.position.column],
          [before.length, before.at(-1)!.length + 1],
          error.message,
        );
        return true;
      },
    );
  });
}

test('closures that would run for ever long are refused', () => {
  const body = Array.from({ length: 100 }, (_, i) => `    add r${i} 0u8 into r${i + 1};\n`).join('');
  const calls = Array.from({ length: 41 }, (_, i) => `    call big 1u8 into r${i};\n`).join('');
  assert.throws(
    () =>
      compileProgram(
        `${HEAD}closure big:\n    input r0 as u8;\n${body}    output r100 as u8;\nfunction f:\n${calls}`,
      ),
    { code: 'PROGRAM_TOO_LONG' },
  );
});
