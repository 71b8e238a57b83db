/**
 * Runs a lowered function as the honest prover: advice from its hints, every row, wide slot and hash in order of dependency.
 * Every condition is checked; what passes satisfies the AVM core (docs/specification.md, section 8).
 */

import { SCALAR_BITS } from '../protocol/constants.ts';
import { cofactorPreimage, IDENTITY, mulPoint, subgroupPoint } from '../protocol/curve/point.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { toField } from '../protocol/field.ts';
import { compress } from '../protocol/hash/poseidon.ts';
import { computeAdvice } from './advice.ts';
import type { AvmTrace, GroupTrace, HashSlot, Row, Source } from './function.ts';
import { Halt } from './halt.ts';
import type { LoweredFunction } from './lowered-function.ts';
import { RecentResults } from './recent-results.ts';

/** The inputs of one evaluation, as field elements. */
export interface EvaluationInputs {
  readonly inputs: readonly bigint[];
  /** Data words of each record input. */
  readonly recordWords: readonly (readonly bigint[])[];
  readonly signer: bigint;
  readonly caller: bigint;
  readonly programId: bigint;
}

/** For attack tests: forged advice by index; every dependent value is recomputed and no condition is checked. */
export interface Forgery {
  readonly advice: ReadonlyMap<number, bigint>;
}

export interface Evaluation {
  readonly trace: AvmTrace;
  readonly recordOutputs: readonly { readonly owner: bigint; readonly data: readonly bigint[] }[];
  readonly message: readonly [bigint, bigint, bigint] | undefined;
}

/**
 * Trace and outputs of one call.
 * @throws AzaleaError TRACE_UNSATISFIABLE: the call halts; `details.instruction` is the index of the instruction, -1 an input
 */
export function evaluate(lowered: LoweredFunction, given: EvaluationInputs, forgery?: Forgery): Evaluation {
  return new Run(lowered, given, forgery).evaluate();
}

/** The decomposition in one half of a wide slot: its low 128 bits and the bit above its width. */
interface Half {
  readonly low: bigint;
  readonly top: bigint;
}

const NO_HALF: Half = { low: 0n, top: 0n };

/** Cached results of recent attacks on one function, by place. */
interface Recent {
  readonly advice: RecentResults<bigint>[];
  readonly hash: RecentResults<bigint>[];
  readonly group: RecentResults<GroupTrace>[];
}

const recentOf = new WeakMap<LoweredFunction, Recent>();

/** Computes through the cache of place `index`, or directly. */
function recall<T>(
  places: RecentResults<T>[] | undefined,
  index: number,
  operands: readonly bigint[],
  compute: () => T,
): T {
  return places === undefined ? compute() : (places[index] ??= new RecentResults()).of(operands, compute);
}
const MASK = (1n << 128n) - 1n;

class Run {
  private readonly lowered: LoweredFunction;
  private readonly given: EvaluationInputs;
  private readonly forgery: Forgery | undefined;
  private readonly recent: Recent | undefined;
  private readonly advice: (bigint | undefined)[];
  private readonly rows: (bigint | undefined)[];
  private readonly halvesA: (Half | undefined)[] = [];
  private readonly halvesB: (Half | undefined)[] = [];
  private readonly hash: (bigint | undefined)[];
  private readonly group: (GroupTrace | undefined)[] = [];

  constructor(lowered: LoweredFunction, given: EvaluationInputs, forgery: Forgery | undefined) {
    this.lowered = lowered;
    this.given = given;
    this.forgery = forgery;
    if (forgery !== undefined) {
      this.recent = recentOf.get(lowered) ?? { advice: [], hash: [], group: [] };
      recentOf.set(lowered, this.recent);
    }
    this.advice = lowered.hints.map((_, i) => forgery?.advice.get(i));
    this.rows = Array(lowered.fn.rows.length).fill(undefined);
    this.hash = Array(lowered.fn.hash.length).fill(undefined);
  }

  evaluate(): Evaluation {
    const { fn } = this.lowered;
    const trace: AvmTrace = {
      advice: fn.adviceCount === 0 ? [] : this.advice.map((_, i) => this.adviceAt(i)),
      rows: fn.rows.map((_, i) => this.rowAt(i)),
      wide: fn.wide.map((_, i) => this.wideAt(i)),
      hash: fn.hash.map((_, i) => this.hashAt(i)),
      ...(fn.group === undefined ? {} : { group: fn.group.map((_, i) => this.groupAt(i)) }),
    };
    const recordOutputs = fn.recordOutputs.map(({ owner, data }) => ({
      owner: this.read(owner),
      data: data.map((source) => this.read(source)),
    }));
    const [w0, w1, w2] = fn.message?.map((source) => this.read(source)) ?? [];
    return { trace, recordOutputs, message: fn.message === undefined ? undefined : [w0, w1, w2] };
  }

  private unsatisfiable(origin: number, what: string): void {
    if (this.forgery !== undefined) return;
    throw new AzaleaError(
      'TRACE_UNSATISFIABLE',
      `the call halts: ${what} (${origin < 0 ? 'an input' : `instruction ${origin}`}); change the inputs`,
      { instruction: origin },
    );
  }

  private read(source: Source | undefined): bigint {
    if (source === undefined) return 0n;
    const { given } = this;
    switch (source.kind) {
      case 'zero':
        return 0n;
      case 'one':
        return 1n;
      case 'input':
        return given.inputs[source.index];
      case 'constant':
        return this.lowered.fn.constants[source.index];
      case 'record':
        return given.recordWords[source.record][source.word];
      case 'context':
        return given[source.name];
      case 'advice':
        return this.adviceAt(source.index);
      case 'row':
        return this.rowAt(source.index);
      case 'wide':
        if (source.output === 'topA') return this.halfA(source.index).top;
        if (source.output === 'topB') return this.halfB(source.index).top;
        return this.wideAt(source.index).and;
      case 'hash':
        return this.hashAt(source.index);
      case 'group':
        return this.groupAt(source.index)[source.output];
    }
  }

  private adviceAt(index: number): bigint {
    const known = this.advice[index];
    if (known !== undefined) return known;
    const { kind, operands } = this.lowered.hints[index];
    const values = operands.map((source) => this.read(source));
    return (this.advice[index] = recall(this.recent?.advice, index, values, () => {
      try {
        return computeAdvice(kind, values);
      } catch (error) {
        if (!(error instanceof Halt)) throw error;
        this.unsatisfiable(this.lowered.origins.advice[index], error.message);
        return 0n;
      }
    }));
  }

  private rowAt(index: number): bigint {
    return (this.rows[index] ??= this.row(this.lowered.fn.rows[index], this.lowered.origins.rows[index]));
  }

  private row({ one, c: sign, select, equal, assert, boolean, operands }: Row, origin: number): bigint {
    const a = this.read(operands.a);
    const b = one === true ? 1n : this.read(operands.b);
    const c = sign === 0 ? 0n : BigInt(sign ?? 0) * this.read(operands.c);
    const linear = toField(a * (b - (select === true ? c : 0n)) + c);
    if (assert === true && linear !== 0n) this.unsatisfiable(origin, 'an assertion does not hold');
    if (boolean === true && a > 1n) this.unsatisfiable(origin, `${a} is no boolean`);
    return equal === true ? (linear === 0n ? 1n : 0n) : linear;
  }

  // The halves of a slot are evaluated apart: one may depend on the other.
  private wideAt(index: number): { and: bigint; topA: bigint; topB: bigint } {
    const [a, b] = [this.halfA(index), this.halfB(index)];
    return { and: a.low & b.low, topA: a.top, topB: b.top };
  }

  private halfA(index: number): Half {
    const known = this.halvesA[index];
    if (known !== undefined) return known;
    const { widthA, compare, checkA, operands } = this.lowered.fn.wide[index];
    if (widthA === undefined) return NO_HALF;
    const a = this.read(operands.a);
    const x = compare === true ? toField(a - this.read(operands.b) + (1n << BigInt(widthA))) : a;
    return (this.halvesA[index] = this.half(x, widthA, checkA, this.lowered.origins.wide[index][0]));
  }

  private halfB(index: number): Half {
    const known = this.halvesB[index];
    if (known !== undefined) return known;
    const { widthB, checkB, operands } = this.lowered.fn.wide[index];
    if (widthB === undefined) return NO_HALF;
    const x = this.read(operands.b);
    return (this.halvesB[index] = this.half(x, widthB, checkB, this.lowered.origins.wide[index][1]));
  }

  private half(value: bigint, width: number, check: boolean | undefined, origin: number): Half {
    const top = value >> BigInt(width);
    if (top > (check === true ? 0n : 1n)) this.unsatisfiable(origin, `${value} does not fit ${width} bits`);
    return { low: value & MASK, top: top & 1n };
  }

  /** A forged operand that the slot refuses gives the identity. Any value would do: the constraints fail anyway. */
  private groupAt(index: number): GroupTrace {
    const known = this.group[index];
    if (known !== undefined) return known;
    const slot = this.lowered.fn.group![index];
    const [x, scalar] = [this.read(slot.x), this.read(slot.scalar)];
    return (this.group[index] = recall(this.recent?.group, index, [x, scalar], () => {
      const point = subgroupPoint(x);
      if (point === undefined || scalar >> BigInt(SCALAR_BITS) !== 0n) {
        this.unsatisfiable(-1, 'the product of no group element, or by no scalar');
        return { ...IDENTITY, preimage: IDENTITY };
      }
      return { ...mulPoint(point, scalar), preimage: cofactorPreimage(point) };
    }));
  }

  private hashAt(index: number): bigint {
    return (this.hash[index] ??= this.hashSlot(this.lowered.fn.hash[index], index));
  }

  private hashSlot({ cap, inputs }: HashSlot, index: number): bigint {
    const state = [this.read(cap), ...Array.from({ length: 4 }, (_, i) => this.read(inputs[i]))];
    return recall(this.recent?.hash, index, state, () => compress(state[0], state.slice(1)));
  }
}
