/**
 * Random functions of the AVM with an honest run of each: a reference evaluation that shares no code with the assembler or the
 * checker. Every choice comes from a seed, so a failure is repeated by its seed.
 */

import type {
  AvmFunction,
  AvmTrace,
  GroupSlot,
  GroupTrace,
  HashSlot,
  Row,
  Source,
  WideSlot,
  WideWidth,
} from '../../../avm/function.ts';
import type { AvmArguments } from '../../../avm/witness.ts';
import { type AvmSize, FIELD_MODULUS, SCALAR_BITS, WIDE_WIDTHS } from '../../../protocol/constants.ts';
import { cofactorPreimage, G, IDENTITY, mulPoint, type Point } from '../../../protocol/curve/point.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';

/** A tiny size, balanced like the real ones: its circuit compiles and runs in a moment. */
export const TINY_SIZE: AvmSize = {
  rows: 10,
  wide: 1,
  hash: 1,
  inputs: 2,
  constants: 2,
  advice: 2,
  copies: 8,
  zeros: 1,
  ones: 1,
  recordInputs: 1,
  recordOutputs: 1,
  group: 1,
  calls: 0,
};

export interface AvmRun {
  readonly fn: AvmFunction;
  readonly args: AvmArguments;
  readonly trace: AvmTrace;
  /** The expected output of the call. */
  readonly owner: readonly bigint[];
  readonly data: readonly (readonly bigint[])[];
  readonly message: readonly bigint[];
}

export interface Random {
  below(n: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  field(): bigint;
}

/** Mulberry32: small, seeded, good enough to choose test cases. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n: number): number => next() % n;
  return {
    below,
    chance: (probability) => next() < probability * 2 ** 32,
    pick: (list) => list[below(list.length)],
    field: () => {
      const kind = below(6);
      if (kind === 0) return BigInt(below(3));
      if (kind === 1) return FIELD_MODULUS - 1n - BigInt(below(3));
      if (kind === 2) return BigInt(next());
      if (kind === 3) return (BigInt(next()) << 96n) | (BigInt(next()) << 64n) | BigInt(next());
      let value = 0n;
      for (let i = 0; i < 8; i++) value = (value << 32n) | BigInt(next());
      return value % FIELD_MODULUS;
    },
  };
}

const mod = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;

/** A random function that fits `size` (copies apart: those depend on how often values are read) and an honest run of it. */
export function randomRun(seed: number, size: AvmSize): AvmRun {
  const rng = random(seed);
  const upTo = (n: number): number => rng.below(n + 1);
  const values: { source: Source; value: bigint }[] = [
    { source: { kind: 'zero' }, value: 0n },
    { source: { kind: 'one' }, value: 1n },
  ];
  const offer = (source: Source, value: bigint): bigint => {
    values.push({ source, value });
    return value;
  };
  const list = (kind: 'input' | 'constant' | 'advice', count: number): bigint[] =>
    Array.from({ length: count }, (_, index) => offer({ kind, index }, someField()));
  const known = new Map<bigint, Point>([[G.x, G]]);
  const someField = (): bigint => (size.group > 0 && rng.chance(0.3) ? G.x : rng.field());

  const inputs = list('input', upTo(size.inputs));
  const constants = list('constant', upTo(size.constants));
  const advice = list('advice', upTo(size.advice));
  const context = (['signer', 'caller', 'programId'] as const).map((name) =>
    offer({ kind: 'context', name }, rng.field()),
  );
  const recordInputs = Array.from({ length: upTo(size.recordInputs) }, () => ({ name: rng.field() }));
  const recordWords = recordInputs.map((_, record) =>
    Array.from({ length: 5 }, (_, word) => offer({ kind: 'record', record, word }, rng.field())),
  );

  const rows: Row[] = [];
  const rowValues: bigint[] = [];
  const wide: WideSlot[] = [];
  const wideValues: { and: bigint; topA: bigint; topB: bigint }[] = [];
  const hash: HashSlot[] = [];
  const hashValues: bigint[] = [];
  const any = (): { source: Source; value: bigint } => rng.pick(values);
  const where = (holds: (value: bigint) => boolean): { source: Source; value: bigint } =>
    rng.pick(values.filter(({ value }) => holds(value)));

  const addRow = (): void => {
    const index = rows.length;
    const select = rng.chance(0.3);
    const one = rng.chance(0.3);
    const sign = rng.pick([-1, 0, 1] as const);
    const boolean = rng.chance(0.3);
    const a = boolean ? where((value) => value < 2n) : any();
    const b = any();
    const c = any();
    const cTerm = BigInt(sign) * c.value;
    const lin = mod(a.value * ((one ? 1n : b.value) - (select ? cTerm : 0n)) + cTerm);
    const equal = rng.chance(0.3);
    const free = !equal && rng.chance(0.15);
    const value = free ? rng.field() : equal ? (lin === 0n ? 1n : 0n) : lin;
    const assert = lin === 0n && rng.chance(0.7);
    rows.push({
      one,
      c: sign,
      select,
      equal,
      advice: free,
      boolean,
      assert,
      operands: {
        a: a.source,
        ...(one && rng.chance(0.7) ? {} : { b: b.source }),
        ...(sign === 0 && rng.chance(0.7) ? {} : { c: c.source }),
      },
    });
    rowValues.push(offer({ kind: 'row', index }, value));
  };

  const addWide = (): void => {
    const index = wide.length;
    const fitting = (x: bigint): WideWidth[] => WIDE_WIDTHS.filter((w) => x < 1n << BigInt(w + 1));
    let a = any();
    const b = where((value) => value < 1n << 128n);
    const widthB = rng.chance(0.8) ? rng.pick(fitting(b.value)) : undefined;
    let widthA: WideWidth | undefined;
    let compare = rng.chance(0.4);
    let x = 0n;
    if (compare) {
      a = where((value) => value < 1n << 128n);
      const widths = WIDE_WIDTHS.filter((w) => a.value < 1n << BigInt(w) && b.value < 1n << BigInt(w));
      compare = widths.length > 0;
      if (compare) {
        widthA = rng.pick(widths);
        x = a.value - b.value + (1n << BigInt(widthA));
      }
    }
    if (!compare) {
      widthA = fitting(a.value).length > 0 ? rng.pick(fitting(a.value)) : undefined;
      x = widthA === undefined ? 0n : a.value;
    }
    const y = widthB === undefined ? 0n : b.value;
    const topA = widthA === undefined ? 0n : (x >> BigInt(widthA)) & 1n;
    const topB = widthB === undefined ? 0n : (y >> BigInt(widthB)) & 1n;
    const value = { and: x & y & ((1n << 128n) - 1n), topA, topB };
    wide.push({
      widthA,
      widthB,
      compare,
      checkA: topA === 0n && rng.chance(0.5),
      checkB: topB === 0n && rng.chance(0.5),
      operands: { a: a.source, ...(widthB === undefined && !compare ? {} : { b: b.source }) },
    });
    wideValues.push(value);
    offer({ kind: 'wide', index, output: 'and' }, value.and);
    offer({ kind: 'wide', index, output: 'topA' }, topA);
    offer({ kind: 'wide', index, output: 'topB' }, topB);
  };

  const addHash = (): void => {
    const index = hash.length;
    const cap = any();
    const given = Array.from({ length: upTo(4) }, any);
    const x = [...given.map(({ value }) => value), 0n, 0n, 0n, 0n].slice(0, 4);
    hash.push({ cap: cap.source, inputs: given.map(({ source }) => source) });
    hashValues.push(offer({ kind: 'hash', index }, compress(cap.value, x)));
  };

  const group: GroupSlot[] = [];
  const groupValues: GroupTrace[] = [];
  // Group elements at hand: the identity, the generator's x among the constants, and what other slots gave.
  const addGroup = (): void => {
    const index = group.length;
    const x = where((value) => value === 0n || known.has(value));
    const scalar = where((value) => value >> BigInt(SCALAR_BITS) === 0n);
    const point = x.value === 0n ? IDENTITY : known.get(x.value)!;
    const product = mulPoint(point, scalar.value);
    known.set(product.x, product);
    group.push({ x: x.source, scalar: scalar.source });
    groupValues.push({ ...product, preimage: cofactorPreimage(point) });
    offer({ kind: 'group', index, output: 'x' }, product.x);
    offer({ kind: 'group', index, output: 'y' }, product.y);
  };

  const pending = [
    ...Array(upTo(size.group)).fill(addGroup),
    ...Array(upTo(size.rows)).fill(addRow),
    ...Array(upTo(size.wide)).fill(addWide),
    ...Array(upTo(size.hash)).fill(addHash),
  ] as (() => void)[];
  while (pending.length > 0) pending.splice(rng.below(pending.length), 1)[0]();

  const recordOutputs = Array.from({ length: upTo(size.recordOutputs) }, () => {
    const owner = any();
    const data = Array.from({ length: upTo(5) }, any);
    return {
      slot: { name: rng.field(), owner: owner.source, data: data.map(({ source }) => source) },
      owner: owner.value,
      data: [...data.map(({ value }) => value), 0n, 0n, 0n, 0n, 0n].slice(0, 5),
    };
  });
  const unused = size.recordOutputs - recordOutputs.length;
  const message = rng.chance(0.5) ? [any(), any(), any()] : undefined;
  return {
    fn: {
      rows,
      wide,
      hash,
      ...(group.length === 0 ? {} : { group }),
      constants,
      inputCount: inputs.length,
      adviceCount: advice.length,
      recordInputs,
      recordOutputs: recordOutputs.map(({ slot }) => slot),
      ...(message === undefined
        ? {}
        : { message: [message[0].source, message[1].source, message[2].source] as const }),
    },
    args: { inputs, recordWords, context },
    trace: {
      advice,
      rows: rowValues,
      wide: wideValues,
      hash: hashValues,
      ...(group.length === 0 ? {} : { group: groupValues }),
    },
    owner: [...recordOutputs.map(({ owner }) => owner), ...Array<bigint>(unused).fill(context[0])],
    data: [...recordOutputs.map(({ data }) => data), ...Array<bigint[]>(unused).fill([0n, 0n, 0n, 0n, 0n])],
    message: message === undefined ? [0n, 0n, 0n] : message.map(({ value }) => value),
  };
}
