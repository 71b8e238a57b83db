/** WebAssembly instructions as bytes (WebAssembly 1.0, section 5). */
import { joined, signed, unsigned } from './binary.ts';

/** Instructions, or an expression that leaves one value. */
export type Code = readonly number[];

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode];

export const i64 = {
  const: (value: bigint | number): Code => [0x42, ...signed(BigInt(value))],
  /** The word at an address (i32) plus an offset. */
  load: (address: Code, offset: number): Code => [...address, 0x29, 0, ...unsigned(offset)],
  load32: (address: Code, offset: number): Code => [...address, 0x35, 0, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0x37,
    0,
    ...unsigned(offset),
  ],
  isZero: (value: Code): Code => [...value, 0x50],
  lessSigned: binary(0x53),
  countTrailingZeros: (value: Code): Code => [...value, 0x7a],
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrSigned: binary(0x87),
  shr: binary(0x88),
} as const;

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value))],
  load8: (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)],
  isZero: (value: Code): Code => [...value, 0x45],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  shr: binary(0x76),
  toI64: (value: Code): Code => [...value, 0xad],
} as const;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const call = (index: number, ...operands: readonly Code[]): Code => [
  ...operands.flat(),
  0x10,
  ...unsigned(index),
];
/** `value` if `condition` (i32) is not 0, else `otherwise`; evaluates both. */
export const select = (condition: Code, value: Code, otherwise: Code): Code => [
  ...value,
  ...otherwise,
  ...condition,
  0x1b,
];
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...body.flat(),
  0x0b,
];
/** Repeats: `leave(condition)` ends it. */
export const loop = (...body: readonly Code[]): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...body.flat(),
  ...[0x0c, 0, 0x0b, 0x0b],
];
/** Directly inside a `loop` only. */
export const leave = (condition: Code): Code => [...condition, 0x0d, 1];

export type LocalType = 'i32' | 'i64';
const TYPE_CODES: Readonly<Record<LocalType, number>> = { i32: 0x7f, i64: 0x7e };

/** Numbers a function's locals, which stand behind its parameters. */
export class Locals {
  readonly #parameters: number;
  readonly #types: LocalType[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  one(type: LocalType = 'i64'): number {
    return this.#parameters + this.#types.push(type) - 1;
  }

  many(count: number): number[] {
    return Array.from({ length: count }, () => this.one());
  }

  get types(): readonly LocalType[] {
    return this.#types;
  }
}

/** A function body; its type says which parameters it has. */
export function functionBody(locals: Locals, ...code: readonly Code[]): Uint8Array<ArrayBuffer> {
  const { types } = locals;
  return joined([
    [...unsigned(types.length), ...types.flatMap((type) => [1, TYPE_CODES[type]])],
    ...code,
    [0x0b],
  ]);
}
