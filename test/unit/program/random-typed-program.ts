/**
 * Random whole programs, typed and bounded: structs, arrays, closures, records in and out, messages, several functions. Every
 * choice comes from a seed. Literal instructions are those of SHAPES (shapes.ts), so a new shape is drawn at once.
 */
import { isLeafOf } from '../../../program/literal.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  type LiteralType,
  sameType,
  showType,
  type Typed,
  TypeTable,
  type ValueType,
} from '../../../program/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { addPoints, G, mulPoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import type { Random } from '../../support/avm-functions.ts';
import { torsionPoints } from '../../support/torsion.ts';
import { SHAPES, type Shape } from './shapes.ts';
import { ALICE, BOB } from './support.ts';

/** A function of a random program with what its inputs are. */
export interface RandomFunction {
  readonly name: string;
  readonly inputs: readonly ValueType[];
}

export interface RandomProgram {
  readonly source: string;
  readonly functions: readonly RandomFunction[];
  readonly types: TypeTable;
}

/** Literal types that SHAPES knows; others exist in the language only as far as their rules do. */
const LITERALS: readonly LiteralType[] = [
  ...new Set(SHAPES.flatMap((shape) => shape.on.flatMap((type) => [type, ...shape.operands(type)]))),
];

const GROUPS = [0n, 1n, 2n, 3n, SUBGROUP_ORDER - 1n, 12345678901234567890n].map((k) =>
  k === 0n ? 0n : mulPoint(G, k).x,
);

/** Points of the curve outside the subgroup: of small order, and of the other cosets. */
const OUTSIDE = torsionPoints()
  .slice(1)
  .flatMap((point) => [point.x, addPoints(mulPoint(G, 5n), point).x]);

/** A leaf of a type, the edges often. */
export function drawLeaf(rng: Random, type: LiteralType): bigint {
  if (type === 'boolean') return BigInt(rng.below(2));
  if (type === 'address') return rng.pick([ALICE, BOB]);
  if (type === 'group') return rng.pick(GROUPS);
  const size = isIntegerType(type)
    ? 1n << BigInt(INTEGER_WIDTH[type])
    : type === 'scalar'
      ? SUBGROUP_ORDER
      : FIELD_MODULUS;
  const bits = size.toString(2).length - 1;
  const kind = rng.below(8);
  let value = BigInt(rng.below(12));
  if (kind === 0) value = size - 1n - BigInt(rng.below(3));
  else if (kind === 1) value = rng.field() % size;
  else if (kind === 2) value = 1n << BigInt(rng.below(bits));
  else if (kind === 3) value = (1n << BigInt(rng.below(bits))) - 1n;
  else if (kind === 4) value = size / 2n - 1n + BigInt(rng.below(3));
  else if (kind === 5) value = rng.field() % (1n << BigInt(1 + rng.below(bits)));
  value %= size;
  return isSignedType(type) ? toField(BigInt.asIntN(bits, value)) : value;
}

/** A value outside the type, as a leaf; undefined where every field element is one. */
export function drawWrongLeaf(rng: Random, type: LiteralType): bigint | undefined {
  const size = isIntegerType(type) ? 1n << BigInt(INTEGER_WIDTH[type]) : 2n;
  const list = [
    2n,
    -1n,
    size,
    size + 1n,
    -size,
    size / 2n,
    -size / 2n - 1n,
    -size / 2n,
    2n * size,
    SUBGROUP_ORDER,
  ];
  list.push(
    SUBGROUP_ORDER + 1n,
    rng.field(),
    FIELD_MODULUS / 2n,
    FIELD_MODULUS / size,
    -FIELD_MODULUS / size,
  );
  // An address is any field element until a record is made for it.
  if (type === 'address') return undefined;
  const wrong = [...list.map(toField), ...(type === 'group' ? OUTSIDE : [])].filter(
    (leaf) => !isLeafOf(type, leaf),
  );
  return wrong.length === 0 ? undefined : rng.pick(wrong);
}

export function drawTyped(rng: Random, types: TypeTable, type: ValueType, signer: bigint): Typed<bigint> {
  const leaves = types.flatten(type).map((leaf) => drawLeaf(rng, leaf));
  if (type.kind === 'record') leaves[0] = signer;
  return { type, leaves };
}

/** An operand that can be read, with its text. */
interface Readable {
  readonly text: string;
  readonly type: ValueType;
}

const literalType = (name: LiteralType): ValueType => ({ kind: 'literal', name });

/** Text of a leaf as a literal. */
function literalText(type: LiteralType, leaf: bigint): string | undefined {
  if (type === 'boolean') return leaf === 1n ? 'true' : 'false';
  if (type === 'address' || type === 'group') return undefined;
  return `${isSignedType(type) && leaf > FIELD_MODULUS / 2n ? leaf - FIELD_MODULUS : leaf}${type}`;
}

class Writer {
  private readonly rng: Random;
  readonly types = new TypeTable();
  private readonly declarations: string[] = [];
  private readonly closures: { name: string; inputs: ValueType[]; outputs: ValueType[] }[] = [];
  readonly functions: RandomFunction[] = [];

  constructor(rng: Random) {
    this.rng = rng;
  }

  write(length: number): string {
    const { rng } = this;
    for (let i = rng.below(3); i > 0; i--) this.struct();
    for (let i = rng.below(2); i > 0; i--) this.record(`held${i}`, this.members(1 + rng.below(3), 5));
    for (let i = rng.below(3); i > 0; i--) this.closure(1 + rng.below(3));
    for (let i = 1 + rng.below(2); i > 0; i--) this.fn(`f${this.functions.length}`, 1 + rng.below(length));
    return `import l1.aleo;\nprogram random.aleo;\n${this.declarations.join('\n')}\n`;
  }

  private someLiteral(): LiteralType {
    return this.rng.pick(LITERALS);
  }

  /** A type of at most `leaves` leaves. */
  private type(leaves: number): ValueType {
    const { rng } = this;
    const structs = [...this.types.structs.keys()]
      .map((name): ValueType => ({ kind: 'struct', name }))
      .filter((type) => this.types.flatten(type).length <= leaves);
    if (structs.length > 0 && rng.chance(0.25)) return rng.pick(structs);
    if (leaves > 1 && rng.chance(0.2)) {
      const element = this.type(Math.floor(leaves / 2));
      const most = Math.floor(leaves / this.types.flatten(element).length);
      return { kind: 'array', element, length: 1 + rng.below(Math.min(3, most)) };
    }
    return literalType(this.someLiteral());
  }

  private members(count: number, leaves: number): ValueType[] {
    const list: ValueType[] = [];
    for (let left = leaves; list.length < count && left > 0; ) {
      const type = this.type(left);
      left -= this.types.flatten(type).length;
      list.push(type);
    }
    return list;
  }

  private struct(): void {
    const name = `s${this.types.structs.size}`;
    const members = this.members(1 + this.rng.below(3), 5).map((type, i) => ({ name: `m${i}`, type }));
    this.declarations.push(
      `struct ${name}:\n${members.map((m) => `    ${m.name} as ${showType(m.type)};`).join('\n')}`,
    );
    this.types.structs.set(name, members);
  }

  private record(name: string, data: readonly ValueType[]): ValueType {
    const members = data.map((type, i) => ({ name: `d${i}`, type, visibility: 'private' as const }));
    this.declarations.push(
      `record ${name}:\n    owner as address.private;\n${members
        .map((m) => `    ${m.name} as ${showType(m.type)}.private;`)
        .join('\n')}`,
    );
    const owner = { name: 'owner', type: literalType('address'), visibility: 'private' as const };
    this.types.records.set(name, [owner, ...members]);
    return { kind: 'record', name };
  }

  /** Everything that a register lets one read: itself and, down its paths, every part. */
  private readables(text: string, type: ValueType): Readable[] {
    const own = { text, type };
    if (type.kind === 'literal') return [own];
    if (type.kind === 'array') {
      return [
        own,
        ...Array.from({ length: type.length }, (_, i) =>
          this.readables(`${text}[${i}u32]`, type.element),
        ).flat(),
      ];
    }
    const members = this.types.members(type) ?? [];
    return [own, ...members.flatMap((member) => this.readables(`${text}.${member.name}`, member.type))];
  }

  private closure(length: number): void {
    const name = `c${this.closures.length}`;
    const inputs = this.members(1 + this.rng.below(3), 8);
    const lines = inputs.map((type, i) => `    input r${i} as ${showType(type)};`);
    const body = new Body(this, this.rng, inputs, this.readables.bind(this));
    body.run(length, []);
    const outputs = body.lastResults(1 + this.rng.below(2)).map(({ text, type }) => {
      body.lines.push(`    output ${text} as ${showType(type)};`);
      return type;
    });
    this.declarations.push(`closure ${name}:\n${[...lines, ...body.lines].join('\n')}`);
    this.closures.push({ name, inputs, outputs });
  }

  private fn(name: string, length: number): void {
    const { rng } = this;
    const held = [...this.types.records.keys()].filter((key) => key.startsWith('held'));
    const records = held.length === 0 ? [] : Array.from({ length: rng.below(3) }, () => rng.pick(held));
    const inputs: ValueType[] = [
      ...records.map((key): ValueType => ({ kind: 'record', name: key })),
      ...this.members(1 + rng.below(4), 12),
    ];
    const lines = inputs.map(
      (type, i) =>
        `    input r${i} as ${showType(type)}${type.kind === 'record' ? '' : rng.pick(['.private', '.public'])};`,
    );
    const body = new Body(this, rng, inputs, this.readables.bind(this));
    body.run(length, this.closures);
    // Everything computed leaves in one or two records, the newest first, five leaves each.
    const results = body.lastResults(10);
    const outputs: string[] = [];
    for (let i = 0; i < 1 + rng.below(2); i++) {
      const chosen: Readable[] = [];
      for (let left = 5; results.length > 0; ) {
        const width = this.types.flatten(results[0].type).length;
        if (width > left) break;
        left -= width;
        chosen.push(results.shift()!);
      }
      if (chosen.length === 0) {
        const width = results.length === 0 ? 0 : this.types.flatten(results[0].type).length;
        if (width > 5) results.shift();
        if (i > 0) break;
      }
      const data = chosen.map(({ type }) => type);
      const record = this.record(`out_${name}_${i}`, data);
      const register = body.define();
      const owner = rng.chance(0.8) ? 'self.signer' : 'self.caller';
      body.lines.push(
        `    cast ${[owner, ...chosen.map(({ text }) => text)].join(' ')} into ${register} as ${showType(record)};`,
      );
      outputs.push(`    output ${register} as ${showType(record)};`);
    }
    const field = body.find(literalType('field'));
    if (field !== undefined && rng.chance(0.3)) {
      body.lines.push(`    call l1.aleo/send ${field.text} 5field ${field.text};`);
    }
    const plain = body.find(literalType(this.someLiteral()));
    if (plain !== undefined) outputs.push(`    output ${plain.text} as ${showType(plain.type)}.private;`);
    this.declarations.push(`function ${name}:\n${[...lines, ...body.lines, ...outputs].join('\n')}`);
    this.functions.push({ name, inputs });
  }
}

/** Instructions of one function or closure. */
class Body {
  readonly lines: string[] = [];
  private readonly rng: Random;
  private readonly registers: Readable[] = [];
  private readonly results: Readable[] = [];
  private readonly readables: (text: string, type: ValueType) => Readable[];
  private readonly types: TypeTable;
  private next = 0;

  constructor(
    writer: Writer,
    rng: Random,
    inputs: readonly ValueType[],
    readables: (text: string, type: ValueType) => Readable[],
  ) {
    this.rng = rng;
    this.types = writer.types;
    this.readables = readables;
    for (const type of inputs) this.registers.push({ text: this.define(), type });
  }

  /** The next free register. */
  define(): string {
    return `r${this.next++}`;
  }

  private all(): Readable[] {
    return this.registers.flatMap(({ text, type }) => this.readables(text, type));
  }

  /** Something of a type, or a literal; the newest often. */
  find(type: ValueType): Readable | undefined {
    const known = this.all().filter((readable) => sameType(readable.type, type));
    if (known.length > 0) return this.rng.chance(0.5) ? known[known.length - 1] : this.rng.pick(known);
    return this.literal(type);
  }

  private literal(type: ValueType): Readable | undefined {
    if (type.kind !== 'literal') return undefined;
    const text = literalText(type.name, drawLeaf(this.rng, type.name));
    return text === undefined ? undefined : { text, type };
  }

  private operand(type: ValueType): Readable | undefined {
    return this.rng.chance(0.15) ? (this.literal(type) ?? this.find(type)) : this.find(type);
  }

  /** The last results, else inputs that are no records. */
  lastResults(count: number): Readable[] {
    const list = this.results.slice(-count).reverse();
    return list.length > 0 ? list : this.registers.filter(({ type }) => type.kind !== 'record').slice(0, 1);
  }

  run(
    length: number,
    closures: readonly { name: string; inputs: ValueType[]; outputs: ValueType[] }[],
  ): void {
    for (let i = 0; i < length; i++) {
      const kind = this.rng.below(12);
      if (kind === 0 && closures.length > 0) this.call(this.rng.pick(closures));
      else if (kind === 1) this.gather();
      else if (kind === 2) this.compare();
      else this.literalInstruction();
    }
  }

  private emit(text: string, type: ValueType | undefined, as = ''): void {
    if (type === undefined) {
      this.lines.push(`    ${text};`);
      return;
    }
    const register = this.define();
    this.lines.push(`    ${text} into ${register}${as};`);
    this.registers.push({ text: register, type });
    this.results.push({ text: register, type });
  }

  private literalInstruction(): void {
    const literals = new Set(this.all().flatMap(({ type }) => (type.kind === 'literal' ? [type.name] : [])));
    const usable = SHAPES.filter(
      (shape) => !shape.opcode.startsWith('assert') && shape.on.some((type) => literals.has(type)),
    );
    const shape: Shape = this.rng.chance(0.03)
      ? this.rng.pick(SHAPES.filter(({ opcode }) => opcode.startsWith('assert')))
      : this.rng.pick(usable.length > 0 ? usable : SHAPES);
    const on = shape.on.filter((type) => literals.has(type));
    const type = this.rng.pick(on.length > 0 ? on : shape.on);
    const operands = shape.operands(type).map((each, i) => this.operandOf(shape, type, each, i));
    if (operands.some((operand) => operand === undefined)) return;
    const result = shape.result(type);
    this.emit(
      `${shape.opcode} ${operands.map((operand) => operand!.text).join(' ')}`,
      result === undefined ? undefined : literalType(result),
      shape.as === undefined ? '' : ` as ${shape.as}`,
    );
  }

  /** Amounts of shifts and exponents are mostly small literals. */
  private operandOf(shape: Shape, type: LiteralType, wanted: LiteralType, i: number): Readable | undefined {
    if (i === 1 && /^(sh[lr]|pow)/.test(shape.opcode) && isIntegerType(type) && this.rng.chance(0.6)) {
      const most = shape.opcode.startsWith('pow') ? 5 : INTEGER_WIDTH[type] + 1;
      return { text: `${this.rng.below(most)}${wanted}`, type: literalType(wanted) };
    }
    return this.operand(literalType(wanted));
  }

  /** A struct or an array out of its parts. */
  private gather(): void {
    const structs = [...this.types.structs.keys()].map((name): ValueType => ({ kind: 'struct', name }));
    const element = this.rng.pick(this.all().filter(({ type }) => type.kind !== 'record')).type;
    const type: ValueType =
      structs.length > 0 && this.rng.chance(0.5)
        ? this.rng.pick(structs)
        : { kind: 'array', element, length: 1 + this.rng.below(3) };
    if (this.types.flatten(type).length > 10) return;
    const parts =
      type.kind === 'array'
        ? Array.from({ length: type.length }, () => type.element)
        : this.types.members(type)!.map((member) => member.type);
    const operands = parts.map((part) => this.operand(part));
    if (operands.some((operand) => operand === undefined)) return;
    this.emit(`cast ${operands.map((operand) => operand!.text).join(' ')}`, type, ` as ${showType(type)}`);
  }

  /** Equality and hashes of whole values. */
  private compare(): void {
    const wholes = this.all().filter(({ type }) => type.kind !== 'record');
    const first = this.rng.pick(wholes);
    const second = this.find(first.type)!;
    const opcode = this.rng.pick(['is.eq', 'is.neq', 'hash.psd2', 'hash.psd4', 'hash.psd8']);
    if (opcode.startsWith('hash')) this.emit(`${opcode} ${first.text}`, literalType('field'), ' as field');
    else this.emit(`${opcode} ${first.text} ${second.text}`, literalType('boolean'));
  }

  private call({ name, inputs, outputs }: { name: string; inputs: ValueType[]; outputs: ValueType[] }): void {
    const operands = inputs.map((type) => this.operand(type));
    if (operands.some((operand) => operand === undefined)) return;
    const registers = outputs.map((type) => ({ text: this.define(), type }));
    this.lines.push(
      `    call ${name} ${operands.map((operand) => operand!.text).join(' ')} into ${registers
        .map(({ text }) => text)
        .join(' ')};`,
    );
    this.registers.push(...registers);
    this.results.push(...registers);
  }
}

/** A random program with functions of up to `length` instructions, those of closures not counted. */
export function randomProgram(rng: Random, length: number): RandomProgram {
  const writer = new Writer(rng);
  const source = writer.write(length);
  return { source, functions: writer.functions, types: writer.types };
}
