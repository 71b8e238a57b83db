/**
 * Every condition that a lowering rule adds is needed: with any one of them taken out, some forged witness passes that should
 * not. (A rule whose conditions can all be dropped unnoticed would mean that the attacks are too weak.)
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../avm/evaluate.ts';
import type { LoweredFunction } from '../../avm/lowered-function.ts';
import type { Program } from '../../program/compile/artifact.ts';
import { interpret } from '../../program/run/interpreter.ts';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { fieldInv, toField } from '../../protocol/field.ts';
import { holds, weakened } from '../support/avm/constraints.ts';
import { CARRIER, CONTEXT, compile, evaluationInputs, value } from '../support/program/programs.ts';

interface Attack {
  readonly opcode: string;
  readonly type: string;
  /** Operands, honest and out of range. */
  readonly operands: readonly (readonly [bigint, bigint])[];
  /** Forged advice for given operands. */
  readonly advice: (x: bigint, y: bigint) => bigint[][];
  /** Conditions that this instruction alone could do without, and why they stay. */
  readonly spare?: readonly string[];
}

const TOP = 1n << 128n;
const BIG = 1n << 127n;
const near = (...values: bigint[]): bigint[] => values.flatMap((v) => [v - 1n, v, v + 1n]);
const inverse = (v: bigint): bigint => (toField(v) === 0n ? 0n : fieldInv(toField(v)));

/** Quotients and remainders that satisfy q * y + m = x modulo r, for chosen m and chosen q. */
function divisions(x: bigint, y: bigint): bigint[][] {
  const remainders = near(0n, 1n, y, x, x % (y || 1n)).map((m) => [(x - m) * inverse(y), m]);
  const quotients = near(0n, 1n, x / (y || 1n)).map((q) => [q, x - q * y]);
  const wrapped = [1n, 2n].map((k) => [
    (x + k * FIELD_MODULUS) / (y || 1n),
    (x + k * FIELD_MODULUS) % (y || 1n),
  ]);
  const unrelated = [
    [0n, 0n],
    [x / (y || 1n) + 1n, 0n],
  ];
  return [...unrelated, ...remainders, ...quotients, ...wrapped, [x / (y || 1n), (x % (y || 1n)) + 1n]];
}

/** Choices s for which y + s * (x - y) is small. */
const choices = (x: bigint, y: bigint): bigint[] => [
  0n,
  1n,
  2n,
  -y * inverse(x - y),
  (5n - y) * inverse(x - y),
];

const SMALL: [bigint, bigint][] = [7n, 0n, 255n, 256n, 300n, -1n].flatMap((x) =>
  [1n, 2n, 0n, 255n, 3n, 257n, -3n].map((y): [bigint, bigint] => [x, y]),
);
const WRAPPING: [bigint, bigint] = (() => {
  for (let x = BIG + 1n; ; x += 2n) {
    const y = FIELD_MODULUS / x + 1n;
    if (y < TOP && x * y - FIELD_MODULUS < TOP) return [x, y];
  }
})();
const FIELDS: [bigint, bigint][] = [
  0n,
  5n,
  TOP,
  TOP + 5n,
  FIELD_MODULUS - 1n,
  FIELD_MODULUS - TOP + 7n,
].flatMap((x) => [1n, 5n, TOP + 1n, 3n * TOP, FIELD_MODULUS - 1n].map((y): [bigint, bigint] => [x, y]));
const highs = (x: bigint): bigint[] =>
  [x, x + FIELD_MODULUS, x - FIELD_MODULUS, x + TOP, x - TOP].map((v) => v >> 128n);

const ATTACKS: readonly Attack[] = [
  ...['add', 'sub', 'mul', 'lt', 'gte', 'and', 'is.eq'].map((opcode) => ({
    opcode,
    type: 'u8',
    operands: SMALL,
    advice: () => [[]],
  })),
  { opcode: 'div', type: 'u8', operands: SMALL, advice: divisions },
  { opcode: 'rem', type: 'u8', operands: SMALL, advice: divisions },
  {
    opcode: 'div',
    type: 'u128',
    operands: [
      ...SMALL,
      [5n, BIG],
      [BIG, 3n],
      [TOP, 3n],
      [5n, TOP + 1n],
      [TOP - 1n, 1n],
      [5n, FIELD_MODULUS - 1n],
    ],
    advice: (x, y) => divisions(x, y).flatMap(([q, m]) => choices(toField(q), y).map((s) => [q, m, s])),
  },
  {
    opcode: 'mul',
    type: 'u128',
    operands: [
      ...SMALL,
      WRAPPING,
      [TOP, 0n],
      [0n, TOP],
      [BIG, 2n],
      [-1n, -1n],
      [-5n, 0n],
      [inverse(5n), 5n],
      [5n, inverse(5n)],
    ],
    advice: (x, y) => choices(x, y).map((s) => [s]),
  },
  { opcode: 'div', type: 'field', operands: FIELDS, advice: (_, y) => [[inverse(y)], [0n], [1n]] },
  {
    opcode: 'lt',
    type: 'field',
    operands: FIELDS,
    advice: (x, y) => highs(x).flatMap((a) => highs(y).map((b) => [a, b])),
    // low < 2^128: the comparison of the low limbs refuses every other low limb that would change the answer, but
    // splitField promises unique limbs to every user. The halves cost nothing: the slots are there.
    spare: ['wide 0 half B', 'wide 1 half B'],
  },
  {
    opcode: 'mul.w',
    type: 'u8',
    operands: SMALL,
    advice: (x, y) => near(0n, (x * y) >> 8n).flatMap((h) => [[h], [(x * y - h) * inverse(256n)]]),
  },
  {
    opcode: 'mul.w',
    type: 'u128',
    operands: [...SMALL, WRAPPING, [BIG, 3n], [TOP - 1n, TOP - 1n], [TOP, 1n], [1n, TOP]],
    // The ranges of the inputs: both limbs below 2^64 imply them. Inputs are checked independently of their readers.
    spare: ['wide 0 half A', 'wide 0 half B'],
    advice: (x, y) => {
      const limb = (v: bigint) => [
        0n,
        v >> 64n,
        (v >> 64n) + 1n,
        (v >> 64n) - 1n,
        (v - 5n) * inverse(1n << 64n),
      ];
      return limb(x).flatMap((a) =>
        limb(y).flatMap((b) => {
          const [al, bl] = [toField(x - (a << 64n)), toField(y - (b << 64n))];
          const sum = toField(toField(a * bl + al * b) * (1n << 64n) + al * bl);
          return [
            sum >> 128n,
            (sum >> 128n) + 1n,
            (sum - 7n) * inverse(TOP),
            (sum + FIELD_MODULUS) >> 128n,
          ].map((h) => [a, b, h]);
        }),
      );
    },
  },
];

function programFor(opcode: string, type: string): Program {
  const boolean = /^(lt|gte|is)/.test(opcode);
  const cast = type === 'field' && !boolean ? '' : 'cast r2 into r3 as field;';
  return compile(
    `input r0 as ${type}.private;\ninput r1 as ${type}.private;\n${opcode} r0 r1 into r2;\n${cast}
     cast self.signer ${cast === '' ? 'r2' : 'r3'} into r4 as out.record;\noutput r4 as out.record;`,
    CARRIER(1),
  );
}

/** Operands and advice that pass although the program halts or gives something else; undefined if there are none. */
function findForgery(
  program: Program,
  lowered: LoweredFunction,
  { type, operands, advice }: Attack,
): string | undefined {
  const { checked } = program.functions.get('f')!;
  for (const [x, y] of operands) {
    const inputs = [value(type, toField(x)), value(type, toField(y))];
    const given = evaluationInputs(program, inputs);
    let meant: bigint | undefined;
    try {
      meant = interpret(program.checked, checked, inputs, CONTEXT).outputs[0].leaves[1];
    } catch {
      meant = undefined;
    }
    for (const forged of advice(x, y)) {
      const values = new Map(forged.map((v, i) => [i, toField(v)]));
      const { trace, recordOutputs } = evaluate(lowered, given, { advice: values });
      if (!holds(lowered.fn, trace, given)) continue;
      if (recordOutputs[0].data[0] !== meant) return `${x}, ${y}, advice ${forged.join(', ')}`;
    }
  }
  return undefined;
}

for (const attack of ATTACKS) {
  test(`${attack.opcode} on ${attack.type}`, () => {
    const program = programFor(attack.opcode, attack.type);
    const { lowered } = program.functions.get('f')!;
    assert.equal(findForgery(program, lowered, attack), undefined, 'the rule itself can be forged');
    const conditions = weakened(lowered);
    assert.ok(conditions.length > 0 || attack.type === 'field');
    const survivors = conditions.filter(([, weak]) => findForgery(program, weak, attack) === undefined);
    assert.deepEqual(
      survivors.map(([what]) => what),
      attack.spare ?? [],
    );
  });
}
