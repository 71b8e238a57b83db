/** Programs written for Aleo on this compiler: names that they may use, and refusals that give a remedy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { runFunction } from '../../../program/run/run.ts';
import { G } from '../../../protocol/curve/point.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { similarWord } from '../../../protocol/similar-word.ts';

const HEAD = 'program t.aleo;\n';
const FUNCTION = 'function f:\n    input r0 as u8.private;\n    output r0 as u8.private;\n';
const ADDRESS = `aleo1${'q'.repeat(58)}`;
const RECORD = `${HEAD}record r:\n    owner as address.private;\n    n as u64.private;\n`;

/** `«` marks where the error must point; `hint` is what it must advise. */
const REFUSALS: readonly (readonly [what: string, code: string, text: string, hint: RegExp])[] = [
  [
    'a program of Leo',
    'PROGRAM_UNEXPECTED_CHARACTER',
    'program t.aleo {\n    transition f(a: u8) «-> u8 { return a; }\n}\n',
    /leo build/,
  ],
  ['the head of a program of Leo', 'PROGRAM_SYNTAX', 'program t.aleo «{\n}\n', /leo build/],
  ['a byte order mark', 'PROGRAM_UNEXPECTED_CHARACTER', `«\ufeff${HEAD}${FUNCTION}`, /byte order mark/],
  ['a stray character', 'PROGRAM_UNEXPECTED_CHARACTER', `${HEAD}«-> {`, /ASCII letters/],
  ['a mapping', 'PROGRAM_NOT_YET', `${HEAD}«mapping m:\n    key as u8.public;\n`, /state in records/],
  [
    'the constructor that Leo writes',
    'PROGRAM_NOT_YET',
    `${HEAD}${FUNCTION}\n«constructor:\n    assert.eq edition 0u16;\n`,
    /delete it/,
  ],
  ['an interface', 'PROGRAM_SYNTAX', `${HEAD}«interface m:\n    a as u8;\n`, /called struct/],
  ['async', 'PROGRAM_NOT_YET', `${HEAD}function f:\n    «async f 1u8 into r0;\n`, /finalize/],
  ['finalize', 'PROGRAM_NOT_YET', `${HEAD}${FUNCTION}«finalize f:\n`, /`async`/],
  [
    'the height of a block',
    'PROGRAM_NOT_YET',
    `${HEAD}function f:\n    assert.eq «block.height 1u32;\n`,
    /as an input/,
  ],
  [
    'the address of a program',
    'PROGRAM_NOT_YET',
    `${HEAD}function f:\n    assert.neq self.caller «t.aleo;\n`,
    /leave it out/,
  ],
  [
    'an address of Aleo',
    'PROGRAM_LITERAL_INVALID',
    `${HEAD}function f:\n    assert.eq self.caller «${ADDRESS};\n`,
    /azalea1/,
  ],
  [
    'a word that is no operand',
    'PROGRAM_REGISTER_INVALID',
    `${HEAD}function f:\n    assert.eq «x 1u8;\n`,
    /literal such as 5u64/,
  ],
  ['an import', 'PROGRAM_NOT_YET', `import «board.aleo;\n${HEAD}${FUNCTION}`, /copy .* of board\.aleo/],
  [
    'a choice between structs',
    'PROGRAM_TYPE_MISMATCH',
    `${HEAD}struct s:\n    a as u8;\nfunction f:\n    cast 1u8 into r0 as s;\n    «ternary true r0 r0 into r1;\n`,
    /member by member/,
  ],
  [
    'a record without .record',
    'PROGRAM_VISIBILITY',
    `${RECORD}function f:\n    input r0 as «r;\n`,
    /r\.record/,
  ],
  [
    'a mistyped opcode',
    'PROGRAM_UNKNOWN_INSTRUCTION',
    `${HEAD}function f:\n    «assert_eq 1u8 1u8;\n`,
    /assert\.eq\?/,
  ],
];

for (const [what, code, marked, hint] of REFUSALS) {
  test(`${what} is refused with advice`, () => {
    const at = marked.indexOf('«');
    assert.throws(
      () => compileProgram(marked.replace('«', '')),
      (error) => {
        assert.ok(error instanceof ProgramError);
        assert.equal(error.code, code);
        const before = marked.slice(0, at).split('\n');
        assert.deepEqual(
          [error.diagnostic.position.line, error.diagnostic.position.column],
          [before.length, before.at(-1)!.length + 1],
        );
        assert.match(error.diagnostic.hint ?? '', hint);
        return true;
      },
    );
  });
}

test('a wrong number of arguments is refused with the types of the right one', () => {
  for (const [inputs, given, said] of [
    ['', ['1u8'], 'takes no arguments, got 1'],
    ['    input r0 as u8.private;\n', [], 'takes 1 argument (u8), got 0'],
    [
      '    input r0 as u8.private;\n    input r1 as [u8; 2u32].private;\n',
      [],
      'takes 2 arguments (u8, [u8; 2u32]), got 0',
    ],
  ] as const) {
    const program = compileProgram(`${HEAD}function f:\n${inputs}`);
    assert.throws(() => runFunction(program, 'f', given, G.x), {
      code: 'CALL_ARGUMENT_COUNT',
      message: `t.aleo/f ${said}.`,
    });
  }
});

test('a character that cannot be seen is named', () => {
  for (const [character, shown] of [
    ['\ufeff', '\\ufeff'],
    ['\u200b', '\\u200b'],
    ['“', '"“"'],
    ['😀', '"😀"'],
  ]) {
    assert.throws(
      () => compileProgram(`${HEAD}${character}`),
      (error: ProgramError) => {
        assert.equal(error.diagnostic.problem, `unexpected character ${shown}`);
        return true;
      },
    );
  }
});

test('names may look like registers, as in snarkVM', () => {
  const program = compileProgram(`program r1.aleo;

struct r2:
    r0 as u8;
    r1 as u8;

record r3:
    owner as address.private;
    r4 as u8.private;

closure r5:
    input r0 as r2;
    sub r0.r1 r0.r0 into r1;
    output r1 as u8;

function r6:
    input r0 as r2.private;
    call r5 r0 into r1;
    cast self.signer r1 into r2 as r3.record;
    output r2 as r3.record;
`);
  const { outputs } = runFunction(program, 'r6', ['{ r1: 9u8, r0: 4u8 }'], G.x);
  assert.equal((outputs[0].value as { r4: string }).r4, '5u8');
  assert.equal(compileProgram(program.canonicalSource).programId, program.programId);
});

test('records as Aleo prints them are refused with advice', () => {
  const program = compileProgram(`${RECORD}function f:\n    input r0 as r.record;\n`);
  const run = (record: string): unknown => runFunction(program, 'f', [record], G.x);
  assert.throws(() => run('{ owner: self.signer, n: 1u64, _nonce: 0group.public }'), {
    code: 'VALUE_INVALID',
    message: /members of the program only, found _nonce/,
  });
  assert.throws(() => run('{ owner: self.signer, n: 1u64.private }'), {
    code: 'VALUE_INVALID',
    message: /leave the visibility out/,
  });
  assert.throws(
    () => run(`{ owner: ${ADDRESS}, n: 1u64 }`),
    (error) => error instanceof AzaleaError && /address of Aleo/.test(error.message),
  );
});

test('a word is taken for a slip when two letters differ, and not for another word', () => {
  const words = ['add', 'sub', 'assert.eq', 'ternary'];
  for (const [word, meant] of [
    ['addd', 'add'],
    ['assert_eq', 'assert.eq'],
    ['tenrary', 'ternary'],
    ['fly', undefined],
    ['', undefined],
    ['asserting', undefined],
  ] as const) {
    assert.equal(similarWord(word, words), meant, word);
  }
});
