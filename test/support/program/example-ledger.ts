/**
 * A chain without proofs, for the example programs. Records exist once, belong to somebody and are spent once, as the
 * transition circuit and the nullifiers enforce it. Every call is interpreted, evaluated as bytecode, and checked against
 * the AVM's constraints.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkAvm } from '../../../avm/check.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { typedValue } from '../../../program/values/typed-value.ts';
import type { Typed } from '../../../program/values/types.ts';
import { encodeValue, type GivenValue } from '../../../program/values/values.ts';
import { accountFromSeed } from '../../../protocol/account.ts';
import { addressToText } from '../../../protocol/text.ts';

/** Throwaway accounts by number: x of the address and its text. */
export function player(number: number): { readonly x: bigint; readonly address: string } {
  const { x } = accountFromSeed(new Uint8Array(32).fill(number)).address;
  return { x, address: addressToText(x) };
}
export type Player = ReturnType<typeof player>;

/** A record on the ledger, with its members as TypeScript has them. */
export class LedgerRecord {
  readonly leaves: Typed<bigint>;
  readonly data: any;

  constructor(leaves: Typed<bigint>, data: unknown) {
    this.leaves = leaves;
    this.data = data;
  }
}

const programs = new Map<string, Program>();
function compiled(name: string): Program {
  const file = new URL(`../../../programs/${name}.aleo`, import.meta.url);
  const program = programs.get(name) ?? compileProgram(readFileSync(file, 'utf8'), `${name}.aleo`);
  programs.set(name, program);
  return program;
}

type Argument = GivenValue | LedgerRecord;

export class Ledger {
  readonly program: Program;
  readonly #live = new Set<LedgerRecord>();
  /** Message of the newest call. */
  message: readonly bigint[] | undefined;
  /** Every call whose records were there and belonged to the caller, halted or not: what a forger can start from. */
  readonly calls: {
    readonly name: string;
    readonly inputs: readonly Typed<bigint>[];
    readonly signer: bigint;
  }[] = [];

  constructor(name: string) {
    this.program = compiled(name);
  }

  /** Calls a function: outputs in order. A call that halts spends nothing. */
  call(by: Player, name: string, ...args: Argument[]): any[] {
    const { program } = this;
    const fn = program.functions.get(name)!;
    assert.equal(args.length, fn.checked.inputs.length, `arguments of ${name}`);
    const spent = args.filter((argument) => argument instanceof LedgerRecord);
    assert.equal(new Set(spent).size, spent.length, 'a record twice in one call');
    for (const record of spent) assert.ok(this.#live.has(record), 'this record is spent');
    const inputs = args.map((argument, i) => {
      const { type } = fn.checked.inputs[i];
      if (!(argument instanceof LedgerRecord)) {
        assert.notEqual(type.kind, 'record', `input ${i} of ${name}: records come from the ledger only`);
        return encodeValue(argument, type, program.types);
      }
      assert.deepEqual(argument.leaves.type, type, `type of input ${i} of ${name}`);
      return argument.leaves;
    });
    if (spent.every(({ leaves }) => leaves.leaves[0] === by.x))
      this.calls.push({ name, inputs, signer: by.x });
    const run = simulate(program, name, inputs, { signer: by.x, caller: by.x });
    const context: [bigint, bigint, bigint] = [by.x, by.x, program.programId];
    const checked = checkAvm(
      fn.bytecode,
      { inputs: run.inputs, recordWords: run.recordWords, context },
      run.trace,
    );
    assert.ok(checked.ok, `${name}: an honest call must satisfy every constraint`);
    for (const record of spent) this.#live.delete(record);
    this.message = run.message;
    return run.outputs.map((output) => {
      const value = typedValue(output, program.types);
      if (output.type.kind !== 'record') return value;
      const record = new LedgerRecord(output, value);
      this.#live.add(record);
      return record;
    });
  }

  /** That a call is refused with a code, and that nothing changed. */
  refuses(code: string, by: Player, name: string, ...args: Argument[]): void {
    const before = this.#live.size;
    assert.throws(() => this.call(by, name, ...args), { code });
    assert.equal(this.#live.size, before);
  }

  /** Live records of a type that belong to somebody. */
  of(owner: Player, type: string): LedgerRecord[] {
    return [...this.#live].filter(
      ({ leaves }) =>
        leaves.type.kind === 'record' && leaves.type.name === type && leaves.leaves[0] === owner.x,
    );
  }

  /** Sum of a member over all live records of the types that have it. */
  total(member: string, ...types: string[]): bigint {
    return [...this.#live]
      .filter(({ leaves }) => leaves.type.kind === 'record' && types.includes(leaves.type.name))
      .reduce((sum, { data }) => sum + (data[member] as bigint), 0n);
  }
}
