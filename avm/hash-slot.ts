import { compress } from '../protocol/hash/poseidon.ts';

let ofZeros: bigint | undefined;

/** Output of a hash slot (docs/specification.md, section 8) with four inputs. Unused slots mostly hash zeros: computed once. */
export function hashSlot(cap: bigint, inputs: readonly bigint[]): bigint {
  if (cap !== 0n || inputs.some((input) => input !== 0n)) return compress(cap, inputs);
  return (ofZeros ??= compress(cap, inputs));
}
