/** Costs of signed integers, shifts and powers are those that docs/language.md gives. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isSignedType } from '../../../program/values/types.ts';
import { compile } from '../../support/program/programs.ts';

const text = readFileSync(new URL('../../../docs/language.md', import.meta.url), 'utf8');
const rows = text
  .slice(text.indexOf('Signed integers, shifts and powers:'), text.indexOf('`lt gt not is.eq'))
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .slice(1);

/** Rows / halves / advice of an instruction, without its inputs. */
function costOf(opcode: string, type: string, second: string | undefined): string {
  const literal = second !== undefined && /^[0-9]/.test(second);
  const types = [type, ...(second === undefined || literal ? [] : [second])];
  const comparison = /^[gl]te?$/.test(opcode);
  const program = compile(
    [
      ...types.map((each, i) => `input r${i} as ${each}.private;`),
      `${opcode} ${types.map((_, i) => `r${i}`).join(' ')} ${literal ? second : ''} into r2;`,
      'cast self.signer r2 into r3 as out.record;',
      'output r3 as out.record;',
    ].join('\n'),
    `record out:\n    owner as address.private;\n    d0 as ${comparison ? 'boolean' : type}.private;\n`,
  );
  const { fn } = program.functions.get('f')!.lowered;
  const signed = types.filter((each) => isSignedType(each)).length;
  const halves = fn.wide.flatMap(({ widthA, widthB }) => [widthA, widthB]).filter((w) => w !== undefined);
  return show([fn.rows.length - signed, halves.length - types.length, fn.adviceCount]);
}

/** `2 / 1` for [2, 1, 0]. */
function show(cost: readonly number[]): string {
  const last = cost.findLastIndex((part) => part > 0);
  return cost.slice(0, Math.max(1, last + 1)).join(' / ');
}

const names = (cell: string): string[] => cell.match(/`([^`]+)`/)![1].split(' ');

for (const [opcodes, short, long] of rows.slice(1)) {
  for (const opcode of names(opcodes)) {
    test(`${opcode} of signed integers`, () => {
      const unary = /^(neg|abs)/.test(opcode);
      for (const type of ['i8', 'i16', 'i32', 'i64', 'i128']) {
        assert.equal(costOf(opcode, type, unary ? undefined : type), type === 'i128' ? long : short, type);
      }
    });
  }
}

for (const [, , , opcode, ...costs] of rows) {
  test(`${opcode}`, () => {
    const second = opcode.includes('variable') ? 'u8' : opcode.includes('by 2') ? '2u8' : '5u8';
    ['u8', 'u64', 'u128', 'i8', 'i64', 'i128'].forEach((type, i) => {
      if (costs[i] === '-') {
        assert.throws(() => costOf(names(opcode)[0], type, second), { code: 'PROGRAM_CAPACITY' });
      } else {
        assert.equal(costOf(names(opcode)[0], type, second), costs[i], type);
      }
    });
  });
}

test('the tables were found', () => assert.equal(rows.length, 12));
