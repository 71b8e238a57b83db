import { bytesToHex } from '@noble/hashes/utils.js';
import type { Account } from '../../protocol/account.ts';
import { challengeHash } from '../../protocol/call/challenge.ts';
import { type Authorization, authorize } from '../../protocol/call/request.ts';
import { AVM_SIZE, KEY_ID, RECORD_WORDS, type SizeClass } from '../../protocol/constants.ts';
import type { Field } from '../../protocol/field.ts';
import { transitionPublicInputs } from '../../protocol/transaction/statement.ts';
import {
  encodeTransaction,
  type Transaction,
  transactionId,
} from '../../protocol/transaction/transaction.ts';
import { transitionSignals } from '../../protocol/transaction/transition.ts';
import type { TreePath } from '../../protocol/tree/path.ts';
import type { ProveEvent, Prover } from '../../prover/prover.ts';
import { assertStatement } from '../../prover/statement.ts';
import { transitionInput } from '../../prover/witness/transition.ts';
import type { PlannedCall } from '../calls/plan-call.ts';

/** Circuit that proves calls of a size. */
export function transitionCircuit(sizeClass: SizeClass): `transition-${SizeClass}` {
  return `transition-${sizeClass}`;
}

export interface AuthorizeCallOptions {
  readonly account: Account;
  readonly anchorRoot: Field;
  readonly rollupId: Field;
}

/** Signs a planned call. After this, no secret key is needed. */
export function authorizeCall(call: PlannedCall, options: AuthorizeCallOptions): Authorization {
  const { simulation, program } = call;
  const { sizeClass } = simulation.fn.bytecode;
  return authorize({
    ...options,
    sizeClass,
    programId: program.programId,
    functionId: simulation.fn.functionId,
    inputs: padded(simulation.inputs, AVM_SIZE[sizeClass].inputs),
    recordInputs: call.spends.map(({ preimage }) => preimage),
    recordOutputs: simulation.recordOutputs.map(({ name, owner, data }) => ({
      typeId: program.records.get(name)!.typeId,
      owner,
      data: padded(data, RECORD_WORDS),
    })),
    message: simulation.message && { programId: program.programId, words: simulation.message },
  });
}

export interface ProveCallOptions {
  readonly authorization: Authorization;
  readonly call: PlannedCall;
  /** Path of each spent record under the authorization's anchor. */
  readonly notePaths: readonly TreePath[];
  readonly onProgress?: (event: ProveEvent) => void;
  readonly signal?: AbortSignal;
}

export interface ProvenCall {
  readonly transaction: Transaction;
  readonly bytes: Uint8Array;
  /** 0x hex. */
  readonly id: `0x${string}`;
  readonly witnessSeconds: number;
  readonly proofSeconds: number;
}

/**
 * Proves a signed call, as a delegated prover does. The proof is of exactly the signed statement, word for word.
 * Errors: those of `transitionInput` and `Prover.prove`, PROVER_FOREIGN_STATEMENT.
 */
export async function proveCall(prover: Prover, options: ProveCallOptions): Promise<ProvenCall> {
  const { authorization, call, notePaths, onProgress, signal } = options;
  const { program, simulation } = call;
  const input = transitionInput({
    authorization,
    trace: simulation.trace,
    notePaths: authorization.recordInputs.map((_, slot) => notePaths[slot]),
    fn: {
      name: simulation.fn.nameField,
      bytecode: simulation.fn.bytecode,
      path: simulation.fn.path,
      loweringVersion: program.loweringVersion,
      sourceHash: program.sourceHash,
      programName: program.nameField,
    },
  });
  const circuit = transitionCircuit(authorization.sizeClass);
  const keyId = KEY_ID[circuit];
  const signals = transitionSignals(authorization.signals);
  const statementHash = challengeHash(authorization);
  const inputs = transitionPublicInputs(keyId, signals, statementHash);
  const { proof, publicSignals, timings } = await prover.prove(circuit, input, {
    statement: inputs,
    onProgress,
    signal,
  });
  assertStatement(circuit, inputs, publicSignals);
  const transaction = { transitions: [{ keyId, proof, statementHash, signals }] };
  return {
    transaction,
    bytes: encodeTransaction(transaction),
    id: `0x${bytesToHex(transactionId(transaction))}`,
    witnessSeconds: timings.witnessSeconds,
    proofSeconds: timings.proofSeconds,
  };
}

function padded(words: readonly Field[], length: number): Field[] {
  return [...words, ...Array<Field>(length - words.length).fill(0n)];
}
