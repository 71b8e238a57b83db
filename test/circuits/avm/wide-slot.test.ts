import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkWide } from '../../../avm/check.ts';
import { FIELD_MODULUS, WIDE_WIDTHS } from '../../../protocol/constants.ts';
import { random } from '../../support/avm/functions.ts';
import {
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  type Override,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

let circuit: TestCircuit;
before(async () => {
  circuit = await compileTestCircuit('include "avm/wide-slot.circom"; component main = AvmWideSlot();', {
    name: 'avm-wide-slot',
    optimization: 'O2',
  });
});

interface WideCase {
  readonly widthA?: readonly number[];
  readonly widthB?: readonly number[];
  readonly compare?: boolean;
  readonly checkA?: boolean;
  readonly checkB?: boolean;
  readonly a: bigint;
  readonly b: bigint;
  /** Default: the honest outputs. */
  readonly and?: bigint;
  readonly topA?: bigint;
  readonly topB?: bigint;
}

const mod = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
const LOW = (1n << 128n) - 1n;

function flagsOf(wide: WideCase): number[] {
  const hot = (widths: readonly number[] = []): number[] =>
    WIDE_WIDTHS.map((w) => (widths.includes(w) ? 1 : 0));
  return [...hot(wide.widthA), ...hot(wide.widthB), +!!wide.compare, +!!wide.checkA, +!!wide.checkB];
}

/** x of both halves, from the specification's words, for hostile flags too. */
function halves(wide: WideCase): [bigint, bigint] {
  const widths = wide.widthA ?? [];
  const power = widths.reduce((sum, w) => sum + (1n << BigInt(w)), 0n);
  return [
    mod(BigInt(widths.length) * (wide.compare ? wide.a - wide.b + power : wide.a)),
    mod(BigInt(wide.widthB?.length ?? 0) * wide.b),
  ];
}

function outputsOf(wide: WideCase): { and: bigint; topA: bigint; topB: bigint } {
  const [x, y] = halves(wide);
  const top = (value: bigint, widths: readonly number[] = []): bigint =>
    widths.reduce((sum, w) => sum + ((value >> BigInt(w)) & 1n), 0n);
  return {
    and: wide.and ?? x & y & LOW,
    topA: wide.topA ?? top(x, wide.widthA),
    topB: wide.topB ?? top(y, wide.widthB),
  };
}

const run = (wide: WideCase, overrides: Record<string, Override> = {}): Promise<Forged> =>
  forge(
    circuit,
    { flags: flagsOf(wide).map(BigInt), a: mod(wide.a), b: mod(wide.b), ...outputsOf(wide) },
    overrides,
  );

const accepts = async (wide: WideCase): Promise<boolean> => (await run(wide)).failing.length === 0;

/** Digits of the circuit's half that name `x` as an integer, which need not be boolean. */
function digits(half: 'A' | 'B', x: bigint, change: Record<number, bigint> = {}): Record<string, Override> {
  const overrides: Record<string, Override> = {};
  for (let i = 0; i < 129; i++) {
    overrides[`main.half${half}.bits[${i}]`] = mod(change[i] ?? (x >> BigInt(i)) & 1n);
  }
  return overrides;
}

test('the circuit and checkWide accept the same slots, hostile width flags included', async () => {
  const rng = random(2);
  let accepted = 0;
  for (let round = 0; round < 1200; round++) {
    const widths = (): number[] =>
      rng.chance(0.2)
        ? WIDE_WIDTHS.filter(() => rng.chance(0.4))
        : rng.chance(0.1)
          ? []
          : [rng.pick(WIDE_WIDTHS)];
    const near = (list: readonly number[]): bigint => {
      const bound = 1n << BigInt(Math.min(128, ...list));
      return rng.pick([
        0n,
        1n,
        bound - 1n,
        bound,
        2n * bound - 1n,
        2n * bound,
        rng.field(),
        rng.field() % bound,
      ]);
    };
    const widthA = widths();
    const widthB = widths();
    const honest: WideCase = {
      widthA,
      widthB,
      compare: rng.chance(0.4),
      checkA: rng.chance(0.2),
      checkB: rng.chance(0.2),
      a: near(widthA),
      b: near(rng.chance(0.5) ? widthA : widthB),
    };
    const outputs = outputsOf(honest);
    const wrong = rng.chance(0.25) ? rng.pick(['and', 'topA', 'topB'] as const) : undefined;
    const wide =
      wrong === undefined ? honest : { ...honest, [wrong]: mod(outputs[wrong] + rng.pick([1n, -1n])) };
    let twin = true;
    try {
      checkWide(flagsOf(wide), [mod(wide.a), mod(wide.b)], outputsOf(wide), 'wide');
    } catch {
      twin = false;
    }
    const text = JSON.stringify(wide, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    assert.equal(await accepts(wide), twin, text);
    if (twin) accepted++;
  }
  assert.ok(accepted > 300, `${accepted} accepted`);
});

test('width 1 and 8 by exhaustion: compare is a >= b, a checked carry is a range check', async () => {
  for (const a of [0n, 1n]) {
    for (const b of [0n, 1n]) {
      for (const topA of [0n, 1n]) {
        assert.equal(
          await accepts({ widthA: [1], widthB: [1], compare: true, a, b, topA }),
          (topA === 1n) === a >= b,
        );
      }
    }
  }
  for (let value = 0n; value < 600n; value++) {
    assert.equal(
      await accepts({ widthA: [8], a: value, b: 0n, topA: 0n }),
      value < 256n,
      `${value} as 8 bits`,
    );
    assert.equal(
      await accepts({ widthA: [8], a: value, b: 0n, checkA: true }),
      value < 256n,
      `${value} checked`,
    );
  }
});

test('an operand just outside a width, and its negative, are refused', async () => {
  for (const w of WIDE_WIDTHS) {
    const bound = 1n << BigInt(w);
    assert.ok(await accepts({ widthA: [w], a: bound - 1n, b: 0n, checkA: true }));
    assert.ok(await accepts({ widthB: [w], a: 0n, b: bound - 1n, checkB: true }));
    for (const a of [bound, 2n * bound - 1n, 2n * bound, -1n, -bound, FIELD_MODULUS - bound]) {
      assert.ok(!(await accepts({ widthA: [w], a, b: 0n, checkA: true })), `${a} at width ${w}`);
      assert.ok(!(await accepts({ widthB: [w], a: 0n, b: a, checkB: true })), `${a} at width ${w}`);
    }
    // Underflow: a < b claimed to be a >= b, digits of the claim given.
    const lie = await run(
      { widthA: [w], compare: true, a: 0n, b: 1n, topA: 1n },
      digits('A', 2n * bound - 1n),
    );
    assert.notDeepEqual(lie.failing, []);
  }
});

test('no second set of digits: top flipped, digit carried, or x + r', async () => {
  const wide: WideCase = { widthA: [64], widthB: [64], a: 3n, b: 0n };
  const bound = 1n << 64n;
  // The carry flipped, low digits kept.
  assert.notDeepEqual((await run({ ...wide, topA: 1n }, digits('A', bound + 3n))).failing, []);
  // The carry flipped, its weight taken back by a digit that is not boolean.
  for (const i of [0, 5, 63]) {
    const digit = ((3n >> BigInt(i)) & 1n) - (1n << BigInt(64 - i));
    const forged = await run({ ...wide, topA: 1n }, digits('A', bound + 3n, { [i]: digit }));
    assert.equal(forged.failing.length, 1, `digit ${i}`);
  }
  // x + r has 254 digits; its low 129 name another number.
  assert.notDeepEqual((await run(wide, digits('A', 3n + FIELD_MODULUS))).failing, []);
});

test('every constraint is needed: some forged slot passes without it', async () => {
  const forged: Forged[] = [];
  const push = async (wide: WideCase, overrides: Record<string, Override> = {}): Promise<void> => {
    forged.push(await run(wide, overrides));
  };
  for (const half of ['A', 'B'] as const) {
    const operand = half.toLowerCase();
    const width = `width${half}` as const;
    const top = `top${half}` as const;
    const given = (w: number, value: bigint, extra: object = {}): WideCase => ({
      a: 0n,
      b: 0n,
      [operand]: value,
      [width]: [w],
      ...extra,
    });
    // Each digit non-boolean while another takes back its weight; the value stays 1.
    for (let i = 1; i < 128; i++) {
      const rest = mod(-(1n << 128n)); // digit i stands for everything, digit 128 for 2^128
      const others = digits(half, 1n << 128n, { [i]: 0n });
      const weight = (1n + rest) % FIELD_MODULUS;
      others[`main.half${half}.bits[${i}]`] = (weight * inverseOfPower(i)) % FIELD_MODULUS;
      await push(given(128, 1n, { [top]: 1n }), others);
    }
    await push(given(128, 1n, { [top]: 1n }), digits(half, 1n << 128n, { 0: mod(1n - (1n << 128n)) }));
    await push(
      given(128, 1n, { [top]: inverseOfPower(128) }),
      digits(half, 0n, { 128: inverseOfPower(128) }),
    );
    // The digits name another value.
    await push(given(128, 1n), digits(half, 2n));
    // One digit too many, in each segment; bit w itself is the carry.
    for (const [k, w] of WIDE_WIDTHS.slice(0, 5).entries()) {
      await push(given(w, 1n << BigInt(WIDE_WIDTHS[k + 1]), { [top]: 0n }));
      // The carry: another value, and another product.
      await push(given(w, 1n << BigInt(w), { [top]: 0n }), { [`main.half${half}.selected[${k}]`]: 0n });
    }
    await push(given(128, 1n << 128n, { [top]: 0n }));
    await push(given(8, 256n, { [`check${half}`]: true }));
  }
  await push({ widthA: [8], compare: true, a: 1n, b: 3n, topA: 1n }, { 'main.shift': 255n });
  for (let i = 0; i < 127; i++) {
    await push({ a: 0n, b: 0n, and: 1n << BigInt(i) }, { [`main.product[${i}]`]: 1n });
  }
  await push({ a: 0n, b: 0n, and: 1n });
  const left = survivors(circuit, forged);
  assert.deepEqual(
    left.map((k) => describeConstraint(circuit, k)),
    [],
  );
});

/** 2^-i in the field. */
function inverseOfPower(i: number): bigint {
  let value = 1n;
  for (let k = 0; k < i; k++) value = (value * ((FIELD_MODULUS + 1n) / 2n)) % FIELD_MODULUS;
  return value;
}
