import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramError } from '../../../program/diagnostics/errors.ts';
import { runFunction } from '../../../program/run/run.ts';
import { G } from '../../../protocol/curve/point.ts';
import { fieldToHex } from '../../../protocol/field.ts';
import { ProgramStore } from '../../../pxe/programs/program-store.ts';
import { memoryBackend } from '../../../pxe/store/backend.ts';
import { EncryptedStore } from '../../../pxe/store/encrypted-store.ts';

const FAST = { N: 2 ** 4, r: 8, p: 1 };
const SOURCE = 'program t.aleo;\nfunction f:\n    input r0 as u8.private;\n    assert.eq r0 1u8;\n';
const COMMENTED = `// One comment\n// and another.\n${SOURCE}`;

/** The place where the halting call is said to halt. */
function haltsAt(program: Awaited<ReturnType<ProgramStore['add']>>): string {
  try {
    runFunction(program, 'f', ['2u8'], G.x);
  } catch (error) {
    const { file, line } = (error as ProgramError).diagnostic.position;
    return `${file}:${line}`;
  }
  assert.fail('the call does not halt');
}

test('another text of a known program takes its place: the lines are those that its reader has', async () => {
  const backend = memoryBackend();
  const programs = await ProgramStore.open(await EncryptedStore.open(backend, 'pass', FAST));
  const first = await programs.add(SOURCE, 'first.aleo');
  assert.equal(haltsAt(first), 'first.aleo:4');
  const second = await programs.add(COMMENTED, 'second.aleo');
  assert.equal(second.programId, first.programId);
  assert.equal(haltsAt(second), 'second.aleo:6');
  assert.deepEqual(programs.list(), [second]);
  const reopened = await ProgramStore.open(await EncryptedStore.open(backend, 'pass', FAST));
  assert.deepEqual(
    reopened.list().map(({ source }) => source),
    [COMMENTED],
  );
});

test('a program with a fault is not kept, and the fault names its file', async () => {
  const programs = await ProgramStore.open(await EncryptedStore.open(memoryBackend(), 'pass', FAST));
  await assert.rejects(
    programs.add('program t.aleo;\nfunction f:\n    fly r0 into r1;\n', 'f.aleo'),
    (error) => {
      assert.equal((error as ProgramError).diagnostic.position.file, 'f.aleo');
      return true;
    },
  );
  assert.deepEqual(programs.list(), []);
});

test('a program that was kept before its comments were refused comes back', async () => {
  const store = await EncryptedStore.open(memoryBackend(), 'pass', FAST);
  const programs = await ProgramStore.open(store);
  const { programId } = await programs.add(SOURCE);
  const source = SOURCE.replace('    assert', '    // \u202e \\\n    assert');
  await assert.rejects(programs.add(source), { code: 'PROGRAM_UNEXPECTED_CHARACTER' });
  const [entry] = await store.list<{ lowering: number }>('programs');
  await store.write([{ collection: 'programs', id: fieldToHex(programId), value: { ...entry, source } }]);
  const reopened = await ProgramStore.open(store);
  assert.deepEqual(
    reopened.list().map((program) => [program.programId, program.source]),
    [[programId, source]],
  );
});
