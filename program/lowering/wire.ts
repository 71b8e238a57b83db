/** Values during lowering: nodes of an expression graph. Equal expressions are one node. */

import type { AdviceKind } from '../../avm/advice.ts';
import type { Source, WideWidth } from '../../avm/function.ts';

/** lin = a * ((b or 1) - select * sign * c) + sign * c: the row of docs/specification.md, section 8. */
export interface Linear {
  readonly a: Wire;
  /** Missing: the constant 1 of the row's flag. */
  readonly b?: Wire;
  readonly c?: Wire;
  /** 0 if and only if `c` is missing. */
  readonly sign: 1 | -1 | 0;
  readonly select?: boolean;
}

export type Wire = { readonly id: number; readonly origin: number } & (
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'given'; readonly source: Source }
  /** A value that later constraints must pin down. */
  | { readonly kind: 'advice'; readonly advice: AdviceKind; readonly operands: readonly Wire[] }
  | { readonly kind: 'row'; readonly linear: Linear; readonly equal: boolean }
  /** 1 if a >= b, for a, b < 2^width. */
  | { readonly kind: 'compare'; readonly a: Wire; readonly b: Wire; readonly width: WideWidth }
  /** Bitwise AND of a, b < 2^width. */
  | { readonly kind: 'and'; readonly a: Wire; readonly b: Wire; readonly width: WideWidth }
  /** Bit `width` of a, which is thereby shown to be below 2^(width+1). */
  | { readonly kind: 'top'; readonly a: Wire; readonly width: WideWidth }
  | { readonly kind: 'hash'; readonly cap: Wire; readonly inputs: readonly Wire[] }
  /** A coordinate of scalar * P, for the subgroup point P with this x, which is thereby shown, and a scalar below 2^251. */
  | { readonly kind: 'group'; readonly x: Wire; readonly scalar: Wire; readonly output: 'x' | 'y' }
);

/** A condition without which the call has no proof. */
export type Effect = { readonly origin: number } & (
  | { readonly kind: 'zero'; readonly linear: Linear }
  | { readonly kind: 'boolean'; readonly wire: Wire }
  | { readonly kind: 'range'; readonly wire: Wire; readonly width: WideWidth }
  /** wire < 2^(width + 1): a half whose top bit is free. */
  | { readonly kind: 'bound'; readonly wire: Wire; readonly width: WideWidth }
  /** Not a >= b. */
  | { readonly kind: 'less'; readonly compare: Wire & { readonly kind: 'compare' } }
);

/** Direct operands. */
export function operandsOf(wire: Wire): readonly Wire[] {
  switch (wire.kind) {
    case 'constant':
    case 'given':
      return [];
    case 'advice':
      return wire.operands;
    case 'row':
      return linearOperands(wire.linear);
    case 'compare':
    case 'and':
      return [wire.a, wire.b];
    case 'top':
      return [wire.a];
    case 'hash':
      return [wire.cap, ...wire.inputs];
    case 'group':
      return [wire.x, wire.scalar];
  }
}

export function linearOperands({ a, b, c }: Linear): Wire[] {
  return [a, ...(b === undefined ? [] : [b]), ...(c === undefined ? [] : [c])];
}

export function effectOperands(effect: Effect): readonly Wire[] {
  if (effect.kind === 'zero') return linearOperands(effect.linear);
  return [effect.kind === 'less' ? effect.compare : effect.wire];
}

/** Returns whether a wire is this constant. */
export function isConstant(wire: Wire, value: bigint): boolean {
  return wire.kind === 'constant' && wire.value === value;
}

/** Values of all wires if every one is a constant. */
export function constants(wires: readonly Wire[]): bigint[] | undefined {
  const values: bigint[] = [];
  for (const wire of wires) {
    if (wire.kind !== 'constant') return undefined;
    values.push(wire.value);
  }
  return values;
}

/** Commutative operands in one order: constants last, then by age. */
export function inOrder(x: Wire, y: Wire): [Wire, Wire] {
  const rank = (wire: Wire): number => (wire.kind === 'constant' ? 1 : 0);
  const order = rank(x) - rank(y) || x.id - y.id;
  return order > 0 ? [y, x] : [x, y];
}

/** The wires as a key. */
export function ids(wires: readonly Wire[]): string {
  return wires.map(({ id }) => id).join(',');
}
