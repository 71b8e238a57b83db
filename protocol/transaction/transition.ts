import { AVM_SIZE, type AvmSize, CIPHERTEXT_WORDS, KEY_ID, type SizeClass } from '../constants.ts';
import { AzaleaError } from '../errors.ts';
import { type Field, isField } from '../field.ts';

/** Record slots of a transition circuit, and the calls of other functions that it can make once those exist. */
export interface TransitionSlots {
  readonly inputs: number;
  readonly outputs: number;
  readonly calls: number;
}

export const TRANSITION_SLOTS: Readonly<Record<SizeClass, TransitionSlots>> = {
  small: slotsOf(AVM_SIZE.small),
  large: slotsOf(AVM_SIZE.large),
};

function slotsOf({ recordInputs, recordOutputs, calls }: AvmSize): TransitionSlots {
  return { inputs: recordInputs, outputs: recordOutputs, calls };
}

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
  /** One per call slot of the size; all 0 until calls between functions exist. */
  readonly linkOut: readonly Field[];
  /** Undefined: the four message signals are 0. */
  readonly message: Message | undefined;
  readonly rollupId: Field;
}

/** Position of every public signal of a transition, by size class, for messages and tests. */
export const SIGNAL_NAMES: Readonly<Record<SizeClass, readonly string[]>> = {
  small: signalNames(TRANSITION_SLOTS.small),
  large: signalNames(TRANSITION_SLOTS.large),
};
export const SMALL_SIGNAL_NAMES: readonly string[] = SIGNAL_NAMES.small;

/** Public signals of a small transition. */
export const SMALL_SIGNAL_COUNT: number = SIGNAL_NAMES.small.length;
/** Public signals of a large transition. */
export const LARGE_SIGNAL_COUNT: number = SIGNAL_NAMES.large.length;

/** Size class of a transition circuit's key; undefined for a key that is no transition's. */
export function transitionSizeClass(keyId: number): SizeClass | undefined {
  if (keyId === KEY_ID['transition-small']) return 'small';
  return keyId === KEY_ID['transition-large'] ? 'large' : undefined;
}

function signalNames({ inputs, outputs, calls }: TransitionSlots): string[] {
  const list = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, k) => `${name}[${k}]`);
  return [
    'anchorRoot',
    ...list('nullifiers', inputs),
    ...list('commitments', outputs),
    'tpk',
    'encryptionPoint',
    ...list('ciphertexts', outputs).flatMap((name) => list(name, CIPHERTEXT_WORDS)),
    ...list('outgoing', outputs),
    'finalizeHash',
    'linkIn',
    ...list('linkOut', calls),
    ...list('message', 4),
    'rollupId',
  ];
}

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
    ...transition.linkOut,
    ...messageSignals(transition.message),
    transition.rollupId,
  ];
}

/**
 * Reads the signals of a transition; their number says its size class. Throws TRANSITION_SIGNALS for a wrong number, a value
 * at or above r, or a message with programId 0 and other words set.
 */
export function parseTransitionSignals(signals: readonly bigint[]): TransitionSignals {
  const sizeClass = (['small', 'large'] as const).find(
    (size) => SIGNAL_NAMES[size].length === signals.length,
  );
  if (sizeClass === undefined) {
    throw new AzaleaError(
      'TRANSITION_SIGNALS',
      `A transition has ${SMALL_SIGNAL_COUNT} (small) or ${LARGE_SIGNAL_COUNT} (large) public signals, got ${signals.length}.`,
    );
  }
  signals.forEach((signal, k) => {
    if (!isField(signal)) {
      throw new AzaleaError('TRANSITION_SIGNALS', `Signal ${SIGNAL_NAMES[sizeClass][k]} is not below r.`);
    }
  });
  let at = 0;
  const take = (count: number): Field[] => signals.slice(at, (at += count));
  const next = (): Field => take(1)[0];
  const { inputs, outputs, calls } = TRANSITION_SLOTS[sizeClass];
  // In the circuit's order: the properties of a literal are evaluated as they are written.
  const read = {
    anchorRoot: next(),
    nullifiers: take(inputs),
    commitments: take(outputs),
    tpk: next(),
    encryptionPoint: next(),
    ciphertexts: Array.from({ length: outputs }, () => take(CIPHERTEXT_WORDS)),
    outgoing: take(outputs),
    finalizeHash: next(),
    linkIn: next(),
    linkOut: take(calls),
  };
  const [programId, ...words] = take(4);
  if (programId === 0n && words.some((word) => word !== 0n)) {
    throw new AzaleaError('TRANSITION_SIGNALS', 'A message without program id must be all zero.');
  }
  const message =
    programId === 0n ? undefined : { programId, words: [words[0], words[1], words[2]] as const };
  return { ...read, message, rollupId: next() };
}
