import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { chooseRecord } from '../../../pxe/calls/choose-record.ts';
import { RecordStore } from '../../../pxe/records/record-store.ts';
import type { StoredRecord } from '../../../pxe/records/stored-record.ts';

const program = compileProgram(
  readFileSync(new URL('../../../programs/bridge.aleo', import.meta.url), 'utf8'),
);
const record = program.records.get('asset')!;
const OWNER = 9n;

function held(id: bigint, amount: bigint, asset: bigint): StoredRecord {
  const preimage = {
    typeId: record.typeId,
    owner: OWNER,
    blind: 1n,
    rho: id,
    data: [amount, asset, 0n, 0n, 0n],
  };
  const origin = { kind: 'deposit', queueIndex: Number(id), counter: 0 } as const;
  return {
    commitment: id,
    nullifier: id + 100n,
    preimage,
    leafIndex: Number(id),
    block: 1,
    origin,
    spentIn: undefined,
  };
}

test('a wish never picks between tokens of two assets', () => {
  const records = new RecordStore();
  records.add([held(1n, 50n, 0xaan), held(2n, 70n, 0xbbn)], []);
  const choose = (choice: Parameters<typeof chooseRecord>[1]['choice']) =>
    chooseRecord(records, { owner: OWNER, program, record, choice, locked: new Set() }).commitment;
  assert.throws(() => choose({ atLeast: 10n }), { code: 'RECORD_CHOICE_AMBIGUOUS' });
  assert.equal(choose({ commitment: 1n }), 1n);
  // Two records of one asset differ in the amount alone: the smaller one that is enough.
  const alike = new RecordStore();
  alike.add([held(1n, 50n, 0xaan), held(3n, 20n, 0xaan)], []);
  const chosen = chooseRecord(alike, {
    owner: OWNER,
    program,
    record,
    choice: { atLeast: 10n },
    locked: new Set(),
  });
  assert.equal(chosen.commitment, 3n);
});
