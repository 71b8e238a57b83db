/**
 * Forges calls of the transition circuit. An attacker holds an account of their own, so they can sign anything.
 * `forgeCall` rebuilds a call stage by stage and lets a hook replace values after each stage. It computes everything
 * downstream from the forged values and signs the result with the account's real key.
 */
import assert from 'node:assert/strict';
import type { AvmTrace } from '../../../avm/function.ts';
import { type Account, addressOfComputeKey } from '../../../protocol/account.ts';
import { challengeOf } from '../../../protocol/call/challenge.ts';
import type { Authorization, AuthorizedInput } from '../../../protocol/call/request.ts';
import { type SealedOutput, sealOutputs } from '../../../protocol/call/seal-outputs.ts';
import { SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { hashToGroup } from '../../../protocol/curve/hash-to-group.ts';
import { G, mulPoint, type Point } from '../../../protocol/curve/point.ts';
import { encryptionScalar } from '../../../protocol/encryption.ts';
import type { Field } from '../../../protocol/field.ts';
import {
  dummyNullifier,
  nullifierOf,
  type RecordPreimage,
  recordCommitment,
} from '../../../protocol/record.ts';
import { evaluateStatement } from '../../../protocol/transaction/statement.ts';
import type { TransitionSignals } from '../../../protocol/transaction/transition.ts';
import { requestInput, runInput, transitionInput } from '../../../prover/witness/transition.ts';
import {
  type CircuitInput,
  describeConstraint,
  type Forged,
  forge,
  type TestCircuit,
} from '../circuit/circuits.ts';
import { alice, type TestCall } from './transitions.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface ForgeHooks {
  readonly account?: Account;
  readonly tvk?: Field;
  /** Replaces input slots; nullifiers, outputs and signature follow. */
  readonly inputs?: (slots: Mutable<AuthorizedInput>[]) => void;
  /** Replaces sealed outputs; signals and signature follow. */
  readonly outputs?: (slots: Mutable<SealedOutput>[]) => void;
  readonly signals?: (signals: Mutable<TransitionSignals>) => void;
  /** Replaces what is signed beside the signals. */
  readonly request?: (request: Mutable<Omit<Authorization, 'challenge' | 'response'>>) => void;
  /** True if the account signs the result; otherwise the honest signature stays. */
  readonly sign?: boolean;
  /** Replaces parts of the run's trace. */
  readonly trace?: Partial<AvmTrace>;
}

/** The nonce behind an authorization of `account`: t = s + c*sk_sig. */
export function nonceOf(authorization: Authorization, account: Account): bigint {
  return (authorization.response + authorization.challenge * account.skSig) % SUBGROUP_ORDER;
}

/** The forged authorization. */
export function forgeAuthorization(honest: Authorization, hooks: ForgeHooks): Authorization {
  const account = hooks.account ?? alice;
  const t = nonceOf(honest, account);
  const tvk = hooks.tvk ?? honest.tvk;
  const signer = addressOfComputeKey(honest.computeKey);

  const recordInputs = honest.recordInputs.map((slot, j) =>
    slot.used ? { ...slot } : { ...slot, nullifier: dummyNullifier(tvk, signer.x, j) },
  );
  hooks.inputs?.(recordInputs);
  const nullifiers = recordInputs.map(({ nullifier }) => nullifier);
  const recordOutputs = sealOutputs({
    outputs: honest.recordOutputs.map(({ record }) => record),
    slots: honest.recordOutputs.length,
    signer: signer.x,
    tvk,
    firstNullifier: nullifiers[0],
  });
  hooks.outputs?.(recordOutputs);
  const signals: Mutable<TransitionSignals> = {
    ...honest.signals,
    nullifiers,
    commitments: recordOutputs.map(({ commitment }) => commitment),
    encryptionPoint: mulPoint(G, encryptionScalar(tvk)).x,
    ciphertexts: recordOutputs.map(({ ciphertext }) => ciphertext),
    outgoing: recordOutputs.map(({ outgoing }) => outgoing),
  };
  hooks.signals?.(signals);
  const unsigned = { ...honest, tvk, recordInputs, recordOutputs, signals };
  hooks.request?.(unsigned);
  return hooks.sign === false ? { ...unsigned } : { ...unsigned, ...sign(unsigned, t, account) };
}

/** Challenge and response of `account` over a request. */
export function sign(
  request: Omit<Authorization, 'challenge' | 'response'>,
  t: bigint,
  account: Account,
): { challenge: bigint; response: bigint } {
  const challenge = challengeOf(request);
  return { challenge, response: respond(challenge, t, account) };
}

export function respond(challenge: bigint, t: bigint, account: Account): bigint {
  return (((t - challenge * account.skSig) % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;
}

/** Circuit inputs of a forged call: the honest call's, with all that the forged authorization changes. */
export function forgeCall(honest: TestCall, hooks: ForgeHooks, extra: CircuitInput = {}): CircuitInput {
  const forged = forgeAuthorization(honest.authorization, hooks);
  return {
    ...transitionInput(honest),
    ...requestInput(forged),
    ...runInput(forged, honest.fn.bytecode, { ...honest.trace, ...hooks.trace }),
    ...extra,
  };
}

/** An input slot that holds another record, with all that follows from it. */
export function holdRecord(
  slot: Mutable<AuthorizedInput>,
  record: RecordPreimage,
  t: bigint,
  account: Account,
): void {
  slot.record = record;
  slot.commitment = recordCommitment(record);
  slot.H = hashToGroup(slot.commitment);
  slot.h = mulPoint(slot.H, t);
  slot.gamma = mulPoint(slot.H, account.skSig);
  if (slot.used) slot.nullifier = nullifierOf(slot.commitment, slot.gamma);
}

/** The input with y of its own words: a forger states what they forged. */
export function withStatement(input: CircuitInput): CircuitInput {
  const words = [
    ...['anchorRoot', 'nullifiers', 'commitments', 'tpkX', 'rX', 'ciphertexts', 'outgoing'],
    ...['finalizeHash', 'linkIn', 'linkOut', 'message', 'rollupId'],
  ].flatMap((name) => [input[name] ?? []].flat(3) as bigint[]);
  return { ...input, y: evaluateStatement(words.map(BigInt), BigInt(input.x as bigint)) };
}

/**
 * Runs dishonest inputs to the end and checks them against the real constraints. The forger states what they forged: y of
 * their words and, where theirs would not hold, the c that the circuit makes of their values.
 */
export async function run(
  circuit: TestCircuit,
  input: CircuitInput,
  overrides: Parameters<typeof forge>[2] = {},
): Promise<Forged> {
  const stated = withStatement(input);
  const forged = await forge(circuit, stated, overrides);
  const aboutC = (index: number): boolean => /main\.c\b/.test(describeConstraint(circuit, index));
  if (!forged.failing.some(aboutC)) return forged;
  return forge(circuit, { ...stated, c: await circuitHash(circuit, stated, overrides) }, overrides);
}

/** The hash of the challenge that the circuit computes. */
async function circuitHash(
  circuit: TestCircuit,
  input: CircuitInput,
  overrides: Parameters<typeof forge>[2],
): Promise<bigint> {
  let hash: bigint | undefined;
  const read = (computed: bigint): bigint => (hash = computed);
  // Replaces nothing, so forge() finds that it changes no wire when there are no other overrides.
  await forge(circuit, input, { ...overrides, 'main.request.hash': read }).catch((error: unknown) => {
    if (hash === undefined) throw error;
  });
  return hash!;
}

/**
 * Asserts that the real constraints refuse the forgery, and that each failing constraint mentions a signal of `because`. A
 * forgery that left something else inconsistent would prove nothing.
 */
export function assertRefused(circuit: TestCircuit, forged: Forged, because: RegExp): void {
  assert.ok(forged.failing.length > 0, 'the forgery satisfies every constraint');
  for (const index of forged.failing) {
    const constraint = describeConstraint(circuit, index);
    assert.ok(because.test(constraint), `${because} expected, but ${constraint.slice(0, 500)} fails too`);
  }
}

/** A point's coordinates as circuit input. */
export function xy(point: Point): readonly bigint[] {
  return [point.x, point.y];
}
