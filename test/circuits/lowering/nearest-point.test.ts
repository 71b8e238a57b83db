/**
 * `cast.lossy` into points on the real constraints of the large AVM core. Honest calls of every branch satisfy them with the
 * meant result. Claims of the other branch (every dependent value recomputed) break them. At first order nothing is left
 * free. The wide search, on the core's twin, is test/soundness/nearest-point-forgery.test.ts.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assemble } from '../../../avm/assemble.ts';
import { checkAvmWitness } from '../../../avm/check.ts';
import { evaluate } from '../../../avm/evaluate.ts';
import { type AvmWitness, avmWitness } from '../../../avm/witness.ts';
import { castLossy } from '../../../program/instructions/rules/cast-literal.ts';
import { AVM_SIZE } from '../../../protocol/constants.ts';
import { addPoints, CURVE_A, CURVE_D, G, mulPoint } from '../../../protocol/curve/point.ts';
import { fieldInv, fieldMul, fieldNeg, fieldSqrt, isSquare, toField } from '../../../protocol/field.ts';
import { witnessToBigints } from '../../../prover/witness-calculator.ts';
import { witnessOf } from '../../support/attack/check-call.ts';
import { adviceOf, program, shown } from '../../support/attack/curve-attack.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';
import { weakenedFunctions } from '../../support/attack/weakened.ts';
import { type AvmCore, coreInput, openAvmCore } from '../../support/avm/core.ts';
import { jointFreedom } from '../../support/circuit/joint-freedom.ts';
import { avmArguments, evaluationInputs } from '../../support/program/programs.ts';

const cast = program(['field'], 'cast.lossy r0 into r9 as group;', 'group');
const [A, B, C, IN_MAP] = adviceOf(cast, 'isSquare');
const [Q, P, M, V] = adviceOf(cast, 'root');
const ADVICE = cast.functions.get('f')!.lowered.hints.length;

/** Of every coset one, off the curve both ways, the points of order 4, and what is special. */
const FOURTH = fieldSqrt(fieldInv(CURVE_A))!;
const CASES = [
  ...torsionPoints().map((twist) => addPoints(mulPoint(G, 77n), twist).x),
  ...[2n, 3n, 4n, 5n],
  FOURTH,
  torsionPoints()[1].x,
  0n,
  1n,
];

let core: AvmCore;
before(async () => {
  core = await openAvmCore('large');
});

function witnessFor(
  x: bigint,
  forged: readonly (readonly [number, bigint])[] = [],
): { witness: AvmWitness; made: bigint } {
  const { lowered } = cast.functions.get('f')!;
  const given = evaluationInputs(cast, shown('field', x));
  const advice = new Map(forged.map(([index, value]) => [index, toField(value)]));
  const { trace, recordOutputs } = evaluate(lowered, given, { advice });
  return { witness: witnessOf(cast, 'f', given, trace), made: recordOutputs[0].data[0] };
}

/** The result with which the circuit accepts, forged advice in place of the honest one; undefined if it refuses. */
function result(x: bigint, forged: readonly (readonly [number, bigint])[] = []): bigint | undefined {
  const { witness, made } = witnessFor(x, forged);
  const accepted = core.run(witness).failing.length === 0;
  assert.equal(accepted, checkAvmWitness(witness, AVM_SIZE.large).ok, 'the circuit and its twin disagree');
  return accepted ? made : undefined;
}

test('honest calls of every branch', () => {
  for (const x of CASES) assert.equal(result(x), castLossy(x, 'field', 'group'), `${x}`);
});

test('the other branch: each bit turned, its root recomputed or its negative', () => {
  for (const x of [...CASES.slice(0, 5), 2n, 3n, 4n]) {
    const expected = castLossy(x, 'field', 'group')!;
    const d = toField(1n - fieldMul(CURVE_D, fieldMul(x, x)));
    const a = toField(1n - fieldMul(CURVE_A, fieldMul(x, x)));
    for (const [index, honest] of [
      [A, isSquare(d)],
      [B, isSquare(a)],
    ] as const) {
      assert.equal(result(x, [[index, honest ? 0n : 1n]]), undefined, `${x}`);
    }
    const { witness } = witnessFor(x);
    assert.equal(result(x, [[C, 1n - toField(witness.advice[C])]]), undefined, `${x}`);
    for (const root of [Q, P, M]) assert.equal(result(x, [[root, fieldNeg(witness.advice[root])]]), expected);
    for (const root of [Q, P, M]) assert.equal(result(x, [[root, witness.advice[root] + 1n]]), undefined);
    assert.equal(
      result(x, [
        [A, 1n],
        [B, 1n],
        [C, 1n],
      ]),
      expected === x ? x : undefined,
    );
    assert.equal(result(x, [[IN_MAP, 1n - toField(witness.advice[IN_MAP])]]), undefined);
    assert.equal(result(x, [[V, fieldNeg(witness.advice[V])]]), undefined);
  }
});

test('0, 1 and the points of order 4 have one result, whatever is claimed', () => {
  for (const x of [0n, 1n, FOURTH, fieldNeg(FOURTH)]) {
    for (let bits = 0; bits < 8; bits++) {
      const made = result(x, [
        [A, BigInt(bits & 1)],
        [B, BigInt((bits >> 1) & 1)],
        [C, BigInt(bits >> 2)],
      ]);
      if (made !== undefined) assert.equal(made, castLossy(x, 'field', 'group'));
    }
  }
});

/** Outputs, and advice of the cast, that may move at a witness. */
function movingAt(witness: AvmWitness): string[] {
  const given = /^main\.(?:bits|constants|inputs|recordWords|context|recordInputNames|recordOutputNames)\[/;
  const fixed = new Set<number>();
  for (const [name, { wire }] of core.circuit.symbols) if (given.test(name)) fixed.add(wire);
  const values = witnessToBigints(core.circuit.calculator.calculate(coreInput(witness)));
  return jointFreedom(core.circuit, values, (wire) => fixed.has(wire)).filter((wire) => {
    const index = /^main\.advice\[(\d+)\]$/.exec(wire)?.[1];
    return index === undefined ? /^main\.(?:recordOutput|message)/.test(wire) : Number(index) < ADVICE;
  });
}

test('neither outputs nor advice can move, alone or together', () => {
  for (const x of [CASES[0], CASES[1], CASES[2], 2n, 3n, 7n]) {
    assert.deepEqual(movingAt(witnessFor(x).witness), [], `${x}`);
  }
});

test('without the condition on its square a root moves', () => {
  const { lowered } = cast.functions.get('f')!;
  const weak = weakenedFunctions(lowered).find(({ without, lowered: { fn } }) => {
    const { a } = fn.rows[Number(/^row (\d+) assert$/.exec(without)?.[1] ?? 0)].operands;
    return a?.kind === 'advice' && a.index === M;
  })!;
  const given = evaluationInputs(cast, shown('field', CASES[0]));
  const { trace } = evaluate(weak.lowered, given);
  const witness = avmWitness(
    assemble(weak.lowered.fn, AVM_SIZE.large),
    avmArguments(given),
    trace,
    AVM_SIZE.large,
  );
  assert.deepEqual(movingAt(witness), [`main.advice[${M}]`]);
});
