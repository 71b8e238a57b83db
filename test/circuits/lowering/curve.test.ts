/**
 * Points, scalars, roots and low bits on the real constraints of the AVM core. Honest calls satisfy them with the meant
 * result. Calls that halt, other points with the same x and forged advice (every dependent value recomputed) break them. The
 * wide search, on the core's twin, is test/soundness/curve-forgery.test.ts.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkAvmWitness } from '../../../avm/check.ts';
import { evaluate } from '../../../avm/evaluate.ts';
import { programHash } from '../../../program/instructions/rules/hash.ts';
import type { Typed } from '../../../program/values/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import { addPoints, clearCofactor, G, mulPoint, negatePoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import { witnessOf } from '../../support/attack/check-call.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';
import { type AvmCore, openAvmCore } from '../../support/avm/core.ts';
import { compile, evaluationInputs, value } from '../../support/program/programs.ts';

const [R, L] = [FIELD_MODULUS, SUBGROUP_ORDER];

let core: AvmCore;
before(async () => {
  core = await openAvmCore('small');
});

interface Call {
  readonly line: string;
  readonly inputs: readonly Typed<bigint>[];
  readonly result: string;
}

/** The result with which the circuit accepts, advice by kind in place of the honest one; undefined if it refuses. */
function result({ line, inputs, result: type }: Call, forged: Readonly<Record<string, bigint>> = {}) {
  const program = compile(
    [
      ...inputs.map((input, i) => `input r${i} as ${'name' in input.type ? input.type.name : ''}.private;`),
      `${line} into r8${line.startsWith('hash') || line.startsWith('cast') ? ` as ${type}` : ''};`,
      'cast self.signer r8 into r9 as out.record;',
      'output r9 as out.record;',
    ].join('\n'),
    `record out:\n    owner as address.private;\n    d as ${type}.private;\n`,
  );
  const { lowered } = program.functions.get('f')!;
  const given = evaluationInputs(program, inputs);
  const advice = new Map(
    Object.entries(forged).map(([kind, forgery]) => {
      const index = lowered.hints.findIndex((hint) => hint.kind === kind);
      assert.ok(index >= 0, kind);
      return [index, toField(forgery)] as const;
    }),
  );
  const { trace, recordOutputs } = evaluate(lowered, given, { advice });
  const witness = witnessOf(program, 'f', given, trace);
  const accepted = core.run(witness).failing.length === 0;
  assert.equal(accepted, checkAvmWitness(witness).ok, 'the circuit and its twin disagree');
  return accepted ? recordOutputs[0].data[0] : undefined;
}

const call = (line: string, type: string, leaves: readonly bigint[], as = type): Call => ({
  line,
  inputs: leaves.map((leaf) => value(type, toField(leaf))),
  result: as,
});
const [P, Q] = [mulPoint(G, 5n), mulPoint(G, L - 3n)];

test('sums, differences, doubles and negatives of points', () => {
  assert.equal(result(call('add r0 r1', 'group', [P.x, Q.x])), addPoints(P, Q).x);
  assert.equal(result(call('add r0 r1', 'group', [P.x, negatePoint(P).x])), 0n);
  assert.equal(result(call('sub r0 r1', 'group', [P.x, Q.x])), addPoints(P, negatePoint(Q)).x);
  assert.equal(result(call('double r0', 'group', [P.x])), addPoints(P, P).x);
  assert.equal(result(call('add r0 r1', 'group', [0n, Q.x])), Q.x);
  assert.equal(result(call('neg r0', 'group', [P.x])), R - P.x);
});

test('a group element is one of the subgroup, with its own y', () => {
  for (const [coset, twist] of torsionPoints().entries()) {
    for (const point of [P, { x: 0n, y: 1n }]) {
      const { x, y } = addPoints(point, twist);
      for (const ordinate of [y, -y]) {
        const right = [0, 4].includes(coset) && toField(ordinate) === (coset === 0 ? y : toField(-y));
        const accepted = result(call('add r0 group::GEN', 'group', [x]), { ordinate });
        assert.equal(
          accepted,
          right ? addPoints({ x, y: toField(ordinate) }, G).x : undefined,
          `coset ${coset}`,
        );
      }
    }
  }
  for (const eighthRoot of [0n, 1n, -1n, 7n]) {
    assert.equal(result(call('neg r0', 'group', [P.x]), { eighthRoot }), undefined);
  }
});

test('forged sums', () => {
  const sum = addPoints(P, Q).x;
  for (const ratio of [0n, 1n, -sum, sum + 1n, addPoints(P, negatePoint(Q)).x]) {
    assert.equal(result(call('add r0 r1', 'group', [P.x, Q.x]), { ratio }), undefined);
  }
});

test('points of hashes', () => {
  const digest = programHash('hash.psd8', [7n]);
  const { point, v, isSquare } = elligator2(digest);
  const made = call('hash.psd8 r0', 'field', [7n], 'group');
  assert.equal(result(made), clearCofactor(point).x);
  assert.equal(result(made, { root: -v }), undefined);
  assert.equal(result(made, { root: -v, high128: (R - v) >> 128n }), undefined);
  assert.equal(result(made, { isSquare: isSquare ? 0n : 1n }), undefined);
});

test('roots, scalars and low bits', () => {
  assert.equal(result(call('sqrt r0', 'field', [49n])), 7n);
  assert.equal(result(call('sqrt r0', 'field', [49n]), { root: -7n }), undefined);
  assert.equal(result(call('sqrt r0', 'field', [5n])), undefined);
  assert.equal(result(call('add r0 r1', 'scalar', [L - 1n, 3n])), 2n);
  assert.equal(result(call('add r0 r1', 'scalar', [L - 1n, 3n]), { overOrder: 0n }), undefined);
  assert.equal(result(call('add r0 r1', 'scalar', [1n, 3n]), { overOrder: 1n }), undefined);
  assert.equal(result(call('add r0 r1', 'scalar', [L, 0n])), undefined);
  assert.equal(result(call('lt r0 r1', 'scalar', [3n, L - 1n], 'boolean')), 1n);
  assert.equal(result(call('lt r0 r1', 'scalar', [3n, L - 1n], 'boolean'), { lowHalf: 1n }), undefined);
  assert.equal(result(call('cast.lossy r0', 'field', [R - 1n], 'u8')), BigInt.asUintN(8, R - 1n));
  const alias = (5n + R) >> 128n;
  assert.equal(result(call('cast.lossy r0', 'field', [5n], 'u8'), { high128: alias }), undefined);
  assert.equal(result(call('cast r0', 'i8', [-1n], 'field')), 255n);
  assert.equal(result(call('cast r0', 'field', [255n], 'i8')), R - 1n);
  assert.equal(result(call('cast r0', 'field', [-1n], 'i8')), undefined);
});
