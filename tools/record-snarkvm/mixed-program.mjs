/**
 * Random programs of all literal types that have the same values on any field: nested structs, arrays of structs, closures of two
 * outputs, casts between all types, variable shifts, powers, negations. Field elements and scalars stay below 2^240.
 */
import { draw, generator, INTEGERS, rangeOf, text, UNSIGNED } from './values.mjs';

const MOST_BITS = 240;
const widthOf = (type) => Number(type.slice(1));
const isInteger = (type) => INTEGERS.includes(type);
const pick = (list, random) => list[random.below(list.length)];

function valueFor(type, random) {
  if (type === 'boolean') return text(draw(type, random), type);
  if (!isInteger(type)) return `${random.below(4) === 0 ? random.below(3) : random.below(1 << 20)}${type}`;
  const { min, max } = rangeOf(type);
  if (random.below(10) === 0) return text(pick([min, max, 0n, 1n], random), type);
  const value = draw(type, random);
  return text(random.below(3) === 0 ? value : value / (1n << BigInt(widthOf(type) / 2)), type);
}

/** Instructions of one body: what was computed, with its type and, for field elements and scalars, its bits. */
class Body {
  constructor(random, first, types) {
    Object.assign(this, { random, next: first, types, known: [], lines: [] });
  }

  know(operand, type, bits = isInteger(type) ? widthOf(type) : type === 'boolean' ? 1 : 20) {
    this.known.push({ operand, type, bits });
  }

  take(type) {
    const fitting = this.known.filter((each) => each.type === type);
    if (fitting.length > 0 && this.random.below(6) > 0) return pick(fitting, this.random);
    return { operand: valueFor(type, this.random), type, bits: 20 };
  }

  emit(line, type, bits, suffix = '') {
    const register = `r${this.next++}`;
    this.lines.push(`${line} into ${register}${suffix};`);
    this.know(register, type, bits);
  }

  step() {
    const { random } = this;
    const type = pick(this.types, random);
    const a = this.take(type);
    const b = this.take(type);
    const pair = `${a.operand} ${b.operand}`;
    switch (random.below(6)) {
      case 0: {
        const to = pick(this.types, random);
        const op = random.below(3) === 0 ? 'cast' : 'cast.lossy';
        const bits = isInteger(type) ? widthOf(type) : a.bits;
        return this.emit(
          `${op} ${a.operand}`,
          to,
          to === 'boolean' || isInteger(to) ? undefined : bits,
          ` as ${to}`,
        );
      }
      case 1:
        return this.emit(`ternary ${this.take('boolean').operand} ${pair}`, type, Math.max(a.bits, b.bits));
      case 2: {
        const ops =
          type === 'boolean'
            ? ['is.eq', 'is.neq', 'nand', 'nor', 'xor', 'and', 'or']
            : ['lt', 'lte', 'gt', 'gte', 'is.eq'];
        return this.emit(`${pick(ops, random)} ${pair}`, 'boolean');
      }
      default:
        return this.compute(type, a, b, pair);
    }
  }

  compute(type, a, b, pair) {
    const { random } = this;
    if (type === 'boolean') return this.emit(`not ${a.operand}`, type);
    if (type === 'scalar') {
      const bits = Math.max(a.bits, b.bits) + 1;
      if (bits <= MOST_BITS) this.emit(`add ${pair}`, type, bits);
      return undefined;
    }
    if (type === 'field') {
      const sum = Math.max(a.bits, b.bits) + 1;
      const [line, bits] = pick(
        [
          [`add ${pair}`, sum],
          [`mul ${pair}`, a.bits + b.bits],
          [`double ${a.operand}`, a.bits + 1],
          [`square ${a.operand}`, 2 * a.bits],
          [`pow ${a.operand} 3field`, 3 * a.bits],
        ],
        random,
      );
      if (bits <= MOST_BITS) this.emit(line, type, bits);
      return undefined;
    }
    const signed = type.startsWith('i');
    const amount = random.below(2) === 0 ? `${random.below(9)}u8` : this.take('u8').operand;
    const lines = [
      ...['add.w', 'sub.w', 'mul.w', 'and', 'or', 'xor'].map((op) => `${op} ${pair}`),
      ...['shl.w', 'shr.w'].map((op) => `${op} ${a.operand} ${amount}`),
      `${pick(['shl', 'shr'], random)} ${a.operand} ${amount}`,
      `${pick(['add', 'sub', 'mul'], random)} ${pair}`,
      `${pick(['div', 'rem', 'div.w', 'rem.w'], random)} ${pair}`,
      `pow.w ${a.operand} ${random.below(6)}u8`,
      `pow ${a.operand} ${random.below(3)}u16`,
      signed ? `${pick(['abs', 'abs.w', 'neg', 'abs.w'], random)} ${a.operand}` : `mod ${pair}`,
    ];
    return this.emit(pick(lines, random), type);
  }
}

const lines = (list) => list.map((line) => `    ${line}\n`).join('');

function closureOf(types, random) {
  const body = new Body(random, 2, [...types, 'boolean']);
  body.know('r0', types[0]);
  body.know('r1', types[1]);
  for (let i = 0; i < 3; i++) body.step();
  if (body.lines.length === 0) body.emit('is.eq r0 r0', 'boolean');
  const last = (type) => body.known.filter((each) => each.type === type).at(-1).operand;
  const outputs = types.map((type) => `output ${last(type)} as ${type};`);
  return `closure g:\n${lines(['input r0 as T0;', 'input r1 as T1;'].map((line, i) => line.replace(`T${i}`, types[i])))}${lines([...body.lines, ...outputs])}`;
}

/** A program and calls of its function `f`. */
export function mixedProgram(seed, calls) {
  const random = generator(`mixed ${seed}`);
  const t = [
    pick(UNSIGNED, random),
    pick(INTEGERS, random),
    pick(['field', 'scalar', 'field', 'i8'], random),
  ];
  if (t[1] === t[0]) t[1] = t[0] === 'u8' ? 'i16' : 'u8';
  const body = new Body(random, 4, [...t, 'boolean', 'u8']);
  for (const part of ['r0[0u32]', 'r0[1u32]']) {
    body.know(`${part}.a`, t[0]);
    body.know(`${part}.b`, 'boolean');
  }
  body.know('r1.in.a', t[0]);
  body.know('r1.in.b', 'boolean');
  body.know('r1.list[0u32][1u32]', t[1]);
  body.know('r1.list[1u32][0u32]', t[1]);
  body.know('r2', t[2]);
  body.know('r3', t[1]);
  const steps = 4 + random.below(6);
  for (let i = 0; i < steps; i++) {
    body.step();
    if (random.below(6) === 0) {
      const [a, b] = [body.take(t[0]).operand, body.take(t[1]).operand];
      const first = `r${body.next++}`;
      const second = `r${body.next++}`;
      body.lines.push(`call g ${a} ${b} into ${first} ${second};`);
      body.know(first, t[0]);
      body.know(second, t[1]);
    }
    if (random.below(6) === 0) {
      const made = `r${body.next++}`;
      body.lines.push(
        `cast ${body.take(t[0]).operand} ${body.take('boolean').operand} into ${made} as small;`,
      );
      body.know(`${made}.a`, t[0]);
      body.emit(`is.eq ${made} ${pick(['r0[0u32]', 'r0[1u32]', 'r1.in'], random)}`, 'boolean');
    }
  }
  const outputs = body.known
    .filter(({ operand }) => /^r\d+$/.test(operand) && Number(operand.slice(1)) > 3)
    .slice(-4);
  const inputs = ['[small; 2u32]', 'large', t[2], t[1]];
  const source = `program NAME.aleo;

struct small:
    a as ${t[0]};
    b as boolean;

struct large:
    in as small;
    list as [[${t[1]}; 2u32]; 2u32];

${closureOf([t[0], t[1]], random)}
function f:
${lines([
  ...inputs.map((type, i) => `input r${i} as ${type}.public;`),
  ...body.lines,
  ...outputs.map(({ operand, type }) => `output ${operand} as ${type}.public;`),
])}`;
  const value = (type) => valueFor(type, random);
  const small = () => `{ a: ${value(t[0])}, b: ${value('boolean')} }`;
  const row = () => `[${value(t[1])}, ${value(t[1])}]`;
  return {
    source,
    calls: Array.from({ length: calls }, () => [
      `[${small()}, ${small()}]`,
      `{ in: ${small()}, list: [${row()}, ${row()}] }`,
      value(t[2]),
      value(t[1]),
    ]),
  };
}
