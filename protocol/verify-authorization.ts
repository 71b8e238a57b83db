import { addressOfComputeKey, computeKeyOf } from './account.ts';
import { challengeOf } from './challenge.ts';
import { hashToGroup } from './curve/hash-to-group.ts';
import { addPoints, G, isInSubgroup, isOnCurve, mulPoint, type Point } from './curve/point.ts';
import { encryptionScalar } from './encryption.ts';
import { dummyNullifier, nullifierOf, recordCommitment } from './record.ts';
import type { Authorization } from './request.ts';
import { sealOutputs } from './seal-outputs.ts';

/**
 * The circuit's statement about a request, all but Merkle paths and the program's execution. Returns the first part that
 * does not hold, or undefined. A delegated prover calls it before it spends time on a proof.
 */
export function verifyAuthorization(request: Authorization): string | undefined {
  const { computeKey, signer, signals, tvk, challenge, response } = request;
  if (!isInSubgroup(computeKey.pkSig) || !isInSubgroup(computeKey.prSig)) return 'compute key';
  if (computeKey.skPrf !== computeKeyOf(computeKey.pkSig, computeKey.prSig).skPrf) return 'compute key';
  if (!samePoint(addressOfComputeKey(computeKey), signer)) return 'signer';
  if (request.caller !== signer.x || !request.isRoot) return 'caller';
  if (signals.linkIn !== 0n || signals.finalizeHash !== 0n) return 'links';
  if (challengeOf(request) !== challenge) return 'challenge';
  const combine = (base: Point, key: Point): Point =>
    addPoints(mulPoint(base, response), mulPoint(key, challenge));
  if (combine(G, computeKey.pkSig).x !== signals.tpk) return 'signature';

  for (const [slot, input] of request.recordInputs.entries()) {
    if (input.record.owner !== signer.x) return `record input ${slot}: owner`;
    if (recordCommitment(input.record) !== input.commitment) return `record input ${slot}: commitment`;
    if (!input.used && hasContent(input.record)) return `record input ${slot}: unused but not empty`;
    if (!isOnCurve(input.gamma)) return `record input ${slot}: gamma`;
    if (!samePoint(hashToGroup(input.commitment), input.H)) return `record input ${slot}: H`;
    if (!samePoint(combine(input.H, input.gamma), input.h)) return `record input ${slot}: signature`;
    const nullifier = input.used
      ? nullifierOf(input.commitment, input.gamma)
      : dummyNullifier(tvk, signer.x, slot);
    if (signals.nullifiers[slot] !== nullifier) return `record input ${slot}: nullifier`;
  }

  if (mulPoint(G, encryptionScalar(tvk)).x !== signals.encryptionPoint) return 'encryption point';
  const used = request.recordOutputs.filter((output) => output.used).map((output) => output.record);
  const sealed = sealOutputs({
    outputs: used,
    slots: request.recordOutputs.length,
    signer: signer.x,
    tvk,
    firstNullifier: signals.nullifiers[0],
  });
  for (const [slot, output] of sealed.entries()) {
    const shown =
      output.commitment === signals.commitments[slot] &&
      output.outgoing === signals.outgoing[slot] &&
      output.ciphertext.every((word, k) => word === signals.ciphertexts[slot][k]);
    if (!shown) return `record output ${slot}`;
  }
  return undefined;
}

function samePoint(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

function hasContent(record: Authorization['recordInputs'][number]['record']): boolean {
  return [record.typeId, record.blind, record.rho, ...record.data].some((word) => word !== 0n);
}
