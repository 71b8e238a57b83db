import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { vectorsJson } from '../../support/rollup/protocol-vectors.ts';

const FILE = new URL('../../vectors/protocol.json', import.meta.url);

describe('vectors', () => {
  // A change here changes what old records, proofs and transactions mean. UPDATE_VECTORS=1 writes the file anew.
  it('of every derived value are as committed', () => {
    if (process.env.UPDATE_VECTORS === '1') writeFileSync(FILE, vectorsJson());
    assert.deepEqual(JSON.parse(vectorsJson()), JSON.parse(readFileSync(FILE, 'utf8')));
  });
});
