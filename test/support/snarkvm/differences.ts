/**
 * Lists the differences of this compiler from snarkVM on single programs, with reasons. docs/language.md says the same in
 * words.
 */
import type { RecordedCase } from './programs.ts';

/**
 * `refused`: snarkVM accepts it; `accepted`: snarkVM refuses it; `read`: another syntax tree; `computed`: other outputs.
 */
export interface NamedDifference {
  readonly kind: 'refused' | 'accepted' | 'read' | 'computed';
  readonly reason: string;
  /** Codes of the refusal. */
  readonly codes?: readonly string[];
  /** The cases it covers: their name, or their group and name. */
  readonly covers: RegExp | ((recorded: RecordedCase) => boolean);
}

const SYNTAX = [
  'PROGRAM_SYNTAX',
  'PROGRAM_REGISTER_INVALID',
  'PROGRAM_UNKNOWN_INSTRUCTION',
  'PROGRAM_LITERAL_INVALID',
];

export const PROGRAM_DIFFERENCES: readonly NamedDifference[] = [
  {
    kind: 'refused',
    reason: 'words are separated by white space, which makes the first word that is unknown plain',
    codes: SYNTAX,
    covers: ({ group, name }) =>
      (group === 'text' && name.startsWith('no space')) ||
      (group === 'mutations' && /[^«]« »«[^»]/.test(name)),
  },
  {
    kind: 'refused',
    reason:
      'a comment ends with its line; where snarkVM would go on with a statement, it must not look as if it did',
    codes: ['PROGRAM_COMMENT_CONTINUES'],
    covers: /^a line comment that goes on after a backslash$/,
  },
  {
    kind: 'refused',
    reason: 'l1 names the L1; view and constructor begin declarations',
    codes: ['PROGRAM_RESERVED_WORD'],
    covers: /^a program (view|constructor)\.aleo$|^a (record|struct|closure) l1\b/,
  },
  {
    kind: 'refused',
    reason: 'programs do not call each other yet',
    codes: ['PROGRAM_NOT_YET'],
    covers:
      /^an import of credits\.aleo$|\b(NAME|credits|nobody)\.aleo into|NAME\.aleo NAME|credits\.aleo credits|nobody\.aleo nobody/,
  },
  {
    kind: 'refused',
    reason: 'there is no public state yet',
    codes: ['PROGRAM_NOT_YET'],
    covers: /^a declaration (mapping|constructor)$|^a view$|^a function with its finalize$/,
  },
  {
    kind: 'refused',
    reason: 'a record has 5 data words',
    codes: ['PROGRAM_RECORD_TOO_WIDE'],
    covers: /^a record of \d+ entries/,
  },
  {
    kind: 'refused',
    reason: 'values that no circuit holds are refused where they are declared',
    codes: ['PROGRAM_ARRAY', 'PROGRAM_STRUCT_DEPTH', 'PROGRAM_STRUCT_TOO_WIDE', 'PROGRAM_TOO_MANY_INPUTS'],
    covers:
      /^an array of \d+$|^(an array|a struct) \d+ deep$|^a struct of 65 literals$|^more than 32 literals as inputs$/,
  },
  {
    kind: 'refused',
    reason: 'texts and identifiers are no values here',
    codes: ['PROGRAM_NOT_YET'],
    covers: /(as|into r0 as) (string|identifier)\b|^is\.eq ["']/,
  },
  {
    kind: 'refused',
    reason: 'signatures of Aleo are on another curve',
    codes: ['PROGRAM_UNSUPPORTED'],
    covers: /as signature\b/,
  },
  {
    kind: 'refused',
    reason: 'a record of a type that only the call knows',
    codes: ['PROGRAM_NOT_YET'],
    covers: /dynamic\.record$/,
  },
  {
    kind: 'refused',
    reason: 'records are always encrypted: their owner is never public',
    codes: ['PROGRAM_RECORD_OWNER'],
    covers: /^a record with a public owner$/,
  },
  {
    kind: 'refused',
    reason: 'the nullifier and the commitment of one record would be in one transition',
    codes: ['PROGRAM_RECORD_OUTPUT'],
    covers: /^input r0 as token\.record; output r0 as token\.record;$|«r5»r0« as token\.record/,
  },
  {
    kind: 'refused',
    reason: 'a record of snarkVM has a nonce that is part of its value, one of this system has not',
    codes: ['PROGRAM_TYPE_MISMATCH'],
    covers:
      /^(is|assert)\..* on token, token$|^hash\.psd.* on token$|token\.record; (is\.eq r0 r0|hash\.psd2 r0) /,
  },
  {
    kind: 'refused',
    reason: 'it halts whatever the value: only literals become literals',
    codes: ['PROGRAM_TYPE_MISMATCH'],
    covers: /^cast(\.lossy)? r0 into r1 as field; on /,
  },
  {
    kind: 'refused',
    reason: 'these hashes are on another curve or work on bits',
    codes: ['PROGRAM_UNSUPPORTED'],
    covers: /^(commit\.(bhp|ped)|hash\.(bhp|ped|keccak|sha3|psd2\.raw))/,
  },
  {
    kind: 'refused',
    reason: 'more literals than a circuit takes',
    codes: ['PROGRAM_UNSUPPORTED'],
    covers: /GENERATOR_POWERS into/,
  },
  {
    kind: 'refused',
    reason: 'snarkVM finds out when it runs: there is no such power',
    codes: ['PROGRAM_UNKNOWN_ELEMENT'],
    covers: /GENERATOR_POWERS\[251u32\]|^a power beyond the last/,
  },
  {
    kind: 'refused',
    reason: 'a closure gives what it lists: snarkVM drops what is listed twice',
    codes: ['PROGRAM_ARITY'],
    covers: /gives one register twice, with one destination$/,
  },
  {
    kind: 'accepted',
    reason: 'white space and comments stand between any two words and signs, also inside a statement',
    covers: (recorded) =>
      (recorded.group === 'text' &&
        /comment (after|before|between) |^a space in a dotted opcode$/.test(recorded.name)) ||
      (recorded.group === 'registers' && /\. (from|x)|\[ 0u32\]|\[0u32 \]|\/\* c \*\//.test(recorded.name)) ||
      (recorded.group === 'mutations' && /\.«»( |\\n)«/.test(recorded.name)) ||
      /self\. caller|\[ 0u32 ?\]/.test(recorded.name),
  },
  {
    kind: 'accepted',
    reason: 'a last line without a line feed, at which snarkVM ends in a panic',
    covers: /^a line comment at the end without a line feed$/,
  },
  {
    kind: 'accepted',
    reason: 'limits of another kind: 64 functions, any number of closures, structs and records',
    covers: /^(32|64) functions$|^311 |^63 closures$|^a struct of 33 members$/,
  },
  { kind: 'accepted', reason: 'a program may have this name', covers: /^a program owner\.aleo$/ },
  {
    kind: 'accepted',
    reason: 'visibilities all mean the same until finalize exists',
    covers: /^an input as .*\.constant$/,
  },
  {
    kind: 'accepted',
    reason: 'closures are inlined: any may be',
    covers:
      /^a closure (without an (input|instruction)|without anything|of an (input|instruction|output) alone)$/,
  },
  {
    kind: 'accepted',
    reason: 'registers are numbered anew in the canonical source',
    covers: ({ source, name }) =>
      /into r6\b/.test(name) ||
      /out of order$|input r2 as u8\.public;$|into r2; add r2 1u8 into r1;$|^input r1 as|^add 1u8 2u8 into r1;/.test(
        name,
      ) ||
      source.includes('input r1 as u8.public;\n    input r0'),
  },
  {
    kind: 'accepted',
    reason: 'an output twice says nothing twice, and harms nobody',
    covers: /output 1u8 as u8\.public; output 1u8 as u8\.public;$/,
  },
  {
    kind: 'accepted',
    reason: 'leading zeros are read in every number',
    covers: /^is\.eq (01field|0_0group) /,
  },
  {
    kind: 'accepted',
    reason: 'a record may be named dynamic',
    covers: /^a record dynamic as dynamic\.record$/,
  },
  {
    kind: 'accepted',
    reason: 'a closure gives what it lists: snarkVM drops what is listed twice',
    covers: /gives one register twice, with two destinations$/,
  },
  {
    kind: 'read',
    reason: 'negative elements are those of another field',
    covers: /-1(field|scalar)|^a negative (field element|scalar)/,
  },
  { kind: 'read', reason: 'the generator is one of another curve', covers: /group::GEN|^the generator/ },
  {
    kind: 'read',
    reason: 'snarkVM drops what a closure lists twice',
    covers: ({ source }) => /output r1 as u8;\n {4}output r1 as u8;/.test(source),
  },
  {
    kind: 'computed',
    reason: 'one generator serves the curve and the accounts',
    covers: /^the generator of accounts and the one of the curve$/,
  },
  {
    kind: 'computed',
    reason: 'a hash takes the literals of a value, not their types, names and nesting',
    covers:
      /^hashes of (one number in two types|a struct and an array|a struct and of a struct that holds it)/,
  },
  { kind: 'computed', reason: 'white space around an input says nothing', covers: /^inputs that are no u8$/ },
  {
    kind: 'computed',
    reason: 'members of an input have names: their order says nothing',
    covers: /^inputs of a struct$/,
  },
  { kind: 'computed', reason: 'white space in an input says nothing', covers: /^inputs of an array$/ },
];

/** The difference of a kind that a case falls under: the first of the list. */
export function programDifference(
  kind: NamedDifference['kind'],
  recorded: RecordedCase,
): NamedDifference | undefined {
  return PROGRAM_DIFFERENCES.find(
    (difference) =>
      difference.kind === kind &&
      (typeof difference.covers === 'function'
        ? difference.covers(recorded)
        : difference.covers.test(recorded.name)),
  );
}
