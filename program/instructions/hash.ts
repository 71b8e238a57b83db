/**
 * `hash.psd2 hash.psd4 hash.psd8` of any plain value: a field element, or its low bits as another literal (`cast.lossy`), as
 * snarkVM; into `boolean`, structs and arrays it has none.
 */
import { DOMAIN, DOMAIN_SHIFT } from '../../protocol/constants.ts';
import { compress } from '../../protocol/hash/poseidon.ts';
import { literalName } from '../types.ts';
import { castLossy, isLossyCast } from './cast-literal.ts';
import type { InstructionRule } from './rule.ts';

/** Inputs of one Poseidon block of the AVM. */
export const HASH_BLOCK = 4;

const DOMAINS: Readonly<Record<string, bigint>> = {
  'hash.psd2': DOMAIN.AVM_PSD2,
  'hash.psd4': DOMAIN.AVM_PSD4,
  'hash.psd8': DOMAIN.AVM_PSD8,
};

/** First chaining value: the opcode's domain and the number of field elements (specification, section 8). */
export function initialCap(opcode: string, length: number): bigint {
  return (DOMAINS[opcode] << DOMAIN_SHIFT) + BigInt(length);
}

/** Hash of a program: blocks of four, zero-padded, chained. */
export function programHash(opcode: string, elements: readonly bigint[]): bigint {
  let state = initialCap(opcode, elements.length);
  for (let at = 0; at < elements.length; at += HASH_BLOCK) {
    const block = Array.from({ length: HASH_BLOCK }, (_, i) => elements[at + i] ?? 0n);
    state = compress(state, block);
  }
  return state;
}

export const HASH: readonly InstructionRule[] = Object.keys(DOMAINS).map((opcode) => ({
  opcode,
  arity: 1,
  takes: 'one value, not a record',
  hasResult: true,
  hasAs: true,
  check({ operands: [operand], as, fail }) {
    if (operand.kind === 'record') return undefined;
    if (as?.kind !== 'literal' || as.name === 'boolean') {
      return fail(
        'PROGRAM_TYPE_MISMATCH',
        `${opcode} gives a field element, a scalar or an integer`,
        'write `as field`',
      );
    }
    if (!isLossyCast('field', as.name)) {
      return fail(
        'PROGRAM_UNSUPPORTED',
        `a hash into ${as.name} needs a map from field elements to points, which fills most of a circuit`,
        `write \`as field\`, or take the ${as.name} as an input`,
      );
    }
    return as;
  },
  evaluate({ operands: [operand], result }) {
    const digest = programHash(opcode, operand.leaves);
    return [castLossy(digest, 'field', literalName(result!)!)!];
  },
}));
