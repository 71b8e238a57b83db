/** The compiler's diagnostics: exact texts, all faults of a program, and never a crash. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { diagnoseProgram } from '../../../program/compile/diagnose.ts';
import { diagnosticAt, renderDiagnostic } from '../../../program/diagnostics/diagnostic.ts';
import { errorText } from '../../../program/diagnostics/error-text.ts';
import { HaltError, ProgramError } from '../../../program/diagnostics/errors.ts';
import { runFunction } from '../../../program/run/run.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { ALICE } from '../../support/program/programs.ts';

const token = readFileSync(new URL('../../../programs/token.aleo', import.meta.url), 'utf8');

/** The diagnostic of the marked part of a text: `«` starts it, `»` ends it. */
function rendered(marked: string, more: { note?: string; hint?: string; file?: string } = {}): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const { file = 'x.aleo', ...text } = more;
  const source = { name: file, text: marked.replace(/[«»]/g, '') };
  const diagnostic = diagnosticAt(
    source,
    { start, end },
    { severity: 'error', code: 'CODE', problem: 'wrong', ...text },
  );
  return renderDiagnostic(diagnostic);
}

describe('the text', () => {
  test('with all parts', () => {
    assert.equal(
      rendered('one\n  «two» three\n', { note: 'two is 2', hint: 'write three' }),
      [
        'error[CODE]: wrong',
        ' --> x.aleo:2:3',
        '  |',
        '2 |   two three',
        '  |   ^^^',
        '  = note: two is 2',
        '  = help: write three',
      ].join('\n'),
    );
  });

  test('makes room for the line number', () => {
    assert.equal(
      rendered(`${'\n'.repeat(122)}«a»`),
      ['error[CODE]: wrong', '   --> x.aleo:123:1', '    |', '123 | a', '    | ^'].join('\n'),
    );
  });

  test('at the end of the text, on an empty line and over several lines', () => {
    assert.equal(
      rendered('a\n«»'),
      ['error[CODE]: wrong', ' --> x.aleo:2:1', '  |', '2 |', '  | ^'].join('\n'),
    );
    assert.equal(
      rendered('a «b\r\nc»'),
      ['error[CODE]: wrong', ' --> x.aleo:1:3', '  |', '1 | a b', '  |   ^'].join('\n'),
    );
  });

  test('shows of a long line the part around the place', () => {
    const line = (before: number, marked: number, after: number): string[] =>
      rendered(`${'a'.repeat(before)}«${'b'.repeat(marked)}»${'c'.repeat(after)}`)
        .split('\n')
        .slice(3);
    assert.deepEqual(line(100, 60, 0), [
      `1 | ${'a'.repeat(100)}${'b'.repeat(60)}`,
      `  | ${' '.repeat(100)}${'^'.repeat(60)}`,
    ]);
    assert.deepEqual(line(1000, 3, 1000), [
      `1 | …${'a'.repeat(60)}bbb${'c'.repeat(97)}…`,
      `  | ${' '.repeat(61)}^^^`,
    ]);
    assert.deepEqual(line(5, 1000, 0), [`1 | aaaaa${'b'.repeat(155)}…`, `  |      ${'^'.repeat(155)}`]);
    assert.deepEqual(line(1000, 2, 0), [`1 | …${'a'.repeat(158)}bb`, `  | ${' '.repeat(159)}^^`]);
  });

  test('keeps carets under a line with tabs', () => {
    assert.equal(
      rendered('\t\t«x»'),
      ['error[CODE]: wrong', ' --> x.aleo:1:3', '  |', '1 |   x', '  |   ^'].join('\n'),
    );
  });

  test('cannot steer the terminal, nor show a line in another order', () => {
    const text = rendered('// \u001b]0;title\u0007\u001b[2K\u202eevil\u2066 \u009b «x»', {
      file: 'a\u001b[31m.aleo',
      note: 'one\ntwo\rthree',
    });
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    assert.equal(text.split('\n').length, 6);
  });

  test('styles its parts when asked', () => {
    const diagnostic = diagnosticAt(
      { name: 'x.aleo', text: 'ab' },
      { start: 0, end: 2 },
      { severity: 'warning', code: 'CODE', problem: 'odd', hint: 'mend it' },
    );
    assert.equal(
      renderDiagnostic(diagnostic, (style, text) => `<${style}>${text}</>`),
      [
        '<warning>warning[CODE]</><problem>: odd</>',
        ' <gutter>--></> x.aleo:1:1',
        '<gutter>  |</>',
        '<gutter>1 |</> ab',
        '<gutter>  |</> <warning>^^</>',
        '<gutter>  =</> <help>help</>: mend it',
      ].join('\n'),
    );
  });
});

describe('errors', () => {
  test('of a program, of a call that halts, and others', () => {
    const refused = caught(() => compileProgram('program x.aleo;\nfunction f:\n    fly r0;\n', 'x.aleo'));
    assert.ok(refused instanceof ProgramError);
    assert.equal(errorText(refused), refused.message);
    const points = { owner: 'self.signer', amount: 10n };
    const halted = caught(() => runFunction(compileProgram(token), 'burn', [points, 30n], ALICE));
    assert.ok(halted instanceof HaltError);
    assert.equal(
      errorText(halted),
      [
        'error[HALT_OVERFLOW]: the result -20 does not fit u64',
        '  --> program.aleo:48:5',
        '   |',
        '48 |     sub r0.amount r1 into r2;',
        '   |     ^^^^^^^^^^^^^^^^^^^^^^^^^',
        '   = note: in function burn, r0.amount = 10u64, r1 = 30u64',
      ].join('\n'),
    );
    assert.equal(errorText(new AzaleaError('CODE', 'one\n  two')), 'CODE: one two');
  });

  test('of a halt in a closure stand in the closure', () => {
    const program = compileProgram(
      'program x.aleo;\nclosure c:\n    input r0 as u8;\n    add r0 r0 into r1;\n    output r1 as u8;\nfunction f:\n    input r0 as u8.private;\n    call c r0 into r1;\n    output r1 as u8.private;\n',
      'x.aleo',
    );
    const halted = caught(() => runFunction(program, 'f', [200n], ALICE));
    assert.ok(halted instanceof HaltError);
    assert.deepEqual(halted.position, { file: 'x.aleo', line: 4, column: 5 });
    assert.equal(halted.diagnostic?.note, 'in function f, r0 = 200u8');
  });
});

function caught(work: () => unknown): AzaleaError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AzaleaError, String(error));
    return error;
  }
  assert.fail('nothing was thrown');
}

/** `code line:column` of everything found. */
const found = (text: string): string[] =>
  diagnoseProgram(text, 'x.aleo').map(({ code, position }) => `${code} ${position.line}:${position.column}`);

describe('all faults of a program', () => {
  test('of grammar: parsing goes on at the next declaration', () => {
    assert.deepEqual(
      found(
        [
          'program x.aleo;',
          'record r:',
          '    owner as address.private',
          'function f:',
          '    input r0 as r.record',
          '    output r0 as r.record;',
          'function g:',
          '    input r0 as u8.private;',
          'function h:',
          '    output 5 as u8.private;',
          'struct function:',
          'closure :',
        ].join('\n'),
      ),
      [
        'PROGRAM_SYNTAX 4:1',
        'PROGRAM_SYNTAX 6:5',
        'PROGRAM_LITERAL_INVALID 10:12',
        'PROGRAM_RESERVED_WORD 11:8',
        'PROGRAM_SYNTAX 12:9',
      ],
    );
  });

  test('of meaning: one for each instruction, input and output, warnings too, in order of place', () => {
    assert.deepEqual(
      found(
        [
          'program x.aleo;',
          'closure c:',
          '    input r0 as u8;',
          '    add r0 1u16 into r1;',
          '    output r1 as u8;',
          'function f:',
          '    input r0 as u8.public;',
          '    add r0 r9 into r1;',
          '    add r0 r8 into r1;',
          'function g:',
          '    call c 1u8 into r0;',
          '    add r0 true into r1;',
          '    not 5u8 true into r2;',
          '    output r7 as u8.private;',
          'function h:',
          '    input r0 as u8.private;',
          '    input r1 as nothing.record;',
          '    input r0 as u16.private;',
          '    add r0 true into r2;',
          '    fly r0 into r3;',
          '    output r2 as u8.private;',
          '    output 5u8 as u16.private;',
        ].join('\n'),
      ),
      [
        'PROGRAM_TYPE_MISMATCH 4:5',
        'PROGRAM_PUBLIC_VALUE 7:5',
        'PROGRAM_UNKNOWN_REGISTER 8:12',
        'PROGRAM_UNKNOWN_REGISTER 9:12',
        'PROGRAM_ARITY 13:5',
        'PROGRAM_UNKNOWN_REGISTER 14:12',
        'PROGRAM_UNKNOWN_TYPE 17:17',
        'PROGRAM_REGISTER_REDEFINED 18:11',
        'PROGRAM_UNKNOWN_INSTRUCTION 20:5',
        'PROGRAM_TYPE_MISMATCH 22:5',
      ],
    );
  });

  test('of meaning: none that is only a consequence of another', () => {
    assert.deepEqual(
      found(
        [
          'program x.aleo;',
          'struct pair:',
          '    a as u8;',
          'record coin:',
          '    owner as address.private;',
          '    sum as u8.private;',
          'function f:',
          '    input r0 as coin.record;',
          '    input r1 as nothing.private;',
          // Reads what has no type, in every way.
          '    add r1 r1 into r2;',
          '    cast r2.a[0u32] into r3 as pair;',
          '    assert.eq r3.a true;',
          // r9 is said once; the first definition is no second one.
          '    add r9 1u8 into r4;',
          '    add r9 1u16 into r5;',
          '    add 1u8 1u8 into r9;',
          '    add r9 1u8 into r10;',
          // A register defined twice: either type may be meant.
          '    add 1u16 1u16 into r10;',
          '    add r10 1u16 into r11;',
          '    add r11 r10 into r12;',
          // The record that is made of a faulty value is not lost.
          '    cast r0.owner r4 into r13 as coin.record;',
          '    cast r0.owner 1u8 into r14 as coin.record;',
          '    output r13 as coin.record;',
          '    output r12 as u8.private;',
          '    output r3 as pair.private;',
        ].join('\n'),
      ),
      ['PROGRAM_UNKNOWN_TYPE 9:17', 'PROGRAM_UNKNOWN_REGISTER 13:9', 'PROGRAM_REGISTER_REDEFINED 17:24'],
    );
  });

  test('of meaning: limits are said once, and hide nothing else', () => {
    const inputs = Array.from({ length: 18 }, (_, i) => `    input r${i} as [u8; 2u32].private;\n`).join('');
    assert.deepEqual(
      found(`program x.aleo;\nfunction f:\n${inputs}    add r0[0u32] 1u8 into r18;\n    fly;\n`),
      ['PROGRAM_TOO_MANY_INPUTS 19:5', 'PROGRAM_UNKNOWN_INSTRUCTION 22:5'],
    );
    const sends = '    call l1.aleo/send 1field 2field 3field;\n'.repeat(3);
    assert.deepEqual(
      found(`import l1.aleo;\nprogram x.aleo;\nfunction f:\n${sends}`).filter((text) => /SECOND/.test(text)),
      ['PROGRAM_SECOND_MESSAGE 5:5'],
    );
  });

  test('of lowering: one for each function', () => {
    assert.deepEqual(
      found(
        'program x.aleo;\nfunction f:\n    assert.eq 1u8 2u8;\nfunction g:\n    inv 0field into r0;\nfunction h:\n    add 255u8 1u8 into r0;\n',
      ),
      ['PROGRAM_ALWAYS_HALTS 3:5', 'PROGRAM_ALWAYS_HALTS 5:5', 'PROGRAM_ALWAYS_HALTS 7:5'],
    );
  });

  test('of capacity: every function that fits no circuit', () => {
    const hashes = Array.from(
      { length: 17 },
      (_, i) => `    hash.psd2 r${i} into r${i + 1} as field;\n`,
    ).join('');
    const body = `    input r0 as field.private;\n${hashes}    output r17 as field.private;\n`;
    assert.deepEqual(found(`program x.aleo;\nfunction f:\n${body}function g:\n${body}function h:\n`), []);
    const used = body.replace('output r17 as field.private', 'assert.eq r17 0field');
    assert.deepEqual(found(`program x.aleo;\nfunction f:\n${used}function g:\n${used}function h:\n`), [
      'PROGRAM_CAPACITY 2:10',
      'PROGRAM_CAPACITY 22:10',
    ]);
  });

  test('a text that is no program at all', () => {
    assert.deepEqual(found(''), ['PROGRAM_SYNTAX 1:1']);
    assert.equal(found('\u0000').length, 1);
    assert.deepEqual(found('program x.aleo;'), [`${caughtCode('program x.aleo;')} 1:9`]);
  });

  test('another lowering than this compiler has is no fault of the program', () => {
    assert.throws(() => diagnoseProgram(token, 'x.aleo', { lowering: 9 }), { code: 'LOWERING_UNKNOWN' });
    assert.throws(() => compileProgram(token, 'x.aleo', { lowering: 9 }), {
      code: 'LOWERING_UNKNOWN',
      message: /version 9: it knows 1\b/,
    });
    assert.equal(
      compileProgram(token, 'x.aleo', { lowering: 1 }).programId,
      compileProgram(token, 'x.aleo').programId,
    );
  });
});

function caughtCode(text: string): string {
  return caught(() => compileProgram(text)).code;
}

test('errors are found exactly when compiling fails, the first among them, all inside of the text', () => {
  const lines = token.split('\n');
  const words = ['r0', 'r9', '5u64', ';', 'as', 'record', 'token.record', 'into', ':', '«', 'function', '.'];
  const edit = fc.record({
    line: fc.nat(lines.length - 1),
    at: fc.nat(60),
    remove: fc.nat(8),
    insert: fc.constantFrom('', ...words),
  });
  let faulty = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const changed = [...lines];
      for (const { line, at, remove, insert } of edits) {
        const old = changed[line];
        changed[line] = `${old.slice(0, at)}${insert}${old.slice(at + remove)}`;
      }
      const text = changed.join('\n');
      const diagnostics = diagnoseProgram(text, 'x.aleo');
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      for (const { position, length, sourceLine } of diagnostics) {
        assert.equal(text.split('\n')[position.line - 1], sourceLine);
        assert.ok(position.column >= 1 && position.column + length - 1 <= Math.max(1, sourceLine.length + 1));
      }
      let first: ProgramError | undefined;
      try {
        compileProgram(text, 'x.aleo');
      } catch (error) {
        assert.ok(error instanceof ProgramError, String(error));
        first = error;
        faulty++;
      }
      assert.equal(errors.length > 0, first !== undefined);
      if (first !== undefined) {
        assert.ok(
          errors.some(({ code, position }) => code === first.code && position.line === first.position.line),
        );
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(faulty > 20, `only ${faulty} faulty programs`);
});

test('docs/programs.md shows what is really said about the starter program', () => {
  const root = new URL('../../../', import.meta.url);
  const guide = readFileSync(new URL('docs/programs.md', root), 'utf8');
  const starter = readFileSync(new URL('cli/starter/starter.aleo', root), 'utf8').replaceAll(
    'starter',
    'lottery',
  );
  const file = 'programs/lottery/lottery.aleo';
  const mistyped = starter.replace('cast r1 r2 into r4', 'cast r1 r9 into r4');
  assert.notEqual(mistyped, starter);
  const points = { owner: 'self.signer', amount: 10n };
  const program = compileProgram(starter, file);
  const call = () => runFunction(program, 'transfer', [points, 'self.signer', 30n], ALICE);
  for (const work of [() => compileProgram(mistyped, file), call]) {
    const text = errorText(caught(work));
    assert.ok(guide.includes(`\n${text}\n`), text);
  }
});
