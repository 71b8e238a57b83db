/** Random instructions of one function or closure. Literal instructions are those of SHAPES. */
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  type LiteralType,
  sameType,
  showType,
  type TypeTable,
  type ValueType,
} from '../../../program/values/types.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import type { Random } from '../avm/functions.ts';
import { drawLeaf } from './random-values.ts';
import { SHAPES, type Shape } from './shapes.ts';

/** An operand that can be read, with its text. */
export interface Readable {
  readonly text: string;
  readonly type: ValueType;
}

export const literalType = (name: LiteralType): ValueType => ({ kind: 'literal', name });

/** Text of a leaf as a literal. */
function literalText(type: LiteralType, leaf: bigint): string | undefined {
  if (type === 'boolean') return leaf === 1n ? 'true' : 'false';
  if (type === 'address' || type === 'group') return undefined;
  return `${isSignedType(type) && leaf > FIELD_MODULUS / 2n ? leaf - FIELD_MODULUS : leaf}${type}`;
}

/** The facts that a call of a closure needs. */
export interface RandomClosure {
  readonly name: string;
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
}

/** Instructions of one function or closure. */
export class Body {
  readonly lines: string[] = [];
  private readonly rng: Random;
  private readonly registers: Readable[] = [];
  private readonly results: Readable[] = [];
  private readonly readables: (text: string, type: ValueType) => Readable[];
  private readonly types: TypeTable;
  private next = 0;

  constructor(
    rng: Random,
    types: TypeTable,
    inputs: readonly ValueType[],
    readables: (text: string, type: ValueType) => Readable[],
  ) {
    this.rng = rng;
    this.types = types;
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

  run(length: number, closures: readonly RandomClosure[]): void {
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

  private call({ name, inputs, outputs }: RandomClosure): void {
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
