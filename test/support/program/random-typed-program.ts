/**
 * Random whole programs, typed and bounded: structs, arrays, closures, records in and out, messages, several functions. Every
 * choice comes from a seed. Literal instructions are those of SHAPES (shapes.ts), so a new shape is drawn at once.
 */
import { type LiteralType, showType, TypeTable, type ValueType } from '../../../program/values/types.ts';
import type { Random } from '../avm/functions.ts';
import { Body, literalType, type RandomClosure, type Readable } from './random-body.ts';
import { SHAPES } from './shapes.ts';

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
class Writer {
  private readonly rng: Random;
  readonly types = new TypeTable();
  private readonly declarations: string[] = [];
  private readonly closures: RandomClosure[] = [];
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
    const body = new Body(this.rng, this.types, inputs, this.readables.bind(this));
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
    const body = new Body(rng, this.types, inputs, this.readables.bind(this));
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

/** A random program with functions of up to `length` instructions, those of closures not counted. */
export function randomProgram(rng: Random, length: number): RandomProgram {
  const writer = new Writer(rng);
  const source = writer.write(length);
  return { source, functions: writer.functions, types: writer.types };
}
