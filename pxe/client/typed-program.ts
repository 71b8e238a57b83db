/** The runtime of generated bindings (`azalea codegen`, docs/programs.md). */

import type { CompileOptions } from '../../program/compile/artifact.ts';
import { functionOf } from '../../program/run/simulate.ts';
import { typedValue } from '../../program/values/typed-value.ts';
import { encodeValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { TransactionStatus } from '../../rpc/schema/transactions.ts';
import type { CallArgument } from '../calls/plan-call.ts';
import type { ClientAccount } from './account.ts';
import type { Azalea } from './azalea.ts';
import type { ClientProgram, SendCallOptions, TransactionHandle } from './program.ts';

/** A record that the wallet holds. `type`, such as `token.aleo/token`, keeps records of different types apart. */
export interface TypedRecord<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
  readonly commitment: Field;
  /** L2 block that made it. */
  readonly block: number;
  /** L2 block that spent it. */
  readonly spentIn: number | undefined;
}

/** A record to spend, or a wish that the PXE fulfils: `member` defaults to the record's first integer. */
export type RecordArgument<R extends { readonly data: unknown }> =
  | R
  | { readonly atLeast: bigint; readonly member?: keyof R['data'] & string };

/** `N` values of one type. */
export type FixedArray<
  T,
  N extends number,
  Made extends readonly T[] = readonly [],
> = Made['length'] extends N ? Made : FixedArray<T, N, readonly [...Made, T]>;

/** A call on its way: awaited, its transaction as soon as the sequencer has it. */
export interface SentCall extends Promise<TransactionHandle> {
  /** As `TransactionHandle.wait`. */
  wait(...args: Parameters<TransactionHandle['wait']>): Promise<TransactionStatus>;
}

/** A function with its arguments, called by the program's account. */
export interface TypedCall<Outputs> {
  /** Runs it here: its outputs, and the commitments that it would spend. */
  simulate(): Promise<{ readonly outputs: Outputs; readonly spends: readonly Field[] }>;
  /** Proves it and submits it. */
  send(options?: Omit<SendCallOptions, 'from'>): SentCall;
}

/** A program bound to the account that calls it. `Functions` and `Records` are written by `azalea codegen`. */
export class TypedProgram<Functions, Records> {
  readonly client: ClientProgram;
  readonly account: ClientAccount;
  /** By name: `program.functions.transfer(record, to, 10n).send()`. */
  readonly functions: Functions;
  readonly #azalea: Azalea;

  constructor(azalea: Azalea, client: ClientProgram, account: ClientAccount) {
    this.#azalea = azalea;
    this.client = client;
    this.account = account;
    const bound = [...client.program.functions.keys()].map((name) => [
      name,
      (...args: readonly unknown[]) => this.#call(name, args as readonly CallArgument[]),
    ]);
    this.functions = checkedFunctions(Object.fromEntries(bound), client) as Functions;
  }

  /** The same program, called by another account. */
  as(account: ClientAccount): TypedProgram<Functions, Records> {
    return new TypedProgram(this.#azalea, this.client, account);
  }

  /** The account's unspent records of a type, oldest first; `all` adds the spent ones. */
  records<Name extends keyof Records & string>(name: Name, options: { all?: boolean } = {}): Records[Name][] {
    const { program } = this.client;
    const { typeId } = this.client.record(name);
    const owner = this.#azalea.addressOf(this.account);
    const { records } = this.#azalea.pxe;
    const type = { kind: 'record', name } as const;
    const count = program.types.flatten(type).length;
    return (options.all ? records.all(owner) : records.unspent(owner))
      .filter(({ preimage }) => preimage.typeId === typeId)
      .map(({ commitment, block, spentIn, preimage }) => {
        const leaves = [preimage.owner, ...preimage.data].slice(0, count);
        const data = typedValue({ type, leaves }, program.types);
        return { type: `${program.name}.aleo/${name}`, data, commitment, block, spentIn } as Records[Name];
      });
  }

  /** Sum of a member over the account's unspent records of a type; by default of the first integer member. */
  balance(name: keyof Records & string, member?: string): bigint {
    return this.#azalea.balance(this.account, this.client, name, { member });
  }

  #call(name: string, args: readonly CallArgument[]): TypedCall<unknown> {
    const { program } = this.client;
    const call = this.client.functions[name](...args);
    const from = this.account;
    return {
      simulate: async () => {
        const { outputs, spends } = await call.simulate({ from });
        const { outputs: declared } = program.functions.get(name)!.checked;
        const typed = outputs.map((value, i) =>
          typedValue(encodeValue(value, declared[i].type, program.types), program.types),
        );
        return { outputs: typed, spends };
      },
      send: (options) => {
        const sent = call.send({ ...options, from });
        return Object.assign(sent, {
          wait: async (...wanted: Parameters<TransactionHandle['wait']>) => (await sent).wait(...wanted),
        });
      },
    };
  }
}

/** Functions by name; another name, which types let pass in plain JavaScript, is refused with PROGRAM_NO_SUCH_FUNCTION. */
function checkedFunctions(functions: object, { program }: ClientProgram): object {
  return new Proxy(functions, {
    get: (target, name) => {
      // An object is asked for these when it is awaited, printed or made JSON.
      const isOwn = typeof name === 'symbol' || Object.hasOwn(target, name);
      if (!isOwn && name !== 'then' && !(name in Object.prototype) && name !== 'toJSON')
        functionOf(program, name);
      return Reflect.get(target, name);
    },
  });
}

/** The export of a bindings file: `await TokenProgram.load(azalea, account)`. */
export interface ProgramBindings<Functions, Records> {
  readonly programId: Field;
  /** As its author wrote it: halts show its lines. */
  readonly source: string;
  /**
   * Compiles and keeps the program, and binds it to the account that calls it.
   * @throws AzaleaError BINDINGS_STALE when this compiler gives the program another id
   */
  load(azalea: Azalea, account: ClientAccount): Promise<TypedProgram<Functions, Records>>;
}

export interface BindingsOptions extends Pick<CompileOptions, 'lowering'> {
  /** The source file, for halts: `programs/token.aleo`. */
  readonly file?: string;
}

/** For generated files. `programId`: 0x hex. Files that name no lowering were made when there was one. */
export function defineBindings<Functions, Records>(
  programId: `0x${string}`,
  source: string,
  { lowering = 1, file = /^\s*program\s+(\w+\.aleo)/m.exec(source)?.[1] }: BindingsOptions = {},
): ProgramBindings<Functions, Records> {
  return {
    programId: BigInt(programId),
    source,
    load: async (azalea, account) => {
      const client = await azalea.programs.load(source, file, { lowering });
      if (fieldToHex(client.programId) !== programId) {
        throw new AzaleaError(
          'BINDINGS_STALE',
          `The bindings are of program ${programId}, the compiler gives ${fieldToHex(client.programId)}: make them again with "azalea codegen".`,
          { program: client.program.name },
        );
      }
      return new TypedProgram(azalea, client, account);
    },
  };
}
