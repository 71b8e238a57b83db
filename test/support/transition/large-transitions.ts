/** A program of the large size, written directly in AVM functions, and signed calls of it that use what small ones lack. */
import type { AvmFunction, Source } from '../../../avm/function.ts';
import type { OutputRecord } from '../../../protocol/call/seal-outputs.ts';
import type { RecordPreimage } from '../../../protocol/record.ts';
import { alice, bob, call, makeProgram, output, type TestCall, TOKEN, token } from './transitions.ts';

const amount = (record: number): Source => ({ kind: 'record', record, word: 0 });
const input = (index: number): Source => ({ kind: 'input', index });
const signer: Source = { kind: 'context', name: 'signer' };

/** turn(token x4, to): what the second pair is worth goes to `to`, the first pair changes places. */
const TURN: AvmFunction = {
  rows: [],
  wide: [],
  hash: [],
  constants: [],
  inputCount: 1,
  adviceCount: 0,
  recordInputs: Array(4).fill({ name: TOKEN }),
  recordOutputs: [
    { name: TOKEN, owner: signer, data: [amount(1)] },
    { name: TOKEN, owner: signer, data: [amount(0)] },
    { name: TOKEN, owner: input(0), data: [amount(2)] },
    { name: TOKEN, owner: input(0), data: [amount(3)] },
  ],
};

/** some(token x3, to): the fourth slot of either kind is unused; a message says the third token's amount. */
const SOME: AvmFunction = {
  ...TURN,
  constants: [3n],
  recordInputs: TURN.recordInputs.slice(0, 3),
  recordOutputs: TURN.recordOutputs.slice(0, 3),
  message: [input(0), amount(2), { kind: 'constant', index: 0 }],
};

export const largeProgram = makeProgram('large', { turn: TURN, some: SOME }, 0n, 'large');

/** A token of the large program. */
export function largeToken(value: bigint, salt: bigint): RecordPreimage {
  return token(alice, value, salt, largeProgram.typeId);
}

export function largeOutput(owner: typeof alice, value: bigint): OutputRecord {
  return output(owner, value, largeProgram.typeId);
}

/** Four records in, four out. */
export function turnCall(randomness?: Uint8Array): TestCall {
  return call({
    program: largeProgram,
    fn: 'turn',
    inputs: [bob.address.x],
    records: [10n, 20n, 30n, 40n].map((value, k) => largeToken(value, BigInt(k))),
    outputs: [largeOutput(alice, 20n), largeOutput(alice, 10n), largeOutput(bob, 30n), largeOutput(bob, 40n)],
    randomness,
  });
}

/** Three records in, three out, a message. */
export function someCall(): TestCall {
  return call({
    program: largeProgram,
    fn: 'some',
    inputs: [bob.address.x],
    records: [10n, 20n, 30n].map((value, k) => largeToken(value, BigInt(k))),
    outputs: [largeOutput(alice, 20n), largeOutput(alice, 10n), largeOutput(bob, 30n)],
    message: [bob.address.x, 30n, 3n],
  });
}
