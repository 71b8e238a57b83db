/** Every refusal of a program text: code, place, and that the message shows the line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';

/** `«` marks where the error must point; it is not part of the program. */
type Case = readonly [what: string, code: string, text: string];

const HEAD = 'program t.aleo;\n';
const RECORD = 'record r:\n    owner as address.private;\n    n as u64.private;\n';
const fn = (body: string): string => `${HEAD}${RECORD}function f:\n${body}`;
const members = (count: number): string =>
  Array.from({ length: count }, (_, i) => `    m${i} as field.private;\n`).join('');

const CASES: readonly Case[] = [
  ['a character of no token', 'PROGRAM_UNEXPECTED_CHARACTER', `${HEAD}«%`],
  ['a comment without end', 'PROGRAM_COMMENT_OPEN', `${HEAD}«/* never`],
  ['a text that is too long', 'PROGRAM_TOO_LONG', `«${' '.repeat(100_001)}`],
  ['no program line', 'PROGRAM_SYNTAX', '«function f:'],
  ['nothing at all', 'PROGRAM_SYNTAX', '«'],
  ['a name without .aleo', 'PROGRAM_SYNTAX', 'program t«;'],
  ['a capital in the program name', 'PROGRAM_NAME_INVALID', 'program «T.aleo;'],
  ['the name l1', 'PROGRAM_RESERVED_WORD', 'program «l1.aleo;'],
  ['a name of 32 bytes', 'PROGRAM_NAME_INVALID', `program «${'a'.repeat(32)}.aleo;`],
  ['a reserved name', 'PROGRAM_RESERVED_WORD', `${HEAD}function «u64:`],
  ['a name with an underscore first', 'PROGRAM_NAME_INVALID', `${HEAD}function «_f:`],
  [
    'two imports of one program',
    'PROGRAM_DUPLICATE_NAME',
    'import l1.aleo;\nimport «l1.aleo;\nprogram t.aleo;\nfunction f:\n',
  ],
  ['another import', 'PROGRAM_NOT_YET', 'import «other.aleo;\nprogram t.aleo;\nfunction f:\n'],
  ['a mapping', 'PROGRAM_NOT_YET', `${HEAD}«mapping m:\n`],
  ['finalize', 'PROGRAM_NOT_YET', fn('«finalize f:\n')],
  ['an unknown declaration', 'PROGRAM_SYNTAX', `${HEAD}«thing x:\n`],
  ['no function', 'PROGRAM_EMPTY', `program «t.aleo;\n${RECORD}`],
  ['a struct without members', 'PROGRAM_EMPTY', `${HEAD}struct «s:\nfunction f:\n`],
  ['two functions of one name', 'PROGRAM_DUPLICATE_NAME', `${HEAD}function f:\nfunction «f:\n`],
  [
    'a struct and a function of one name',
    'PROGRAM_DUPLICATE_NAME',
    `${HEAD}struct f:\n    x as u8;\nfunction «f:\n`,
  ],
  [
    'two members of one name',
    'PROGRAM_DUPLICATE_NAME',
    `${HEAD}struct s:\n    x as u8;\n    «x as u8;\nfunction f:\n`,
  ],
  ['a struct in itself', 'PROGRAM_UNKNOWN_TYPE', `${HEAD}struct s:\n    x as «s;\nfunction f:\n`],
  [
    'a struct before its declaration',
    'PROGRAM_UNKNOWN_TYPE',
    `${HEAD}struct a:\n    x as «b;\nstruct b:\n    x as u8;\nfunction f:\n`,
  ],
  [
    'structs nested nine deep',
    'PROGRAM_STRUCT_DEPTH',
    `${HEAD}struct s0:\n    x as u8;\n${Array.from({ length: 8 }, (_, i) => `struct ${i === 7 ? '«' : ''}s${i + 1}:\n    x as s${i};\n`).join('')}function f:\n`,
  ],
  [
    'a struct of 66 literals',
    'PROGRAM_STRUCT_TOO_WIDE',
    `${HEAD}struct a:\n${Array.from({ length: 22 }, (_, k) => `    m${k} as u8;\n`).join('')}struct «b:\n    x as a;\n    y as a;\n    z as a;\nfunction f:\n`,
  ],
  [
    'a record in a struct',
    'PROGRAM_TYPE_MISMATCH',
    `${HEAD}${RECORD}struct s:\n    x as «r.record;\nfunction f:\n`,
  ],
  [
    'a record without owner',
    'PROGRAM_RECORD_OWNER',
    `${HEAD}record r:\n    «n as u64.private;\nfunction f:\n`,
  ],
  [
    'an owner that is no address',
    'PROGRAM_RECORD_OWNER',
    `${HEAD}record r:\n    «owner as field.private;\nfunction f:\n`,
  ],
  [
    'a public owner',
    'PROGRAM_RECORD_OWNER',
    `${HEAD}record r:\n    owner as «address.public;\nfunction f:\n`,
  ],
  [
    'six data words',
    'PROGRAM_RECORD_TOO_WIDE',
    `${HEAD}record «r:\n    owner as address.private;\n${members(6)}function f:\n`,
  ],
  [
    'six data words in a struct',
    'PROGRAM_RECORD_TOO_WIDE',
    `${HEAD}struct s:\n    x as u8;\n    y as u8;\n    z as u8;\nrecord «r:\n    owner as address.private;\n    a as s.private;\n    b as s.private;\nfunction f:\n`,
  ],
  [
    'a member without visibility',
    'PROGRAM_VISIBILITY',
    `${HEAD}record r:\n    owner as «address;\nfunction f:\n`,
  ],
  ['an input without visibility', 'PROGRAM_VISIBILITY', fn('input r0 as «u64;')],
  [
    '65 functions',
    'PROGRAM_TOO_MANY_FUNCTIONS',
    `${HEAD}${Array.from({ length: 65 }, (_, i) => `function ${i === 64 ? '«' : ''}f${i}:\n`).join('')}`,
  ],
  ['a type of another program', 'PROGRAM_NOT_YET', fn('input r0 as «other.aleo/r.record;')],
  ['an unknown record', 'PROGRAM_UNKNOWN_TYPE', fn('input r0 as «s.record;')],
  ['a record without .record', 'PROGRAM_UNKNOWN_TYPE', fn('input r0 as «r.private;')],
  ['a register twice', 'PROGRAM_REGISTER_REDEFINED', fn('input r0 as u8.private;\ninput «r0 as u8.private;')],
  [
    'a result into an input',
    'PROGRAM_REGISTER_REDEFINED',
    fn('input r0 as u8.private;\nadd r0 r0 into «r0;'),
  ],
  ['an unknown register', 'PROGRAM_UNKNOWN_REGISTER', fn('input r0 as u8.private;\nadd r0 «r9 into r1;')],
  ['a register before its definition', 'PROGRAM_UNKNOWN_REGISTER', fn('add «r1 1u8 into r1;')],
  ['a register number out of range', 'PROGRAM_REGISTER_INVALID', fn('input «r65536 as u8.private;')],
  ['a register with an underscore', 'PROGRAM_REGISTER_INVALID', fn('input «r0_ as u8.private;')],
  ['a member of a literal', 'PROGRAM_UNKNOWN_MEMBER', fn('input r0 as u8.private;\nadd r0.«x r0 into r1;')],
  ['an unknown member', 'PROGRAM_UNKNOWN_MEMBER', fn('input r0 as r.record;\nadd r0.«x 1u64 into r1;')],
  ['an unknown instruction', 'PROGRAM_UNKNOWN_INSTRUCTION', fn('«frobnicate 1u8 into r0;')],
  ['an instruction of a later version', 'PROGRAM_NOT_YET', fn('«contains r0 into r1;')],
  ['mixed types', 'PROGRAM_TYPE_MISMATCH', fn('«add 1u8 1u16 into r0;')],
  ['arithmetic on booleans', 'PROGRAM_TYPE_MISMATCH', fn('«add true true into r0;')],
  ['arithmetic on addresses', 'PROGRAM_TYPE_MISMATCH', fn('«add self.signer self.caller into r0;')],
  ['bits of a field element', 'PROGRAM_TYPE_MISMATCH', fn('«and 1field 1field into r0;')],
  ['equality of records', 'PROGRAM_TYPE_MISMATCH', fn('input r0 as r.record;\n«is.eq r0 r0 into r1;')],
  [
    'a hash of a record',
    'PROGRAM_TYPE_MISMATCH',
    fn('input r0 as r.record;\n«hash.psd2 r0 into r1 as field;'),
  ],
  ['a hash into a boolean', 'PROGRAM_TYPE_MISMATCH', fn('«hash.psd2 1u8 into r0 as boolean;')],
  ['a hash of another curve', 'PROGRAM_UNSUPPORTED', fn('«hash.bhp256 1u8 into r0 as field;')],
  ['Pedersen', 'PROGRAM_UNSUPPORTED', fn('«hash.ped64 1u8 into r0 as field;')],
  ['Keccak', 'PROGRAM_UNSUPPORTED', fn('«hash.keccak256 1u8 into r0 as field;')],
  ['SHA-3', 'PROGRAM_UNSUPPORTED', fn('«hash.sha3_256 1u8 into r0 as field;')],
  ['many hashes', 'PROGRAM_UNSUPPORTED', fn('«hash_many.psd2 1u8 2u8 into r0 as field;')],
  ['a commitment', 'PROGRAM_UNSUPPORTED', fn('«commit.bhp256 1u8 1scalar into r0 as field;')],
  ['a signature', 'PROGRAM_UNSUPPORTED', fn('input r0 as «signature.private;')],
  ['verifying a signature', 'PROGRAM_UNSUPPORTED', fn('«sign.verify 1field self.signer 1u8 into r0;')],
  ['ECDSA', 'PROGRAM_UNSUPPORTED', fn('«ecdsa.verify.keccak256 1u8 1u8 1u8 into r0;')],
  ['randomness', 'PROGRAM_UNSUPPORTED', fn('«rand.chacha into r0 as u8;')],
  ['a lossy cast of zero into an address', 'PROGRAM_ALWAYS_HALTS', fn('«cast.lossy 0u8 into r0 as address;')],
  ['a lossy cast into a struct', 'PROGRAM_UNKNOWN_TYPE', fn('cast.lossy 1u8 into r0 as «nothing;')],
  [
    'a power by an exponent that is not known',
    'PROGRAM_UNSUPPORTED',
    fn('input r0 as field.private;\n«pow r0 r0 into r1;'),
  ],
  ['a power of a field element by an integer', 'PROGRAM_TYPE_MISMATCH', fn('«pow 2field 2u8 into r0;')],
  ['a root that does not exist', 'PROGRAM_ALWAYS_HALTS', fn('«sqrt 5field into r0;')],
  ['a root of an integer', 'PROGRAM_TYPE_MISMATCH', fn('«sqrt 4u8 into r0;')],
  ['a difference of scalars', 'PROGRAM_TYPE_MISMATCH', fn('«sub 2scalar 1scalar into r0;')],
  ['a product of scalars', 'PROGRAM_TYPE_MISMATCH', fn('«mul 2scalar 1scalar into r0;')],
  ['a product of group elements', 'PROGRAM_TYPE_MISMATCH', fn('«mul group::GEN group::GEN into r0;')],
  ['a sum of two types', 'PROGRAM_TYPE_MISMATCH', fn('«add group::GEN 1scalar into r0;')],
  ['group elements in order', 'PROGRAM_TYPE_MISMATCH', fn('«lt group::GEN group::GEN into r0;')],
  ['half a generator', 'PROGRAM_SYNTAX', fn('neg group:«GEN into r0;')],
  ['another generator', 'PROGRAM_SYNTAX', fn('neg group::«ONE into r0;')],
  ['no group element', 'PROGRAM_LITERAL_OUT_OF_RANGE', fn('neg «1group into r0;')],
  ['a ternary on a number', 'PROGRAM_TYPE_MISMATCH', fn('«ternary 1u8 1u8 1u8 into r0;')],
  ['one operand too few', 'PROGRAM_ARITY', fn('«add 1u8 into r0;')],
  ['too many operands', 'PROGRAM_ARITY', fn('«add 1u8 1u8 1u8 into r0;')],
  ['33 operands', 'PROGRAM_ARITY', fn(`add ${'1u8 '.repeat(32)}«1u8 into r0;`)],
  ['no destination', 'PROGRAM_ARITY', fn('«add 1u8 1u8;')],
  ['a destination of an assertion', 'PROGRAM_ARITY', fn('assert.eq 1u8 1u8 into «r0;')],
  ['a type where none belongs', 'PROGRAM_ARITY', fn('add 1u8 1u8 into r0 as «u8;')],
  ['a cast without type', 'PROGRAM_ARITY', fn('«cast 1u8 into r0;')],
  ['a cast of two literals', 'PROGRAM_ARITY', fn('«cast 1u8 1u8 into r0 as u16;')],
  ['a cast with a member missing', 'PROGRAM_ARITY', fn('«cast self.signer into r0 as r.record;')],
  [
    'a cast with a member of another type',
    'PROGRAM_TYPE_MISMATCH',
    fn('cast self.signer «1u8 into r0 as r.record;'),
  ],
  ['a cast of a record', 'PROGRAM_TYPE_MISMATCH', fn('input r0 as r.record;\n«cast r0 into r1 as field;')],
  ['a cast of no address', 'PROGRAM_ALWAYS_HALTS', fn('«cast 1field into r0 as address;')],
  ['a literal too large', 'PROGRAM_LITERAL_OUT_OF_RANGE', fn('add «256u8 1u8 into r0;')],
  ['a negative integer', 'PROGRAM_LITERAL_OUT_OF_RANGE', fn('add «-1u8 1u8 into r0;')],
  [
    'a group literal that reduces to no point',
    'PROGRAM_LITERAL_OUT_OF_RANGE',
    fn(`neg «${FIELD_MODULUS + 1n}group into r0;`),
  ],
  ['a signature', 'PROGRAM_UNSUPPORTED', fn(`is.eq «sign1${'q'.repeat(60)} 1u8 into r0;`)],
  ['the beginning of a signature', 'PROGRAM_UNSUPPORTED', fn('is.eq «sign1qq 1u8 into r0;')],
  ['a literal without type', 'PROGRAM_LITERAL_INVALID', fn('add «1 1u8 into r0;')],
  ['a literal of an unknown type', 'PROGRAM_LITERAL_INVALID', fn('add «1u7 1u8 into r0;')],
  ['a signed literal out of range', 'PROGRAM_LITERAL_OUT_OF_RANGE', fn('add «128i8 1i8 into r0;')],
  [
    'a mistyped address',
    'PROGRAM_LITERAL_INVALID',
    fn(`is.eq «azalea1${'q'.repeat(58)} self.signer into r0;`),
  ],
  ['self.address', 'PROGRAM_NOT_YET', fn('is.eq «self.address self.signer into r0;')],
  ['self.nothing', 'PROGRAM_SYNTAX', fn('is.eq «self.nothing self.signer into r0;')],
  ['a missing semicolon', 'PROGRAM_SYNTAX', fn('add 1u8 1u8 into r0\n«add 1u8 1u8 into r1;')],
  ['a space in an opcode', 'PROGRAM_SYNTAX', fn('is «.eq 1u8 1u8 into r0;')],
  ['an input after an instruction', 'PROGRAM_SYNTAX', fn('add 1u8 1u8 into r0;\n«input r1 as u8.private;')],
  [
    'an instruction after an output',
    'PROGRAM_SYNTAX',
    fn('output 1u8 as u8.private;\n«add 1u8 1u8 into r0;'),
  ],
  [
    '17 input elements',
    'PROGRAM_TOO_MANY_INPUTS',
    fn(Array.from({ length: 17 }, (_, i) => `${i === 16 ? '«' : ''}input r${i} as u8.private;\n`).join('')),
  ],
  [
    'five record inputs',
    'PROGRAM_TOO_MANY_RECORDS',
    fn(`${[0, 1, 2, 3].map((i) => `input r${i} as r.record;\n`).join('')}«input r4 as r.record;`),
  ],
  [
    'five record outputs',
    'PROGRAM_TOO_MANY_RECORDS',
    fn(
      `${[0, 1, 2, 3, 4].map((i) => `cast self.signer 1u64 into r${i} as r.record;\n`).join('')}${[0, 1, 2, 3].map((i) => `output r${i} as r.record;\n`).join('')}«output r4 as r.record;`,
    ),
  ],
  [
    'a consumed record as output',
    'PROGRAM_RECORD_OUTPUT',
    fn('input r0 as r.record;\n«output r0 as r.record;'),
  ],
  [
    'one record output twice',
    'PROGRAM_RECORD_OUTPUT',
    fn('cast self.signer 1u64 into r0 as r.record;\noutput r0 as r.record;\n«output r0 as r.record;'),
  ],
  ['an output of another type', 'PROGRAM_TYPE_MISMATCH', fn('«output 1u8 as u16.private;')],
  ['a message without import', 'PROGRAM_UNKNOWN_IMPORT', fn('call «l1.aleo/send 1field 1field 1field;')],
  ['a call of this program', 'PROGRAM_NOT_YET', fn('call «f 1field;')],
  [
    'another function of l1',
    'PROGRAM_UNKNOWN_FUNCTION',
    `import l1.aleo;\n${fn('«call l1.aleo/pay 1field 1field 1field;')}`,
  ],
  ['a message of two words', 'PROGRAM_ARITY', `import l1.aleo;\n${fn('«call l1.aleo/send 1field 1field;')}`],
  [
    'a message of integers',
    'PROGRAM_TYPE_MISMATCH',
    `import l1.aleo;\n${fn('«call l1.aleo/send 1field 1u64 1field;')}`,
  ],
  [
    'two messages',
    'PROGRAM_SECOND_MESSAGE',
    `import l1.aleo;\n${fn('call l1.aleo/send 1field 1field 1field;\n«call l1.aleo/send 1field 1field 1field;')}`,
  ],
  ['an assertion that never holds', 'PROGRAM_ALWAYS_HALTS', fn('«assert.eq 1u8 2u8;')],
  ['a constant overflow', 'PROGRAM_ALWAYS_HALTS', fn('«add 255u8 1u8 into r0;')],
  [
    'a constant division by zero',
    'PROGRAM_ALWAYS_HALTS',
    fn('input r0 as u8.private;\n«div r0 0u8 into r1;'),
  ],
  ['a constant inverse of zero', 'PROGRAM_ALWAYS_HALTS', fn('«inv 0field into r0;')],
  [
    'seventeen hash blocks',
    'PROGRAM_CAPACITY',
    `${HEAD}function «f:\ninput r0 as field.private;\n${Array.from({ length: 17 }, (_, i) => `hash.psd2 r${i} into r${i + 1} as field;\n`).join('')}assert.eq r17 0field;`,
  ],
];

for (const [what, code, marked] of CASES) {
  test(`${code}: ${what}`, () => {
    const offset = marked.indexOf('«');
    const text = marked.replace('«', '');
    const before = text.slice(0, offset).split('\n');
    assert.throws(
      () => compileProgram(text, 'x.aleo'),
      (error: unknown) => {
        assert.ok(error instanceof ProgramError, String(error));
        assert.equal(error.code, code, error.message);
        assert.deepEqual(error.position, {
          file: 'x.aleo',
          line: before.length,
          column: before.at(-1)!.length + 1,
        });
        assert.ok(error.message.includes(`x.aleo:${before.length}:`));
        assert.ok(error.message.includes(text.split('\n')[before.length - 1].trimEnd()));
        assert.match(error.message, /\n *\| *\^+(\n|$)/);
        return true;
      },
    );
  });
}

test('the message as a whole', () => {
  assert.throws(() => compileProgram(fn('    input r0 as u8.private;\n    add r0 r9 into r1;'), 'x.aleo'), {
    message: [
      'error[PROGRAM_UNKNOWN_REGISTER]: r9 is not defined',
      ' --> x.aleo:7:12',
      '  |',
      '7 |     add r0 r9 into r1;',
      '  |            ^^',
      '  = help: define it in an earlier input or instruction',
    ].join('\n'),
  });
});
