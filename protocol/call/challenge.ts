import type { ComputeKey } from '../account.ts';
import { CHALLENGE_BITS, DOMAIN } from '../constants.ts';
import type { Point } from '../curve/point.ts';
import type { Field } from '../field.ts';
import { hash } from '../hash/hash.ts';
import { messageSignals, type TransitionSignals } from '../transaction/transition.ts';

/** The fields that a call's signature covers. */
export interface Challenged {
  readonly computeKey: ComputeKey;
  readonly signer: Point;
  readonly tvk: Field;
  readonly programId: Field;
  readonly functionId: Field;
  readonly caller: Field;
  readonly isRoot: boolean;
  readonly inputs: readonly Field[];
  readonly recordInputs: readonly { readonly H: Point; readonly h: Point; readonly gamma: Point }[];
  readonly signals: TransitionSignals;
}

/** Everything the challenge hashes, in order: docs/specification.md, section 5. */
export function challengePreimage(request: Challenged): Field[] {
  const { signals } = request;
  return [
    request.signer.x,
    request.computeKey.pkSig.x,
    request.computeKey.prSig.x,
    request.tvk,
    request.programId,
    request.functionId,
    request.caller,
    request.isRoot ? 1n : 0n,
    ...request.inputs,
    ...request.recordInputs.flatMap(({ H, h, gamma }) => [H.x, H.y, h.x, h.y, gamma.x, gamma.y]),
    signals.anchorRoot,
    ...signals.nullifiers,
    ...signals.commitments,
    signals.tpk,
    ...signals.outgoing,
    signals.finalizeHash,
    signals.linkIn,
    ...signals.linkOut,
    ...messageSignals(signals.message),
    signals.rollupId,
  ];
}

const CHALLENGE_MASK = (1n << BigInt(CHALLENGE_BITS)) - 1n;

/**
 * The full hash of the challenge. It determines every word of the transition's statement, so it is the statement's hash, c
 * of section 6.
 */
export function challengeHash(request: Challenged): Field {
  return hash(DOMAIN.CHALLENGE, challengePreimage(request));
}

/** The challenge of the signature: the low CHALLENGE_BITS bits of the hash's canonical integer. */
export function challengeOf(request: Challenged): bigint {
  return challengeHash(request) & CHALLENGE_MASK;
}
