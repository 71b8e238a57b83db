import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { DOMAIN, FIELD_MODULUS, TREE_DEPTH } from '../../../protocol/constants.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import { NullifierTree } from '../../../protocol/tree/nullifier-tree.ts';
import { generatedFiles } from '../../../scripts/generate.ts';

const committed = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('generated constants', () => {
  for (const { path, text } of generatedFiles()) {
    it(`${path} is what \`npm run generate\` writes`, () => {
      assert.equal(committed(path), text);
    });
  }

  it('circom holds every domain tag, each once', () => {
    const text = committed('circuits/generated/constants.circom');
    for (const [name, tag] of Object.entries(DOMAIN)) {
      assert.ok(text.includes(`function DOMAIN_${name}() { return ${tag}; }`), name);
    }
    assert.equal(new Set(Object.values(DOMAIN)).size, Object.keys(DOMAIN).length);
  });

  it('Solidity holds the modulus and the genesis roots', () => {
    const text = committed('contracts/generated/Constants.sol');
    assert.ok(text.includes(`FIELD_MODULUS = ${FIELD_MODULUS};`));
    assert.ok(text.includes(`EMPTY_NOTE_ROOT = ${new NoteTree().root()};`));
    assert.ok(text.includes(`GENESIS_NULLIFIER_ROOT = ${new NullifierTree().root()};`));
    assert.ok(text.includes(`TREE_DEPTH = ${TREE_DEPTH};`));
  });
});
