/** The commands of those who write programs, as processes: no rollup, no keys, no passphrase. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Command } from 'commander';
import { createProgram } from '../../cli/command-line.ts';
import { createContext } from '../../cli/context.ts';
import { createOutput } from '../../cli/terminal/output.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import type { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { type CliResult, runCli } from '../support/wallet/cli.ts';

const directory = mkdtempSync(join(tmpdir(), 'azalea-tools-'));
after(() => {
  process.chdir(tmpdir());
  rmSync(directory, { recursive: true, force: true });
});
const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: directory });
const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);

/** Requires this error of a command that runs in this process, as far as messages and status do not matter. */
async function refused(code: string, ...args: string[]): Promise<void> {
  const program = createProgram(async (options, work) => {
    const output = createOutput(false, {
      out: { write: () => assert.fail('a result') },
      err: process.stderr,
    });
    await work({ ...createContext(options, new AbortController().signal), output });
  });
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    command.commands.forEach(quiet);
  };
  quiet(program);
  await assert.rejects(program.parseAsync(args, { from: 'user' }), (error: AzaleaError) => {
    assert.equal(error.code, code, `${args.join(' ')}: ${error}`);
    return true;
  });
}

const TOKEN = readFileSync(new URL('../../programs/token.aleo', import.meta.url), 'utf8');
const SIGNER = 'azalea1pwmh56kk8eeekn4vktsf6cnhcy4t3kqpq56wpd3gj0eldwu4wpgse7u0px';

const OTHER = 'azalea1zckhusteq0apeqhj6gn7xkuydvgn8n72fa2ckhltnlwdt7qamypq2yfche';

const SHAPES = `import l1.aleo;
program shapes.aleo;

struct point:
    x as i8;
    on as boolean;

function move:
    input r0 as point.private;
    input r1 as [u8; 2u32].private;
    input r2 as i8.private;
    add r0.x r2 into r3;
    cast r3 r0.on into r4 as point;
    call l1.aleo/send 1field 2field 3field;
    output r4 as point.private;
    output r1[1u32] as u8.private;
`;

const FAULTY = `program faulty.aleo;

record coin:
    owner as address.private;
    amount as u64.private;

function f:
    input r0 as coin.record;
    sub r0.amount r9 into r1;
    output r1 as u64.private;

function g:
    input r0 as u8.public;
    fly r0 into r1;
`;

before(() => {
  process.chdir(directory);
  write('token.aleo', TOKEN);
  write('shapes.aleo', SHAPES);
  write('faulty.aleo', FAULTY);
  mkdirSync(join(directory, 'linked'));
  symlinkSync('link.aleo', join(directory, 'linked/token.canonical.aleo'));
  write('linked/link.aleo', TOKEN);
});

describe('azalea check', () => {
  test('a sound program: one line, status 0', async () => {
    assert.deepEqual(await cli('check', 'token.aleo'), {
      status: 0,
      stdout: '1 program checked: 0 errors, 0 warnings\n',
      stderr: '',
    });
  });

  test('everything that is wrong, as compilers write it; status 1', async () => {
    const { status, stdout, stderr } = await cli('check', 'token.aleo', 'faulty.aleo');
    assert.equal(status, 1);
    assert.equal(stdout, '2 programs checked: 2 errors, 1 warning\n');
    assert.equal(
      stderr,
      `error[PROGRAM_UNKNOWN_REGISTER]: r9 is not defined
 --> faulty.aleo:9:19
  |
9 |     sub r0.amount r9 into r1;
  |                   ^^
  = help: define it in an earlier input or instruction

warning[PROGRAM_PUBLIC_VALUE]: a public input is seen by the caller only, until finalize exists
  --> faulty.aleo:13:5
   |
13 |     input r0 as u8.public;
   |     ^^^^^^^^^^^^^^^^^^^^^^

error[PROGRAM_UNKNOWN_INSTRUCTION]: there is no instruction fly
  --> faulty.aleo:14:5
   |
14 |     fly r0 into r1;
   |     ^^^
   = help: see the instructions of Aleo

`,
    );
  });

  test('--json: the same as data, nothing on standard error', async () => {
    const { status, stdout, stderr } = await cli('--json', 'check', 'faulty.aleo');
    assert.deepEqual([status, stderr], [1, '']);
    const { errors, warnings, files } = JSON.parse(stdout);
    assert.deepEqual([errors, warnings, files.length], [2, 1, 1]);
    const [first] = files[0].diagnostics;
    assert.deepEqual(first, {
      severity: 'error',
      code: 'PROGRAM_UNKNOWN_REGISTER',
      problem: 'r9 is not defined',
      hint: 'define it in an earlier input or instruction',
      position: { file: 'faulty.aleo', line: 9, column: 19 },
      length: 2,
      sourceLine: '    sub r0.amount r9 into r1;',
    });
  });

  test('without files: all programs of the directory; none is an error', async () => {
    assert.match((await cli('check')).stdout, /^3 programs checked: /);
    mkdirSync(join(directory, 'none'));
    for (const place of ['none', 'missing.aleo']) {
      const { status, stderr } = await cli('check', place);
      assert.equal(status, 1);
      assert.match(stderr, /^PROGRAM_FILE_MISSING: [^\n]+\n$/);
    }
  });

  test('colours are for terminals only, and not with NO_COLOR', async () => {
    const plain = await cli('check', 'faulty.aleo');
    assert.ok(!plain.stderr.includes('\u001b'));
    const run = (environment: Readonly<Record<string, string>>): Promise<CliResult> =>
      runCli(['check', 'faulty.aleo'], { cwd: directory, environment });
    const forced = await run({ FORCE_COLOR: '1' });
    assert.notEqual(forced.stderr, plain.stderr);
    assert.equal(stripVTControlCharacters(forced.stderr), plain.stderr);
    assert.equal((await run({ NO_COLOR: '1' })).stderr, plain.stderr);
  });
});

describe('azalea build', () => {
  test('shows ids and capacity, writes ABI and canonical source', async () => {
    const { status, stdout, stderr } = await cli('build', 'token.aleo');
    assert.deepEqual([status, stderr], [0, '']);
    const program = compileProgram(TOKEN);
    assert.equal(stdout.split('\n')[0], `token.aleo  ${fieldToHex(program.programId)}  (lowering 1)`);
    for (const { name, functionId, capacity, bytecode } of program.functions.values()) {
      assert.match(stdout, new RegExp(`^${name} +${fieldToHex(functionId)}$`, 'm'));
      const { rows, wide } = capacity;
      const used = `${rows.used}/${rows.capacity} +${wide.used}/${wide.capacity}`;
      assert.match(stdout, new RegExp(`^${name} +${bytecode.sizeClass} +${used} `, 'm'));
    }
    assert.match(stdout, /\nwrote build\/token\.abi\.json, build\/token\.canonical\.aleo\n$/);
    assert.equal(
      readFileSync(join(directory, 'build/token.canonical.aleo'), 'utf8'),
      program.canonicalSource,
    );
    const abi = JSON.parse(readFileSync(join(directory, 'build/token.abi.json'), 'utf8'));
    assert.equal(abi.programId, fieldToHex(program.programId));
    assert.deepEqual(
      abi.functions.map((fn: { name: string }) => fn.name),
      [...program.functions.keys()],
    );
  });

  test('--json, --out and the known lowering', async () => {
    const { stdout } = await cli('build', 'shapes.aleo', '--json', '--out', 'deep/er', '--lowering', '1');
    const { program, written } = JSON.parse(stdout);
    assert.equal(program, 'shapes.aleo');
    assert.deepEqual(written, { abi: 'deep/er/shapes.abi.json', source: 'deep/er/shapes.canonical.aleo' });
    assert.ok(existsSync(join(directory, written.abi)));
  });

  test('refuses an unknown lowering, a faulty program, and to write over the program', async () => {
    const unknown = await cli('build', 'token.aleo', '--lowering', '7');
    assert.deepEqual([unknown.status, unknown.stdout], [1, '']);
    assert.match(unknown.stderr, /^LOWERING_UNKNOWN: [^\n]*it knows 1[^\n]*\n$/);
    await refused('commander.invalidArgument', 'build', 'token.aleo', '--lowering', 'two');
    await refused('PROGRAM_UNKNOWN_REGISTER', 'build', 'faulty.aleo');
    write('shapes.canonical.aleo', SHAPES);
    await refused('BUILD_OVERWRITES_SOURCE', 'build', 'shapes.canonical.aleo', '--out', '.');
    rmSync('shapes.canonical.aleo');
    await refused('BUILD_OVERWRITES_SOURCE', 'build', 'linked/link.aleo', '--out', 'linked');
    await refused('OUTPUT_UNWRITABLE', 'build', 'token.aleo', '--out', 'shapes.aleo/x');
    await refused('PROGRAM_FILE_AMBIGUOUS', 'build');
    assert.equal(readFileSync(join(directory, 'token.aleo'), 'utf8'), TOKEN);
  });
});

describe('azalea run', () => {
  test('literals, structs, arrays and negative numbers; outputs and the message', async () => {
    const wanted = [
      'output 0  point  { x: -12i8, on: true }',
      'output 1  u8     9u8',
      'message to L1  1field 2field 3field',
      '',
    ].join('\n');
    for (const number of ['-5i8', '-5']) {
      const done = await cli('run', 'shapes.aleo', 'move', '{ x: -7i8, on: true }', '[8u8, 9u8]', number);
      assert.deepEqual(done, { status: 0, stdout: wanted, stderr: '' });
    }
  });

  test('records of the signer, and --json', async () => {
    const { stdout } = await cli(
      ...['run', '--json', 'token.aleo', 'split', '{ owner: self.signer, amount: 100u64 }', '30u64'],
    );
    assert.deepEqual(JSON.parse(stdout), {
      program: 'token.aleo',
      function: 'split',
      signer: SIGNER,
      outputs: [
        { type: 'token.record', value: `{ owner: ${SIGNER}, amount: 30u64 }` },
        { type: 'token.record', value: `{ owner: ${SIGNER}, amount: 70u64 }` },
      ],
      message: null,
    });
  });

  test('inputs from a file', async () => {
    write('inputs.json', '[{ "x": "-7i8", "on": true }, ["8u8", "9u8"], "-5i8"]');
    const { status, stdout } = await cli('run', 'shapes.aleo', 'move', '--inputs', 'inputs.json');
    assert.equal(status, 0);
    assert.match(stdout, /-12i8/);
    for (const text of ['{}', '[1]', '[null]', '[[3]]', 'x']) {
      write('inputs.json', text);
      const refused = await cli('run', 'shapes.aleo', 'move', '--inputs', 'inputs.json');
      assert.match(refused.stderr, /^RUN_INPUTS_INVALID: [^\n]+\n$/, text);
    }
    const twice = await cli('run', 'shapes.aleo', 'move', '1u8', '--inputs', 'inputs.json');
    assert.match(twice.stderr, /^RUN_INPUTS_INVALID: /);
  });

  test('a call that halts: place, values, status 3', async () => {
    const { status, stdout, stderr } = await cli(
      ...['run', 'token.aleo', 'split', '{ owner: self.signer, amount: 10u64 }', '30u64'],
    );
    assert.deepEqual([status, stdout], [3, '']);
    assert.equal(
      stderr,
      `error[HALT_OVERFLOW]: the result -20 does not fit u64
  --> token.aleo:38:5
   |
38 |     sub r0.amount r1 into r2;
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^
   = note: in function split, r0.amount = 10u64, r1 = 30u64
`,
    );
  });

  test('what cannot be run is one line and status 1', async () => {
    const record = '{ owner: self.signer, amount: 10u64 }';
    const { status, stdout, stderr } = await cli('run', 'token.aleo', 'steal');
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^PROGRAM_NO_SUCH_FUNCTION: [^\n]{10,}\n$/);
    await refused('PROGRAM_FILE_MISSING', 'run', 'nothing.aleo', 'mint');
    await refused('CALL_ARGUMENT_COUNT', 'run', 'token.aleo', 'mint', '1u64');
    await refused('VALUE_TYPE_MISMATCH', 'run', 'token.aleo', 'mint', 'self.signer', '1u32');
    await refused('VALUE_TYPE_MISMATCH', 'run', 'token.aleo', 'burn', '5u64', '1u64');
    await refused('VALUE_OUT_OF_RANGE', 'run', 'token.aleo', 'mint', 'self.signer', '-1');
    await refused('VALUE_INVALID', 'run', 'token.aleo', 'burn', '{ owner: self.signer }', '1u64');
    await refused('VALUE_INVALID', 'run', 'token.aleo', 'burn', '{ owner: self.signer, amount: }', '1u64');
    await refused('TEXT_FORM', 'run', 'token.aleo', 'burn', record, '1u64', '--signer', 'azalea1qqqq');
    await refused(
      'WALLET_EMPTY',
      'run',
      'token.aleo',
      'burn',
      record,
      '1u64',
      '--signer',
      'alice',
      '--store',
      'nothing',
    );
    await refused(
      'VALUE_NOT_OWNED',
      'run',
      'token.aleo',
      'burn',
      `{ owner: ${OTHER}, amount: 10u64 }`,
      '1u64',
    );
    await refused('commander.missingArgument', 'run', 'token.aleo');
  });

  test('--signer: an address that is given, or an account of the wallet', async () => {
    const { outputs } = JSON.parse(
      (await cli('run', '--json', 'token.aleo', 'mint', 'self.signer', '1', '--signer', OTHER)).stdout,
    );
    assert.equal(outputs[0].value, `{ owner: ${OTHER}, amount: 1u64 }`);
    const wallet = (...args: string[]): Promise<CliResult> =>
      runCli(['--store', 'wallet', ...args], { cwd: directory, passphrase: 'p' });
    const address = (await wallet('account', 'new', 'alice')).stdout.split(/\s+/)[1];
    const run = await wallet('run', 'token.aleo', 'mint', 'self.signer', '1', '--signer', 'alice');
    assert.ok(run.stdout.includes(`{ owner: ${address}, amount: 1u64 }`), run.stderr);
  });
});

describe('azalea new', () => {
  test('makes a program that is sound, runs, and passes its own test', async () => {
    const made = await cli('new', 'apps/lottery');
    assert.deepEqual([made.status, made.stderr], [0, '']);
    const files = readdirSync(join(directory, 'apps/lottery'), { recursive: true }).sort();
    assert.deepEqual(files, [
      'README.md',
      'inputs',
      'inputs/give.json',
      'inputs/transfer.json',
      'lottery.aleo',
      'lottery.test.ts',
    ]);
    assert.equal((await cli('check', 'apps/lottery')).stdout, '1 program checked: 0 errors, 0 warnings\n');
    for (const name of ['give', 'transfer']) {
      const { status, stderr } = await cli(
        ...['run', 'apps/lottery', name, '--inputs', `apps/lottery/inputs/${name}.json`],
      );
      assert.equal(status, 0, stderr);
    }
    const { NODE_TEST_CONTEXT, ...env } = process.env;
    const tested = spawnSync(process.execPath, ['--test', 'lottery.test.ts'], {
      cwd: join(directory, 'apps/lottery'),
      encoding: 'utf8',
      env,
    });
    assert.equal(tested.status, 0, tested.stdout);
    assert.match(tested.stdout, /pass 3/);
    const readme = readFileSync(join(directory, 'apps/lottery/README.md'), 'utf8');
    assert.match(readme, /npx azalea check \/.*apps\/lottery`/);
    assert.doesNotMatch(readme, /starter/);
  });

  test('overwrites nothing, and takes names of programs only', async () => {
    mkdirSync(join(directory, 'taken'));
    write('taken/keep', 'me');
    for (const [code, name] of [
      ['NEW_EXISTS', 'taken'],
      ['NEW_EXISTS', 'nowhere/../taken'],
      ['PROGRAM_NAME_INVALID', 'Lottery'],
      ['PROGRAM_NAME_INVALID', 'my-app'],
      ['PROGRAM_NAME_INVALID', 'record'],
      ['PROGRAM_NAME_INVALID', 'r1'],
      ['PROGRAM_NAME_INVALID', 'l1'],
      ['PROGRAM_NAME_INVALID', `a${'b'.repeat(31)}`],
      ['OUTPUT_UNWRITABLE', 'token.aleo/app'],
    ]) {
      await refused(code, 'new', name);
    }
    assert.deepEqual(readdirSync(join(directory, 'taken')), ['keep']);
  });
});

describe('help', () => {
  for (const name of ['new', 'check', 'build', 'run', 'codegen']) {
    test(`of ${name} has examples and none of the wallet's options`, async () => {
      const { status, stdout } = await cli(name, '--help');
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Examples:\\n {2}\\$ npx azalea ${name}\\b`));
      assert.doesNotMatch(stdout, /--sequencer/);
    });
  }
});
