import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERROR_CODES, httpStatus } from '../../../rpc/error-codes.ts';
import { scriptFiles } from '../../support/source-files.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('every code of the wire stands in docs/errors.md with its status, reason and fix', () => {
  const rows = new Set(read('docs/errors.md').split('\n'));
  for (const [code, { http, when, fix }] of Object.entries(ERROR_CODES)) {
    const row = `| ${code} | ${http === 0 ? '-' : http} | ${when} | ${fix} |`;
    assert.ok(rows.has(row), `missing: ${row}`);
  }
});

test('every code that the sequencer, its client or the calls to L1 raise is documented', () => {
  const documented = new Set(
    read('docs/errors.md')
      .split('\n')
      .map((line) => line.split('|')[1]?.trim()),
  );
  const files = scriptFiles().filter((file) => /^(?:rpc|sequencer|l1)\//.test(file));
  assert.ok(files.includes('sequencer/publish/publisher.ts') && files.includes('rpc/client.ts'));
  for (const file of files) {
    for (const [, code] of read(file).matchAll(/new AzaleaError\(\s*'([A-Z0-9_]+)'/g)) {
      assert.ok(documented.has(code), `${file} raises ${code}, which docs/errors.md lacks`);
    }
  }
});

test('codes of the wire have a client or server error status', () => {
  for (const [code, { http }] of Object.entries(ERROR_CODES)) {
    if (http !== 0) assert.ok(http >= 400 && http < 600, code);
  }
  assert.equal(httpStatus('PROOF_INVALID'), 400);
  assert.equal(httpStatus('SOMETHING_ELSE'), 500);
});
