/**
 * Every instruction on every type under attack, alone and with some operands written as literals (which lowering folds and
 * strength-reduces). Meaning and constraints agree; no forged advice and no operand outside its type passes.
 * The forger is no straw man: with one condition taken out of a rule it mostly finds the hole. AZALEA_FUZZ_EFFORT multiplies
 * the search.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { simulate } from '../../program/run/simulate.ts';
import { formatLiteral } from '../../program/values/literal.ts';
import type { LiteralType, Typed } from '../../program/values/types.ts';
import { checkCall } from '../support/attack/check-call.ts';
import { searchForgery } from '../support/attack/forge-search.ts';
import { weakenedFunctions } from '../support/attack/weakened.ts';
import { type Random, random } from '../support/avm/functions.ts';
import { CONTEXT, evaluationInputs } from '../support/program/programs.ts';
import { drawLeaf, drawWrongLeaf } from '../support/program/random-values.ts';
import { SHAPES, type Shape } from '../support/program/shapes.ts';

const EFFORT = Number(process.env.AZALEA_FUZZ_EFFORT ?? 1);
const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);

/** `opcode` on inputs, or on literals where one is given, its result carried out in a record. */
function sourceOf(shape: Shape, type: LiteralType, literals: readonly (bigint | undefined)[]): string {
  const types = shape.operands(type);
  const result = shape.result(type);
  const inputs: string[] = [];
  const operands = types.map((each, i) => {
    const value = literals[i];
    if (value !== undefined) return formatLiteral({ type: each, value });
    inputs.push(`    input r${inputs.length} as ${each}.private;`);
    return `r${inputs.length - 1}`;
  });
  let next = inputs.length;
  const into = result === undefined ? '' : ` into r${next++}`;
  const as = shape.as === undefined ? '' : ` as ${shape.as}`;
  return [
    'program rule.aleo;\nrecord out:\n    owner as address.private;',
    ...(result === undefined ? [] : [`    d as ${result}.private;`]),
    'function f:',
    ...inputs,
    `    ${shape.opcode} ${operands.join(' ')}${into}${as};`,
    `    cast self.signer${result === undefined ? '' : ` r${next - 1}`} into r${next} as out.record;`,
    `    output r${next} as out.record;\n`,
  ].join('\n');
}

/** Operands, often related: equal, or a small amount for a shift. */
function drawOperands(rng: Random, shape: Shape, types: readonly LiteralType[]): bigint[] {
  const drawn = types.map((type, i) =>
    i === 1 && /^(sh[lr]|pow)/.test(shape.opcode) && rng.chance(0.7)
      ? BigInt(rng.below(20))
      : drawLeaf(rng, type),
  );
  if (drawn.length > 1 && types[0] === types[1] && rng.chance(0.15)) drawn[1] = drawn[0];
  return drawn;
}

const typed = (name: LiteralType, leaf: bigint): Typed<bigint> => ({
  type: { kind: 'literal', name },
  leaves: [leaf],
});

/** Wrapping powers of wide integers fit no circuit size with a variable or a very large exponent: docs/language.md says so. */
const TOO_LARGE = /pow\.w /;

function compile(source: string): Program | 'halts' | 'too large' {
  try {
    return compileProgram(source, 'rule.aleo');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'PROGRAM_CAPACITY' && TOO_LARGE.test(source)) return 'too large';
    assert.equal(code, 'PROGRAM_ALWAYS_HALTS', `${error}\n${source}`);
    return 'halts';
  }
}

test('every instruction and type: forged advice, operands outside their types, literals', (t) => {
  const count = { proven: 0, halted: 0, always: 0, tried: 0, harmless: 0 };
  const rng = random(SEED);
  const attack = (
    shape: Shape,
    type: LiteralType,
    leaves: bigint[],
    literal: boolean[],
    budget: number,
  ): void => {
    const types = shape.operands(type);
    const source = sourceOf(
      shape,
      type,
      leaves.map((leaf, i) => (literal[i] ? leaf : undefined)),
    );
    const inputs = leaves.flatMap((leaf, i) => (literal[i] ? [] : [typed(types[i], leaf)]));
    try {
      const program = compile(source);
      if (program === 'too large') return;
      if (program === 'halts') {
        count.always++;
        const open = compile(sourceOf(shape, type, []));
        if (typeof open === 'string') return;
        const all = leaves.map((leaf, i) => typed(types[i], leaf));
        const call = { program: open, name: 'f', inputs: all, context: CONTEXT, random: rng, budget: 0 };
        assert.ok(checkCall(call).halts, 'refused when compiling, but does not halt');
        return;
      }
      const call = checkCall({ program, name: 'f', inputs, context: CONTEXT, random: rng, budget });
      count[call.halts ? 'halted' : 'proven']++;
      count.tried += call.tried;
      count.harmless += call.harmless;
    } catch (error) {
      throw new Error(`${leaves.join(', ')}: ${(error as Error).message}\n${source}`, { cause: error });
    }
  };
  for (const shape of SHAPES) {
    for (const type of shape.on) {
      const types = shape.operands(type);
      // Casts and hashes go between all types: one call of each is many.
      const rounds = shape.as === undefined ? 2 * EFFORT : EFFORT;
      for (let round = 0; round < rounds; round++) {
        attack(shape, type, drawOperands(rng, shape, types), [], 40 + 20 * EFFORT);
      }
      // Each compiles a program of its own: a fifth of them, unless more is asked for.
      for (let round = EFFORT > 1 || rng.chance(0.2) ? EFFORT : 0; round > 0; round--) {
        const literal = types.map((each) => each !== 'address' && rng.chance(0.5));
        attack(shape, type, drawOperands(rng, shape, types), literal, 60);
      }
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.proven > 300 && count.halted > 100 && count.always > 5, JSON.stringify(count));
});

test('a rule without one of its conditions is broken by the forger', (t) => {
  const rng = random(SEED);
  let conditions = 0;
  const missed: string[] = [];
  for (const shape of SHAPES) {
    if (!/^(div|rem|mul|mul\.w|inv|lt|add|sub|shl|abs|and|sqrt|double|hash\.psd2)$/.test(shape.opcode))
      continue;
    for (const type of shape.on.filter((each) => /^(u8|i8|field|scalar|group)$/.test(each))) {
      const types = shape.operands(type);
      const program = compile(sourceOf(shape, type, []));
      if (typeof program === 'string') continue;
      // A group slot has no condition of lowering's, and takes long.
      if (program.functions.get('f')!.lowered.fn.group !== undefined) continue;
      const { lowered } = program.functions.get('f')!;
      for (const { without, lowered: weak } of weakenedFunctions(lowered)) {
        conditions++;
        let found = false;
        for (let round = 0; round < 40 * EFFORT && !found; round++) {
          const leaves = drawOperands(rng, shape, types);
          const k = rng.below(types.length);
          const wrong = rng.chance(0.5) ? drawWrongLeaf(rng, types[k]) : undefined;
          if (wrong !== undefined) leaves[k] = wrong;
          const inputs = leaves.map((leaf, i) => typed(types[i], leaf));
          const honest = wrong === undefined ? meant(program, inputs) : undefined;
          const given = evaluationInputs(program, inputs);
          found =
            searchForgery({ lowered: weak, given, honest, random: rng, budget: 80 }).found !== undefined;
        }
        if (!found) missed.push(`${shape.opcode} ${type}: ${without}`);
      }
    }
  }
  t.diagnostic(`${conditions} conditions, not broken within the budget: ${missed.length}`);
  assert.ok(conditions > 80 && missed.length < conditions / 3, missed.join('\n'));
});

function meant(program: Program, inputs: readonly Typed<bigint>[]): ReturnType<typeof simulate> | undefined {
  try {
    return simulate(program, 'f', inputs, CONTEXT);
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^HALT_/, String(error));
    return undefined;
  }
}
