/** The meaning of each instruction: results and halts written out by hand, after snarkVM. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { INSTRUCTIONS } from '../../../program/instructions/registry.ts';
import { LOWERING } from '../../../program/lowering/rules/registry.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { parseLiteral } from '../../../program/values/literal.ts';
import { showType } from '../../../program/values/types.ts';
import { decodeValue, encodeValue, formatValue } from '../../../program/values/values.ts';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';
import { CONTEXT } from '../../support/program/programs.ts';

const R = FIELD_MODULUS;
const HALF = (R + 1n) / 2n;

/** Runs `opcode a b... [as type]` on literals given as inputs, so that nothing is folded. */
function run(text: string): string {
  const [call, as] = text.split(' as ');
  const [opcode, ...literals] = call.split(' ');
  const inputs = literals.map((literalText) => {
    const read = parseLiteral(literalText);
    assert.ok('type' in read, literalText);
    return encodeValue(literalText, { kind: 'literal', name: read.type }, { flatten: () => [] } as never);
  });
  const isAssert = opcode.startsWith('assert');
  const into = isAssert ? '' : ` into r${inputs.length}`;
  const lines = [
    ...inputs.map(({ type }, i) => `input r${i} as ${showType(type)}.private;`),
    `${opcode} ${inputs.map((_, i) => `r${i}`).join(' ')}${into}${as === undefined ? '' : ` as ${as}`};`,
  ];
  const source = (output: string) => `program t.aleo;\nfunction f:\n${lines.join('\n')}\n${output}`;
  if (isAssert) {
    simulate(compileProgram(source('')), 'f', inputs, CONTEXT);
    return 'holds';
  }
  const [instruction] = compileProgram(source('')).functions.get('f')!.checked.instructions;
  assert.ok(instruction.kind === 'operation');
  const { type } = instruction.result!;
  const program = compileProgram(source(`output r${inputs.length} as ${showType(type)}.private;`));
  const { outputs } = simulate(program, 'f', inputs, CONTEXT);
  return formatValue(decodeValue(outputs[0], program.types));
}

const RESULTS: readonly [string, string][] = [
  ['add 254u8 1u8', '255u8'],
  [`add ${R - 1n}field 2field`, '1field'],
  ['sub 5u8 5u8', '0u8'],
  ['sub 0field 1field', `${R - 1n}field`],
  ['mul 15u8 17u8', '255u8'],
  ['mul 18446744073709551616u128 18446744073709551615u128', `${(1n << 128n) - (1n << 64n)}u128`],
  [`mul ${R - 1n}field ${R - 1n}field`, '1field'],
  ['div 7u8 2u8', '3u8'],
  ['div 0u128 5u128', '0u128'],
  ['div 1field 2field', `${HALF}field`],
  ['rem 7u8 2u8', '1u8'],
  ['mod 7u64 4u64', '3u64'],
  ['add.w 255u8 1u8', '0u8'],
  ['sub.w 0u16 1u16', '65535u16'],
  ['mul.w 200u8 200u8', '64u8'],
  [`mul.w ${(1n << 128n) - 1n}u128 ${(1n << 128n) - 1n}u128`, '1u128'],
  ['neg 1field', `${R - 1n}field`],
  ['neg 0field', '0field'],
  ['inv 2field', `${HALF}field`],
  ['square 5field', '25field'],
  ['double 5field', '10field'],
  ['lt 1u8 2u8', 'true'],
  ['lt 2u8 2u8', 'false'],
  ['lte 2u8 2u8', 'true'],
  ['gt 2u8 2u8', 'false'],
  ['gte 2u8 2u8', 'true'],
  [`lt 1field ${R - 1n}field`, 'true'],
  [`gt ${R - 1n}field ${HALF}field`, 'true'],
  ['is.eq 1u8 1u8', 'true'],
  ['is.neq true false', 'true'],
  ['and 12u8 10u8', '8u8'],
  ['or 12u8 10u8', '14u8'],
  ['xor 12u8 10u8', '6u8'],
  ['not 0u128', `${(1n << 128n) - 1n}u128`],
  ['not true', 'false'],
  ['and true false', 'false'],
  ['or true false', 'true'],
  ['xor true true', 'false'],
  ['nand true true', 'false'],
  ['nor false false', 'true'],
  ['ternary true 1u8 2u8', '1u8'],
  ['ternary false 1field 2field', '2field'],
  ['cast 255u128 as u8', '255u8'],
  ['cast 1field as boolean', 'true'],
  ['cast true as field', '1field'],
  ['cast 5u8 as u128', '5u128'],
  ['assert.eq 1u8 1u8', 'holds'],
  ['assert.neq 1field 2field', 'holds'],
];

for (const [text, expected] of RESULTS)
  test(`${text} = ${expected}`, () => assert.equal(run(text), expected));

const HALTS: readonly [string, string][] = [
  ['add 255u8 1u8', 'HALT_OVERFLOW'],
  [`add ${(1n << 128n) - 1n}u128 1u128`, 'HALT_OVERFLOW'],
  ['sub 0u64 1u64', 'HALT_OVERFLOW'],
  ['mul 16u8 16u8', 'HALT_OVERFLOW'],
  ['mul 18446744073709551616u128 18446744073709551616u128', 'HALT_OVERFLOW'],
  ['div 1u8 0u8', 'HALT_DIVISION_BY_ZERO'],
  ['div 0field 0field', 'HALT_DIVISION_BY_ZERO'],
  ['rem 1u8 0u8', 'HALT_DIVISION_BY_ZERO'],
  ['mod 0u8 0u8', 'HALT_DIVISION_BY_ZERO'],
  ['inv 0field', 'HALT_DIVISION_BY_ZERO'],
  ['cast 256u16 as u8', 'HALT_CAST'],
  ['cast 2field as boolean', 'HALT_CAST'],
  [`cast ${R - 1n}field as u128`, 'HALT_CAST'],
  ['assert.eq 1u8 2u8', 'HALT_ASSERTION'],
  ['assert.neq true true', 'HALT_ASSERTION'],
];

for (const [text, code] of HALTS) {
  test(`${text}: ${code}`, () => {
    assert.throws(() => run(text), { code, name: 'HaltError', message: /t\.aleo\/f halts at line \d+: / });
  });
}

test('hash.psd*: one block of four, longer values chained, a domain per opcode', () => {
  const cap = (domain: bigint, length: number): bigint => (domain << 64n) + BigInt(length);
  assert.equal(
    run('hash.psd2 5field as field'),
    `${compress(cap(DOMAIN.AVM_PSD2, 1), [5n, 0n, 0n, 0n])}field`,
  );
  assert.equal(run('hash.psd8 5u8 as field'), `${compress(cap(DOMAIN.AVM_PSD8, 1), [5n, 0n, 0n, 0n])}field`);
  const program = compileProgram(
    'program t.aleo;\nstruct s:\n a as field;\n b as field;\n c as field;\n d as field;\n e as field;\nfunction f:\ninput r0 as s.private;\nhash.psd4 r0 into r1 as field;\noutput r1 as field.private;',
  );
  const input = { type: { kind: 'struct', name: 's' } as const, leaves: [1n, 2n, 3n, 4n, 5n] };
  const first = compress(cap(DOMAIN.AVM_PSD4, 5), [1n, 2n, 3n, 4n]);
  assert.deepEqual(simulate(program, 'f', [input], CONTEXT).outputs[0].leaves, [
    compress(first, [5n, 0n, 0n, 0n]),
  ]);
});

test('every instruction has a lowering rule, and no rule is left over', () => {
  assert.deepEqual([...LOWERING.keys()].sort(), [...INSTRUCTIONS.keys()].sort());
});
