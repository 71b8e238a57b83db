/** Programs with structs, arrays and records that snarkVM accepts or refuses. */
const DECLARATIONS = `
struct point:
    x as u8;
    y as u8;
struct other:
    x as u8;
    y as u8;
struct nested:
    p as point;
    a as [u8; 2u32];
    b as boolean;
record token:
    owner as address.private;
    amount as u64.private;
record coin:
    owner as address.private;
    amount as u64.private;
`;

const OPERANDS = {
  point: 'point.private',
  other: 'other.private',
  nested: 'nested.private',
  u8x2: '[u8; 2u32].private',
  u8x3: '[u8; 3u32].private',
  u16x2: '[u16; 2u32].private',
  points: '[point; 2u32].private',
  matrix: '[[u8; 2u32]; 2u32].private',
  booleans: '[boolean; 8u32].private',
  token: 'token.record',
  coin: 'coin.record',
  u8: 'u8.private',
  boolean: 'boolean.private',
  address: 'address.private',
  u64: 'u64.private',
  field: 'field.private',
};

function programOf(operands, lines) {
  const inputs = operands.map((name, i) => `    input r${i} as ${OPERANDS[name]};`);
  const body = lines.map((line) => `    ${line}`);
  return `program NAME.aleo;\n${DECLARATIONS}\nfunction f:\n${[...inputs, ...body].join('\n')}\n`;
}

const one = (operands, instruction) => ({
  name: `${instruction} on ${operands.join(', ')}`,
  source: programOf(operands, [`${instruction};`]),
});

const PAIRS = [
  ['point', 'point'],
  ['point', 'other'],
  ['point', 'u8'],
  ['nested', 'nested'],
  ['u8x2', 'u8x2'],
  ['u8x2', 'u8x3'],
  ['u8x2', 'u16x2'],
  ['point', 'u8x2'],
  ['points', 'points'],
  ['matrix', 'matrix'],
  ['token', 'token'],
  ['token', 'coin'],
];

export const COMPOSITE = [
  ...PAIRS.flatMap((pair) => [
    one(pair, 'is.eq r0 r1 into r2'),
    one(pair, 'is.neq r0 r1 into r2'),
    one(pair, 'assert.eq r0 r1'),
    one(pair, 'assert.neq r0 r1'),
    one(['boolean', ...pair], 'ternary r0 r1 r2 into r3'),
  ]),
  ...['point', 'nested', 'u8x2', 'points', 'matrix', 'token'].map((name) =>
    one([name], 'hash.psd2 r0 into r1 as field'),
  ),
  ...['point', 'u8x2', 'token'].flatMap((name) =>
    ['neg', 'not', 'abs', 'double', 'square'].map((opcode) => one([name], `${opcode} r0 into r1`)),
  ),
  ...['point', 'u8x2', 'token'].flatMap((name) =>
    ['add', 'and', 'lt'].map((opcode) => one([name, name], `${opcode} r0 r1 into r2`)),
  ),
  one(['u8', 'u8'], 'cast r0 r1 into r2 as point'),
  one(['u8'], 'cast r0 into r1 as point'),
  one(['u8', 'u8', 'u8'], 'cast r0 r1 r2 into r3 as point'),
  one(['u8', 'u64'], 'cast r0 r1 into r2 as point'),
  one(['u8', 'u8'], 'cast.lossy r0 r1 into r2 as point'),
  one(['u8', 'u8'], 'cast r0 r1 into r2 as [u8; 2u32]'),
  one(['u8', 'u8'], 'cast r0 r1 into r2 as [u8; 3u32]'),
  one(['u8', 'u64'], 'cast r0 r1 into r2 as [u8; 2u32]'),
  one(['u8', 'u8'], 'cast r0 r1 into r2 as [u16; 2u32]'),
  one(['point', 'u8x2', 'boolean'], 'cast r0 r1 r2 into r3 as nested'),
  one(['other', 'u8x2', 'boolean'], 'cast r0 r1 r2 into r3 as nested'),
  one(['point', 'u8x3', 'boolean'], 'cast r0 r1 r2 into r3 as nested'),
  one(['point', 'point'], 'cast r0 r1 into r2 as [point; 2u32]'),
  one(['point'], 'cast r0 into r1 as other'),
  one(['point'], 'cast r0 into r1 as field'),
  one(['u8x2'], 'cast r0 into r1 as field'),
  one(['u8', 'u8'], 'cast r0 r1 into r2 as u8'),
  one(['address', 'u64'], 'cast r0 r1 into r2 as token.record'),
  one(['address', 'u8'], 'cast r0 r1 into r2 as token.record'),
  one(['field', 'u64'], 'cast r0 r1 into r2 as token.record'),
  one(['address', 'u64'], 'cast.lossy r0 r1 into r2 as token.record'),
  one(['token'], 'cast r0 into r1 as coin.record'),
  one(['token'], 'add r0.amount 1u64 into r1'),
  one(['nested'], 'add r0.p.x r0.a[1u32] into r1'),
  one(['nested'], 'add r0.p.x r0.a[2u32] into r1'),
  one(['points'], 'add r0[0u32].x r0[1u32].y into r1'),
  one(['matrix'], 'add r0[0u32][0u32] r0[1u32][1u32] into r1'),
  one(['matrix', 'u8x2'], 'is.eq r0[0u32] r1 into r2'),
  one(['token', 'address'], 'is.eq r0.owner r1 into r2'),
  one(['address'], 'is.eq r0 self.caller into r1'),
  one(['address'], 'is.eq r0 self.signer into r1'),
];
