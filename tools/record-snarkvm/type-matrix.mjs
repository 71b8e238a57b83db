/**
 * Records which operand types snarkVM accepts for each opcode: one program per combination, added to a process, which
 * checks its types. Usage: node type-matrix.mjs OUTPUT.json
 */
import { writeFileSync } from 'node:fs';
import { COMPOSITE } from './composite.mjs';
import { LITERALS } from './literals.mjs';
import { NAMED, WORDS } from './names.mjs';
import { readLiteral, refusal } from './snarkvm.mjs';
import { STRUCTURE } from './structure.mjs';

const TYPES = [
  ...['address', 'boolean', 'field', 'group', 'i8', 'i16', 'i32', 'i64', 'i128'],
  ...['u8', 'u16', 'u32', 'u64', 'u128', 'scalar', 'signature'],
];
const UNARY = ['abs', 'abs.w', 'double', 'inv', 'neg', 'not', 'square', 'sqrt'];
const BINARY = [
  ...[
    'add',
    'add.w',
    'and',
    'div',
    'div.w',
    'gt',
    'gte',
    'is.eq',
    'is.neq',
    'lt',
    'lte',
    'mod',
    'mul',
    'mul.w',
  ],
  ...[
    'nand',
    'nor',
    'or',
    'pow',
    'pow.w',
    'rem',
    'rem.w',
    'shl',
    'shl.w',
    'shr',
    'shr.w',
    'sub',
    'sub.w',
    'xor',
  ],
];
const ASSERTIONS = ['assert.eq', 'assert.neq'];
const TERNARY = ['ternary', 'sign.verify'];
const CASTS = ['cast', 'cast.lossy', 'hash.psd2', 'hash.psd4', 'hash.psd8'];
const MANY = ['hash_many.psd2'];
const COMMITS = ['bhp256', 'bhp512', 'bhp768', 'bhp1024', 'ped64', 'ped128'].map((name) => `commit.${name}`);

function program(opcode, types, as, result) {
  const lines = types.map((type, i) => `    input r${i} as ${type}.public;`);
  const operands = types.map((_, i) => `r${i}`).join(' ');
  const into = ASSERTIONS.includes(opcode) ? '' : ` into r${types.length}`;
  lines.push(`    ${opcode} ${operands}${into}${as === undefined ? '' : ` as ${as}`};`);
  if (result !== undefined) lines.push(`    output r${types.length} as ${result}.public;`);
  return `program NAME.aleo;\nfunction f:\n${lines.join('\n')}\n`;
}

function combinations(arity) {
  if (arity === 0) return [[]];
  return combinations(arity - 1).flatMap((rest) => TYPES.map((type) => [...rest, type]));
}

const panics = [];

/** `u8 u8 -> u8`, or `u8 u8` for an instruction without a result. */
function accepted(opcode, candidates) {
  const list = [];
  for (const { types, as } of candidates) {
    const reason = refusal(program(opcode, types, as));
    if (reason?.startsWith('panic')) panics.push(`${opcode} ${types.join(' ')} ${as ?? ''}: ${reason}`);
    if (reason !== undefined) continue;
    let text = types.join(' ');
    if (as !== undefined) text += ` as ${as}`;
    else if (!ASSERTIONS.includes(opcode)) {
      const order = [...new Set([...types, 'boolean', ...TYPES])];
      text += ` -> ${order.find((result) => refusal(program(opcode, types, as, result)) === undefined)}`;
    }
    list.push(text);
  }
  process.stderr.write(`${opcode}: ${list.length} of ${candidates.length}\n`);
  return list;
}

const plain = (arity) => combinations(arity).map((types) => ({ types }));
const withAs = (combos) => combos.flatMap((types) => TYPES.map((as) => ({ types, as })));
const opcodes = {};
const SPACES = [
  [UNARY, plain(1)],
  [[...BINARY, ...ASSERTIONS], plain(2)],
  [CASTS, withAs(combinations(1))],
  [TERNARY, plain(3)],
  // snarkVM knows the names and implements none: one stands for all.
  [MANY, withAs([['field', 'field']])],
  [COMMITS, [...combinations(2).map((types) => ({ types, as: 'field' })), ...withAs([['field', 'scalar']])]],
];
for (const [names, candidates] of SPACES) {
  for (const name of names) opcodes[name] = [...new Set(accepted(name, candidates))];
}

const composite = COMPOSITE.map(({ name, source }) => {
  const reason = refusal(source);
  process.stderr.write(`${name}: ${reason ?? 'accepted'}\n`);
  return { name, source, accepted: reason === undefined };
});
const structure = STRUCTURE.map(([name, source]) => ({
  name,
  source,
  accepted: refusal(source) === undefined,
}));
const literals = LITERALS.map((text) => [text, readLiteral(text)]);
const names = WORDS.map((word) => [
  word,
  Object.keys(NAMED).filter((kind) => refusal(NAMED[kind](word)) !== undefined),
]);
const perLine = (entries) => entries.map((entry) => ` ${entry}`).join(',\n');
writeFileSync(
  process.argv[2],
  `{"types": ${JSON.stringify(TYPES)},
"opcodes": {
${perLine(Object.entries(opcodes).map(([name, list]) => `${JSON.stringify(name)}: ${JSON.stringify(list)}`))}
},
"composite": [
${perLine(composite.map((each) => JSON.stringify(each)))}
],
"structure": [
${perLine(structure.map((each) => JSON.stringify(each)))}
],
"literals": ${JSON.stringify(literals)},
"names": ${JSON.stringify(names)}}
`,
);
process.stderr.write(`panics: ${panics.length}\n${panics.slice(0, 10).join('\n')}\n`);
process.exit(0);
