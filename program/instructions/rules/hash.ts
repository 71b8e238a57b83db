/**
 * `hash.psd2 hash.psd4 hash.psd8` of any plain value. The result is a field element, its low bits as another literal
 * (`cast.lossy`), or a point made of it. As in snarkVM, there is no hash into `boolean`, structs and arrays.
 */
import { Halt } from '../../../avm/halt.ts';
import { DOMAIN, DOMAIN_SHIFT } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import { clearCofactor } from '../../../protocol/curve/point.ts';
import { compress } from '../../../protocol/hash/poseidon.ts';
import { type LiteralType, literalName } from '../../values/types.ts';
import type { InstructionRule } from '../rule.ts';
import { castLiteral, castLossy } from './cast-literal.ts';

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

/** A hash as another literal: low bits, or 8 times the point that Elligator 2 makes of it. @throws Halt HALT_CAST (chance 2^-250) */
function fromDigest(digest: bigint, type: LiteralType): bigint {
  if (type !== 'group' && type !== 'address') return castLossy(digest, 'field', type)!;
  const x = digest === 0n ? undefined : clearCofactor(elligator2(digest).point).x;
  const result = x === undefined ? undefined : castLiteral(x, 'group', type);
  if (result === undefined) throw new Halt('HALT_CAST', `the hash ${digest} does not fit ${type}`);
  return result;
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
        `${opcode} gives a literal of any type but boolean`,
        'write `as field`',
      );
    }
    return as;
  },
  evaluate({ operands: [operand], result }) {
    return [fromDigest(programHash(opcode, operand.leaves), literalName(result!)!)];
  },
}));
