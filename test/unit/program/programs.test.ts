/** The programs that come with Azalea: identity, layout, meaning, capacity, speed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RESOURCES } from '../../../avm/capacity.ts';
import { abiOf } from '../../../program/compile/abi.ts';
import { compileProgram } from '../../../program/compile/artifact.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { showType } from '../../../program/values/types.ts';
import { fieldToHex } from '../../../protocol/field.ts';
import { functionTreeRoot } from '../../../protocol/program-id.ts';
import { recordTypeId } from '../../../protocol/record.ts';
import { ALICE, BOB, CONTEXT, record, value } from '../../support/program/programs.ts';

const load = (name: string) =>
  compileProgram(
    readFileSync(new URL(`../../../programs/${name}.aleo`, import.meta.url), 'utf8'),
    `${name}.aleo`,
  );
const [token, credits, bridge] = ['token', 'credits', 'bridge'].map(load);
const U128_MAX = (1n << 128n) - 1n;

/** Lowering version 1 is frozen: these ids change only with the programs' own text. */
test('program and function ids', () => {
  const expected = JSON.parse(
    readFileSync(new URL('./program-ids.json', import.meta.url), 'utf8'),
  ) as unknown;
  const actual = Object.fromEntries(
    [token, credits, bridge].map((program) => [
      `${program.name}.aleo`,
      {
        programId: fieldToHex(program.programId),
        functions: Object.fromEntries(
          [...program.functions.values()].map(({ name, functionId }) => [name, fieldToHex(functionId)]),
        ),
      },
    ]),
  );
  assert.deepEqual(actual, expected);
});

test('identity is built as the specification says', () => {
  for (const program of [token, credits, bridge]) {
    const ids = [...program.functions.values()].map(({ functionId }) => functionId);
    assert.equal(program.functionTreeRoot, functionTreeRoot(ids));
    for (const { typeId, nameField } of program.records.values()) {
      assert.equal(typeId, recordTypeId(program.programId, nameField));
    }
  }
});

test('deposit records: data words are (amount) and (amount, asset)', () => {
  const names = (program: typeof token, name: string) =>
    program.records.get(name)!.members.map((member) => `${member.name} ${showType(member.type)}`);
  assert.deepEqual(names(credits, 'credits'), ['owner address', 'amount u128']);
  assert.deepEqual(names(bridge, 'asset'), ['owner address', 'amount u128', 'asset field']);
});

test('token: mint, transfer, join, split, burn', () => {
  const run = (name: string, ...inputs: Parameters<typeof simulate>[2]) =>
    simulate(token, name, inputs, CONTEXT).recordOutputs;
  const made = (owner: bigint, amount: bigint) => ({ name: 'token', owner, data: [amount] });
  const ten = record('token', ALICE, 10n);
  assert.deepEqual(run('mint', value('address', BOB), value('u64', 5n)), [made(BOB, 5n)]);
  assert.deepEqual(run('transfer', ten, value('address', BOB), value('u64', 3n)), [
    made(BOB, 3n),
    made(ALICE, 7n),
  ]);
  assert.deepEqual(run('join', ten, ten), [made(ALICE, 20n)]);
  assert.deepEqual(run('split', ten, value('u64', 4n)), [made(ALICE, 4n), made(ALICE, 6n)]);
  assert.deepEqual(run('burn', ten, value('u64', 10n)), [made(ALICE, 0n)]);
  assert.throws(() => run('transfer', ten, value('address', BOB), value('u64', 11n)), {
    code: 'HALT_OVERFLOW',
    message: /token\.aleo\/transfer halts at line 20: sub r0\.amount r2 into r3; with 10u64, 11u64/,
  });
  assert.throws(() => run('join', ten, record('token', ALICE, (1n << 64n) - 10n)), { code: 'HALT_OVERFLOW' });
  assert.throws(() => run('mint', value('address', 1n), value('u64', 5n)), { code: 'HALT_OWNER' });
  assert.throws(() => run('transfer', record('token', BOB, 1n), value('address', BOB), value('u64', 1n)), {
    code: 'VALUE_NOT_OWNED',
  });
});

test('credits and bridge conserve value, and withdraw says so to L1', () => {
  const receiver = 0x1234n;
  const withdrawn = simulate(
    credits,
    'withdraw',
    [record('credits', ALICE, U128_MAX), value('field', receiver), value('u128', 5n)],
    CONTEXT,
  );
  assert.deepEqual(withdrawn.message, [receiver, 5n, 2n]);
  assert.deepEqual(withdrawn.recordOutputs, [{ name: 'credits', owner: ALICE, data: [U128_MAX - 5n] }]);
  const assets = simulate(
    bridge,
    'withdraw',
    [record('asset', ALICE, 9n, 7n), value('field', receiver), value('u128', 9n)],
    CONTEXT,
  );
  assert.deepEqual(assets.message, [receiver, 9n, 2n + 256n * 7n]);
  assert.deepEqual(assets.recordOutputs, [{ name: 'asset', owner: ALICE, data: [0n, 7n] }]);
  assert.throws(
    () => simulate(bridge, 'join', [record('asset', ALICE, 9n, 7n), record('asset', ALICE, 9n, 8n)], CONTEXT),
    { code: 'HALT_ASSERTION' },
  );
  const joined = simulate(
    bridge,
    'join',
    [record('asset', ALICE, 9n, 7n), record('asset', ALICE, 1n, 7n)],
    CONTEXT,
  );
  assert.deepEqual(joined.recordOutputs, [{ name: 'asset', owner: ALICE, data: [10n, 7n] }]);
});

test('nothing mints in credits and bridge: every function consumes a record', () => {
  for (const program of [credits, bridge]) {
    for (const { checked } of program.functions.values()) {
      assert.equal(checked.inputs[0].type.kind, 'record', checked.name);
    }
  }
});

test('every function fits, the ABI is plain JSON', () => {
  for (const program of [token, credits, bridge]) {
    assert.deepEqual(program.warnings, []);
    for (const { capacity } of program.functions.values()) {
      for (const name of RESOURCES) assert.ok(capacity[name].used <= capacity[name].capacity);
    }
    const abi = abiOf(program);
    assert.deepEqual(JSON.parse(JSON.stringify(abi)), abi);
  }
});

test('compiling takes under 100 ms of processor time', () => {
  for (const name of ['token', 'credits', 'bridge']) {
    const start = process.cpuUsage();
    load(name);
    const { user } = process.cpuUsage(start);
    assert.ok(user < 100_000, `${name}: ${user} us`);
  }
});
