/** Twin of circuits/request.circom and its templates, beside which only tests use it today: a delegated prover will. */
import { addressOfComputeKey, computeKeyOf } from '../account.ts';
import { AVM_SIZE, CIPHERTEXT_WORDS, RECORD_WORDS, SUBGROUP_ORDER } from '../constants.ts';
import { hashToGroup } from '../curve/hash-to-group.ts';
import { addPoints, G, isInSubgroup, isOnCurve, isSubgroupX, mulPoint, type Point } from '../curve/point.ts';
import { encryptionScalar } from '../encryption.ts';
import { type Field, isField } from '../field.ts';
import { dummyNullifier, nullifierOf, type RecordPreimage, recordCommitment } from '../record.ts';
import { TRANSITION_SLOTS, transitionSignals } from '../transaction/transition.ts';
import { challengeOf } from './challenge.ts';
import type { Authorization } from './request.ts';
import { type SealedOutput, sealOutputs } from './seal-outputs.ts';

/**
 * The circuit's statement about a request, all but Merkle paths and the program's execution. Returns the first part that
 * does not hold, or undefined. A delegated prover calls it before it spends time on a proof.
 */
export function verifyAuthorization(request: Authorization): string | undefined {
  const { computeKey, signer, signals, tvk, challenge, response } = request;
  if (!hasShape(request)) return 'shape';
  if (!isInSubgroup(computeKey.pkSig) || !isInSubgroup(computeKey.prSig)) return 'compute key';
  if (computeKey.skPrf !== computeKeyOf(computeKey.pkSig, computeKey.prSig).skPrf) return 'compute key';
  if (!samePoint(addressOfComputeKey(computeKey), signer)) return 'signer';
  if (request.caller !== signer.x || !request.isRoot) return 'caller';
  if ([signals.linkIn, ...signals.linkOut, signals.finalizeHash].some((value) => value !== 0n))
    return 'links';
  if (signals.message !== undefined && signals.message.programId !== request.programId) return 'message';
  if (challengeOf(request) !== challenge) return 'challenge';
  const combine = (base: Point, key: Point): Point =>
    addPoints(mulPoint(base, response), mulPoint(key, challenge));
  if (combine(G, computeKey.pkSig).x !== signals.tpk) return 'signature';

  for (const [slot, input] of request.recordInputs.entries()) {
    if (input.record.owner !== signer.x) return `record input ${slot}: owner`;
    if (recordCommitment(input.record) !== input.commitment) return `record input ${slot}: commitment`;
    if (input.used && input.record.typeId === 0n) return `record input ${slot}: used without type`;
    if (!input.used && hasContent(input.record)) return `record input ${slot}: unused but not empty`;
    if (!isOnCurve(input.gamma)) return `record input ${slot}: gamma`;
    if (!samePoint(hashToGroup(input.commitment), input.H)) return `record input ${slot}: H`;
    if (!samePoint(combine(input.H, input.gamma), input.h)) return `record input ${slot}: signature`;
    const nullifier = input.used
      ? nullifierOf(input.commitment, input.gamma)
      : dummyNullifier(tvk, signer.x, slot);
    if (signals.nullifiers[slot] !== nullifier || input.nullifier !== nullifier)
      return `record input ${slot}: nullifier`;
  }

  if (mulPoint(G, encryptionScalar(tvk)).x !== signals.encryptionPoint) return 'encryption point';
  for (const [slot, { record }] of request.recordOutputs.entries()) {
    if (!isSubgroupX(record.owner)) return `record output ${slot}: owner`;
  }
  const sealed = sealOutputs({
    outputs: request.recordOutputs.map((output) => (output.used ? output.record : undefined)),
    slots: request.recordOutputs.length,
    signer: signer.x,
    tvk,
    firstNullifier: signals.nullifiers[0],
  });
  for (const [slot, output] of sealed.entries()) {
    const given = request.recordOutputs[slot];
    if (given.used && given.record.typeId === 0n) return `record output ${slot}: used without type`;
    const shown =
      sameRecord(output.record, given.record) &&
      samePoint(output.ownerPoint, given.ownerPoint) &&
      sameFields(outputFields(output), outputFields(given)) &&
      sameFields(outputFields(output), [
        signals.commitments[slot],
        signals.outgoing[slot],
        ...signals.ciphertexts[slot],
      ]);
    if (!shown) return `record output ${slot}`;
  }
  return undefined;
}

/** Numbers of slots and canonical values: a hash would take x and x + r for the same. */
function hasShape(request: Authorization): boolean {
  const { signals, recordInputs, recordOutputs } = request;
  const slots = TRANSITION_SLOTS[request.sizeClass];
  const values = [
    request.tvk,
    request.programId,
    request.functionId,
    ...request.inputs,
    ...transitionSignals(signals),
    ...recordInputs.flatMap(({ record }) => recordFields(record)),
    ...recordOutputs.flatMap(({ record }) => recordFields(record)),
    ...[request.signer, request.computeKey.pkSig, request.computeKey.prSig].flatMap(coordinates),
    ...recordInputs.flatMap(({ H, h, gamma }) => [H, h, gamma].flatMap(coordinates)),
  ];
  return (
    request.inputs.length === AVM_SIZE[request.sizeClass].inputs &&
    recordInputs.length === slots.inputs &&
    recordOutputs.length === slots.outputs &&
    [...recordInputs, ...recordOutputs].every(({ record }) => record.data.length === RECORD_WORDS) &&
    signals.nullifiers.length === slots.inputs &&
    signals.commitments.length === slots.outputs &&
    signals.outgoing.length === slots.outputs &&
    signals.ciphertexts.length === slots.outputs &&
    signals.linkOut.length === slots.calls &&
    signals.ciphertexts.every((words) => words.length === CIPHERTEXT_WORDS) &&
    values.every(isField) &&
    request.response >= 0n &&
    request.response < SUBGROUP_ORDER
  );
}

function coordinates(point: Point): Field[] {
  return [point.x, point.y];
}

function recordFields(record: RecordPreimage): Field[] {
  return [record.typeId, record.owner, record.blind, record.rho, ...record.data];
}

function sameRecord(a: RecordPreimage, b: RecordPreimage): boolean {
  return sameFields(recordFields(a), recordFields(b));
}

function outputFields({ commitment, outgoing, ciphertext }: SealedOutput): Field[] {
  return [commitment, outgoing, ...ciphertext];
}

function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}

function samePoint(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

function hasContent(record: Authorization['recordInputs'][number]['record']): boolean {
  return [record.typeId, record.blind, record.rho, ...record.data].some((word) => word !== 0n);
}
