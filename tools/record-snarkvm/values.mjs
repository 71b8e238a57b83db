/** Boundary and pseudo-random values of each literal type, from a seeded generator: every recording draws the same. */

/** xorshift64*, seeded by a name. */
export function generator(name) {
  let state = 0x9e3779b97f4a7c15n;
  for (const char of name) state = BigInt.asUintN(64, (state ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
  const next = () => {
    state ^= state >> 12n;
    state = BigInt.asUintN(64, state ^ (state << 25n));
    state ^= state >> 27n;
    return BigInt.asUintN(64, state * 0x2545f4914f6cdd1dn) >> 8n;
  };
  return {
    /** 0..n-1 */
    below: (n) => Number(next() % BigInt(n)),
    bits: (n) =>
      BigInt.asUintN(n, (next() << 112n) ^ (next() << 56n) ^ next() ^ (next() << 168n) ^ (next() << 224n)),
  };
}

export const SIGNED = ['i8', 'i16', 'i32', 'i64', 'i128'];
export const UNSIGNED = ['u8', 'u16', 'u32', 'u64', 'u128'];
export const INTEGERS = [...SIGNED, ...UNSIGNED];

/** Field elements and scalars stay below every order involved, snarkVM's and this system's. */
const SAFE_BITS = 248;

export const isInteger = (type) => INTEGERS.includes(type);
export const isSigned = (type) => SIGNED.includes(type);
export const widthOf = (type) =>
  isInteger(type) ? Number(type.slice(1)) : type === 'boolean' ? 1 : SAFE_BITS;

/** Least and greatest value recorded. */
export function rangeOf(type) {
  const w = BigInt(widthOf(type));
  if (isSigned(type)) return { min: -(1n << (w - 1n)), max: (1n << (w - 1n)) - 1n };
  return { min: 0n, max: (1n << w) - 1n };
}

export function fits(value, type) {
  const { min, max } = rangeOf(type);
  return value >= min && value <= max;
}

/** Values at which implementations differ. */
export function boundaries(type) {
  if (type === 'boolean') return [0n, 1n];
  const { min, max } = rangeOf(type);
  const w = BigInt(widthOf(type));
  const half = 1n << (w / 2n);
  const all = [
    0n,
    1n,
    2n,
    max,
    max - 1n,
    min,
    min + 1n,
    -1n,
    -2n,
    max / 2n,
    max / 2n + 1n,
    half,
    half - 1n,
    -half,
  ];
  return [...new Set(all)].filter((value) => fits(value, type));
}

/** A value of random bit length, of either sign. */
export function draw(type, random) {
  if (type === 'boolean') return BigInt(random.below(2));
  const width = widthOf(type) - (isSigned(type) ? 1 : 0);
  const magnitude = random.bits(1 + random.below(width));
  return isSigned(type) && random.below(2) === 1 ? -magnitude : magnitude;
}

export function text(value, type) {
  return type === 'boolean' ? String(value === 1n) : `${value}${type}`;
}
