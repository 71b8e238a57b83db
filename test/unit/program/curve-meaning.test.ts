/**
 * The meaning of the instructions on field elements, scalars and group elements, and of every cast between literal types.
 * Results and halts are written out by hand, after snarkVM (console/program/src/data/literal/{cast,cast_lossy},
 * console/types). Meaning and bytecode run side by side (`simulate`).
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { castLiteral, castLossy } from '../../../program/instructions/rules/cast-literal.ts';
import { runFunction } from '../../../program/run/run.ts';
import { integerRange, isLeafOf } from '../../../program/values/literal.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  LITERAL_TYPES,
  type LiteralType,
} from '../../../program/values/types.ts';
import { DOMAIN, FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import { addPoints, clearCofactor, G, mulPoint, negatePoint } from '../../../protocol/curve/point.ts';
import { fieldNeg, fieldPow, integerOf, toField } from '../../../protocol/field.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';
import { addressToText } from '../../../protocol/text.ts';
import { ALICE, compile } from '../../support/program/programs.ts';

const R = FIELD_MODULUS;
const L = SUBGROUP_ORDER;
const [G2, G3] = [mulPoint(G, 2n).x, mulPoint(G, 3n).x];
const ADDRESS = addressToText(ALICE);

function typeOf(literal: string): string {
  if (literal === 'true' || literal === 'false') return 'boolean';
  return literal.startsWith('azalea1') ? 'address' : literal.replace(/^-?[0-9]+/, '');
}

/** `opcode a b... [as type] -> result type` on inputs, so that nothing is folded; `*` marks operands that stay literals. */
function run(text: string): string {
  const [call, result] = text.split(' -> ');
  const [before, as] = call.split(' as ');
  const [opcode, ...literals] = before.split(' ');
  const inputs = literals.filter((literal) => !literal.startsWith('*'));
  let next = 0;
  const operands = literals.map((literal) => (literal.startsWith('*') ? literal.slice(1) : `r${next++}`));
  const program = compile(
    [
      ...inputs.map((literal, i) => `input r${i} as ${typeOf(literal)}.private;`),
      `${opcode} ${operands.join(' ')} into r9${as === undefined ? '' : ` as ${as}`};`,
      `output r9 as ${result}.private;`,
    ].join('\n'),
  );
  return runFunction(program, 'f', inputs, ALICE).outputs[0].value as string;
}

const RESULTS: readonly (readonly [string, string])[] = [
  ['sqrt 4field -> field', '2field'],
  ['sqrt 0field -> field', '0field'],
  [`sqrt ${fieldPow(R - 3n, 2n)}field -> field`, '3field'],
  ['pow 3field *5field -> field', '243field'],
  ['pow 0field *0field -> field', '1field'],
  ['pow 0field *7field -> field', '0field'],
  ['pow 7field *1field -> field', '7field'],
  [`add ${G.x}group ${G.x}group -> group`, `${G2}group`],
  [`add ${G2}group *group::GEN -> group`, `${G3}group`],
  [`add ${G.x}group ${fieldNeg(G.x)}group -> group`, '0group'],
  [`add 0group ${G3}group -> group`, `${G3}group`],
  [`sub ${G3}group ${G.x}group -> group`, `${G2}group`],
  [`sub ${G.x}group ${G3}group -> group`, `${negatePoint(mulPoint(G, 2n)).x}group`],
  [`double ${G.x}group -> group`, `${G2}group`],
  ['double 0group -> group', '0group'],
  [`neg ${G.x}group -> group`, `${R - G.x}group`],
  ['neg 0group -> group', '0group'],
  [`is.eq ${G.x}group *group::GEN -> boolean`, 'true'],
  [`ternary false ${G.x}group ${G2}group -> group`, `${G2}group`],
  [`add ${L - 1n}scalar 2scalar -> scalar`, '1scalar'],
  ['add 2scalar 3scalar -> scalar', '5scalar'],
  [`lt 1scalar ${L - 1n}scalar -> boolean`, 'true'],
  [`gte ${L - 1n}scalar ${L - 1n}scalar -> boolean`, 'true'],
  ['gt 1scalar 2scalar -> boolean', 'false'],
  ['cast -1i8 as field -> field', '255field'],
  ['cast 255field as i8 -> i8', '-1i8'],
  ['cast 127field as i8 -> i8', '127i8'],
  ['cast -128i8 as scalar -> scalar', '128scalar'],
  ['cast 128scalar as i8 -> i8', '-128i8'],
  ['cast -1i8 as i128 -> i128', '-1i128'],
  ['cast 200u8 as i16 -> i16', '200i16'],
  [`cast true as group -> group`, `${G.x}group`],
  ['cast false as group -> group', '0group'],
  ['cast true as address -> address', addressToText(G.x)],
  [`cast ${ADDRESS} as group -> group`, `${ALICE}group`],
  [`cast ${ADDRESS} as field -> field`, `${ALICE}field`],
  [`cast ${ALICE}field as address -> address`, ADDRESS],
  [`cast ${ALICE}group as address -> address`, ADDRESS],
  ['cast 0field as group -> group', '0group'],
  [`cast ${G.x}field as group -> group`, `${G.x}group`],
  [`cast ${G.x}group as group.x -> field`, `${G.x}field`],
  [`cast ${G.x}group as group.y -> field`, `${G.y}field`],
  ['cast 0group as group.y -> field', '1field'],
  [`cast ${L - 1n}field as scalar -> scalar`, `${L - 1n}scalar`],
  ['cast.lossy 258field as u8 -> u8', '2u8'],
  ['cast.lossy 255u8 as i8 -> i8', '-1i8'],
  ['cast.lossy -1i8 as u16 -> u16', '65535u16'],
  ['cast.lossy 255u8 as i16 -> i16', '255i16'],
  ['cast.lossy -129i16 as i8 -> i8', '127i8'],
  ['cast.lossy -1i128 as field -> field', `${(1n << 128n) - 1n}field`],
  ['cast.lossy 3u8 as boolean -> boolean', 'true'],
  ['cast.lossy -2i8 as boolean -> boolean', 'false'],
  [`cast.lossy ${R - 1n}field as boolean -> boolean`, 'false'],
  [`cast.lossy ${R - 1n}field as scalar -> scalar`, `${BigInt.asUintN(250, R - 1n)}scalar`],
  [`cast.lossy ${R - 1n}field as i8 -> i8`, `${BigInt.asIntN(8, R - 1n)}i8`],
];

for (const [text, expected] of RESULTS)
  test(`${text} = ${expected}`, () => assert.equal(run(text), expected));

const HALTS: readonly (readonly [string, string])[] = [
  ['sqrt 5field -> field', 'HALT_NO_ROOT'],
  ['cast 256field as i8 -> i8', 'HALT_CAST'],
  [`cast ${R - 1n}field as i8 -> i8`, 'HALT_CAST'],
  ['cast -1i8 as u8 -> u8', 'HALT_CAST'],
  ['cast -1i8 as boolean -> boolean', 'HALT_CAST'],
  ['cast 128u8 as i8 -> i8', 'HALT_CAST'],
  ['cast 256scalar as i8 -> i8', 'HALT_CAST'],
  [`cast ${L}field as scalar -> scalar`, 'HALT_CAST'],
  ['cast 1field as group -> group', 'HALT_CAST'],
  ['cast 1u8 as group -> group', 'HALT_CAST'],
  ['cast 1field as address -> address', 'HALT_CAST'],
  ['cast 0field as address -> address', 'HALT_CAST'],
  ['cast 0group as address -> address', 'HALT_CAST'],
  ['cast false as address -> address', 'HALT_CAST'],
  [`cast ${ADDRESS} as u128 -> u128`, 'HALT_CAST'],
];

for (const [text, code] of HALTS) test(`${text}: ${code}`, () => assert.throws(() => run(text), { code }));

test('hashes into other types are the low bits of the hash', () => {
  const digest = compress((DOMAIN.AVM_PSD4 << 64n) + 1n, [5n, 0n, 0n, 0n]);
  assert.equal(run('hash.psd4 5field as u8 -> u8'), `${BigInt.asUintN(8, digest)}u8`);
  assert.equal(run('hash.psd4 5u8 as i64 -> i64'), `${BigInt.asIntN(64, digest)}i64`);
  assert.equal(run('hash.psd4 5field as u128 -> u128'), `${BigInt.asUintN(128, digest)}u128`);
  assert.equal(run('hash.psd4 5scalar as scalar -> scalar'), `${BigInt.asUintN(250, digest)}scalar`);
  const pointed = compress((DOMAIN.AVM_PSD4 << 64n) + 1n, [G.x, 0n, 0n, 0n]);
  assert.equal(run(`hash.psd4 ${G.x}group as field -> field`), `${pointed}field`);
});

test('hashes into points are eightfold Elligator points of the hash', () => {
  for (let n = 1n; n < 12n; n++) {
    const digest = compress((DOMAIN.AVM_PSD8 << 64n) + 1n, [n, 0n, 0n, 0n]);
    const { x } = clearCofactor(elligator2(digest).point);
    assert.equal(run(`hash.psd8 ${n}field as group -> group`), `${x}group`);
    assert.equal(run(`hash.psd8 ${n}u8 as address -> address`), addressToText(x));
  }
});

test('the generator is its x in the identity of a program, and the canonical source reads back', () => {
  const named = compile('neg group::GEN into r0;\ncast r0 into r1 as group.y;\noutput r1 as field.private;');
  const written = compile(
    `neg ${G.x}group into r0;\ncast r0 into r1 as group.y;\noutput r1 as field.private;`,
  );
  assert.equal(named.programId, written.programId);
  assert.equal(compileProgram(named.canonicalSource).programId, named.programId);
  const other = compile('neg group::GEN into r0;\ncast r0 into r1 as group.x;\noutput r1 as field.private;');
  assert.notEqual(other.programId, named.programId);
});

test('sums of many points agree with their scalars', () => {
  for (const [a, b] of [
    [1n, 1n],
    [5n, L - 5n],
    [L - 1n, L - 1n],
    [123456789n, L >> 1n],
  ]) {
    const [p, q] = [mulPoint(G, a).x, mulPoint(G, b).x];
    const sum = (a + b) % L;
    assert.equal(run(`add ${p}group ${q}group -> group`), `${sum === 0n ? 0n : mulPoint(G, sum).x}group`);
    const back = addPoints(mulPoint(G, a), negatePoint(mulPoint(G, b))).x;
    assert.equal(run(`sub ${p}group ${q}group -> group`), `${back}group`);
  }
});

/** Bits of a value, the lowest first, as snarkVM's `to_bits_le`; signed integers in two's complement. */
function bitsOf(leaf: bigint, type: LiteralType): string {
  const width = isIntegerType(type) ? INTEGER_WIDTH[type] : type === 'scalar' ? 251 : 254;
  const number = isSignedType(type) ? BigInt.asUintN(width, integerOf(leaf)) : leaf;
  return [...number.toString(2).padStart(type === 'boolean' ? 1 : width, '0')].reverse().join('');
}

/** The leaf with these bits, if the excess ones are 0. */
function fromBits(bits: string, type: LiteralType): bigint | undefined {
  const number = BigInt(`0b${[...bits].reverse().join('')}`);
  if (!isIntegerType(type)) return isLeafOf(type, number) ? number : undefined;
  const width = INTEGER_WIDTH[type];
  if (number >> BigInt(width) !== 0n) return undefined;
  return isSignedType(type) ? toField(BigInt.asIntN(width, number)) : number;
}

const SAMPLES: Readonly<Partial<Record<LiteralType, readonly bigint[]>>> = {
  address: [ALICE, G.x, G2],
  boolean: [0n, 1n],
  field: [0n, 1n, 2n, 127n, 128n, 255n, 256n, L - 1n, L, R - 1n, R >> 1n, (1n << 128n) - 1n, G.x, 1n << 250n],
  group: [0n, G.x, G2, R - G.x],
  scalar: [0n, 1n, 2n, 127n, 128n, 255n, 256n, L - 1n, (1n << 128n) - 1n, 1n << 128n, 1n << 250n],
};

function samples(type: LiteralType): readonly bigint[] {
  if (!isIntegerType(type)) return SAMPLES[type]!;
  const { min, max } = integerRange(type);
  const list = [0n, 1n, 2n, -1n, -2n, 127n, 128n, 255n, 256n, -128n, -129n, min, max, max - 1n, max / 2n];
  return list.filter((number) => number >= min && number <= max).map(toField);
}

test('casts between integers, booleans, scalars and field elements are those of their bits', () => {
  const plain = LITERAL_TYPES.filter((type) => type !== 'group' && type !== 'address');
  let compared = 0;
  for (const from of plain) {
    for (const to of plain) {
      for (const leaf of samples(from)) {
        const both = isIntegerType(from) && isIntegerType(to);
        const moved = toField(integerOf(leaf));
        const expected = both
          ? isLeafOf(to, moved)
            ? moved
            : undefined
          : to === 'boolean' && isSignedType(from)
            ? leaf <= 1n
              ? leaf
              : undefined
            : fromBits(bitsOf(leaf, from), to);
        assert.equal(castLiteral(leaf, from, to), expected, `cast ${leaf} ${from} ${to}`);
        // `as` of Rust between integers: the sign goes on for ever. Else the bits are cut.
        const sign = both && isSignedType(from) ? bitsOf(leaf, from).slice(-1) : '0';
        const size = isIntegerType(to)
          ? INTEGER_WIDTH[to]
          : to === 'boolean'
            ? 1
            : to === 'scalar'
              ? 250
              : 254;
        const same = from === to ? leaf : fromBits(bitsOf(leaf, from).padEnd(254, sign).slice(0, size), to);
        assert.equal(castLossy(leaf, from, to), same, `cast.lossy ${leaf} ${from} ${to}`);
        compared++;
      }
    }
  }
  assert.ok(compared > 1000);
});
