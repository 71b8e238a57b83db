/** The part of ffjavascript 0.3.1 that the project uses; the package has no types of its own. */
declare module 'ffjavascript' {
  export interface WasmField {
    /** Primitive 2^k-th roots of unity, Montgomery form. */
    readonly w: readonly Uint8Array[];
    e(value: bigint | number | string): Uint8Array;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    ifft(elements: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
    fft(elements: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
    /** Element i times first * increment^i. */
    batchApplyKey(
      elements: Uint8Array,
      first: Uint8Array,
      increment: Uint8Array,
    ): Promise<Uint8Array<ArrayBuffer>>;
  }
  export interface WasmCurve {
    readonly g: Uint8Array;
    fromObject(point: readonly unknown[]): Uint8Array;
    /** Affine coordinates and 1; an element of F2 is a pair. */
    toObject(point: Uint8Array): unknown[];
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    isZero(a: Uint8Array): boolean;
    isValid(a: Uint8Array): boolean;
    toAffine(a: Uint8Array): Uint8Array;
    timesFr(a: Uint8Array, scalar: Uint8Array): Uint8Array;
    timesScalar(a: Uint8Array, scalar: bigint): Uint8Array;
    eq(a: Uint8Array, b: Uint8Array): boolean;
    double(a: Uint8Array): Uint8Array;
    toJacobian(a: Uint8Array): Uint8Array;
    multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  }
  export interface Curve {
    readonly q: bigint;
    readonly r: bigint;
    readonly Fr: WasmField;
    readonly F1: { neg(a: Uint8Array): Uint8Array };
    /** Elements are pairs of base-field elements, lower part first. */
    readonly F2: {
      mul(a: Uint8Array, b: Uint8Array): Uint8Array;
      fromObject(pair: readonly bigint[]): Uint8Array;
    };
    readonly Gt: {
      readonly one: Uint8Array;
      mul(a: Uint8Array, b: Uint8Array): Uint8Array;
      eq(a: Uint8Array, b: Uint8Array): boolean;
    };
    readonly G1: WasmCurve;
    readonly G2: WasmCurve;
    /** `code`: the WebAssembly, in single-threaded mode. */
    readonly tm: { readonly code: Uint8Array<ArrayBuffer> };
    /** Of points in Jacobian form. */
    prepareG1(point: Uint8Array): Uint8Array;
    prepareG2(point: Uint8Array): Uint8Array;
    millerLoop(preparedG1: Uint8Array, preparedG2: Uint8Array): Uint8Array;
    finalExponentiation(element: Uint8Array): Uint8Array;
    pairingEq(...pointsAndTarget: Uint8Array[]): Promise<boolean>;
    terminate(): Promise<void>;
  }
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
}
