/**
 * The constraints leave nothing free in the function of any lowering rule. At honest calls, with bytecode, inputs, record
 * words and context fixed, neither its outputs nor any of its advice can move, alone or together with anything else. First
 * order only (test/support/circuit/joint-freedom.ts): the forger looks for distant second solutions
 * (test/soundness/rule-forge.test.ts).
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assemble } from '../../../avm/assemble.ts';
import { evaluate } from '../../../avm/evaluate.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { simulate } from '../../../program/run/simulate.ts';
import type { LiteralType } from '../../../program/values/types.ts';
import { witnessToBigints } from '../../../prover/witness-calculator.ts';
import { witnessOf } from '../../support/attack/check-call.ts';
import { weakenedFunctions } from '../../support/attack/weakened.ts';
import { type AvmCore, coreInput, openAvmCore } from '../../support/avm/core.ts';
import { random } from '../../support/avm/functions.ts';
import { jointFreedom } from '../../support/circuit/joint-freedom.ts';
import { avmArguments, CONTEXT, evaluationInputs } from '../../support/program/programs.ts';
import { drawLeaf } from '../../support/program/random-values.ts';
import { SHAPES, type Shape } from '../../support/program/shapes.ts';

/** Fixed in a call: inputs of the core that are no values of sources. */
const FIXED = /^main\.(?:bits|constants|inputs|recordWords|context|recordInputNames|recordOutputNames)\[/;
/** Types whose rules differ; others follow the same ones with other widths. */
const TYPES: readonly LiteralType[] = ['boolean', 'u8', 'i8', 'u128', 'i128', 'field', 'scalar', 'group'];

let core: AvmCore;
before(async () => {
  core = await openAvmCore('small');
});

function sourceOf(shape: Shape, type: LiteralType): string {
  const types = shape.operands(type);
  const result = shape.result(type);
  const n = types.length;
  const operands = types.map((_, i) => `r${i}`).join(' ');
  return [
    'program rule.aleo;\nrecord out:\n    owner as address.private;',
    ...(result === undefined ? [] : [`    d as ${result}.private;`]),
    'function f:',
    ...types.map((each, i) => `    input r${i} as ${each}.private;`),
    `    ${shape.opcode} ${operands}${result === undefined ? '' : ` into r${n}`}${shape.as === undefined ? '' : ` as ${shape.as}`};`,
    `    cast self.signer${result === undefined ? '' : ` r${n}`} into r${n + 1} as out.record;`,
    `    output r${n + 1} as out.record;\n`,
  ].join('\n');
}

/** A program that fits the small size. */
function compileSmall(source: string): Program | undefined {
  try {
    const program = compileProgram(source, 'rule.aleo');
    return program.functions.get('f')!.bytecode.sizeClass === 'small' ? program : undefined;
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^PROGRAM_CAPACITY$/, String(error));
    return undefined;
  }
}

/** Outputs, and the first `advice` advice values, that may move at a witness of the core. */
function movingOf(witness: AvmWitness, advice: number): string[] {
  const fixed = new Set<number>();
  for (const [name, { wire }] of core.circuit.symbols) if (FIXED.test(name)) fixed.add(wire);
  const values = witnessToBigints(core.circuit.calculator.calculate(coreInput(witness)));
  return jointFreedom(core.circuit, values, (wire) => fixed.has(wire)).filter((wire) => {
    const index = /^main\.advice\[(\d+)\]$/.exec(wire)?.[1];
    return index === undefined ? /^main\.(?:recordOutput|message)/.test(wire) : Number(index) < advice;
  });
}

test('without its condition the advice of an inverse moves, and the output with it', () => {
  const inverse = SHAPES.find(({ opcode }) => opcode === 'inv')!;
  const program = compileSmall(sourceOf(inverse, 'field'))!;
  const { lowered } = program.functions.get('f')!;
  const [weak] = weakenedFunctions(lowered);
  assert.equal(weak.without, 'row 0 assert');
  const inputs = [{ type: { kind: 'literal', name: 'field' } as const, leaves: [5n] }];
  const given = evaluationInputs(program, inputs);
  const { trace } = evaluate(weak.lowered, given);
  const witness = avmWitness(assemble(weak.lowered.fn), avmArguments(given), trace);
  assert.deepEqual(movingOf(witness, 1).sort(), ['main.advice[0]', 'main.recordOutputData[0][0]']);
});

test('outputs and advice of every rule that has advice', (t) => {
  const rng = random(2);
  let checked = 0;
  for (const shape of SHAPES) {
    for (const type of shape.on.filter((each) => TYPES.includes(each))) {
      const types = shape.operands(type);
      const program = compileSmall(sourceOf(shape, type));
      const advice = program?.functions.get('f')?.lowered.hints.length ?? 0;
      if (program === undefined || advice === 0) continue;
      const name = `${shape.opcode} ${types.join(' ')}${shape.as === undefined ? '' : ` as ${shape.as}`}`;
      const call = honestCall(program, () => types.map((each) => drawLeaf(rng, each)), types);
      if (call === undefined) continue;
      assert.deepEqual(movingOf(call, advice), [], name);
      checked++;
    }
  }
  t.diagnostic(`${checked} functions`);
  assert.ok(checked > 40, `${checked}`);
});

/** The core's witness of a call that does not halt; undefined if none of many draws is one. */
function honestCall(
  program: Program,
  draw: () => bigint[],
  types: readonly LiteralType[],
): ReturnType<typeof witnessOf> | undefined {
  for (let attempt = 0; attempt < 60; attempt++) {
    const inputs = draw().map((leaf, i) => ({
      type: { kind: 'literal', name: types[i] } as const,
      leaves: [leaf],
    }));
    try {
      const { trace } = simulate(program, 'f', inputs, CONTEXT);
      return witnessOf(program, 'f', evaluationInputs(program, inputs), trace);
    } catch (error) {
      assert.match(String((error as { code?: string }).code), /^HALT_/, String(error));
    }
  }
  return undefined;
}
