/**
 * A released lowering version is frozen: a program's identity is made of its bytecode. If this test fails, the change needs a
 * new LOWERING_VERSION, not a new file of hashes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LOWERING_VERSION } from '../../../protocol/constants.ts';
import { fieldToHex } from '../../../protocol/field.ts';
import { lowerSamples } from './lowering-samples.ts';

test('bytecode of every instruction and type', () => {
  const expected = JSON.parse(
    readFileSync(new URL(`./frozen-lowering-v${LOWERING_VERSION}.json`, import.meta.url), 'utf8'),
  );
  const actual = Object.fromEntries([...lowerSamples()].map(([name, hash]) => [name, fieldToHex(hash)]));
  assert.deepEqual(actual, expected);
});
