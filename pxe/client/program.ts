import type { Program, ProgramRecord } from '../../program/compile/artifact.ts';
import { functionOf, meant } from '../../program/run/simulate.ts';
import { decodeValue, type PlainValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { Field } from '../../protocol/field.ts';
import type { ProveEvent } from '../../prover/prover.ts';
import type { TransactionStatus } from '../../rpc/schema/transactions.ts';
import type { CallArgument } from '../calls/plan-call.ts';
import type { Pxe } from '../pxe.ts';
import { addressOf, type ClientAccount } from './account.ts';

export interface SendCallOptions {
  readonly from: ClientAccount;
  readonly onProgress?: (event: ProveEvent) => void;
  readonly signal?: AbortSignal;
}

/** Outputs of a simulated call, in order, with Aleo literals. */
export interface SimulatedCall {
  readonly outputs: readonly PlainValue[];
  /** Commitments of the records that it would spend. */
  readonly spends: readonly Field[];
}

/** A transaction on its way. */
export interface TransactionHandle {
  /** 0x hex. */
  readonly id: string;
  readonly witnessSeconds: number;
  readonly proofSeconds: number;
  /** Size of the bytes sent to the sequencer. */
  readonly bytes: number;
  status(): Promise<TransactionStatus>;
  /**
   * Resolves at that status or a later one; `settled` also updates the records. `signal` ends the wait, not the transaction.
   * Throws TRANSACTION_DROPPED, WAIT_TIMEOUT, the signal's reason.
   */
  wait(
    wanted?: 'included' | 'proven' | 'settled',
    options?: { timeoutMs?: number; signal?: AbortSignal; onStatus?: (status: TransactionStatus) => void },
  ): Promise<TransactionStatus>;
}

/** A function with its arguments: simulate it, or send it. */
export interface FunctionCall {
  simulate(options: { readonly from: ClientAccount }): Promise<SimulatedCall>;
  send(options: SendCallOptions): Promise<TransactionHandle>;
  /** The same call, records aside, where it was sent before and waits to be settled; newest last. */
  pending(options: { readonly from: ClientAccount }): PendingCall[];
}

/** A transaction that waits to be settled. */
export interface PendingCall {
  /** 0x hex. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A loaded program: `program.functions.transfer({ atLeast: 10n }, bob.address, 10n).send({ from: alice })`. */
export class ClientProgram {
  readonly program: Program;
  readonly #pxe: Pxe;
  readonly functions: Readonly<Record<string, (...args: CallArgument[]) => FunctionCall>>;

  constructor(pxe: Pxe, program: Program) {
    this.#pxe = pxe;
    this.program = program;
    // A proxy, so that a misspelt name gives a typed error.
    this.functions = new Proxy({} as Record<string, (...args: CallArgument[]) => FunctionCall>, {
      get: (_target, name) => {
        if (typeof name !== 'string') return undefined;
        functionOf(program, name);
        return (...args: CallArgument[]) => this.#call(name, args);
      },
    });
  }

  get programId(): Field {
    return this.program.programId;
  }

  /** A record type by name. Throws PROGRAM_NO_SUCH_RECORD. */
  record(name: string): ProgramRecord {
    const record = this.program.records.get(name);
    if (record === undefined) {
      throw new AzaleaError(
        'PROGRAM_NO_SUCH_RECORD',
        `${this.program.name}.aleo has no record ${name}: ${meant(name, [...this.program.records.keys()])}`,
        { program: this.program.name, record: name },
      );
    }
    return record;
  }

  /** Members of a record by name. */
  decodeRecord(name: string, owner: Field, words: readonly Field[]): Readonly<Record<string, PlainValue>> {
    const type = { kind: 'record', name } as const;
    const count = this.program.types.flatten(type).length;
    const value = decodeValue({ type, leaves: [owner, ...words].slice(0, count) }, this.program.types, name);
    return value as Readonly<Record<string, PlainValue>>;
  }

  #call(functionName: string, args: readonly CallArgument[]): FunctionCall {
    const pxe = this.#pxe;
    const callOf = (from: ClientAccount) => ({
      program: this.program,
      functionName,
      args,
      signer: addressOf(from),
    });
    return {
      simulate: async ({ from }) => {
        const { simulation, spends } = await pxe.simulate(callOf(from));
        return {
          outputs: simulation.outputs.map((output) => decodeValue(output, this.program.types)),
          spends: spends.map(({ commitment }) => commitment),
        };
      },
      pending: ({ from }) => pxe.pendingCalls(callOf(from)).map(({ id, createdAt }) => ({ id, createdAt })),
      send: async ({ from, onProgress, signal }) => {
        const { id, bytes, witnessSeconds, proofSeconds } = await pxe.send({
          ...callOf(from),
          onProgress,
          signal,
        });
        return {
          id,
          witnessSeconds,
          proofSeconds,
          bytes: bytes.length,
          status: () => pxe.sequencer.getTransaction(id),
          wait: (wanted, options) => pxe.wait(id, wanted, options),
        };
      },
    };
  }
}
