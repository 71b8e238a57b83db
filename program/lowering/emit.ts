/** From the expression graph to a function of the AVM: liveness, fusion of products into sums, slots, constants, hints. */

import type { AdviceHint } from '../../avm/advice.ts';
import type { AvmFunction, RecordOutputSlot, Row, Source, WideSlot } from '../../avm/function.ts';
import type { LoweredFunction } from '../../avm/lowered-function.ts';
import { type PackedSlot, packWide } from './wide-packing.ts';
import { type Effect, effectOperands, type Linear, operandsOf, type Wire } from './wire.ts';

/** The outputs of the function. */
export interface Graph {
  readonly effects: readonly Effect[];
  readonly recordInputs: readonly bigint[];
  readonly recordOutputs: readonly {
    readonly name: bigint;
    readonly owner: Wire;
    readonly data: readonly Wire[];
  }[];
  readonly message: readonly Wire[] | undefined;
  readonly inputCount: number;
}

/** Only what conditions, record outputs and the message depend on is emitted; every condition is. */
export function emit(graph: Graph): LoweredFunction {
  return new Emitter(graph).emit();
}

/** A row before its operands have indexes. */
interface PlannedRow {
  readonly linear: Linear;
  readonly wire?: Wire;
  readonly equal?: boolean;
  readonly assert?: boolean;
  readonly origin: number;
}

class Emitter {
  private readonly graph: Graph;
  private readonly live: readonly Wire[];
  private readonly uses = new Map<Wire, number>();
  private readonly sources = new Map<Wire, Source>();
  private readonly constants: bigint[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
    this.live = this.findLive();
  }

  emit(): LoweredFunction {
    const { graph } = this;
    const advice = this.live.filter((wire) => wire.kind === 'advice');
    advice.forEach((wire, index) => {
      this.sources.set(wire, { kind: 'advice', index });
    });
    const hashes = this.live.filter((wire) => wire.kind === 'hash');
    hashes.forEach((wire, index) => {
      this.sources.set(wire, { kind: 'hash', index });
    });
    const products = this.placeProducts();
    const slots = this.packSlots();
    const planned = this.planRows();
    planned.forEach(({ wire }, index) => {
      if (wire !== undefined) this.sources.set(wire, { kind: 'row', index });
    });
    const checks = this.placeBooleanChecks(planned);
    const rows = planned.map((row, i): Row => this.row(row, checks.has(i)));
    const wide = slots.map((slot): WideSlot => this.wideSlot(slot));
    const hash = hashes.map(({ cap, inputs }) => ({
      cap: this.source(cap),
      inputs: inputs.map((wire) => this.source(wire)),
    }));
    const group = products.map(({ x, scalar }) => ({ x: this.source(x), scalar: this.source(scalar) }));
    const recordOutputs = graph.recordOutputs.map(
      ({ name, owner, data }): RecordOutputSlot => ({
        name,
        owner: this.source(owner),
        data: data.map((wire) => this.source(wire)),
      }),
    );
    const message = graph.message?.map((wire) => this.source(wire)) as AvmFunction['message'];
    const hints = advice.map(
      ({ advice: kind, operands }): AdviceHint => ({
        kind,
        operands: operands.map((wire) => this.source(wire)),
      }),
    );
    return {
      fn: {
        rows,
        wide,
        hash,
        ...(group.length === 0 ? {} : { group }),
        constants: this.constants,
        inputCount: graph.inputCount,
        adviceCount: advice.length,
        recordInputs: graph.recordInputs.map((name) => ({ name })),
        recordOutputs,
        ...(message === undefined ? {} : { message }),
      },
      hints,
      origins: {
        rows: planned.map(({ origin }) => origin),
        wide: slots.map(({ a, b }) => [a?.origin ?? -1, b?.origin ?? -1]),
        advice: advice.map(({ origin }) => origin),
      },
    };
  }

  /** Live wires by age, with fusion done in place of the sums that take it. */
  private findLive(): Wire[] {
    const { effects, recordOutputs, message } = this.graph;
    const seen = new Set<Wire>();
    const visit = (wire: Wire): void => {
      this.uses.set(wire, (this.uses.get(wire) ?? 0) + 1);
      if (seen.has(wire)) return;
      seen.add(wire);
      for (const operand of operandsOf(wire)) visit(operand);
    };
    for (const effect of effects) for (const wire of effectOperands(effect)) visit(wire);
    for (const { owner, data } of recordOutputs) for (const wire of [owner, ...data]) visit(wire);
    for (const wire of message ?? []) visit(wire);
    return [...seen].sort((x, y) => x.id - y.id);
  }

  /**
   * A sum of one term that is a product nobody else reads becomes one row. An operand `a - x*y` cannot: the row has
   * a sign for c only.
   */
  private fuse(linear: Linear): { linear: Linear; absorbed?: Wire } {
    const { a, b, c, sign, select } = linear;
    if (b !== undefined || c === undefined || select === true) return { linear };
    const product = (wire: Wire): Linear | undefined =>
      wire.kind === 'row' &&
      !wire.equal &&
      wire.linear.sign === 0 &&
      wire.linear.b !== undefined &&
      this.uses.get(wire) === 1
        ? wire.linear
        : undefined;
    const first = product(a);
    if (first !== undefined) return { linear: { ...first, c, sign }, absorbed: a };
    const second = sign === 1 ? product(c) : undefined;
    if (second !== undefined) return { linear: { ...second, c: a, sign: 1 }, absorbed: c };
    return { linear };
  }

  private planRows(): PlannedRow[] {
    const absorbed = new Set<Wire>();
    const rows: PlannedRow[] = [];
    const checked = new Set(
      this.graph.effects.filter(({ kind }) => kind === 'boolean').flatMap((effect) => effectOperands(effect)),
    );
    const plan = (linear: Linear, rest: Omit<PlannedRow, 'linear'>): void => {
      const fused = this.fuse(linear);
      if (fused.absorbed !== undefined && !checked.has(fused.absorbed)) absorbed.add(fused.absorbed);
      rows.push({
        ...rest,
        linear: fused.absorbed !== undefined && absorbed.has(fused.absorbed) ? fused.linear : linear,
      });
    };
    for (const wire of this.live) {
      if (wire.kind === 'row') plan(wire.linear, { wire, equal: wire.equal, origin: wire.origin });
    }
    for (const effect of this.graph.effects) {
      if (effect.kind === 'zero') plan(effect.linear, { assert: true, origin: effect.origin });
    }
    return rows.filter(({ wire }) => wire === undefined || !absorbed.has(wire));
  }

  /** Rows that carry the `boolean` flag: those that read the value as `a` anyway, else new ones. */
  private placeBooleanChecks(rows: PlannedRow[]): Set<number> {
    const marked = new Set<number>();
    for (const effect of this.graph.effects) {
      if (effect.kind !== 'boolean') continue;
      const { wire } = effect;
      let index = rows.findIndex(({ linear }) => linear.a === wire);
      if (index < 0) {
        index = rows.findIndex(
          ({ linear, assert }) => linear.b === wire && linear.select !== true && assert !== true,
        );
        if (index >= 0) {
          const row = rows[index];
          if (marked.has(index)) index = -1;
          else rows[index] = { ...row, linear: { ...row.linear, a: row.linear.b!, b: row.linear.a } };
        }
      }
      if (index < 0) index = rows.push({ linear: { a: wire, sign: 0 }, origin: effect.origin }) - 1;
      marked.add(index);
    }
    return marked;
  }

  /** One group slot for each product that is read, whichever of its coordinates. */
  private placeProducts(): (Wire & { readonly kind: 'group' })[] {
    const products: (Wire & { readonly kind: 'group' })[] = [];
    for (const wire of this.live) {
      if (wire.kind !== 'group') continue;
      const { x, scalar, output } = wire;
      const known = products.findIndex((product) => product.x === x && product.scalar === scalar);
      const index = known < 0 ? products.push(wire) - 1 : known;
      this.sources.set(wire, { kind: 'group', index, output });
    }
    return products;
  }

  private packSlots(): PackedSlot[] {
    const { effects } = this.graph;
    const compares = this.live
      .filter((wire) => wire.kind === 'compare')
      .map((wire) => {
        const less = effects.find((effect) => effect.kind === 'less' && effect.compare === wire);
        return { wire, less: less !== undefined, origin: less?.origin ?? wire.origin };
      });
    const halves = [
      ...withoutImplied(effects).map(({ kind, wire, width, origin }) => ({
        wire,
        width,
        check: kind === 'range',
        origin,
      })),
      ...this.live
        .filter((wire) => wire.kind === 'top')
        .map((top) => ({ wire: top.a, width: top.width, check: false, origin: top.origin, top })),
    ];
    const slots = packWide({ compares, ands: this.live.filter((wire) => wire.kind === 'and'), halves });
    slots.forEach(({ compare, and, a, b }, index) => {
      if (compare !== undefined) this.sources.set(compare, { kind: 'wide', index, output: 'topA' });
      if (and !== undefined) this.sources.set(and, { kind: 'wide', index, output: 'and' });
      if (a?.top !== undefined) this.sources.set(a.top, { kind: 'wide', index, output: 'topA' });
      if (b?.top !== undefined) this.sources.set(b.top, { kind: 'wide', index, output: 'topB' });
    });
    return slots;
  }

  private wideSlot({ compare, a, b }: PackedSlot): WideSlot {
    // A comparison without a half B still reads its second operand.
    const second = b?.wire ?? compare?.b;
    return {
      ...(a === undefined ? {} : { widthA: a.width, checkA: a.check }),
      ...(b === undefined ? {} : { widthB: b.width, checkB: b.check }),
      compare: compare !== undefined,
      operands: {
        ...(a === undefined ? {} : { a: this.source(a.wire) }),
        ...(second === undefined ? {} : { b: this.source(second) }),
      },
    };
  }

  private row({ linear, equal, assert }: PlannedRow, boolean: boolean): Row {
    const [a, b, c] = [linear.a, linear.b, linear.c].map((wire) =>
      wire === undefined ? undefined : this.source(wire),
    );
    return {
      one: b === undefined,
      c: linear.sign,
      select: linear.select === true,
      equal: equal === true,
      assert: assert === true,
      boolean,
      operands: { a, ...(b === undefined ? {} : { b }), ...(c === undefined ? {} : { c }) },
    };
  }

  private source(wire: Wire): Source {
    if (wire.kind === 'given') return wire.source;
    if (wire.kind === 'constant') {
      if (wire.value === 0n) return { kind: 'zero' };
      if (wire.value === 1n) return { kind: 'one' };
      const known = this.constants.indexOf(wire.value);
      return { kind: 'constant', index: known < 0 ? this.constants.push(wire.value) - 1 : known };
    }
    const source = this.sources.get(wire);
    if (source === undefined) throw new Error(`no source for a ${wire.kind} of instruction ${wire.origin}`);
    return source;
  }
}

/** Range checks without those that a narrower one of the same value implies. */
function withoutImplied(effects: readonly Effect[]): (Effect & { readonly kind: 'range' | 'bound' })[] {
  const ranges = effects.filter((effect) => effect.kind === 'range' || effect.kind === 'bound');
  const bits = ({ kind, width }: (typeof ranges)[number]): number => (kind === 'range' ? width : width + 1);
  const least = new Map<Wire, number>();
  for (const effect of effects) if (effect.kind === 'boolean') least.set(effect.wire, 1);
  for (const effect of ranges) {
    least.set(effect.wire, Math.min(bits(effect), least.get(effect.wire) ?? 254));
  }
  return ranges.filter((effect) => bits(effect) === least.get(effect.wire));
}
