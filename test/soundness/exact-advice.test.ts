/**
 * Finds all advice of a call exactly, not by search (test/support/attack/exact-advice.ts), for every instruction that has
 * advice and for random programs. All satisfying witnesses give the outputs that the program means, and a call that halts
 * has none. With a condition taken out there are more. AZALEA_FUZZ_EFFORT multiplies the calls, AZALEA_FUZZ_SEED chooses
 * them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../avm/evaluate.ts';
import type { LoweredFunction } from '../../avm/lowered-function.ts';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import { interpret } from '../../program/run/interpreter.ts';
import { formatLiteral } from '../../program/values/literal.ts';
import { type LiteralType, literal, type Typed } from '../../program/values/types.ts';
import { toField } from '../../protocol/field.ts';
import { type ExactAdvice, exactAdvice } from '../support/attack/exact-advice.ts';
import { showOutputs } from '../support/attack/forge-search.ts';
import { leastMultiple, multiplesBetween } from '../support/attack/modular-lines.ts';
import { weakenedFunctions } from '../support/attack/weakened.ts';
import { type Random, random } from '../support/avm/functions.ts';
import { CONTEXT, evaluationInputs } from '../support/program/programs.ts';
import { randomProgram } from '../support/program/random-typed-program.ts';
import { drawLeaf, drawTyped } from '../support/program/random-values.ts';
import { SHAPES, type Shape } from '../support/program/shapes.ts';
import { steeredProgram } from '../support/program/steered-program.ts';

const EFFORT = Number(process.env.AZALEA_FUZZ_EFFORT ?? 1);
const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);
/** Bits of an exponent are tried both ways: beyond so many values there are too many. */
const MOST_ADVICE = 15;

test('the least multiple in a range, against trying all', () => {
  const rng = random(SEED);
  for (let i = 0; i < 2000; i++) {
    const m = 2 + rng.below(200);
    const [a, x, y] = [rng.below(m), rng.below(m), rng.below(m)];
    const [l, u] = [Math.min(x, y), Math.max(x, y)];
    const t = Array.from({ length: m }, (_, k) => k).find((k) => (a * k) % m >= l && (a * k) % m <= u);
    const found = leastMultiple(BigInt(a), BigInt(m), BigInt(l), BigInt(u));
    assert.equal(found, t === undefined ? undefined : BigInt(t), `${a} t mod ${m} in [${l}, ${u}]`);
  }
  for (let i = 0; i < 50; i++) {
    const [a, b] = [rng.field(), rng.field()];
    const hits = multiplesBetween(20n, { a, b, size: 1n << 253n });
    assert.deepEqual(
      hits,
      [...Array(20).keys()].map(BigInt).filter((t) => inRange(a, b, t)),
    );
  }
});

const inRange = (a: bigint, b: bigint, t: bigint): boolean => toField(a * t + b) < 1n << 253n;

/** Undefined for a program that fits no circuit, or halts for all inputs. */
function compile(source: string): Program | undefined {
  try {
    return compileProgram(source, 'rule.aleo');
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    assert.match(error.code, /^PROGRAM_(CAPACITY|ALWAYS_HALTS)$/, error.message);
    return undefined;
  }
}

/** One instruction on inputs, or on literals where a text is given, its result carried out. */
function sourceOf(
  { opcode, as, result }: Shape,
  type: LiteralType,
  operands: readonly LiteralType[],
  literals: readonly (string | undefined)[] = [],
): string {
  const to = result(type);
  const inputs: string[] = [];
  const texts = operands.map((operand, i) => {
    const text = literals[i];
    if (text !== undefined) return text;
    return `r${inputs.push(`    input r${inputs.length} as ${operand}.private;`) - 1}`;
  });
  const next = inputs.length;
  return [
    'program rule.aleo;',
    'record out:',
    '    owner as address.private;',
    ...(to === undefined ? [] : [`    d as ${to}.private;`]),
    'function f:',
    ...inputs,
    `    ${opcode} ${texts.join(' ')}${to === undefined ? '' : ` into r${next}`}${as === undefined ? '' : ` as ${as}`};`,
    `    cast self.signer${to === undefined ? '' : ` r${next}`} into r${next + 1} as out.record;`,
    `    output r${next + 1} as out.record;\n`,
  ].join('\n');
}

function drawOperands(rng: Random, { opcode }: Shape, types: readonly LiteralType[]): Typed<bigint>[] {
  return types.map((type, i) => ({
    type: literal(type),
    leaves: [
      i === 1 && /^(sh[lr]|pow)/.test(opcode) && rng.chance(0.7)
        ? BigInt(rng.below(20))
        : drawLeaf(rng, type),
    ],
  }));
}

/** Finds all witnesses of a call and holds them against what the program means. */
function check(
  program: Program,
  inputs: readonly Typed<bigint>[],
  name = 'f',
): ExactAdvice & { readonly meant: Set<string> } {
  const { lowered, checked } = program.functions.get(name)!;
  const given = evaluationInputs(program, inputs);
  const meant = new Set<string>();
  try {
    interpret(program.checked, checked, inputs, CONTEXT);
    meant.add(showOutputs(evaluate(lowered, given)));
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^HALT_/);
  }
  const found = exactAdvice(lowered, given);
  const said = `inputs ${inputs.map(({ leaves }) => leaves.join()).join(' ')}`;
  for (const outputs of found.outputs) assert.ok(meant.has(outputs), `other outputs: ${outputs}, ${said}`);
  if (found.complete) assert.equal(found.outputs.size, meant.size, `no witness of an honest call, ${said}`);
  return { ...found, meant };
}

test(`every instruction with advice, from seed ${SEED}`, (t) => {
  const rng = random(SEED);
  const count = { instructions: 0, calls: 0, halted: 0, witnesses: 0 };
  const incomplete = new Set<string>();
  for (const shape of SHAPES) {
    for (const type of shape.on) {
      const types = shape.operands(type);
      const source = sourceOf(shape, type, types);
      const name = `${shape.opcode} ${types.join(' ')}`;
      const program = compile(source);
      if (program === undefined) continue;
      const { adviceCount } = program.functions.get('f')!.lowered.fn;
      if (adviceCount === 0 || adviceCount > MOST_ADVICE) continue;
      count.instructions++;
      for (let call = 0; call < EFFORT; call++) {
        try {
          const { complete, witnesses, meant } = check(program, drawOperands(rng, shape, types));
          count.calls++;
          count.witnesses += witnesses;
          if (meant.size === 0) count.halted++;
          if (!complete) incomplete.add(name);
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
        }
      }
    }
  }
  t.diagnostic(`${JSON.stringify(count)} incomplete: ${[...incomplete].join(', ')}`);
  assert.ok(count.instructions > 250 && count.halted > 20, JSON.stringify(count));
  assert.ok(incomplete.size <= count.instructions / 50, [...incomplete].join(', '));
});

test(`instructions with one operand known when compiling, from seed ${SEED}`, (t) => {
  const rng = random(SEED);
  const count = { calls: 0, halted: 0, witnesses: 0, incomplete: 0 };
  for (const shape of SHAPES) {
    for (const type of shape.on) {
      const types = shape.operands(type);
      for (let call = 0; types.length > 1 && call < EFFORT; call++) {
        const operands = drawOperands(rng, shape, types);
        const known = rng.below(types.length);
        if (types[known] === 'address') continue;
        const literals = operands.map(({ leaves }, i) =>
          i === known ? formatLiteral({ type: types[i], value: leaves[0] }) : undefined,
        );
        const source = sourceOf(shape, type, types, literals);
        const program = compile(source);
        if (program === undefined) continue;
        const { adviceCount } = program.functions.get('f')!.lowered.fn;
        if (adviceCount === 0 || adviceCount > MOST_ADVICE) continue;
        try {
          const { complete, witnesses, meant } = check(
            program,
            operands.filter((_, i) => i !== known),
          );
          count.calls++;
          count.witnesses += witnesses;
          if (meant.size === 0) count.halted++;
          if (!complete) count.incomplete++;
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${source}`, { cause: error });
        }
      }
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.calls > 60 && count.incomplete <= count.calls / 20, JSON.stringify(count));
});

/** A random program with calls of one function: long ones that run to their end, and ones of structs, arrays and closures. */
function drawProgram(
  seed: number,
): { program: Program; name: string; calls: readonly (readonly Typed<bigint>[])[] } | undefined {
  const rng = random(seed);
  const inputsOf = (program: Program, types: readonly Typed<bigint>['type'][]): Typed<bigint>[] =>
    types.map((type) => drawTyped(rng, program.types, type, CONTEXT.signer));
  if (seed % 2 === 0) {
    const { source, functions } = randomProgram(rng, 7);
    const program = compile(source);
    const [{ name, inputs }] = functions;
    return program && { program, name, calls: [inputsOf(program, inputs), inputsOf(program, inputs)] };
  }
  const { source, inputs } = steeredProgram(rng, 12);
  const program = compile(source);
  const types = inputs.map(({ type }) => type);
  return program && { program, name: 'f', calls: [inputs, inputsOf(program, types)] };
}

test(`random programs, from seed ${SEED}`, (t) => {
  const count = { calls: 0, halted: 0, incomplete: 0, advice: 0, witnesses: 0 };
  for (let seed = SEED; seed < SEED + 50 * EFFORT; seed++) {
    const drawn = drawProgram(seed);
    if (drawn === undefined) continue;
    const { program, name, calls } = drawn;
    const { adviceCount } = program.functions.get(name)!.lowered.fn;
    if (adviceCount === 0) continue;
    for (const inputs of calls) {
      try {
        const { complete, witnesses, meant } = check(program, inputs, name);
        count.calls++;
        count.advice += adviceCount;
        count.witnesses += witnesses;
        if (meant.size === 0) count.halted++;
        if (!complete) count.incomplete++;
      } catch (error) {
        throw new Error(`AZALEA_FUZZ_SEED=${seed}: ${(error as Error).message}\n${program.source}`, {
          cause: error,
        });
      }
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.calls > 30 && count.halted > 3, JSON.stringify(count));
  assert.ok(count.incomplete < count.calls / 8, JSON.stringify(count));
});

test('without one of its conditions a rule has other witnesses', (t) => {
  const rng = random(SEED);
  const count = { weakened: 0, open: 0 };
  for (const [opcode, type] of [
    ['div', 'u8'],
    ['div', 'u64'],
    ['div', 'u128'],
    ['rem', 'i32'],
    ['mul', 'u128'],
    ['mul.w', 'u64'],
    ['shr', 'u16'],
    ['lt', 'field'],
    ['double', 'group'],
    ['sqrt', 'field'],
  ] as [string, LiteralType][]) {
    const shape = SHAPES.find((each) => each.opcode === opcode && each.on.includes(type))!;
    const types = shape.operands(type);
    const program = compileProgram(sourceOf(shape, type, types), 'rule.aleo');
    const { lowered } = program.functions.get('f')!;
    const calls = Array.from({ length: 4 }, () => drawOperands(rng, shape, types));
    const isOpen = (weaker: LoweredFunction): boolean =>
      calls.some((inputs) => {
        const given = evaluationInputs(program, inputs);
        const all = exactAdvice(lowered, given);
        const more = exactAdvice(weaker, given);
        return !more.complete || more.outputs.size > all.outputs.size;
      });
    for (const { lowered: weaker } of weakenedFunctions(lowered)) {
      count.weakened++;
      if (isOpen(weaker)) count.open++;
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.open > count.weakened / 2, JSON.stringify(count));
});
