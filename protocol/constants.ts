/**
 * Every constant that TypeScript, circom and Solidity share: value, formula, unit, source.
 * `npm run generate` writes them to `circuits/generated/` and `contracts/generated/`; a test fails on drift.
 * The normative text is docs/specification.md.
 */

/** Order r of the BN254 scalar field (EIP-196). */
export const FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Order l of Baby Jubjub's prime-order subgroup (EIP-2494), about 2^250.6. */
export const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/** Bits of a scalar: l < 2^251. */
export const SCALAR_BITS = 251;

/** Cofactor of Baby Jubjub (EIP-2494). */
export const COFACTOR = 8n;

/** Bits kept of a hash that becomes a scalar: 2^250 < l, so the scalar is canonical. */
export const HASH_TO_SCALAR_BITS = 250;

/** Bits of the Schnorr challenge. */
export const CHALLENGE_BITS = 128;

/** Domain tags of `hash(domain, inputs)`. Never reuse or renumber one. */
export const DOMAIN = {
  TYPE: 1n,
  OWNER: 2n,
  RECORD: 3n,
  RHO: 4n,
  RHO_DEPOSIT: 5n,
  BLIND: 6n,
  DEPOSIT_BLIND: 7n,
  NULL: 8n,
  OUT: 9n,
  CHALLENGE: 10n,
  DUMMY: 11n,
  FN: 12n,
  PROGRAM: 13n,
  FN_TREE: 14n,
  NOTE_TREE: 15n,
  NULLIFIER_LEAF: 16n,
  NULLIFIER_TREE: 17n,
  LINK: 18n,
  SALT: 19n,
  FINALIZE: 20n,
  KEYSTREAM: 21n,
  HASH_TO_GROUP: 22n,
  SK_PRF: 23n,
  R_OUT: 24n,
  BYTECODE: 25n,
  SOURCE: 26n,
  AVM_PSD2: 27n,
  AVM_PSD4: 28n,
  AVM_PSD8: 29n,
  STATE_UPDATE: 30n,
} as const;

/** The initial Poseidon state of a hash is `domain * 2^64 + number of inputs`. */
export const DOMAIN_SHIFT = 64n;

/** Initial state of a hash of `length` inputs under `domain`: domain * 2^64 + length. */
export function initialState(domain: bigint, length: number): bigint {
  return (domain << DOMAIN_SHIFT) + BigInt(length);
}

/** Widest Poseidon block: 16 inputs, t = 17 (circomlib's largest). */
export const HASH_RATE = 16;

/** Data words of a record. */
export const RECORD_WORDS = 5;

/** Words of a ciphertext: typeId and the data words. */
export const CIPHERTEXT_WORDS = 6;

/** Children of a tree node. */
export const TREE_ARITY = 4;
/** Depth of the note tree and of the nullifier tree: 4^16 leaves. */
export const TREE_DEPTH = 16;
/** Depth of a program's function tree: 64 leaves. */
export const FUNCTION_TREE_DEPTH = 3;

/** Version of the lowering from Aleo instructions to bytecode that new programs are built with. */
export const LOWERING_VERSION = 1;

/** Tags of a message's last word: `w2 = tag + 256 * asset` (withdraw, fee) or `tag` for SEND. */
export const MESSAGE_TAG = { FEE: 1n, WITHDRAW: 2n, SEND: 3n } as const;

/** Chain id on which a rollup may have development keys, whose makers can forge proofs: Hardhat's own. */
export const DEVELOPMENT_CHAIN = 31337;
/** An anchor stays usable for this many L1 blocks after the L1 block that superseded it. */
export const ANCHOR_MAX_AGE_L1_BLOCKS = 7200;
/** A deposit older than this many L1 blocks must be taken by the next block. */
export const DEPOSIT_OVERDUE_L1_BLOCKS = 50;

/** Deposit slots of a state-update chunk, and field elements of one deposit in D. */
export const DEPOSITS_PER_CHUNK = 4;
export const DEPOSIT_WORDS = 8;

/** Nullifier and commitment slots of a state-update chunk, per size. */
export const STATE_UPDATE_SLOTS = { small: 4, large: 16 } as const;

/** Keys that a rollup verifies with, by their id on L1. */
export const KEY_ID = {
  'transition-small': 0,
  'transition-large': 1,
  'state-update-small': 2,
  'state-update-large': 3,
} as const;

/** Size classes of a transition circuit. */
export const SIZE_CLASS = { small: 1n, large: 2n } as const;
export type SizeClass = keyof typeof SIZE_CLASS;

/** Capacity of one transition circuit size. See docs/specification.md, "The AVM core". */
export interface AvmSize {
  readonly rows: number;
  readonly wide: number;
  readonly hash: number;
  readonly inputs: number;
  readonly constants: number;
  readonly advice: number;
  readonly copies: number;
  readonly zeros: number;
  readonly ones: number;
  readonly recordInputs: number;
  readonly recordOutputs: number;
  /** Multiplications of a curve point by a scalar. */
  readonly group: number;
  /** Links to other functions, in the public signals; constrained to 0 until calls between functions exist. */
  readonly calls: number;
}

export const AVM_SIZE: Readonly<Record<SizeClass, AvmSize>> = {
  small: {
    rows: 64,
    wide: 8,
    hash: 8,
    inputs: 16,
    constants: 16,
    advice: 16,
    copies: 48,
    zeros: 8,
    ones: 2,
    recordInputs: 2,
    recordOutputs: 2,
    group: 0,
    calls: 0,
  },
  large: {
    rows: 256,
    wide: 16,
    hash: 16,
    inputs: 32,
    constants: 32,
    advice: 64,
    copies: 210,
    zeros: 12,
    ones: 4,
    recordInputs: 4,
    recordOutputs: 4,
    group: 3,
    calls: 4,
  },
};

/** Readable wires that each copy cell offers for the one value it reads. */
export const COPY_FANOUT = 3;
/** Widths, in bits, that one half of a wide slot can check; one-hot in this order in the bytecode. */
export const WIDE_WIDTHS = [1, 8, 16, 32, 64, 128] as const;
/** Flags of a row, in their order in the bytecode. */
export const ROW_FLAGS = ['one', 'cPos', 'cNeg', 'select', 'equal', 'advice', 'assert', 'boolean'] as const;
/** Bits packed into one bytecode word: below 2^252 < r, so packing is injective. */
export const BYTECODE_WORD_BITS = 252;
