/**
 * Checks that a lowered function holds every condition of the graph that it was made from. Each source of the function gets
 * a random value, consistent with nothing. The graph's nodes are found among the sources from their operands upwards, by
 * comparing the value that each slot or row would compute. So a condition counts only if a row or slot reads exactly its
 * operands: two different polynomials agree at a random point with a chance of 2^-250.
 */

import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmFunction, Row, Source } from '../../../avm/function.ts';
import type { Builder } from '../../../program/lowering/builder.ts';
import {
  type Effect,
  effectOperands,
  type Linear,
  operandsOf,
  type Wire,
} from '../../../program/lowering/wire.ts';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import { toField } from '../../../protocol/field.ts';
import type { Random } from '../avm/functions.ts';
import { sourceReader } from '../avm/source-reader.ts';

/** The outputs of a graph beside its conditions: words of each record that a `cast` made, and the message. */
export interface GraphOutputs {
  readonly records: readonly (readonly Wire[])[];
  readonly messages: readonly (readonly Wire[])[];
}

/** One half of a wide slot that checks its operand. */
interface CheckedHalf {
  readonly value: bigint;
  readonly width: number;
  /** Bits that the operand is shown to fit. */
  readonly bits: number;
  readonly top: bigint;
}

/** Values of the sources that slots and rows give. */
interface MutableTrace {
  readonly rows: { out: bigint }[];
  readonly wide: { and: bigint; topA: bigint; topB: bigint }[];
  readonly hash: { out: bigint }[];
  readonly group: { x: bigint; y: bigint; readonly preimage: { x: bigint; y: bigint } }[];
}

class Emitted {
  private readonly fn: AvmFunction;
  private readonly at: (source: Source | undefined) => bigint;
  private readonly advice: ReadonlyMap<Wire, bigint>;
  private readonly values = new Map<Wire, bigint>();
  private readonly halves: readonly CheckedHalf[];
  private readonly booleans: ReadonlySet<bigint>;
  private readonly zeros: ReadonlySet<bigint>;

  constructor(fn: AvmFunction, effects: readonly Effect[], rng: Random) {
    this.fn = fn;
    const some = (): bigint => randomField(rng);
    const list = (count: number): bigint[] => Array.from({ length: count }, some);
    const given: EvaluationInputs = {
      inputs: list(fn.inputCount),
      recordWords: fn.recordInputs.map(() => list(5)),
      signer: some(),
      caller: some(),
      programId: some(),
    };
    const point = () => ({ x: some(), y: some() });
    const trace: MutableTrace & { readonly advice: readonly bigint[] } = {
      advice: list(fn.adviceCount),
      rows: fn.rows.map(() => ({ out: some() })),
      wide: fn.wide.map(() => ({ and: some(), topA: some(), topB: some() })),
      hash: fn.hash.map(() => ({ out: some() })),
      group: (fn.group ?? []).map(() => ({ ...point(), preimage: point() })),
    };
    const read = sourceReader(fn, given);
    this.at = (source) =>
      source?.kind === 'row'
        ? trace.rows[source.index].out
        : source?.kind === 'hash'
          ? trace.hash[source.index].out
          : read({ ...trace, rows: [], hash: [] }, source);
    this.shareEqual(trace);
    this.advice = new Map(liveAdvice(effects).map((wire, i) => [wire, trace.advice[i]]));
    if (this.advice.size !== fn.adviceCount) {
      throw new Error(
        `${this.advice.size} advice values have conditions, the function has ${fn.adviceCount}`,
      );
    }
    this.halves = fn.wide.flatMap(
      ({ widthA, widthB, compare, checkA, checkB, operands }, i): CheckedHalf[] => {
        const half = (
          source: Source | undefined,
          width: number,
          check: boolean | undefined,
          top: bigint,
        ) => ({
          value: this.at(source),
          width,
          bits: width + (check === true ? 0 : 1),
          top,
        });
        return [
          ...(widthA === undefined || compare === true
            ? []
            : [half(operands.a, widthA, checkA, trace.wide[i].topA)]),
          ...(widthB === undefined ? [] : [half(operands.b, widthB, checkB, trace.wide[i].topB)]),
        ];
      },
    );
    this.booleans = new Set(fn.rows.filter((row) => row.boolean).map((row) => this.at(row.operands.a)));
    this.zeros = new Set(fn.rows.filter((row) => row.assert).map((row) => this.rowValue(row)));
  }

  /** Gives one value to sources that are the same function of the same operands, such as x + 1 and x - -1. */
  private shareEqual({ rows, wide, hash, group }: MutableTrace): void {
    const { fn, at } = this;
    for (let changed = true; changed; ) {
      changed = false;
      const values = new Map<string, bigint>();
      const share = <K extends string>(holder: Record<K, bigint>, name: K, ...key: unknown[]): void => {
        const known = values.get(key.join());
        if (known === undefined) values.set(key.join(), holder[name]);
        else if (known !== holder[name]) {
          holder[name] = known;
          changed = true;
        }
      };
      fn.rows.forEach((row, i) => {
        share(rows[i], 'out', 'row', row.equal === true, this.rowValue(row));
      });
      fn.wide.forEach(({ widthA, widthB, compare, operands: { a, b } }, i) => {
        if (compare === true) share(wide[i], 'topA', 'compare', widthA, at(a), at(b));
        else if (widthA !== undefined) share(wide[i], 'topA', 'top', widthA, at(a));
        if (widthB !== undefined) share(wide[i], 'topB', 'top', widthB, at(b));
        if (compare !== true) share(wide[i], 'and', 'and', widthA, widthB, at(a), at(b));
      });
      fn.hash.forEach(({ cap, inputs }, i) => {
        share(hash[i], 'out', 'hash', at(cap), ...inputs.map(at));
      });
      fn.group?.forEach(({ x, scalar }, i) => {
        share(group[i], 'x', 'x', at(x), at(scalar));
        share(group[i], 'y', 'y', at(x), at(scalar));
      });
    }
  }

  private rowValue({ one, c, select, operands }: Row): bigint {
    const last = BigInt(c ?? 0) * (c === 0 || c === undefined ? 0n : this.at(operands.c));
    const factor = (one === true ? 1n : this.at(operands.b)) - (select === true ? last : 0n);
    return toField(this.at(operands.a) * factor + last);
  }

  private linear({ a, b, c, sign, select }: Linear): bigint {
    const last = c === undefined ? 0n : BigInt(sign) * this.value(c);
    const factor = (b === undefined ? 1n : this.value(b)) - (select === true ? last : 0n);
    return toField(this.value(a) * factor + last);
  }

  value(wire: Wire): bigint {
    const known = this.values.get(wire);
    if (known !== undefined) return known;
    const found = this.find(wire);
    if (found === undefined) throw new Error(`the function does not compute a ${wire.kind}`);
    this.values.set(wire, found);
    return found;
  }

  private find(wire: Wire): bigint | undefined {
    const { fn, at } = this;
    switch (wire.kind) {
      case 'constant':
        return wire.value;
      case 'given':
        return at(wire.source);
      case 'advice':
        return this.advice.get(wire);
      case 'row': {
        const wanted = this.linear(wire.linear);
        const index = fn.rows.findIndex(
          (row) =>
            row.advice !== true && (row.equal === true) === wire.equal && this.rowValue(row) === wanted,
        );
        // A product that one sum reads has no row of its own.
        if (index < 0) return wire.equal ? undefined : wanted;
        return at({ kind: 'row', index });
      }
      case 'compare': {
        const index = this.comparison(wire);
        return index < 0 ? undefined : at({ kind: 'wide', index, output: 'topA' });
      }
      case 'and': {
        const index = fn.wide.findIndex(
          ({ widthA, widthB, compare, operands: { a, b } }) =>
            compare !== true &&
            widthA === wire.width &&
            widthB === wire.width &&
            at(a) === this.value(wire.a) &&
            at(b) === this.value(wire.b),
        );
        return index < 0 ? undefined : at({ kind: 'wide', index, output: 'and' });
      }
      case 'top':
        return this.halves.find(({ value, width }) => width === wire.width && value === this.value(wire.a))
          ?.top;
      case 'hash': {
        const read = (sources: readonly (Source | undefined)[]): string =>
          Array.from({ length: 4 }, (_, i) => at(sources[i] ?? { kind: 'zero' })).join();
        const wanted = Array.from({ length: 4 }, (_, i) =>
          wire.inputs[i] === undefined ? 0n : this.value(wire.inputs[i]),
        ).join();
        const index = fn.hash.findIndex(
          ({ cap, inputs }) => at(cap) === this.value(wire.cap) && read(inputs) === wanted,
        );
        return index < 0 ? undefined : at({ kind: 'hash', index });
      }
      case 'group': {
        const index = (fn.group ?? []).findIndex(
          ({ x, scalar }) => at(x) === this.value(wire.x) && at(scalar) === this.value(wire.scalar),
        );
        return index < 0 ? undefined : at({ kind: 'group', index, output: wire.output });
      }
    }
  }

  private comparison(wire: Wire & { readonly kind: 'compare' }, checked = false): number {
    return this.fn.wide.findIndex(
      ({ widthA, compare, checkA, operands: { a, b } }) =>
        compare === true &&
        (!checked || checkA === true) &&
        widthA === wire.width &&
        this.at(a) === this.value(wire.a) &&
        this.at(b) === this.value(wire.b),
    );
  }

  /** Returns whether a condition is among those of the function, or follows from a narrower one of the same value. */
  has(effect: Effect): boolean {
    switch (effect.kind) {
      case 'zero':
        return this.zeros.has(this.linear(effect.linear));
      case 'boolean':
        return this.booleans.has(this.value(effect.wire));
      case 'less':
        return this.comparison(effect.compare, true) >= 0;
      case 'range':
      case 'bound': {
        const value = this.value(effect.wire);
        const bits = effect.width + (effect.kind === 'bound' ? 1 : 0);
        return (
          this.booleans.has(value) || this.halves.some((half) => half.value === value && half.bits <= bits)
        );
      }
    }
  }

  /** Returns whether everything that leaves the function is what a `cast` or the message of the graph gave. */
  leaves({ records, messages }: GraphOutputs): boolean {
    const show = (list: readonly (readonly Wire[])[]): string[] =>
      list.flatMap((wires) => {
        try {
          return [wires.map((wire) => this.value(wire)).join()];
        } catch {
          return []; // a record that is no output
        }
      });
    const made = show(records);
    const sent = show(messages);
    const { recordOutputs, message } = this.fn;
    return (
      recordOutputs.every(({ owner, data }) => made.includes([owner, ...data].map(this.at).join())) &&
      (message === undefined || sent.includes(message.map(this.at).join()))
    );
  }
}

/** Advice that conditions depend on, in the order in which a function numbers it. */
function liveAdvice(effects: readonly Effect[]): Wire[] {
  const seen = new Set<Wire>();
  const visit = (wire: Wire): void => {
    if (seen.has(wire)) return;
    seen.add(wire);
    for (const operand of operandsOf(wire)) visit(operand);
  };
  for (const effect of effects) for (const wire of effectOperands(effect)) visit(wire);
  return [...seen].filter(({ kind }) => kind === 'advice').sort((x, y) => x.id - y.id);
}

function randomField(rng: Random): bigint {
  let value = 0n;
  for (let i = 0; i < 16; i++) value = (value << 16n) | BigInt(rng.below(65_536));
  return value % FIELD_MODULUS;
}

/** Conditions of the graph, and outputs, that the function does not have; [] for a function as it should be. */
export function lostConditions(
  builder: Builder,
  outputs: GraphOutputs,
  fn: AvmFunction,
  rng: Random,
): string[] {
  const emitted = new Emitted(fn, builder.effects, rng);
  const lost = builder.effects.filter((effect) => {
    try {
      return !emitted.has(effect);
    } catch {
      return true;
    }
  });
  return [
    ...lost.map(({ kind, origin }) => `${kind} of instruction ${origin}`),
    ...(emitted.leaves(outputs) ? [] : ['outputs']),
  ];
}
