/** Opcodes of Aleo that do not run here: those that cannot, with a replacement, and those that this version lacks. */

export interface Refusal {
  readonly code: 'PROGRAM_UNSUPPORTED' | 'PROGRAM_NOT_YET';
  readonly problem: string;
  readonly hint: string;
}

/** [opcodes, reason, replacement]; the first match counts. */
const UNSUPPORTED: readonly (readonly [RegExp, string, string])[] = [
  [
    /^commit\./,
    'its hash is defined on another curve',
    'hash a struct of the value and a random field element with hash.psd8',
  ],
  [/^hash\.(bhp|ped)/, 'this hash is defined on another curve', 'use hash.psd2, hash.psd4 or hash.psd8'],
  [
    /^hash\.(keccak|sha3_)/,
    'this hash works on bits and fills several circuits',
    'use hash.psd2, hash.psd4 or hash.psd8',
  ],
  [
    /^hash_many\./,
    'snarkVM names it, but has no meaning for it',
    'hash a struct that holds a counter, once for each result',
  ],
  [
    /^hash\..*\.(raw|native(\.raw)?)$/,
    'this hash works on the bits of Aleo',
    'use hash.psd2, hash.psd4 or hash.psd8',
  ],
  [
    /^sign\.verify/,
    'an address is derived from its keys by a hash that no slot computes, in more rows than any circuit has',
    'let the signer call the function: self.signer has signed the whole call',
  ],
  [/^ecdsa\./, 'it fills several circuits', 'let the signer call the function: self.signer has signed it'],
  [/^snark\./, 'proofs of Aleo are defined on another curve', 'compute it in the function'],
  [/^rand\./, 'a call has no randomness of its own', 'take a random field element as an input'],
  [/^(de)?serialize\./, 'values are field elements, not the bits of Aleo', 'use cast.lossy, shr and and'],
];

const FUTURE = /^(async|await|branch\..*|position|contains|contains\..*|get|get\..*|set|remove|call\..*)$/;

/** Returns why an opcode of Aleo is refused; undefined if Aleo has no opcode of this name. */
export function refusalOf(opcode: string): Refusal | undefined {
  const found = UNSUPPORTED.find(([pattern]) => pattern.test(opcode));
  if (found !== undefined) {
    const [, why, hint] = found;
    return { code: 'PROGRAM_UNSUPPORTED', problem: `${opcode} does not exist here: ${why}`, hint };
  }
  if (!FUTURE.test(opcode)) return undefined;
  return {
    code: 'PROGRAM_NOT_YET',
    problem: `${opcode} is not supported yet`,
    hint: 'it belongs to finalize or to calls between programs: leave it out',
  };
}
