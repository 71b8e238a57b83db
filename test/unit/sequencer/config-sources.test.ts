/** A configuration's errors: each mistake is named, none shows a key. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AzaleaError } from '../../../protocol/errors.ts';
import { loadConfig } from '../../../sequencer/process/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'azalea-config-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const KEY = `0x${'ab'.repeat(32)}`;
const COMPLETE = { l1Url: 'http://a', rollup: `0x${'11'.repeat(20)}` };
let files = 0;
const fileOf = (text: string, mode = 0o600): string => {
  const path = join(directory, `file-${files++}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

function messageOf(options: Parameters<typeof loadConfig>[0]): string {
  try {
    loadConfig(options);
  } catch (error) {
    assert.equal((error as AzaleaError).code, 'CONFIG_INVALID');
    return (error as AzaleaError).message;
  }
  return assert.fail('it was taken');
}

function warningsOf(options: Parameters<typeof loadConfig>[0]): string[] {
  const warnings: string[] = [];
  loadConfig({ ...options, onWarning: (text) => warnings.push(text) });
  return warnings;
}

test('a missing file, an unreadable one and bad JSON are told apart', () => {
  const absent = join(directory, 'absent.json');
  assert.equal(messageOf({ file: absent }), `There is no configuration file ${absent}`);
  assert.match(messageOf({ file: directory }), /cannot be read \(EISDIR\)$/);
  const bad = fileOf(`{\n  "proposerKey": "${KEY}",\n  oops }`);
  const message = messageOf({ file: bad });
  assert.match(message, /is not JSON \(line 3, column 3\)$/);
  assert.ok(!message.includes('abab'));
  assert.match(messageOf({ file: fileOf(`{"proposerKey": "${KEY}`) }), /is not JSON \(line 1, column \d+\)$/);
  assert.match(messageOf({ file: fileOf('[]') }), /must hold one JSON object/);
  assert.equal(
    messageOf({ environment: { AZALEA_PROPOSER_KEY_FILE: absent } }),
    `There is no key file ${absent}`,
  );
});

test('an unknown setting names the nearest one, not a variable', () => {
  const unknown = (name: string) => messageOf({ file: fileOf(JSON.stringify({ ...COMPLETE, [name]: 1 })) });
  assert.match(unknown('pollMS'), /^There is no setting "pollMS"; did you mean pollMs\?/);
  assert.match(unknown('confirmation'), /did you mean confirmations\?/);
  assert.match(unknown('proposerKeyFil'), /did you mean proposerKeyFile\?/);
  const far = unknown('colour');
  assert.ok(!far.includes('did you mean') && !far.includes('AZALEA_'), far);
  // Names that every object has are unknown, too.
  assert.match(unknown('constructor'), /^There is no setting "constructor"/);
  assert.match(
    messageOf({ overrides: COMPLETE }),
    /^The setting proposerKey is missing.*AZALEA_PROPOSER_KEY/,
  );
  assert.match(
    messageOf({ overrides: { ...COMPLETE, proposerKey: KEY, port: 'x' } }),
    /^The setting port is wrong/,
  );
  assert.match(
    messageOf({ file: fileOf(JSON.stringify({ ...COMPLETE, proposerKeyFile: 7 })) }),
    /proposerKeyFile must be a path/,
  );
});

test('an unknown variable warns, those of other parts do not', () => {
  const environment = {
    AZALEA_BLOCK_DELAY: '5',
    AZALEA_L1_URLS: 'http://b',
    AZALEA_CACHE_DIR: '/x',
    AZALEA_FUZZ_RUNS: '1',
    AZALEA_PORT: '1',
    PATH: '/bin',
  };
  const warnings = warningsOf({ environment, overrides: { ...COMPLETE, proposerKey: KEY } });
  assert.equal(warnings.length, 2);
  assert.match(warnings[0], /AZALEA_BLOCK_DELAY is no setting and is ignored/);
  assert.match(warnings[1], /AZALEA_L1_URLS .* did you mean AZALEA_L1_URL\?/);
});

test('a key that others may read warns with the mode', () => {
  const overrides = COMPLETE;
  const withKey = (path: string) =>
    warningsOf({ environment: { AZALEA_PROPOSER_KEY_FILE: path }, overrides });
  assert.deepEqual(withKey(fileOf(KEY, 0o600)), []);
  assert.deepEqual(withKey(fileOf(KEY, 0o400)), []);
  assert.match(withKey(fileOf(KEY, 0o644)).join(), /others may read it \(mode 644\): chmod 600/);
  assert.match(withKey(fileOf(KEY, 0o640)).join(), /mode 640/);
  const inFile = (mode: number) =>
    warningsOf({ file: fileOf(JSON.stringify({ ...COMPLETE, proposerKey: KEY }), mode) });
  assert.equal(inFile(0o644).length, 1);
  assert.equal(inFile(0o600).length, 0);
  // A file without a key is nobody's secret.
  assert.deepEqual(
    warningsOf({ file: fileOf(JSON.stringify(COMPLETE), 0o644), overrides: { proposerKey: KEY } }),
    [],
  );
});
