import type { AvmTrace, Bytecode } from '../../avm/function.ts';
import { bitLayout } from '../../avm/layout.ts';
import { avmWitness } from '../../avm/witness.ts';
import { challengeHash } from '../../protocol/call/challenge.ts';
import type { Authorization } from '../../protocol/call/request.ts';
import { AVM_SIZE, DOMAIN, FUNCTION_TREE_DEPTH, SIZE_CLASS, TREE_DEPTH } from '../../protocol/constants.ts';
import { cofactorPreimage, type Point } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import { hash } from '../../protocol/hash/hash.ts';
import { type FunctionPath, functionIdOf, programIdOf } from '../../protocol/program-id.ts';
import { transitionKeyId, transitionPublicInputs } from '../../protocol/transaction/statement.ts';
import { messageSignals, transitionSignals } from '../../protocol/transaction/transition.ts';
import { childrenOf, indexBits, type Siblings, type TreePath, verifyPath } from '../../protocol/tree/path.ts';
import type { CircuitInput } from '../witness-calculator.ts';

/** The function that runs, with all that leads from its bytecode to its program's id. */
export interface ProvableFunction {
  /** Name as a field element. */
  readonly name: Field;
  readonly bytecode: Bytecode;
  /** Its place in the program's function tree. */
  readonly path: FunctionPath;
  readonly loweringVersion: number;
  readonly sourceHash: Field;
  /** Program name as a field element, without `.aleo`. */
  readonly programName: Field;
}

export interface TransitionWitnessOptions {
  readonly authorization: Authorization;
  readonly fn: ProvableFunction;
  readonly trace: AvmTrace;
  /** Per record input slot its note's path under the authorization's anchor; none for unused slots. */
  readonly notePaths: readonly (TreePath | undefined)[];
}

/**
 * Returns the inputs of the transition circuit for a signed call; the authorization names the size class. It needs no secret
 * key: a delegated prover runs it. The result is as confidential as the authorization.
 * @throws AzaleaError TRANSITION_PROGRAM (the function does not lead to the authorization's ids), TRANSITION_SLOTS (the
 * bytecode uses other record slots than were authorized), TRANSITION_NOTE_PATH (a used record's path is missing or does not
 * lead to the anchor), and those of avmWitness.
 */
export function transitionInput(options: TransitionWitnessOptions): CircuitInput {
  const { authorization, fn, trace, notePaths } = options;
  const { signals, recordInputs, programId } = authorization;
  checkProgram(authorization, fn);
  checkSlots(authorization, fn.bytecode);

  const places = recordInputs.map((input, slot) =>
    notePlace(input, notePaths[slot], signals.anchorRoot, slot),
  );
  return {
    ...requestInput(authorization),
    ...runInput(authorization, fn.bytecode, trace),
    noteIndexBits: places.map(({ bits }) => bits),
    noteSiblings: places.map(({ siblings }) => siblings),

    programId,
    functionName: fn.name,
    functionIndexBits: childIndexes(fn.path.index, FUNCTION_TREE_DEPTH).flatMap((child) => [
      child & 1,
      child >> 1,
    ]),
    functionSiblings: fn.path.siblings,
    loweringVersion: fn.loweringVersion,
    sourceHash: fn.sourceHash,
    programName: fn.programName,
  };
}

/**
 * The part of the circuit's inputs that the run of the bytecode gives: plain inputs, record words, the committed bytecode and
 * every source's value. Throws as avmWitness.
 */
export function runInput(authorization: Authorization, bytecode: Bytecode, trace: AvmTrace): CircuitInput {
  const {
    bits,
    context: _,
    ...values
  } = avmWitness(
    bytecode,
    {
      inputs: authorization.inputs,
      recordWords: authorization.recordInputs.map(({ record }) => record.data),
      context: [authorization.signer.x, authorization.caller, authorization.programId],
    },
    trace,
    AVM_SIZE[bytecode.sizeClass],
  );
  return { bytecodeBits: bits, ...values };
}

/** The part of the circuit's inputs that an authorization fixes alone: public signals, keys, signature, records. */
export function requestInput(authorization: Authorization): CircuitInput {
  const { signals, recordInputs, recordOutputs, computeKey, sizeClass } = authorization;
  const [x, y, c] = transitionPublicInputs(
    transitionKeyId(sizeClass),
    transitionSignals(signals),
    challengeHash(authorization),
  );
  return {
    x,
    y,
    c,
    anchorRoot: signals.anchorRoot,
    nullifiers: signals.nullifiers,
    commitments: signals.commitments,
    tpkX: signals.tpk,
    rX: signals.encryptionPoint,
    ciphertexts: signals.ciphertexts,
    outgoing: signals.outgoing,
    finalizeHash: signals.finalizeHash,
    linkIn: signals.linkIn,
    ...(signals.linkOut.length === 0 ? {} : { linkOut: signals.linkOut }),
    message: messageSignals(signals.message),
    rollupId: signals.rollupId,

    pkSigPreimage: coordinates(cofactorPreimage(computeKey.pkSig)),
    prSigPreimage: coordinates(cofactorPreimage(computeKey.prSig)),
    tvk: authorization.tvk,
    challenge: authorization.challenge,
    response: authorization.response,
    recordRho: recordInputs.map(({ record }) => record.rho),
    recordBlind: recordInputs.map(({ record }) => record.blind),
    gamma: recordInputs.map(({ gamma }) => coordinates(gamma)),
    ownerPreimage: recordOutputs.map(({ ownerPoint }) => coordinates(cofactorPreimage(ownerPoint))),
  };
}

/** The ids that a function leads to: twin of template RunningFunction in circuits/program-id.circom. */
export function runningFunction(fn: ProvableFunction): { functionId: Field; programId: Field } {
  const functionId = functionIdOf(SIZE_CLASS[fn.bytecode.sizeClass], fn.name, fn.bytecode.hash);
  const root = childIndexes(fn.path.index, FUNCTION_TREE_DEPTH).reduce(
    (node, child, k) =>
      hash(DOMAIN.FN_TREE, childrenOf(node, fn.path.siblings[k] as unknown as Siblings, child)),
    functionId,
  );
  return { functionId, programId: programIdOf(fn.loweringVersion, root, fn.sourceHash, fn.programName) };
}

function checkProgram(authorization: Authorization, fn: ProvableFunction): void {
  const { functionId, programId } = runningFunction(fn);
  const sameSize = fn.bytecode.sizeClass === authorization.sizeClass;
  if (!sameSize || functionId !== authorization.functionId || programId !== authorization.programId) {
    throw new AzaleaError(
      'TRANSITION_PROGRAM',
      'the call was signed for another program or function: give the bytecode and path that belong to its ids',
      { functionMatches: functionId === authorization.functionId },
    );
  }
}

function checkSlots(authorization: Authorization, bytecode: Bytecode): void {
  const at = bitLayout(AVM_SIZE[bytecode.sizeClass]);
  const agree = (used: readonly { readonly used: boolean }[], first: number): boolean =>
    used.every((slot, i) => slot.used === (bytecode.bits[first + i] === 1));
  if (
    !agree(authorization.recordInputs, at.recordInputUsed) ||
    !agree(authorization.recordOutputs, at.recordOutputUsed)
  ) {
    throw new AzaleaError(
      'TRANSITION_SLOTS',
      'the function uses other record slots than the call was signed with: sign it with as many records as the function takes and makes',
    );
  }
}

function notePlace(
  input: Authorization['recordInputs'][number],
  path: TreePath | undefined,
  anchorRoot: Field,
  slot: number,
): { bits: readonly bigint[]; siblings: readonly (readonly bigint[])[] } {
  if (!input.used) {
    return {
      bits: Array<bigint>(2 * TREE_DEPTH).fill(0n),
      siblings: Array.from({ length: TREE_DEPTH }, () => [0n, 0n, 0n]),
    };
  }
  if (path === undefined || !verifyPath('note', input.commitment, path, anchorRoot)) {
    throw new AzaleaError(
      'TRANSITION_NOTE_PATH',
      `record input ${slot} is not shown to be in the note tree of the signed anchor: give its path under that root`,
      { slot },
    );
  }
  return { bits: indexBits(path), siblings: path.siblings };
}

/** The child index on each level, from the leaf upwards. */
function childIndexes(index: number, levels: number): number[] {
  return Array.from({ length: levels }, (_, k) => Math.floor(index / 4 ** k) % 4);
}

function coordinates(point: Point): readonly bigint[] {
  return [point.x, point.y];
}
