import {
  AVM_SIZE,
  BYTECODE_WORD_BITS,
  CHALLENGE_BITS,
  CIPHERTEXT_WORDS,
  COFACTOR,
  COPY_FANOUT,
  DEPOSIT_WORDS,
  DEPOSITS_PER_CHUNK,
  DOMAIN,
  DOMAIN_SHIFT,
  FUNCTION_TREE_DEPTH,
  HASH_RATE,
  HASH_TO_SCALAR_BITS,
  LOWERING_VERSION,
  MESSAGE_TAG,
  RECORD_WORDS,
  ROW_FLAGS,
  SCALAR_BITS,
  SIZE_CLASS,
  STATE_UPDATE_SLOTS,
  SUBGROUP_ORDER,
  TREE_ARITY,
  TREE_DEPTH,
  WIDE_WIDTHS,
} from '../../protocol/constants.ts';

const define = (name: string, value: bigint | number): string => `function ${name}() { return ${value}; }`;

const defineList = (name: string, values: readonly (bigint | number)[]): string =>
  `function ${name}(i) { var list[${values.length}] = [${values.join(', ')}]; return list[i]; }`;

const screaming = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

/** Text of circuits/generated/constants.circom: one circom function per constant. */
export function circomConstants(): string {
  const avm = Object.entries(AVM_SIZE).flatMap(([size, counts]) =>
    Object.entries(counts).map(([name, count]) =>
      define(`AVM_${screaming(size)}_${screaming(name)}`, count as number),
    ),
  );
  return `${[
    '// Generated from protocol/constants.ts by `npm run generate`. Do not edit.',
    'pragma circom 2.2.0;',
    '',
    ...Object.entries(DOMAIN).map(([name, tag]) => define(`DOMAIN_${name}`, tag)),
    define('DOMAIN_SHIFT', DOMAIN_SHIFT),
    define('HASH_RATE', HASH_RATE),
    define('HASH_TO_SCALAR_BITS', HASH_TO_SCALAR_BITS),
    define('CHALLENGE_BITS', CHALLENGE_BITS),
    define('SUBGROUP_ORDER', SUBGROUP_ORDER),
    define('SCALAR_BITS', SCALAR_BITS),
    define('COFACTOR', COFACTOR),
    define('RECORD_WORDS', RECORD_WORDS),
    define('CIPHERTEXT_WORDS', CIPHERTEXT_WORDS),
    define('TREE_ARITY', TREE_ARITY),
    define('TREE_DEPTH', TREE_DEPTH),
    define('FUNCTION_TREE_DEPTH', FUNCTION_TREE_DEPTH),
    define('LOWERING_VERSION', LOWERING_VERSION),
    ...Object.entries(MESSAGE_TAG).map(([name, tag]) => define(`MESSAGE_TAG_${name}`, tag)),
    define('DEPOSITS_PER_CHUNK', DEPOSITS_PER_CHUNK),
    define('DEPOSIT_WORDS', DEPOSIT_WORDS),
    ...Object.entries(STATE_UPDATE_SLOTS).map(([size, n]) =>
      define(`STATE_UPDATE_SLOTS_${screaming(size)}`, n),
    ),
    ...Object.entries(SIZE_CLASS).map(([size, tag]) => define(`SIZE_CLASS_${screaming(size)}`, tag)),
    ...avm,
    define('COPY_FANOUT', COPY_FANOUT),
    defineList('WIDE_WIDTH', WIDE_WIDTHS),
    define('WIDE_WIDTH_COUNT', WIDE_WIDTHS.length),
    define('ROW_FLAG_COUNT', ROW_FLAGS.length),
    define('BYTECODE_WORD_BITS', BYTECODE_WORD_BITS),
  ].join('\n')}\n`;
}
