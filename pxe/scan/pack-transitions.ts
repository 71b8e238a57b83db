import { CIPHERTEXT_WORDS } from '../../protocol/constants.ts';
import { fieldFromHex } from '../../protocol/field.ts';
import type { NoteTransition } from '../../rpc/schema/notes.ts';

/** Bytes of a field element here: little-endian, canonical. */
export const WORD_BYTES = 32;
/** Words of a transition before those of its outputs: r, tpk, nullifiers[0]. */
export const HEAD_WORDS = 3;
/** Words of an output: commitment, outgoing, ciphertext. */
export const OUTPUT_WORDS = 2 + CIPHERTEXT_WORDS;

/** The parts of some transitions that scanning reads, as bytes that can be posted to a worker. Public. */
export interface PackedTransitions {
  /** Outputs of each transition. */
  readonly outputs: readonly number[];
  /** HEAD_WORDS words and OUTPUT_WORDS for each output, transition by transition. */
  readonly words: Uint8Array<ArrayBuffer>;
}

/** Throws FIELD_ENCODING and FIELD_OUT_OF_RANGE for words that are not canonical. */
export function packTransitions(transitions: readonly NoteTransition[]): PackedTransitions {
  const outputs = transitions.map((transition) => transition.outputs.length);
  const count = outputs.reduce((sum, n) => sum + HEAD_WORDS + n * OUTPUT_WORDS, 0);
  const words = new Uint8Array(count * WORD_BYTES);
  const view = new DataView(words.buffer);
  let at = 0;
  const put = (text: string): void => {
    const value = fieldFromHex(text);
    for (let k = 0; k < 4; k++, at += 8) {
      view.setBigUint64(at, BigInt.asUintN(64, value >> BigInt(64 * k)), true);
    }
  };
  for (const transition of transitions) {
    put(transition.r);
    put(transition.tpk);
    put(transition.nullifiers[0]);
    for (const output of transition.outputs) {
      put(output.commitment);
      put(output.outgoing);
      for (const word of output.ciphertext) put(word);
    }
  }
  return { outputs, words };
}
