/**
 * Packs comparisons, ANDs and range checks into wide slots. A slot has two halves. A comparison takes half A and leaves half
 * B to a check of its second operand. An AND takes both, which also check its operands. Other checks go two to a slot.
 */
import type { WideWidth } from '../../avm/function.ts';
import type { Wire } from './wire.ts';

export type CompareWire = Wire & { readonly kind: 'compare' };
export type AndWire = Wire & { readonly kind: 'and' };
export type TopWire = Wire & { readonly kind: 'top' };

/** One half: `check` demands that the top bit is 0. */
export interface Half {
  readonly wire: Wire;
  readonly width: WideWidth;
  readonly check: boolean;
  readonly origin: number;
}

/** A half whose top bit is read, or a check. */
export interface HalfRequest extends Half {
  readonly top?: TopWire;
}

export interface WideRequests {
  readonly compares: readonly {
    readonly wire: CompareWire;
    readonly less: boolean;
    readonly origin: number;
  }[];
  readonly ands: readonly AndWire[];
  readonly halves: readonly HalfRequest[];
}

export interface PackedSlot {
  readonly compare?: CompareWire;
  readonly and?: AndWire;
  readonly a?: HalfRequest;
  readonly b?: HalfRequest;
}

/** Slots for all requests, in a deterministic order. */
export function packWide({ compares, ands, halves }: WideRequests): PackedSlot[] {
  const open = [...halves];
  const take = (fits: (half: HalfRequest) => boolean): HalfRequest | undefined => {
    const index = open.findIndex(fits);
    return index < 0 ? undefined : open.splice(index, 1)[0];
  };
  const slots: PackedSlot[] = [];
  for (const wire of ands) {
    const half = (operand: Wire): HalfRequest =>
      take((request) => request.wire === operand && request.width === wire.width) ?? {
        wire: operand,
        width: wire.width,
        check: false,
        origin: wire.origin,
      };
    slots.push({ and: wire, a: half(wire.a), b: half(wire.b) });
  }
  for (const { wire, less, origin } of compares) {
    const b = take((request) => request.wire === wire.b);
    slots.push({ compare: wire, a: { wire: wire.a, width: wire.width, check: less, origin }, b });
  }
  while (open.length > 0) slots.push({ a: open.shift(), b: open.shift() });
  return slots;
}
