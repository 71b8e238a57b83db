/**
 * Random programs: a function of a few inputs, structs, arrays and a closure, whose instructions read what was computed before.
 * Wrapping and comparing instructions prevail, so that most calls do not halt.
 */
import { draw, generator, INTEGERS, rangeOf, text, UNSIGNED } from './values.mjs';

const BOOLEAN = 'boolean';

function pick(list, random) {
  return list[random.below(list.length)];
}

/** A literal or a value to start from: small ones, so that products fit. */
function valueFor(type, random) {
  if (type === BOOLEAN) return text(draw(type, random), type);
  const value =
    random.below(3) === 0
      ? draw(type, random)
      : draw(type, random) / (1n << BigInt(Number(type.slice(1)) / 2));
  const { min, max } = rangeOf(type);
  return text(random.below(12) === 0 ? pick([min, max, 0n, 1n], random) : value, type);
}

/** Registers of one body with the text that reads each and its literal type. */
class Body {
  constructor(random, first) {
    this.random = random;
    this.next = first;
    this.known = [];
    this.lines = [];
  }

  know(operand, type) {
    this.known.push({ operand, type });
  }

  /** Something of a type: mostly a register, else a literal. */
  operand(type) {
    const fitting = this.known.filter((each) => each.type === type);
    if (fitting.length === 0 || this.random.below(6) === 0) return valueFor(type, this.random);
    return pick(fitting, this.random).operand;
  }

  emit(line, type, suffix = '') {
    const register = `r${this.next++}`;
    this.lines.push(`${line} into ${register}${suffix};`);
    if (type !== undefined) this.know(register, type);
    return register;
  }

  step(types) {
    const { random } = this;
    const type = pick(types, random);
    const a = this.operand(type);
    const b = this.operand(type);
    switch (random.below(12)) {
      case 0:
      case 1:
        return this.emit(`${pick(['add.w', 'sub.w', 'mul.w'], random)} ${a} ${b}`, type);
      case 2:
        return this.emit(`${pick(['and', 'or', 'xor'], random)} ${a} ${b}`, type);
      case 3:
        return this.emit(`${pick(['lt', 'lte', 'gt', 'gte', 'is.eq', 'is.neq'], random)} ${a} ${b}`, BOOLEAN);
      case 4:
      case 5:
        return this.emit(`ternary ${this.operand(BOOLEAN)} ${a} ${b}`, type);
      case 6: {
        const to = pick(types, random);
        return this.emit(`${random.below(4) === 0 ? 'cast' : 'cast.lossy'} ${a}`, to, ` as ${to}`);
      }
      case 7:
        return this.emit(`${pick(['add', 'sub', 'mul'], random)} ${a} ${b}`, type);
      case 8: {
        const nonZero = this.emit(`or ${b} 1${type}`, type);
        return this.emit(`${pick(['div', 'rem', 'div.w', 'rem.w'], random)} ${a} ${nonZero}`, type);
      }
      case 9:
        return this.emit(`${pick(['shl.w', 'shr.w', 'shr'], random)} ${a} ${random.below(8)}u8`, type);
      case 10:
        return this.emit(
          `${pick(['nand', 'nor', 'xor', 'and'], random)} ${this.operand(BOOLEAN)} ${this.operand(BOOLEAN)}`,
          BOOLEAN,
        );
      default:
        return this.emit(`not ${a}`, type);
    }
  }
}

function closureOf(type, random) {
  const body = new Body(random, 2);
  body.know('r0', type);
  body.know('r1', type);
  for (let i = 0; i < 3; i++) body.step([type]);
  const first = body.known.filter((each) => each.type === type).at(-1).operand;
  const lines = ['input r0 as T;', 'input r1 as T;'].map((line) => line.replace('T', type));
  lines.push(...body.lines, `output ${first} as ${type};`);
  return `closure g:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** A program and calls of its function `f`. */
export function randomProgram(seed, calls) {
  const random = generator(`program ${seed}`);
  const types = [pick(UNSIGNED, random), pick(INTEGERS, random), pick(INTEGERS, random)];
  const [inner, member] = types;
  const body = new Body(random, 4);
  const inputs = [`[${inner}; 3u32]`, 'part', types[2], BOOLEAN];
  for (const i of [0, 1, 2]) body.know(`r0[${i}u32]`, inner);
  body.know('r1.a', member);
  body.know('r1.b', BOOLEAN);
  body.know('r1.c[0u32]', inner);
  body.know('r1.c[1u32]', inner);
  body.know('r2', types[2]);
  body.know('r3', BOOLEAN);
  const steps = 5 + random.below(6);
  for (let i = 0; i < steps; i++) {
    body.step(types);
    const turn = random.below(10);
    if (turn === 0) body.emit(`call g ${body.operand(inner)} ${body.operand(inner)}`, inner);
    if (turn === 1) {
      const array = body.emit(
        `cast ${body.operand(inner)} ${body.operand(inner)}`,
        undefined,
        ` as [${inner}; 2u32]`,
      );
      body.emit(`is.eq ${array} r1.c`, BOOLEAN);
      const part = body.emit(
        `cast ${body.operand(member)} ${body.operand(BOOLEAN)} ${array}`,
        undefined,
        ' as part',
      );
      body.know(`${part}.a`, member);
      body.emit(`is.neq ${part} r1`, BOOLEAN);
    }
    if (turn === 2 && random.below(3) === 0) {
      const condition = body.emit(`or ${body.operand(BOOLEAN)} true`, BOOLEAN);
      body.lines.push(`assert.eq ${condition} true;`);
    }
  }
  const computed = body.known.filter(({ operand }) => /^r\d+$/.test(operand) && Number(operand.slice(1)) > 3);
  const outputs = computed.slice(-4);
  const lines = [
    ...inputs.map((type, i) => `input r${i} as ${type}.public;`),
    ...body.lines,
    ...outputs.map(({ operand, type }) => `output ${operand} as ${type}.public;`),
  ];
  const source = `program NAME.aleo;

struct part:
    a as ${member};
    b as boolean;
    c as [${inner}; 2u32];

${closureOf(inner, random)}
function f:
${lines.map((line) => `    ${line}\n`).join('')}`;
  const value = (type) => valueFor(type, random);
  const list = (type, n) => `[${Array.from({ length: n }, () => value(type)).join(', ')}]`;
  return {
    source,
    calls: Array.from({ length: calls }, () => [
      list(inner, 3),
      `{ a: ${value(member)}, b: ${value(BOOLEAN)}, c: ${list(inner, 2)} }`,
      value(types[2]),
      value(BOOLEAN),
    ]),
  };
}
