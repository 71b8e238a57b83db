/**
 * Attacks on one instruction. Advice is replaced singly and in pairs, and dependent advice is recomputed as the honest
 * prover would. Every witness that the constraints accept is compared with the program's meaning.
 */
import assert from 'node:assert/strict';
import { evaluate } from '../../../avm/evaluate.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { fieldInv, toField } from '../../../protocol/field.ts';
import { holds } from '../avm/constraints.ts';
import { compile, evaluationInputs, value } from '../program/programs.ts';

const R = FIELD_MODULUS;
const L = SUBGROUP_ORDER;

/** `line`, whose result is r9, on inputs r0, r1, ...; the result leaves in a record. */
export function program(inputs: readonly string[], line: string, result: string) {
  return compile(
    [
      ...inputs.map((type, i) => `input r${i} as ${type}.private;`),
      line,
      'cast self.signer r9 into r10 as out.record;',
      'output r10 as out.record;',
    ].join('\n'),
    `record out:\n    owner as address.private;\n    d as ${result}.private;\n`,
  );
}

export type Compiled = ReturnType<typeof program>;

/** Indexes of the advice of a kind, in order. */
export function adviceOf(compiled: Compiled, kind: string): number[] {
  return compiled.functions.get('f')!.lowered.hints.flatMap((hint, i) => (hint.kind === kind ? [i] : []));
}

export const shown = (type: string, ...leaves: bigint[]) => leaves.map((leaf) => value(type, toField(leaf)));

/** The result that forged advice passes with, or undefined. */
export function accepted(
  compiled: Compiled,
  inputs: ReturnType<typeof shown>,
  advice: readonly (readonly [number, bigint])[],
): bigint | undefined {
  const forged = new Map(advice.map(([index, forgery]) => [index, toField(forgery)]));
  const { lowered } = compiled.functions.get('f')!;
  const given = evaluationInputs(compiled, inputs);
  const { trace, recordOutputs } = evaluate(lowered, given, { advice: forged });
  return holds(lowered.fn, trace, given) ? recordOutputs[0].data[0] : undefined;
}

/** Values near an honest one, its aliases and its negative. */
function near(honest: bigint): bigint[] {
  return [0n, 1n, 2n, -1n, honest + 1n, honest - 1n, -honest, honest + L, honest + (1n << 124n)].concat([
    honest + (1n << 128n),
    honest + (R >> 128n),
    toField(honest + 1n) * fieldInv(2n),
    R >> 1n,
    (R >> 1n) + 1n,
    L,
    R >> 124n,
    123456789n ** 8n,
  ]);
}

/** Replaces each advice value by likely ones, and by `paired` of them together with another: nothing passes with a result other than `expected`. */
export function attackAll(
  compiled: Compiled,
  inputs: ReturnType<typeof shown>,
  expected: bigint | undefined,
  paired = 8,
): number {
  const { lowered } = compiled.functions.get('f')!;
  const honest = evaluate(lowered, evaluationInputs(compiled, inputs), { advice: new Map() }).trace.advice;
  let tried = 0;
  const attempt = (advice: readonly (readonly [number, bigint])[]): void => {
    tried++;
    const result = accepted(compiled, inputs, advice);
    if (result !== undefined) {
      const what = advice.map(([i, forgery]) => `${lowered.hints[i].kind} ${forgery}`).join(', ');
      assert.equal(result, expected, `${inputs.flatMap(({ leaves }) => leaves).join(', ')}: ${what}`);
    }
  };
  attempt([]);
  honest.forEach((own, i) => {
    for (const [n, forgery] of near(own).entries()) {
      attempt([[i, forgery]]);
      const others = n < paired ? honest.slice(0, i) : [];
      others.forEach((other, k) => {
        for (const second of near(other).slice(0, 5)) {
          attempt([
            [k, second],
            [i, forgery],
          ]);
        }
      });
    }
  });
  return tried;
}
