/** The operands recorded for each instruction: lists of numbers, one per operand. */
import { boundaries, draw, fits, generator, isInteger, isSigned, rangeOf, text, widthOf } from './values.mjs';

function unique(tuples, types) {
  const seen = new Set();
  return tuples.filter((tuple) => {
    const key = tuple.join(' ');
    const good = !seen.has(key) && tuple.every((value, i) => fits(value, types[i]));
    seen.add(key);
    return good;
  });
}

/** Pairs at which sums, products, quotients and comparisons turn. */
function pairs(type, random) {
  const { min, max } = rangeOf(type);
  const half = max / 2n + 1n;
  const root = 1n << BigInt(widthOf(type) / 2);
  const list = [
    ...[
      [0n, 0n],
      [0n, 1n],
      [1n, 0n],
      [1n, 1n],
      [max, 1n],
      [1n, max],
      [max, max],
      [max, 0n],
      [max - 1n, 1n],
    ],
    ...[
      [half, half],
      [half, 2n],
      [max / 2n, 2n],
      [root, root],
      [root - 1n, root],
      [0n, max],
      [7n, 3n],
    ],
  ];
  if (isSigned(type)) {
    list.push(
      [min, -1n],
      [-1n, min],
      [min, 1n],
      [min, min],
      [min, max],
      [min, 0n],
      [-7n, 3n],
      [7n, -3n],
      [-7n, -3n],
    );
    list.push([-1n, -1n], [min + 1n, -1n], [max, -1n], [min / 2n, 2n]);
  }
  for (let i = 0; i < 4; i++) list.push([draw(type, random), draw(type, random)]);
  const small = () => draw(type, random) / root;
  for (let i = 0; i < 3; i++) list.push([small(), small()]);
  const equal = draw(type, random);
  return [...list, [equal, equal]];
}

/** Amounts around the width of the shifted type, on values with bits to lose. */
function shifts([type, by], random) {
  const { min, max } = rangeOf(type);
  const w = BigInt(widthOf(type));
  const most = rangeOf(by).max;
  const list = [
    ...[
      [1n, 0n],
      [1n, 1n],
      [1n, w - 1n],
      [1n, w],
      [1n, w + 1n],
      [max, 1n],
      [max, w - 1n],
      [max, w],
      [0n, w],
      [1n, most],
    ],
    ...[
      [1n, w - 2n],
      [0n, 0n],
    ],
  ];
  if (isSigned(type))
    list.push([-1n, w - 1n], [-1n, 1n], [min, 1n], [min, w - 1n], [-1n, w], [-3n, 1n], [min, 0n]);
  else list.push([max / 2n + 1n, 1n], [3n, w - 1n]);
  list.push([draw(type, random), BigInt(random.below(Number(w)))], [draw(type, random), draw(by, random)]);
  return list;
}

function powers([type, by], random) {
  if (type === 'field') {
    return [
      [0n, 0n],
      [0n, 1n],
      [1n, 0n],
      [2n, 10n],
      [3n, 5n],
      [5n, 1n],
      [2n, 247n],
      [7n, 2n],
      [10n, 70n],
      [1n, 1n << 200n],
    ];
  }
  const { min, max } = rangeOf(type);
  const w = BigInt(widthOf(type));
  const most = rangeOf(by).max;
  const list = [
    ...[
      [0n, 0n],
      [0n, 1n],
      [1n, most],
      [2n, w - 2n],
      [2n, w - 1n],
      [2n, w],
      [3n, 4n],
      [3n, 5n],
      [max, 1n],
      [max, 2n],
      [max, 0n],
    ],
    ...[
      [0n, most],
      [2n, most],
      [10n, 2n],
      [3n, most],
    ],
  ];
  if (isSigned(type))
    list.push([-1n, most], [-2n, w - 1n], [-2n, w], [min, 1n], [min, 2n], [-1n, 2n], [-3n, 3n]);
  list.push([draw(type, random), draw(by, random)], [BigInt(2 + random.below(9)), BigInt(random.below(12))]);
  return list;
}

/** Values of the source type at the bounds of both types. */
function casts(from, to, random) {
  const target = isInteger(to) || to === 'boolean' ? rangeOf(to) : { min: 0n, max: 1n };
  const bits = 1n << BigInt(isInteger(to) ? widthOf(to) : 1);
  const own = rangeOf(from);
  const list = [0n, 1n, -1n, own.max, own.min, target.max, target.max + 1n, target.min, target.min - 1n];
  list.push(bits - 1n, bits, bits + 5n, draw(from, random), draw(from, random));
  return list.map((value) => [value]);
}

/** Field arithmetic whose result no order has a part in. */
function fieldPairs(op, random) {
  const small = () => random.bits(100);
  const draws = Array.from({ length: 6 }, () => [small(), small()]);
  const [a, b] = [draws[0][0], 1n << 240n];
  const fixed = [
    [0n, 0n],
    [1n, 0n],
    [0n, 1n],
    [1n, 1n],
    [b, 1n],
    [b, b],
    [a, a],
  ];
  if (op === 'sub') return [...fixed, ...draws].filter(([x, y]) => x >= y);
  if (op === 'mul') return [...fixed.filter(([x, y]) => x * y < 1n << 248n), ...draws];
  if (op === 'div')
    return [[0n, 0n], [1n, 0n], [a, 0n], ...draws.map(([x, y]) => [x * y, y]), [0n, 5n], [9n, 1n], [9n, 9n]];
  return [...fixed, ...draws];
}

const UNARY_FIELD = {
  inv: [0n, 1n],
  neg: [0n],
  sqrt: [0n, 1n, 4n, 9n, 123456789n ** 2n, (1n << 123n) ** 2n],
};

/** Zero is the one group element that every curve has. */
function withGroup(types) {
  const scalars = types.includes('scalar') ? [0n, 1n, 2n, 1n << 200n] : [0n];
  return scalars.map((scalar) => types.map((type) => (type === 'scalar' ? scalar : 0n)));
}

/** Instructions that never overflow: half of the pairs shows them. */
const FEW_TURNS = /^(and|or|xor|is|assert)/;
const everySecond = (list) => list.filter((_, i) => i % 2 === 0 || i === list.length - 1);

function tuples(op, types, as, random) {
  if (as !== undefined) {
    if (types[0] === 'group') return [[0n]];
    if (as === 'group') return [[0n]];
    return casts(types[0], as, random);
  }
  if (types.includes('group')) return withGroup(types.filter((type) => type !== 'boolean'));
  if (op.startsWith('sh'))
    return types[1] === 'u8' ? shifts(types, random) : everySecond(shifts(types, random));
  if (op.startsWith('pow'))
    return types[1] === 'u16' || types[1] === 'u32'
      ? everySecond(powers(types, random))
      : powers(types, random);
  if (op === 'ternary') {
    const { min, max } = rangeOf(types[1]);
    return [
      [1n, max, min],
      [0n, max, min],
      [1n, draw(types[1], random), 1n],
      [0n, draw(types[1], random), 1n],
    ];
  }
  const [type] = types;
  if (types.length === 1) {
    if (type === 'field') {
      return (UNARY_FIELD[op] ?? [0n, 1n, 2n, 3n, 1n << 100n, random.bits(100), random.bits(100)]).map(
        (x) => [x],
      );
    }
    const drawn = Array.from({ length: 3 }, () => draw(type, random));
    return [...boundaries(type), ...drawn].map((value) => [value]);
  }
  if (type === 'boolean')
    return [
      [0n, 0n],
      [0n, 1n],
      [1n, 0n],
      [1n, 1n],
    ];
  if (!isInteger(type)) return fieldPairs(op, random);
  return FEW_TURNS.test(op) ? everySecond(pairs(type, random)) : pairs(type, random);
}

/** Operands of an instruction as literals; empty for what is excluded (README.md). */
export function operandsOf(op, types, as) {
  const all = as === undefined ? types : [...types, as];
  if (all.includes('address') || all.includes('signature')) return [];
  if (op === 'ternary' && types.includes('group')) return [];
  const random = generator(`${op} ${all.join(' ')}`);
  return unique(tuples(op, types, as, random), types).map((values) =>
    values.map((value, i) => text(value, types[i])),
  );
}
