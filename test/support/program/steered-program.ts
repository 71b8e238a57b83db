/**
 * Random programs that run to their end. Every instruction is tried on the inputs at hand before it is kept. So long
 * programs, chains of casts that make one value many types, and assertions that hold are drawn as often as short ones.
 * Assertions and comparisons look at values near each other; one operand is compared, cast and checked again and again.
 * Literal results without further use stay as conditions only.
 */
import { INSTRUCTIONS } from '../../../program/instructions/registry.ts';
import { formatLiteral } from '../../../program/values/literal.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  LITERAL_TYPES,
  type LiteralType,
  literal,
  type Typed,
  TypeTable,
} from '../../../program/values/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { toField } from '../../../protocol/field.ts';
import type { Random } from '../avm/functions.ts';
import { ALICE } from './programs.ts';
import { drawLeaf } from './random-values.ts';
import { SHAPES } from './shapes.ts';

export interface SteeredProgram {
  readonly source: string;
  /** Inputs on which the function `f` runs to its end. */
  readonly inputs: readonly Typed<bigint>[];
  readonly types: TypeTable;
}

/** A readable literal, with its value on the inputs at hand. */
interface Register {
  readonly text: string;
  readonly type: LiteralType;
  readonly leaf: bigint;
}

/** Most results that leave a function in one hash. */
const DIGEST = 16;

class Steered {
  private readonly rng: Random;
  private readonly lines: string[] = [];
  private readonly registers: Register[] = [];
  private readonly results: Register[] = [];
  private next = 0;

  constructor(rng: Random) {
    this.rng = rng;
  }

  define(): string {
    return `r${this.next++}`;
  }

  give(register: Register): void {
    this.registers.push(register);
  }

  private literalText(type: LiteralType, leaf: bigint): string | undefined {
    if (type === 'address') return undefined;
    return formatLiteral({ type, value: leaf });
  }

  /** Something of a type: known values, the newest often; literals near known values, or on the edge. */
  private operand(type: LiteralType): Register | undefined {
    const { rng } = this;
    const known = this.registers.filter((register) => register.type === type);
    if (known.length > 0 && !rng.chance(0.25)) {
      return rng.chance(0.4) ? known[known.length - 1] : rng.pick(known);
    }
    const leaf = known.length > 0 && rng.chance(0.6) ? this.near(rng.pick(known)) : drawLeaf(rng, type);
    const text = this.literalText(type, leaf);
    return text === undefined ? known[0] : { text, type, leaf };
  }

  /** A value of a register's type, near its own. */
  private near({ type, leaf }: Register): bigint {
    if (type === 'boolean') return BigInt(this.rng.below(2));
    if (type === 'group' || type === 'address') return leaf;
    const moved = leaf + BigInt(this.rng.below(3) - 1);
    if (isIntegerType(type)) {
      const width = INTEGER_WIDTH[type];
      return isSignedType(type)
        ? toField(BigInt.asIntN(width, signed(moved)))
        : BigInt.asUintN(width, moved < 0n ? 0n : moved);
    }
    const size = type === 'scalar' ? SUBGROUP_ORDER : FIELD_MODULUS;
    return ((moved % size) + size) % size;
  }

  /** The result of an instruction on values; undefined if it halts or cannot be. */
  private run(
    opcode: string,
    operands: readonly Register[],
    to: LiteralType | undefined,
  ): bigint | undefined {
    try {
      const [leaf] = INSTRUCTIONS.get(opcode)!.evaluate({
        operands: operands.map(({ type, leaf: value }) => ({ type: literal(type), leaves: [value] })),
        result: to === undefined ? undefined : literal(to),
        types: new TypeTable(),
      });
      return leaf ?? 0n;
    } catch {
      return undefined;
    }
  }

  private emit(opcode: string, operands: readonly Register[], to: LiteralType | undefined, as = ''): boolean {
    const leaf = this.run(opcode, operands, to);
    if (leaf === undefined) return false;
    const text = `${opcode} ${operands.map((operand) => operand.text).join(' ')}`;
    if (to === undefined) {
      this.lines.push(`    ${text};`);
      return true;
    }
    const made = { text: this.define(), type: to, leaf };
    this.lines.push(`    ${text} into ${made.text}${as};`);
    this.registers.push(made);
    this.results.push(made);
    return true;
  }

  step(): boolean {
    const kind = this.rng.below(20);
    if (kind === 0) return this.power();
    if (kind < 6) return this.cast();
    if (kind < 10) return this.condition();
    return this.instruction();
  }

  private instruction(): boolean {
    const { rng } = this;
    const have = new Set(this.registers.map(({ type }) => type));
    const usable = SHAPES.filter(
      ({ opcode, on }) => !/^(assert|cast)/.test(opcode) && on.some((type) => have.has(type)),
    );
    if (usable.length === 0) return false;
    const opcode = rng.pick([...new Set(usable.map((shape) => shape.opcode))]);
    const shape = rng.pick(usable.filter((each) => each.opcode === opcode));
    const type = rng.pick(shape.on.filter((each) => have.has(each)));
    const operands = shape.operands(type).map((wanted, i) => {
      if (i === 1 && /^(sh[lr]|pow)/.test(opcode) && isIntegerType(type) && rng.chance(0.5)) {
        const leaf = BigInt(rng.below(opcode.startsWith('pow') ? 4 : INTEGER_WIDTH[type] + 1));
        return { text: `${leaf}${wanted}`, type: wanted, leaf };
      }
      return this.operand(wanted);
    });
    if (operands.some((each) => each === undefined)) return false;
    return this.emit(
      opcode,
      operands as Register[],
      shape.result(type),
      shape.as === undefined ? '' : ` as ${shape.as}`,
    );
  }

  /** A power of a field element by an exponent that has few bits by its type. */
  private power(): boolean {
    const { rng } = this;
    const base = this.operand('field');
    const exponents = this.registers.filter(({ type }) => type === 'u8' || type === 'boolean');
    if (base === undefined || exponents.length === 0) return false;
    if (!this.emit('cast', [rng.pick(exponents)], 'field', ' as field')) return false;
    return this.emit('pow', [base, this.registers[this.registers.length - 1]], 'field');
  }

  /** One value as another type. */
  private cast(): boolean {
    const { rng } = this;
    const from = rng.pick(this.registers);
    const to = rng.pick(LITERAL_TYPES);
    const lossy = rng.chance(0.3);
    if (from.type === 'group' && to === 'field' && rng.chance(0.5)) {
      const coordinate = rng.pick(['x', 'y']);
      const leaf = this.run(`cast as group.${coordinate}`, [from], 'field');
      if (leaf === undefined) return false;
      const made: Register = { text: this.define(), type: 'field', leaf };
      this.lines.push(`    cast ${from.text} into ${made.text} as group.${coordinate};`);
      this.registers.push(made);
      this.results.push(made);
      return true;
    }
    return this.emit(lossy ? 'cast.lossy' : 'cast', [from], to, ` as ${to}`);
  }

  /** A comparison, often asserted; or an assertion on values themselves. */
  private condition(): boolean {
    const { rng } = this;
    const x = rng.pick(this.registers);
    const y = this.operand(x.type);
    if (y === undefined) return false;
    const ordered = x.type === 'field' || x.type === 'scalar' || isIntegerType(x.type);
    const opcode = rng.pick(ordered ? ['lt', 'lte', 'gt', 'gte', 'is.eq', 'is.neq'] : ['is.eq', 'is.neq']);
    if (rng.chance(0.2)) return this.emit(x.leaf === y.leaf ? 'assert.eq' : 'assert.neq', [x, y], undefined);
    if (!this.emit(opcode, rng.chance(0.5) ? [x, y] : [y, x], 'boolean')) return false;
    if (!rng.chance(0.5)) return true;
    const truth = this.registers[this.registers.length - 1];
    const stated = rng.chance(0.5)
      ? { text: String(truth.leaf === 1n), type: 'boolean' as const, leaf: truth.leaf }
      : { text: String(truth.leaf !== 1n), type: 'boolean' as const, leaf: 1n - truth.leaf };
    return this.emit(stated.leaf === truth.leaf ? 'assert.eq' : 'assert.neq', [truth, stated], undefined);
  }

  /** Drops what was added since. */
  mark(): () => void {
    const [lines, registers, results, next] = [
      this.lines.length,
      this.registers.length,
      this.results.length,
      this.next,
    ];
    return () => {
      this.lines.length = lines;
      this.registers.length = registers;
      this.results.length = results;
      this.next = next;
    };
  }

  /** Instructions and outputs: some results as words, some in a hash, the rest as conditions only. */
  finish(): { lines: string[]; declarations: string } {
    const { rng } = this;
    const pool = this.results.length > 0 ? [...this.results] : [...this.registers];
    const words: Register[] = [];
    for (let i = rng.below(6); i > 0 && pool.length > 0; i--)
      words.push(...pool.splice(rng.below(pool.length), 1));
    const lines = [...this.lines];
    const fields: string[] = [];
    if (rng.chance(0.6) && pool.length > 0 && words.length < 5) {
      const hashed = pool.slice(-DIGEST);
      const shown = hashed.map(({ type }, i) => `    m${i} as ${type};`);
      const whole = this.define();
      const digest = this.define();
      lines.push(`    cast ${hashed.map(({ text }) => text).join(' ')} into ${whole} as all;`);
      lines.push(`    hash.psd8 ${whole} into ${digest} as field;`);
      fields.push(digest);
      words.push({ text: digest, type: 'field', leaf: 0n });
      return {
        lines: this.output(lines, words),
        declarations: `struct all:\n${shown.join('\n')}\n${record(words)}`,
      };
    }
    return { lines: this.output(lines, words), declarations: record(words) };
  }

  private output(lines: string[], words: readonly Register[]): string[] {
    const out = this.define();
    const owner = this.rng.chance(0.8) ? 'self.signer' : 'self.caller';
    return [
      ...lines,
      `    cast ${[owner, ...words.map(({ text }) => text)].join(' ')} into ${out} as out.record;`,
      `    output ${out} as out.record;`,
    ];
  }
}

function signed(leaf: bigint): bigint {
  return leaf > FIELD_MODULUS / 2n ? leaf - FIELD_MODULUS : leaf;
}

function record(words: readonly Register[]): string {
  return `record out:\n    owner as address.private;\n${words
    .map(({ type }, i) => `    d${i} as ${type}.private;`)
    .join('\n')}\n`;
}

/** A program whose function `f` has up to `length` instructions and runs to its end on `inputs`. */
export function steeredProgram(rng: Random, length: number): SteeredProgram {
  const body = new Steered(rng);
  const types = new TypeTable();
  const few = Array.from({ length: 1 + rng.below(3) }, () => rng.pick(LITERAL_TYPES));
  const inputs: Typed<bigint>[] = [];
  const lines: string[] = [];
  const declarations: string[] = [];
  const draw = (type: LiteralType): bigint => drawLeaf(rng, type);
  if (rng.chance(0.3)) {
    const members = Array.from({ length: 1 + rng.below(4) }, () => rng.pick(few));
    declarations.push(
      `record held:\n    owner as address.private;\n${members.map((type, i) => `    w${i} as ${type}.private;`).join('\n')}\n`,
    );
    const leaves = members.map(draw);
    const name = body.define();
    lines.push(`    input ${name} as held.record;`);
    inputs.push({ type: { kind: 'record', name: 'held' }, leaves: [ALICE, ...leaves] });
    members.forEach((type, i) => {
      if (rng.chance(0.7)) body.give({ text: `${name}.w${i}`, type, leaf: leaves[i] });
    });
    types.records.set('held', [
      { name: 'owner', type: literal('address'), visibility: 'private' },
      ...members.map((type, i) => ({ name: `w${i}`, type: literal(type), visibility: 'private' as const })),
    ]);
  }
  for (let i = rng.below(5); i > 0; i--) {
    const type = rng.pick(few);
    const length = rng.chance(0.2) ? 1 + rng.below(3) : 0;
    const leaves = Array.from({ length: Math.max(1, length) }, () => draw(type));
    const name = body.define();
    lines.push(`    input ${name} as ${length === 0 ? type : `[${type}; ${length}u32]`}.private;`);
    inputs.push({
      type: length === 0 ? literal(type) : { kind: 'array', element: literal(type), length },
      leaves,
    });
    leaves.forEach((leaf, k) => {
      if (rng.chance(0.9)) body.give({ text: length === 0 ? name : `${name}[${k}u32]`, type, leaf });
    });
  }
  body.give({ text: 'self.signer', type: 'address', leaf: ALICE });
  for (const type of few) {
    if (type === 'address') continue;
    const leaf = draw(type);
    if (inputs.length === 0 || rng.chance(0.3)) {
      body.give({ text: formatLiteral({ type, value: leaf }), type, leaf });
    }
  }
  const count = 1 + rng.below(length);
  for (let i = 0, tries = 0; i < count && tries < 8 * count; tries++) {
    const undo = body.mark();
    if (body.step()) i++;
    else undo();
  }
  const finished = body.finish();
  return {
    source: `program random.aleo;\n${declarations.join('')}${finished.declarations}function f:\n${[...lines, ...finished.lines].join('\n')}\n`,
    inputs,
    types,
  };
}
