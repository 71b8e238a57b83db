/**
 * Builds the expression graph of one function: folds constants, makes equal expressions one node and collects the conditions
 * under which the call has a proof. Every lowering rule is written in these operations.
 */

import { type AdviceKind, computeAdvice } from '../../avm/advice.ts';
import type { Source, WideWidth } from '../../avm/function.ts';
import { mulPoint, subgroupPoint } from '../../protocol/curve/point.ts';
import { fieldMul, integerOf, toField } from '../../protocol/field.ts';
import { constants, type Effect, ids, inOrder, isConstant, type Linear, type Wire } from './wire.ts';

/** Thrown where the conditions fail for all inputs; the caller adds the place. */
export class AlwaysHalts extends Error {}

type NewWire = Wire extends infer W ? (W extends Wire ? Omit<W, 'id' | 'origin'> : never) : never;

export class Builder {
  readonly effects: Effect[] = [];
  /** Index of the instruction being lowered; -1: inputs. */
  origin = -1;
  private readonly wires = new Map<string, Wire>();
  private readonly booleans = new Set<Wire>();
  /** Bits that a value is known to fit. */
  private readonly bits = new Map<Wire, number>();

  private intern(key: string, wire: NewWire): Wire {
    const known = this.wires.get(key);
    if (known !== undefined) return known;
    const made = { ...wire, id: this.wires.size, origin: this.origin } as Wire;
    this.wires.set(key, made);
    return made;
  }

  constant(value: bigint): Wire {
    const reduced = toField(value);
    return this.intern(`k${reduced}`, { kind: 'constant', value: reduced });
  }

  given(source: Source): Wire {
    return this.intern(`g${JSON.stringify(source)}`, { kind: 'given', source });
  }

  /** A value the prover supplies; the same question is asked once. Known operands: computed here. */
  advice(advice: AdviceKind, operands: readonly Wire[]): Wire {
    const values = constants(operands);
    if (values !== undefined) return this.constant(computeAdvice(advice, values));
    return this.intern(`d${advice}:${ids(operands)}`, { kind: 'advice', advice, operands });
  }

  // --- rows -------------------------------------------------------------------------------------------------------

  private row(linear: Linear, equal = false): Wire {
    const { a, b, c, sign, select } = linear;
    const key = `r${a.id},${b?.id ?? ''},${c?.id ?? ''},${sign},${select === true},${equal}`;
    return this.intern(key, { kind: 'row', linear, equal });
  }

  add(x: Wire, y: Wire): Wire {
    if (x.kind === 'constant' && y.kind === 'constant') return this.constant(x.value + y.value);
    if (isConstant(x, 0n)) return y;
    if (isConstant(y, 0n)) return x;
    const [a, c] = inOrder(x, y);
    return this.row({ a, c, sign: 1 });
  }

  sub(x: Wire, y: Wire): Wire {
    if (x === y) return this.constant(0n);
    if (x.kind === 'constant' && y.kind === 'constant') return this.constant(x.value - y.value);
    if (isConstant(y, 0n)) return x;
    return this.row({ a: x, c: y, sign: -1 });
  }

  mul(x: Wire, y: Wire): Wire {
    if (x.kind === 'constant' && y.kind === 'constant') return this.constant(fieldMul(x.value, y.value));
    if (isConstant(x, 0n) || isConstant(y, 1n)) return x;
    if (isConstant(y, 0n) || isConstant(x, 1n)) return y;
    const [a, b] = inOrder(x, y);
    const product = this.row({ a, b, sign: 0 });
    if (this.isBoolean(x) && this.isBoolean(y)) this.booleans.add(product);
    return product;
  }

  /** x * y + z */
  mulAdd(x: Wire, y: Wire, z: Wire): Wire {
    const simple = [x, y].some((wire) => isConstant(wire, 0n) || isConstant(wire, 1n));
    if (simple || isConstant(z, 0n) || constants([x, y]) !== undefined) return this.add(this.mul(x, y), z);
    const [a, b] = inOrder(x, y);
    return this.row({ a, b, c: z, sign: 1 });
  }

  /** condition ? x : y, for a boolean condition. */
  select(condition: Wire, x: Wire, y: Wire): Wire {
    if (condition.kind === 'constant') return condition.value === 1n ? x : y;
    if (x === y) return x;
    const inner = this.negated(condition);
    if (inner !== undefined) return this.select(inner, y, x);
    if (isConstant(x, 1n) && isConstant(y, 0n)) return condition;
    if (isConstant(x, 0n) && isConstant(y, 1n)) return this.not(condition);
    const out = isConstant(y, 0n)
      ? this.mul(condition, x)
      : this.row({ a: condition, b: isConstant(x, 1n) ? undefined : x, c: y, sign: 1, select: true });
    if (this.isBoolean(x) && this.isBoolean(y)) this.booleans.add(out);
    return out;
  }

  /** 1 - x for a boolean x, as `x = 0`. */
  not(x: Wire): Wire {
    if (x.kind === 'constant') return this.constant(1n - x.value);
    return this.negated(x) ?? this.markBoolean(this.row({ a: x, sign: 0 }, true));
  }

  /** y if `x` is `not y` of a boolean y. */
  private negated(x: Wire): Wire | undefined {
    if (x.kind !== 'row' || !x.equal || x.linear.sign !== 0 || x.linear.b !== undefined) return undefined;
    return this.isBoolean(x.linear.a) ? x.linear.a : undefined;
  }

  /** x or y for booleans: x ? 1 : y. */
  or(x: Wire, y: Wire): Wire {
    if (x.kind === 'constant') return x.value === 1n ? x : y;
    if (y.kind === 'constant') return y.value === 1n ? y : x;
    const [a, b] = inOrder(x, y);
    return this.select(a, this.constant(1n), b);
  }

  /** 1 if x = y, else 0. */
  equal(x: Wire, y: Wire): Wire {
    if (x === y) return this.constant(1n);
    if (x.kind === 'constant' && y.kind === 'constant') return this.constant(0n);
    if (x.kind === 'constant') return this.equal(y, x);
    if (y.kind === 'constant' && this.isBoolean(x)) {
      if (y.value > 1n) return this.constant(0n);
      return y.value === 1n ? x : this.not(x);
    }
    const [a, c] = y.kind === 'constant' ? [x, y] : inOrder(x, y);
    return this.markBoolean(this.row(isConstant(c, 0n) ? { a, sign: 0 } : { a, c, sign: -1 }, true));
  }

  /** 1 if both booleans are 0: x + y = 0. */
  nor(x: Wire, y: Wire): Wire {
    if (x.kind === 'constant') return x.value === 1n ? this.constant(0n) : this.not(y);
    if (y.kind === 'constant') return this.nor(y, x);
    const [a, c] = inOrder(x, y);
    return x === y ? this.not(x) : this.markBoolean(this.row({ a, c, sign: 1 }, true));
  }

  // --- wide slots and hashes ----------------------------------------------------------------------------------------

  /** 1 if x >= y, for x, y < 2^width. */
  gte(x: Wire, y: Wire, width: WideWidth): Wire {
    const values = constants([x, y]);
    if (values !== undefined) return this.constant(values[0] >= values[1] ? 1n : 0n);
    if (x === y || isConstant(y, 0n) || isConstant(x, (1n << BigInt(width)) - 1n)) return this.constant(1n);
    return this.compare(x, y, width);
  }

  /** 1 if x - y >= 0, for -2^width <= x - y < 2^width. */
  compare(x: Wire, y: Wire, width: WideWidth): Wire {
    return this.markBoolean(this.intern(`c${x.id},${y.id},${width}`, { kind: 'compare', a: x, b: y, width }));
  }

  /** Bitwise AND of x, y < 2^width. */
  and(x: Wire, y: Wire, width: WideWidth): Wire {
    const values = constants([x, y]);
    if (values !== undefined) return this.constant(values[0] & values[1]);
    if (x === y) return x;
    return this.noteBits(this.lowAnd(x, y, width), width);
  }

  /** Bitwise AND of the low 128 bits of different x, y < 2^(width + 1), not both constant. */
  lowAnd(x: Wire, y: Wire, width: WideWidth): Wire {
    const [a, b] = inOrder(x, y);
    return this.intern(`n${a.id},${b.id},${width}`, { kind: 'and', a, b, width });
  }

  /** Bit `width` of x, and that x < 2^(width + 1). */
  top(x: Wire, width: WideWidth): Wire {
    if (x.kind === 'constant') return this.constant(x.value >> BigInt(width));
    return this.markBoolean(this.intern(`t${x.id},${width}`, { kind: 'top', a: x, width }));
  }

  hash(cap: Wire, inputs: readonly Wire[]): Wire {
    return this.intern(`h${cap.id}:${ids(inputs)}`, { kind: 'hash', cap, inputs });
  }

  /** scalar * P of the subgroup point with this x, for a scalar below 2^251. The result of a slot lies in the subgroup, too. */
  multiplyPoint(x: Wire, scalar: Wire): { x: Wire; y: Wire } {
    const values = constants([x, scalar]);
    if (values !== undefined) {
      const point = subgroupPoint(values[0]);
      if (point === undefined) throw new AlwaysHalts(`${values[0]} is no group element`);
      const product = mulPoint(point, values[1]);
      return { x: this.constant(product.x), y: this.constant(product.y) };
    }
    const key = `m${x.id},${scalar.id}`;
    const coordinate = (output: 'x' | 'y'): Wire =>
      this.intern(`${key}${output}`, { kind: 'group', x, scalar, output });
    return { x: coordinate('x'), y: coordinate('y') };
  }

  // --- conditions ---------------------------------------------------------------------------------------------------

  assertEqual(x: Wire, y: Wire): void {
    if (x === y) return;
    if (x.kind === 'constant') {
      if (y.kind === 'constant') throw new AlwaysHalts(`${x.value} never equals ${y.value}`);
      this.assertEqual(y, x);
      return;
    }
    if (isConstant(y, 0n)) {
      this.assertZero(x);
      return;
    }
    if (isConstant(y, 1n) && this.assertTrue(x)) return;
    this.effects.push({ kind: 'zero', linear: { a: x, c: y, sign: -1 }, origin: this.origin });
  }

  assertZero(x: Wire): void {
    if (x.kind === 'constant') {
      if (x.value !== 0n) throw new AlwaysHalts(`${x.value} is never 0`);
      return;
    }
    const inner = this.negated(x);
    if (inner !== undefined) this.assertEqual(inner, this.constant(1n));
    else if (x.kind === 'compare') this.effects.push({ kind: 'less', compare: x, origin: this.origin });
    else this.effects.push({ kind: 'zero', linear: { a: x, sign: 0 }, origin: this.origin });
  }

  /** Cheaper forms of `x = 1`; false when there is none. */
  private assertTrue(x: Wire): boolean {
    if (x.kind === 'compare') {
      this.range(this.sub(x.a, x.b), x.width); // x.a >= x.b, both below 2^width
      return true;
    }
    if (x.kind !== 'row') return false;
    const { linear } = x;
    if (x.equal) {
      if (linear.b === undefined && linear.sign === 0) this.assertZero(linear.a);
      else this.effects.push({ kind: 'zero', linear, origin: this.origin });
      return true;
    }
    // Of booleans: field elements like 2 and 1/2 have the product 1 too.
    const { a, b } = linear;
    if (linear.sign !== 0 || b === undefined || !this.isBoolean(a) || !this.isBoolean(b)) return false;
    this.assertEqual(a, this.constant(1n));
    this.assertEqual(b, this.constant(1n));
    return true;
  }

  /** x is 0 or 1. */
  assertBoolean(x: Wire): void {
    if (x.kind === 'constant' && x.value > 1n) throw new AlwaysHalts(`${x.value} is no boolean`);
    if (this.isBoolean(x)) return;
    this.booleans.add(x);
    this.effects.push({ kind: 'boolean', wire: x, origin: this.origin });
  }

  /** x < 2^width. */
  range(x: Wire, width: WideWidth): void {
    if (this.bitsOf(x) <= width) return;
    if (x.kind === 'constant') throw new AlwaysHalts(`${integerOf(x.value)} never fits ${width} bits`);
    if (width === 1) {
      this.assertBoolean(x);
      return;
    }
    this.bits.set(x, width);
    this.effects.push({ kind: 'range', wire: x, width, origin: this.origin });
  }

  /** x < 2^(width + 1). */
  bound(x: Wire, width: WideWidth): void {
    if (this.bitsOf(x) <= width + 1) return;
    this.noteBits(x, width + 1);
    this.effects.push({ kind: 'bound', wire: x, width, origin: this.origin });
  }

  // --- facts --------------------------------------------------------------------------------------------------------

  isBoolean(x: Wire): boolean {
    return this.booleans.has(x) || (x.kind === 'constant' && x.value <= 1n);
  }

  /** Notes that x is 0 or 1 by construction. */
  markBoolean(x: Wire): Wire {
    this.booleans.add(x);
    return x;
  }

  /** Notes that x < 2^bits by construction. */
  noteBits(x: Wire, bits: number): Wire {
    if (bits < this.bitsOf(x)) this.bits.set(x, bits);
    return x;
  }

  /** Bits that x is known to fit; 254 when nothing is known. */
  bitsOf(x: Wire): number {
    if (x.kind === 'constant') return x.value.toString(2).length;
    return this.booleans.has(x) ? 1 : (this.bits.get(x) ?? 254);
  }
}
