import { CIPHERTEXT_WORDS } from './constants.ts';
import { AzaleaError } from './errors.ts';
import { type Field, isField } from './field.ts';

/** Input and output slots of a size class. */
export const TRANSITION_SLOTS = { small: { inputs: 2, outputs: 2 } } as const;

/** (programId, w0, w1, w2), or four zeros. */
export interface Message {
  readonly programId: Field;
  readonly words: readonly [Field, Field, Field];
}

/** Public signals of a transition: docs/specification.md, section 6. */
export interface TransitionSignals {
  readonly anchorRoot: Field;
  readonly nullifiers: readonly Field[];
  readonly commitments: readonly Field[];
  /** x of tpk = t*G. */
  readonly tpk: Field;
  /** x of R = r_out*G. */
  readonly encryptionPoint: Field;
  /** Per output, CIPHERTEXT_WORDS words. */
  readonly ciphertexts: readonly (readonly Field[])[];
  readonly outgoing: readonly Field[];
  readonly finalizeHash: Field;
  readonly linkIn: Field;
  /** Undefined: the four message signals are 0. */
  readonly message: Message | undefined;
  readonly rollupId: Field;
}

/** Public signals of a small transition. */
export const SMALL_SIGNAL_COUNT = 28;
/** Public signals of a large transition. */
export const LARGE_SIGNAL_COUNT = 50;

/** Position of every public signal of a small transition, for messages and tests. */
export const SMALL_SIGNAL_NAMES: readonly string[] = [
  'anchorRoot',
  'nullifiers[0]',
  'nullifiers[1]',
  'commitments[0]',
  'commitments[1]',
  'tpk',
  'encryptionPoint',
  ...[0, 1].flatMap((output) =>
    Array.from({ length: CIPHERTEXT_WORDS }, (_, word) => `ciphertexts[${output}][${word}]`),
  ),
  'outgoing[0]',
  'outgoing[1]',
  'finalizeHash',
  'linkIn',
  'message[0]',
  'message[1]',
  'message[2]',
  'message[3]',
  'rollupId',
];

/** The four message signals. */
export function messageSignals(message: Message | undefined): Field[] {
  return message === undefined ? [0n, 0n, 0n, 0n] : [message.programId, ...message.words];
}

/** The signals in the circuit's order. */
export function transitionSignals(transition: TransitionSignals): Field[] {
  return [
    transition.anchorRoot,
    ...transition.nullifiers,
    ...transition.commitments,
    transition.tpk,
    transition.encryptionPoint,
    ...transition.ciphertexts.flat(),
    ...transition.outgoing,
    transition.finalizeHash,
    transition.linkIn,
    ...messageSignals(transition.message),
    transition.rollupId,
  ];
}

/**
 * Reads the signals of a small transition. Throws TRANSITION_SIGNALS for a wrong number, a value at or above r, or a
 * message with programId 0 and other words set.
 */
export function parseTransitionSignals(signals: readonly bigint[]): TransitionSignals {
  if (signals.length !== SMALL_SIGNAL_COUNT) {
    throw new AzaleaError(
      'TRANSITION_SIGNALS',
      `A small transition has ${SMALL_SIGNAL_COUNT} public signals, got ${signals.length}.`,
    );
  }
  signals.forEach((signal, k) => {
    if (!isField(signal)) {
      throw new AzaleaError('TRANSITION_SIGNALS', `Signal ${SMALL_SIGNAL_NAMES[k]} is not below r.`);
    }
  });
  const [programId, ...words] = signals.slice(23, 27);
  if (programId === 0n && words.some((word) => word !== 0n)) {
    throw new AzaleaError('TRANSITION_SIGNALS', 'A message without program id must be all zero.');
  }
  return {
    anchorRoot: signals[0],
    nullifiers: signals.slice(1, 3),
    commitments: signals.slice(3, 5),
    tpk: signals[5],
    encryptionPoint: signals[6],
    ciphertexts: [signals.slice(7, 13), signals.slice(13, 19)],
    outgoing: signals.slice(19, 21),
    finalizeHash: signals[21],
    linkIn: signals[22],
    message: programId === 0n ? undefined : { programId, words: [words[0], words[1], words[2]] },
    rollupId: signals[27],
  };
}
