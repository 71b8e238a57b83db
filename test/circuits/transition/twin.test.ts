/** The whole circuit against its TypeScript twins on random calls, and each signal signed for with another value. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { AvmFunction, Source } from '../../../avm/function.ts';
import { accountFromSeed } from '../../../protocol/account.ts';
import { FIELD_MODULUS, RECORD_WORDS } from '../../../protocol/constants.ts';
import { recordTypeId } from '../../../protocol/record.ts';
import {
  parseTransitionSignals,
  SMALL_SIGNAL_NAMES,
  transitionSignals,
} from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import {
  calculateWitness,
  checkR1cs,
  describeConstraint,
  loadStatementCircuit,
  type Override,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import { forgeCall, run } from '../../support/transition/forge-call.ts';
import { call, makeProgram, transferCall } from '../../support/transition/transitions.ts';

const field = fc.oneof(
  fc.constantFrom(0n, 1n, FIELD_MODULUS - 1n),
  fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
);
const words = fc.array(field, { minLength: RECORD_WORDS, maxLength: RECORD_WORDS });
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
const input = (index: number): Source => ({ kind: 'input', index });

/** Any number of records in and out, with words straight from the plain inputs, and perhaps a message. */
const shape = fc.record({
  inputs: fc.array(fc.record({ name: field, blind: field, rho: field, data: words }), { maxLength: 2 }),
  outputs: fc.array(fc.record({ name: field, owner: seed, data: words }), { maxLength: 2 }),
  message: fc.option(fc.tuple(field, field, field)),
  account: seed,
  randomness: seed,
  place: fc.nat(2),
});

describe('transition-small, random calls', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  it('accepts every authorized call, with the signals of its twin', () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const account = accountFromSeed(drawn.account);
        const owners = drawn.outputs.map(({ owner }) => accountFromSeed(owner).address.x);
        const perOutput = 1 + RECORD_WORDS;
        const fn: AvmFunction = {
          rows: [],
          wide: [],
          hash: [],
          constants: (drawn.message as bigint[] | null) ?? [],
          inputCount: perOutput * drawn.outputs.length,
          adviceCount: 0,
          recordInputs: drawn.inputs.map(({ name }) => ({ name })),
          recordOutputs: drawn.outputs.map(({ name }, i) => ({
            name,
            owner: input(perOutput * i),
            data: Array.from({ length: RECORD_WORDS }, (_, k) => input(perOutput * i + 1 + k)),
          })),
          ...(drawn.message === null
            ? {}
            : {
                message: [0, 1, 2].map((index): Source => ({ kind: 'constant', index })) as [
                  Source,
                  Source,
                  Source,
                ],
              }),
        };
        const empty: AvmFunction = {
          ...fn,
          constants: [5n],
          inputCount: 0,
          recordInputs: [],
          recordOutputs: [],
          message: undefined,
        };
        const names = ['a', 'b', 'c'];
        const functions = Object.fromEntries(
          names.map((name, i) => [name, i === drawn.place ? fn : { ...empty, constants: [BigInt(i)] }]),
        );
        const program = makeProgram('random', functions);
        const typeOf = (name: bigint): bigint => recordTypeId(program.programId, name);
        const made = call({
          account,
          program,
          fn: names[drawn.place],
          inputs: drawn.outputs.flatMap(({ data }, i) => [owners[i], ...data]),
          records: drawn.inputs.map(({ name, ...rest }) => ({
            ...rest,
            typeId: typeOf(name),
            owner: account.address.x,
          })),
          outputs: drawn.outputs.map(({ name, data }, i) => ({
            typeId: typeOf(name),
            owner: owners[i],
            data,
          })),
          message: drawn.message ?? undefined,
          randomness: drawn.randomness,
        });
        const witness = calculateWitness(circuit, transitionInput(made));
        assert.deepEqual(checkR1cs(circuit, witness), []);
        assert.deepEqual(
          witness.slice(1, 1 + SMALL_SIGNAL_NAMES.length),
          transitionSignals(made.authorization.signals),
        );
      }),
      { numRuns: 12 },
    );
  });

  /** Signals whose value is the signer's own choice as far as the circuit goes; L1 checks rollupId. */
  const CHOSEN = ['rollupId'];
  /** Signals for which the constraint that fixes them shows another name. */
  const NAMES: Readonly<Record<string, string>> = { tpk: 'tpkX', encryptionPoint: 'rX' };

  it('fixes each public signal by one constraint of its own, even for a signer who signs for another value', async () => {
    const honest = transferCall();
    const values = transitionSignals(honest.authorization.signals);
    for (const [k, name] of SMALL_SIGNAL_NAMES.entries()) {
      const changed = values.with(k, values[k] + 1n);
      // parseTransitionSignals refuses message words without a program id, which is what some of these forge.
      const signals = name.startsWith('message')
        ? {
            ...honest.authorization.signals,
            message: {
              programId: changed[23],
              words: [changed[24], changed[25], changed[26]] as const,
            },
          }
        : parseTransitionSignals(changed);
      const input = forgeCall(honest, {
        // The first nullifier enters rho and the key streams: outputs are sealed again under the forged one.
        inputs: (slots) => {
          slots.forEach((slot, j) => {
            slot.nullifier = signals.nullifiers[j];
          });
        },
        signals: (target) => {
          if (!name.startsWith('nullifiers')) Object.assign(target, signals);
        },
      });
      // The circuit hashes the tpk that it computes: the forger computes another one.
      const overrides: Record<string, Override> = {};
      if (name === 'tpk') overrides['main.request.tpk.out[0]'] = (x) => x + 1n;
      const { failing } = await run(circuit, input, overrides);
      if (CHOSEN.includes(name)) {
        assert.deepEqual(failing, [], name);
        continue;
      }
      // A signal that is a linear function of a permutation's last state stands in that permutation's last constraints.
      const linear = /ciphertexts|outgoing/.test(name);
      assert.ok(linear ? failing.length > 0 : failing.length === 1, `${name}: ${failing.length} fail`);
      const shown = (NAMES[name] ?? name).replaceAll('[', '\\[').replaceAll(']', '\\]');
      for (const index of failing) {
        assert.match(
          describeConstraint(circuit, index).slice(0, 20_000),
          new RegExp(`main\\.${shown}${linear ? '|output_\\[[01]\\]\\.(stream|mask)' : ''}`),
        );
      }
    }
  });
});
