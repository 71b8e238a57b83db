/** `azalea codegen` as a process; what it writes is checked in test/unit/cli/codegen.test.ts. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bindingsOf } from '../../cli/codegen/bindings.ts';
import { TokenProgram } from '../../examples/bindings/token.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import { runCli } from '../support/wallet/cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'azalea-codegen-'));
after(() => rmSync(directory, { recursive: true, force: true }));

describe('azalea codegen', () => {
  const program = join(ROOT, 'programs/token.aleo');

  test('writes a file whose import leads to the client', async () => {
    const out = join(directory, 'deep/token.ts');
    const { status, stdout } = await runCli(['codegen', program, '--out', out], { cwd: directory });
    assert.deepEqual([status, stdout], [0, `wrote ${out}\n`]);
    const path = relative(join(directory, 'deep'), join(ROOT, 'pxe/client')).replaceAll('\\', '/');
    const { TokenProgram: made } = await import(out);
    assert.equal(made.programId, TokenProgram.programId);
    assert.ok(readFileSync(out, 'utf8').includes(`from '${path}/typed-program.ts'`));
    const again = await runCli(['codegen', program, '--out', out], { cwd: directory });
    assert.equal(again.status, 0, 'its own file is written anew');
  });

  test('never writes over another file', async () => {
    const own = join(directory, 'own.ts');
    writeFileSync(own, 'export {};\n');
    const { status, stderr } = await runCli(['codegen', program, '--out', own], { cwd: directory });
    assert.equal(status, 1);
    assert.match(stderr, /^OUTPUT_NOT_GENERATED: [^\n]+\n$/);
    assert.equal(readFileSync(own, 'utf8'), 'export {};\n');
  });

  test('writes to standard output, with another client', async () => {
    const { stdout } = await runCli(['codegen', program, '--client', 'azalea/pxe/client'], {
      cwd: directory,
    });
    assert.equal(
      stdout,
      bindingsOf(compileProgram(readFileSync(program, 'utf8')), { client: 'azalea/pxe/client' }),
    );
  });
});
