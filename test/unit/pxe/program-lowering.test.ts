/** The programs of a wallet keep the lowering that they were compiled with, also in stores that were written before. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import { fieldToHex } from '../../../protocol/field.ts';
import { programIdOf } from '../../../protocol/program-id.ts';
import { recordTypeId } from '../../../protocol/record.ts';
import { ProgramStore } from '../../../pxe/programs/program-store.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };
const TOKEN = readFileSync(new URL('../../../programs/token.aleo', import.meta.url), 'utf8');

const openStore = (backend = memoryBackend()): Promise<EncryptedStore> =>
  EncryptedStore.open(backend, 'pass', FAST);

/** This software when it has a second lowering, its default: every id differs from that of the first. */
const future: typeof compileProgram = (text, fileName, { lowering = 2 } = {}) => {
  const first = compileProgram(text, fileName, { lowering: lowering === 2 ? 1 : lowering });
  if (lowering !== 2) return first;
  const programId = programIdOf(2, first.functionTreeRoot, first.sourceHash, first.nameField);
  const records = [...first.records].map(
    ([name, record]) => [name, { ...record, typeId: recordTypeId(programId, record.nameField) }] as const,
  );
  return { ...first, programId, loweringVersion: 2, records: new Map(records) };
};
const typeOf = (program: Program): bigint => program.records.get('token')!.typeId;

test('a program comes back with the lowering that it was added with', async () => {
  const store = await openStore();
  const now = await (await ProgramStore.open(store)).add(TOKEN);
  assert.equal(now.loweringVersion, 1);
  assert.deepEqual(await store.list('programs'), [{ source: TOKEN, lowering: 1 }]);

  const later = await ProgramStore.open(store, future);
  assert.deepEqual(
    later.list().map(({ programId, loweringVersion }) => ({ programId, loweringVersion })),
    [{ programId: now.programId, loweringVersion: 1 }],
  );
  assert.equal(later.recordType(typeOf(now))!.program.programId, now.programId);
  assert.equal(later.get(now.programId).functions.size, now.functions.size);
});

test('the same source under another lowering is another program; both are kept', async () => {
  const store = await openStore();
  const old = await (await ProgramStore.open(store)).add(TOKEN);
  const programs = await ProgramStore.open(store, future);
  const added = await programs.add(TOKEN);
  assert.equal(added.loweringVersion, 2);
  assert.notEqual(added.programId, old.programId);
  assert.equal((await programs.add(TOKEN, undefined, { lowering: 1 })).programId, old.programId);
  assert.equal(programs.list().length, 2);

  const again = await ProgramStore.open(store, future);
  assert.deepEqual(
    new Set(again.list().map(({ programId }) => programId)),
    new Set([old.programId, added.programId]),
  );
  for (const program of [old, added]) {
    assert.equal(again.recordType(typeOf(program))!.program.loweringVersion, program.loweringVersion);
  }
});

test('a store of sources alone is of the first lowering, and is written anew, once', async () => {
  const store = await openStore();
  const expected = compileProgram(TOKEN, undefined, { lowering: 1 });
  const id = fieldToHex(expected.programId);
  await store.write([{ collection: 'programs', id, value: TOKEN }]);
  const programs = await ProgramStore.open(store, future);
  assert.deepEqual(
    programs.list().map(({ programId }) => programId),
    [expected.programId],
  );
  assert.deepEqual(await store.get('programs', id), { source: TOKEN, lowering: 1 });
  assert.equal((await store.list('programs')).length, 1);

  const counted = Object.assign(Object.create(store) as EncryptedStore, {
    list: (collection: string) => store.list(collection),
    write: () => assert.fail('nothing is left to write'),
  });
  assert.equal((await ProgramStore.open(counted, future)).list().length, 1);
});

test('a program of a lowering that this software does not have is named, not compiled as something else', async () => {
  const store = await openStore();
  await (await ProgramStore.open(store, future)).add(TOKEN);
  await assert.rejects(ProgramStore.open(store), { code: 'LOWERING_UNKNOWN', message: /lowering version 2/ });
});
