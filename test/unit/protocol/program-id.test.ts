import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOMAIN } from '../../../protocol/constants.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import {
  functionIdOf,
  functionTreePath,
  functionTreeRoot,
  nameToField,
  programIdOf,
  sourceHashOf,
} from '../../../protocol/program-id.ts';

const node = (children: bigint[]): bigint => hash(DOMAIN.FN_TREE, children);
const leaves = (count: number): bigint[] => Array.from({ length: count }, (_, k) => BigInt(k + 1));

describe('names', () => {
  it('are their UTF-8 bytes, big-endian', () => {
    assert.equal(nameToField('a'), 0x61n);
    assert.equal(nameToField('ab'), 0x6162n);
    assert.equal(nameToField('x'.repeat(31)), BigInt(`0x${'78'.repeat(31)}`));
  });

  it('have 1 to 31 bytes', () => {
    assert.throws(() => nameToField(''), { code: 'NAME_LENGTH' });
    assert.throws(() => nameToField('x'.repeat(32)), { code: 'NAME_LENGTH' });
    assert.throws(() => nameToField('é'.repeat(16)), { code: 'NAME_LENGTH' });
  });
});

describe('function tree', () => {
  it('has four children a node and 64 leaves in order of declaration, 0 where empty', () => {
    const ids = leaves(5);
    const zero = node([0n, 0n, 0n, 0n]);
    const left = node([node([1n, 2n, 3n, 4n]), node([5n, 0n, 0n, 0n]), zero, zero]);
    const rest = node([zero, zero, zero, zero]);
    assert.equal(functionTreeRoot(ids), node([left, rest, rest, rest]));
  });

  it('opens every leaf: siblings are the partner in the pair, then the other pair', () => {
    for (const count of [1, 5, 64]) {
      const ids = leaves(count);
      const root = functionTreeRoot(ids);
      for (const [index, leaf] of ids.entries()) {
        const path = functionTreePath(ids, index);
        let current = leaf;
        let position = index;
        for (const [partner, first, second] of path.siblings) {
          const pair = position % 2 === 0 ? [current, partner] : [partner, current];
          current = node(position % 4 < 2 ? [...pair, first, second] : [first, second, ...pair]);
          position = Math.floor(position / 4);
        }
        assert.equal(current, root);
      }
    }
  });

  it('refuses 0 and 65 functions and indexes outside', () => {
    assert.throws(() => functionTreeRoot([]), { code: 'PROGRAM_FUNCTION_COUNT' });
    assert.throws(() => functionTreeRoot(leaves(65)), { code: 'PROGRAM_FUNCTION_COUNT' });
    for (const index of [-1, 3, 64, 0.5]) {
      assert.throws(() => functionTreePath(leaves(3), index), { code: 'PROGRAM_FUNCTION_INDEX' });
    }
  });
});

describe('source hash', () => {
  it('hashes the length and 31-byte chunks, zero-padded on the right', () => {
    assert.equal(sourceHashOf('a'), hash(DOMAIN.SOURCE, [1n, 0x61n << 240n]));
    const long = 'b'.repeat(32);
    const full = BigInt(`0x${'62'.repeat(31)}`);
    assert.equal(sourceHashOf(long), hash(DOMAIN.SOURCE, [32n, full, 0x62n << 240n]));
    assert.notEqual(sourceHashOf('a'), sourceHashOf('a\0'));
    assert.equal(sourceHashOf(''), hash(DOMAIN.SOURCE, [0n]));
  });
});

describe('ids', () => {
  it('depend on every part', () => {
    const functions = [functionIdOf(1n, 2n, 3n), functionIdOf(2n, 2n, 3n), functionIdOf(1n, 3n, 3n)];
    functions.push(functionIdOf(1n, 2n, 4n), functionIdOf(1n, 2n, 3n, 1n));
    assert.equal(new Set(functions).size, 5);
    const programs = [programIdOf(1, 2n, 3n, 4n), programIdOf(2, 2n, 3n, 4n), programIdOf(1, 3n, 3n, 4n)];
    programs.push(programIdOf(1, 2n, 4n, 4n), programIdOf(1, 2n, 3n, 5n));
    assert.equal(new Set(programs).size, 5);
    assert.equal(functions[0], hash(DOMAIN.FN, [1n, 2n, 3n, 0n]));
    assert.equal(programs[0], hash(DOMAIN.PROGRAM, [1n, 2n, 3n, 4n]));
  });
});
