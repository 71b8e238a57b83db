/**
 * The checker accepts exactly the instructions that snarkVM accepts, with the same result type: every opcode on every
 * combination of literal types, against the recorded matrix. Deliberate differences are named in
 * test/support/snarkvm/corpus.ts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckedProgram } from '../../../program/check/checked.ts';
import { checkProgram } from '../../../program/check/checker.ts';
import { ProgramError } from '../../../program/diagnostics/errors.ts';
import { parseProgram } from '../../../program/syntax/parser.ts';
import { formatLiteral, isProblem, parseLiteral } from '../../../program/values/literal.ts';
import { showType } from '../../../program/values/types.ts';
import { type Combination, DIFFERENCES, differenceOf, typeMatrix } from '../../support/snarkvm/corpus.ts';

const { types: TYPES, opcodes, composite, structure, literals, names } = typeMatrix();

function check(text: string): CheckedProgram | ProgramError {
  const source = { name: 'test.aleo', text };
  try {
    return checkProgram(source, parseProgram(source));
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
}

function programOf({ op, types, as }: Combination): string {
  const inputs = types.map((type, i) => `    input r${i} as ${type}.private;\n`);
  const operands = types.map((_, i) => `r${i}`).join(' ');
  const into = op.startsWith('assert') ? '' : ` into r${types.length}`;
  return `program test.aleo;\nfunction f:\n${inputs.join('')}    ${op} ${operands}${into}${as === undefined ? '' : ` as ${as}`};\n`;
}

/** The checker's answer as the matrix writes it: `u8 u8 -> u8`, `u8 as i8`, `u8 u8`; undefined if refused. */
function verdict(combination: Combination): { text: string | undefined; error: ProgramError | undefined } {
  const checked = check(programOf(combination));
  if (checked instanceof ProgramError) return { text: undefined, error: checked };
  const [instruction] = checked.functions[0].instructions;
  assert.ok(instruction.kind === 'operation');
  const { result } = instruction;
  const text = combination.types.join(' ');
  if (result === undefined) return { text, error: undefined };
  const shown = showType(result.type);
  return { text: `${text}${combination.as === undefined ? ' -> ' : ' as '}${shown}`, error: undefined };
}

function tuples(arity: number): string[][] {
  if (arity === 0) return [[]];
  return tuples(arity - 1).flatMap((rest) => TYPES.map((type) => [...rest, type]));
}

/** Every combination that was tried for an opcode. */
function candidates(op: string): Combination[] {
  if (/^(cast|hash\.)/.test(op)) {
    return tuples(1).flatMap((types) => TYPES.map((as) => ({ op, types, as })));
  }
  if (op.startsWith('hash_many')) return [{ op, types: ['field', 'field'], as: 'field' }];
  if (op.startsWith('commit')) return tuples(2).map((types) => ({ op, types, as: 'field' }));
  if (op === 'ternary' || op === 'sign.verify') return tuples(3).map((types) => ({ op, types }));
  const unary = /^(abs|double|inv|neg|not|square|sqrt)/.test(op);
  return tuples(unary ? 1 : 2).map((types) => ({ op, types }));
}

const used = new Set<unknown>();

describe('the checker accepts what snarkVM accepts', () => {
  for (const [op, accepted] of Object.entries(opcodes)) {
    test(op, () => {
      const expected = new Set(accepted);
      const seen = new Set<string>();
      for (const combination of candidates(op)) {
        const { text, error } = verdict(combination);
        const written = `${combination.types.join(' ')}${combination.as === undefined ? '' : ` as ${combination.as}`}`;
        const inSnarkvm = accepted.find((entry) => entry === written || entry.startsWith(`${written} -> `));
        if (inSnarkvm === undefined) {
          assert.equal(text, undefined, `${op} ${written} is accepted, snarkVM refuses it`);
          continue;
        }
        seen.add(inSnarkvm);
        const difference = differenceOf(combination);
        if (difference !== undefined) {
          used.add(difference);
          assert.equal(error?.code, difference.code, `${op} ${written}: ${difference.reason}`);
          continue;
        }
        assert.equal(text, inSnarkvm, `${op} ${written}: ${error?.message ?? 'another result type'}`);
      }
      // Commitments into other types were tried with one pair of operands only, and all are refused by their name.
      const rest = [...expected].filter((entry) => !seen.has(entry));
      assert.ok(op.startsWith('commit.') || rest.length === 0, `not tried: ${rest.slice(0, 5).join(', ')}`);
    });
  }

  test('every named difference is one', () => {
    for (const difference of DIFFERENCES) assert.ok(used.has(difference), difference.reason);
  });
});

/** Instructions that snarkVM accepts and this compiler refuses, as PROGRAM_TYPE_MISMATCH. */
const COMPOSITE_DIFFERENCES: readonly (readonly [RegExp, string])[] = [
  [
    /^(is|assert)\..* on token, token$|^hash\..* on token$/,
    'a record of snarkVM has a nonce that is part of its value, one of this system has not',
  ],
  [
    /^cast r0 into r1 as field on (point|u8x2)$/,
    'it halts whatever the value: only literals become literals',
  ],
];

describe('structs, arrays and records', () => {
  const named = new Set<RegExp>();
  for (const { name, source, accepted } of composite) {
    test(name, () => {
      const checked = check(source.replace('NAME.aleo', 'test.aleo'));
      const refused = checked instanceof ProgramError ? checked : undefined;
      const difference = COMPOSITE_DIFFERENCES.find(([pattern]) => accepted && pattern.test(name));
      if (difference === undefined) return assert.equal(refused === undefined, accepted, refused?.message);
      named.add(difference[0]);
      assert.equal(refused?.code, 'PROGRAM_TYPE_MISMATCH', difference[1]);
    });
  }

  test('every named difference is one', () => {
    for (const [pattern, reason] of COMPOSITE_DIFFERENCES) assert.ok(named.has(pattern), reason);
  });
});

/** Accepted by one of the two only: why. */
const STRUCTURE_DIFFERENCES: Readonly<Record<string, string>> = {
  'one input twice as an output': 'it says nothing twice, and harms nobody',
  'inputs out of order': 'registers are numbered anew in the canonical source',
  'inputs that begin at r1': 'registers are numbered anew in the canonical source',
  'a destination that leaves a gap': 'registers are numbered anew in the canonical source',
  'a constant input': 'visibilities all mean the same until finalize exists',
  'a closure without inputs': 'closures are inlined: one of constants is as good as another',
  'a closure without instructions':
    'closures are inlined: one that passes its inputs on is as good as another',
  'a call of a closure with another type': 'snarkVM finds out when it runs the call, and halts',
  'a public owner': 'records are always encrypted here: their owner is never public',
  'a record input as an output':
    'its nullifier and its commitment would be in one transition: make a new one',
  'an array of 33': 'more literals than any circuit takes are refused where they are declared',
  'five record inputs': 'the large circuit takes four',
};

describe('programs are built as for snarkVM', () => {
  for (const { name, source, accepted } of structure) {
    test(name, () => {
      const checked = check(source.replace('NAME.aleo', 'test.aleo'));
      const refused = checked instanceof ProgramError ? checked : undefined;
      const same = (refused === undefined) === accepted;
      assert.equal(same, STRUCTURE_DIFFERENCES[name] === undefined, refused?.message ?? 'accepted');
    });
  }
});

test('literals are read as snarkVM reads them', () => {
  for (const [text, expected] of literals) {
    const read = parseLiteral(text);
    assert.equal(isProblem(read) ? null : formatLiteral(read), expected, JSON.stringify(text));
  }
});

const FUNCTION = 'function f:\n    input r0 as u8.public;\n';

/** A program with such a name. */
const NAMED: Readonly<Record<string, (name: string) => string>> = {
  struct: (name) => `struct ${name}:\n    q as u8;\n${FUNCTION}`,
  record: (name) => `record ${name}:\n    owner as address.private;\n    q as u8.private;\n${FUNCTION}`,
  function: (name) => `function ${name}:\n    input r0 as u8.public;\n`,
  closure: (name) =>
    `closure ${name}:\n    input r0 as u8;\n    add r0 r0 into r1;\n    output r1 as u8;\n${FUNCTION}`,
  member: (name) => `struct q:\n    ${name} as u8;\n${FUNCTION}`,
  entry: (name) => `record q:\n    owner as address.private;\n    ${name} as u8.private;\n${FUNCTION}`,
};

/** They begin declarations here, wherever they stand. */
const STRICTER = ['constructor', 'view'];

test('names are taken and refused as snarkVM does', () => {
  for (const [word, refused] of names) {
    for (const [kind, source] of Object.entries(NAMED)) {
      const checked = check(`program test.aleo;\n${source(word)}`);
      const expected = STRICTER.includes(word) || refused.includes(kind);
      assert.equal(checked instanceof ProgramError, expected, `${word} as the name of a ${kind}`);
    }
  }
});
