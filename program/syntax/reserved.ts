/** Names that cannot be given, as recorded from snarkVM: test/vectors/snarkvm/. */
import { FUTURE_LITERAL_TYPES, LITERAL_TYPES } from '../values/types.ts';

/** Words that name nothing. Stricter than snarkVM: `l1`, `constructor`, `view`. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  ...LITERAL_TYPES,
  ...FUTURE_LITERAL_TYPES,
  'aleo',
  'as',
  'assert',
  'async',
  'block',
  'break',
  'case',
  'closure',
  'const',
  'constant',
  'constructor',
  'continue',
  'default',
  'else',
  'enum',
  'false',
  'finalize',
  'for',
  'function',
  'global',
  'if',
  'impl',
  'import',
  'input',
  'into',
  'key',
  'l1',
  'let',
  'mapping',
  'match',
  'output',
  'private',
  'program',
  'public',
  'record',
  'return',
  'self',
  'storage',
  'string',
  'struct',
  'switch',
  'trait',
  'transition',
  'true',
  'type',
  'value',
  'view',
  'while',
]);

/** Words that cannot name a struct, record, function or closure, but a member: the opcodes without a dot. */
export const RESERVED_DECLARATIONS: ReadonlySet<string> = new Set(
  (
    'abs add and call cast div double gt gte inv lt lte mod mul nand neg nor not or owner pow rem shl shr sqrt square sub ' +
    'ternary xor'
  ).split(' '),
);

/** Longest name in bytes: it must fit one field element. */
export const MAX_NAME_LENGTH = 31;
