/**
 * Recorded wrapping powers that no circuit holds: the compiler refuses them and says what they exceed. Their lowering runs on a
 * core of a size of its own (test/circuits/avm/replay.test.ts). Lowering version 1 is frozen, so these numbers are, too.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLiteral } from '../../../program/values/literal.ts';
import { compile } from '../../support/program/programs.ts';
import { formsOf, recordedVectorGroups, type VectorGroup } from '../../support/snarkvm/vector-packs.ts';

/** Both operands as inputs. Four fit as long as their result is no input: the replay's pins it by one, which takes a check. */
const REFUSED: Readonly<Record<string, string | undefined>> = {
  'pow.w i32 u16': undefined,
  'pow.w i32 u32': 'wide 32/16',
  'pow.w i64 u16': undefined,
  'pow.w i64 u32': 'wide 32/16',
  'pow.w i128 u8': 'wide 36/16',
  'pow.w i128 u16': 'rows 333/256, wide 76/16, advice 91/64, copies 322/210, reads 990/913',
  'pow.w i128 u32': 'rows 685/256, wide 156/16, advice 187/64, copies 666/210, reads 2030/913',
  'pow.w u32 u16': undefined,
  'pow.w u32 u32': 'wide 32/16',
  'pow.w u64 u16': undefined,
  'pow.w u64 u32': 'wide 32/16',
  'pow.w u128 u8': 'wide 36/16',
  'pow.w u128 u16': 'wide 76/16, advice 91/64, copies 270/210',
  'pow.w u128 u32': 'rows 467/256, wide 156/16, advice 187/64, copies 558/210, reads 1594/913',
};

/** The exponent as a literal: number of vectors, and what is exceeded. */
const REFUSED_LITERALS: Readonly<Record<string, readonly [vectors: number, exceeded: string]>> = {
  'pow.w i32 u32 4294967295': [3, 'wide 32/16'],
  'pow.w i32 u32 66837854': [1, 'wide 21/16'],
  'pow.w i64 u32 4294967295': [3, 'wide 32/16'],
  'pow.w i128 u8 255': [5, 'wide 29/16'],
  'pow.w i128 u8 126': [1, 'wide 23/16'],
  'pow.w i128 u8 127': [2, 'wide 25/16'],
  'pow.w i128 u16 65535': [3, 'rows 271/256, wide 61/16, copies 263/210'],
  'pow.w i128 u16 127': [2, 'wide 25/16'],
  'pow.w i128 u32 4294967295': [
    3,
    'rows 559/256, wide 125/16, advice 124/64, copies 543/210, reads 1621/913',
  ],
  'pow.w i128 u32 127': [2, 'wide 25/16'],
  'pow.w i128 u32 31395144': [1, 'rows 325/256, wide 73/16, advice 72/64, copies 319/210, reads 945/913'],
  'pow.w u32 u32 4294967295': [3, 'wide 32/16'],
  'pow.w u64 u32 4294967295': [3, 'wide 32/16'],
  'pow.w u128 u8 255': [4, 'wide 29/16'],
  'pow.w u128 u8 126': [1, 'wide 23/16'],
  'pow.w u128 u8 127': [1, 'wide 25/16'],
  'pow.w u128 u16 65535': [3, 'wide 61/16, copies 218/210'],
  'pow.w u128 u16 127': [1, 'wide 25/16'],
  'pow.w u128 u32 4294967295': [
    3,
    'rows 372/256, wide 125/16, advice 124/64, copies 450/210, reads 1247/913',
  ],
  'pow.w u128 u32 127': [1, 'wide 25/16'],
};

/** Groups that the replay runs oversize; it asserts that all of these are of this opcode. */
const groups = recordedVectorGroups().filter(
  (group) => group.op === 'pow.w' && formsOf(group).oversize !== undefined,
);

/** The resource that a function exceeds whose power goes into a record; undefined: it fits. */
function exceededBy({ types: [base, by] }: VectorGroup, exponent?: bigint): string | undefined {
  const literal = exponent === undefined ? undefined : formatLiteral({ type: by, value: exponent });
  const result = literal === undefined ? 2 : 1;
  const body = [
    `input r0 as ${base}.private;`,
    literal === undefined ? `input r1 as ${by}.private;` : '',
    `pow.w r0 ${literal ?? 'r1'} into r${result};`,
    `cast self.signer r${result} into r${result + 1} as out.record;`,
    `output r${result + 1} as out.record;`,
  ];
  try {
    compile(body.join('\n'), `record out:\n    owner as address.private;\n    d as ${base}.private;\n`);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    assert.equal(code, 'PROGRAM_CAPACITY', String(error));
    const [, list] = message.match(/^.*: function f does not fit the large circuit: (.*)$/m) ?? [];
    assert.ok(list !== undefined, message);
    return list.split(', ').map(shorten).join(', ');
  }
}

/** `wide 32/16` for `it uses 32 wide of 16 (16 too many)`. */
function shorten(shortage: string): string {
  const [, used, name, capacity, excess] = shortage.match(
    /^it uses (\d+) (\w+) of (\d+) \((\d+) too many\)$/,
  )!;
  assert.equal(Number(used) - Number(capacity), Number(excess));
  return `${name} ${used}/${capacity}`;
}

test('with both operands as inputs', () => {
  const found = groups.map((group) => [group.name, exceededBy(group)]);
  assert.deepEqual(Object.fromEntries(found), REFUSED);
});

test('with the exponent as a literal: 46 vectors', () => {
  const found: Record<string, readonly [number, string]> = {};
  for (const group of groups) {
    for (const exponent of new Set(group.passing.map(({ inputs }) => inputs[1]))) {
      const exceeded = exceededBy(group, exponent);
      if (exceeded === undefined) continue;
      const vectors = group.passing.filter(({ inputs }) => inputs[1] === exponent).length;
      found[`${group.name} ${exponent}`] = [vectors, exceeded];
    }
  }
  assert.deepEqual(found, REFUSED_LITERALS);
  assert.equal(
    Object.values(found).reduce((sum, [vectors]) => sum + vectors, 0),
    46,
  );
});
