/** An app outside the repository that imports the client by path, as docs/programs.md says it can: it type-checks. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, readText } from '../support/source-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'azalea-outside-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** The compiler's messages about the app; empty: none. */
function compile(app: string): Promise<string> {
  writeFileSync(join(directory, 'app.ts'), app);
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: [join(directory, 'app.ts')] }),
  );
  return new Promise((resolve, reject) => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory], (error, stdout, stderr) => {
      if (error !== null && stdout === '') reject(new Error(stderr || error.message));
      else resolve(stdout);
    });
  });
}

test('a file elsewhere that imports the client by path type-checks under strict', async () => {
  // The example as it stands, with the paths of the checkout.
  const example = readText('examples/private-transfer.ts')
    .replaceAll("'../", `'${ROOT}`)
    .replaceAll("'./", `'${ROOT}examples/`);
  assert.ok(example.includes(`from '${ROOT}pxe/node/connect.ts'`));
  assert.equal(await compile(example), '');
  // It looks: types of the client are known there, not `any`.
  assert.match(
    await compile(`${example}\nconst wrong: number = connect;\n`),
    /app\.ts\(\d+,\d+\): error TS2322/,
  );
});
