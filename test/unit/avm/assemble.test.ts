import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assemble } from '../../../avm/assemble.ts';
import { bytecodeHash, packBits } from '../../../avm/bytecode.ts';
import { type AvmCheck, checkAvm, checkAvmWitness } from '../../../avm/check.ts';
import type { AvmFunction, Source } from '../../../avm/function.ts';
import { bitLayout, wireLayout } from '../../../avm/layout.ts';
import { type AvmWitness, avmWitness, routing } from '../../../avm/witness.ts';
import { AVM_SIZE, type AvmSize, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { disassemble } from '../../support/avm/disassemble.ts';
import { type AvmRun, randomRun, TINY_SIZE } from '../../support/avm/functions.ts';

const EMPTY: AvmFunction = {
  rows: [],
  wide: [],
  hash: [],
  constants: [],
  inputCount: 0,
  adviceCount: 0,
  recordInputs: [],
  recordOutputs: [],
};
const ONE: Source = { kind: 'one' };
const input = (index: number): Source => ({ kind: 'input', index });

const failure = (result: AvmCheck): string => (result.ok ? '' : result.constraint);

/** Runs `check` on random functions of a size that do not run out of copies; most do not. */
function forRandomRuns(numRuns: number, check: (run: AvmRun) => void, size: AvmSize = AVM_SIZE.small): void {
  let assembled = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const run = randomRun(seed, size);
      try {
        assemble(run.fn, size);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'AVM_CAPACITY');
        return;
      }
      assembled++;
      check(run);
    }),
    { numRuns },
  );
  assert.ok(assembled > numRuns / 3, `only ${assembled} of ${numRuns} functions fit`);
}

test('the small size has 311 wires on both sides and 2941 bits', () => {
  assert.equal(wireLayout(AVM_SIZE.small).wires, 311);
  assert.equal(bitLayout(AVM_SIZE.small).total, 2941);
  assert.throws(() => wireLayout({ ...AVM_SIZE.small, copies: 47 }), { code: 'AVM_SIZE_UNBALANCED' });
});

test('a random function with an honest run passes and outputs what the reference says', () => {
  forRandomRuns(60, (run) => {
    const bytecode = assemble(run.fn);
    assert.deepEqual(assemble(run.fn), bytecode);
    const result = checkAvm(bytecode, run.args, run.trace);
    assert.ok(result.ok, failure(result));
    assert.deepEqual(result.outputs.recordOutputOwner, run.owner);
    assert.deepEqual(result.outputs.recordOutputData, run.data);
    assert.deepEqual(result.outputs.message, run.message);
    assert.equal(result.outputs.bytecodeHash, bytecode.hash);
    assert.equal(result.outputs.messageUsed, run.fn.message !== undefined);
  });
});

test('a random function of the large size passes, and is bytecode of no other size', () => {
  forRandomRuns(
    12,
    (run) => {
      const bytecode = assemble(run.fn, AVM_SIZE.large);
      assert.equal(bytecode.sizeClass, 'large');
      const result = checkAvm(bytecode, run.args, run.trace);
      assert.ok(result.ok, failure(result));
      assert.deepEqual(result.outputs.recordOutputOwner, run.owner);
      assert.deepEqual(result.outputs.recordOutputData, run.data);
      assert.deepEqual(result.outputs.message, run.message);
      const bits = bytecode.bits.slice(1);
      assert.throws(() => checkAvm({ ...bytecode, bits }, run.args, run.trace), {
        code: 'AVM_BYTECODE_LENGTH',
      });
    },
    AVM_SIZE.large,
  );
});

test('changing any value that is not advice fails', () => {
  forRandomRuns(40, (run) => {
    const witness = avmWitness(assemble(run.fn), run.args, run.trace);
    const bump = (list: readonly bigint[], i: number): bigint[] =>
      list.map((value, k) => (k === i ? (value + 1n) % FIELD_MODULUS : value));
    const fails = (forged: AvmWitness, constraint: string): void => {
      const result = checkAvmWitness(forged);
      // Values that depend on the forged one may fail first, but something must.
      assert.ok(!result.ok, `${constraint} was accepted`);
    };
    run.fn.rows.forEach((row, i) => {
      if (row.advice !== true) fails({ ...witness, rowOut: bump(witness.rowOut, i) }, `row[${i}]`);
    });
    for (let i = 0; i < 8; i++) {
      fails({ ...witness, wideAnd: bump(witness.wideAnd, i) }, `wide[${i}].and`);
      fails({ ...witness, wideTopA: bump(witness.wideTopA, i) }, `wide[${i}].topA`);
      fails({ ...witness, wideTopB: bump(witness.wideTopB, i) }, `wide[${i}].topB`);
      fails({ ...witness, hashOut: bump(witness.hashOut, i) }, `hash[${i}]`);
    }
    for (let i = 0; i < 48; i++) fails({ ...witness, copy: bump(witness.copy, i) }, `copy[${i}]`);
    for (let i = run.fn.inputCount; i < 16; i++) {
      fails({ ...witness, inputs: bump(witness.inputs, i) }, `inputs[${i}]`);
    }
    for (let i = run.fn.recordInputs.length; i < 2; i++) {
      const recordWords = witness.recordWords.map((words, k) => (k === i ? bump(words, 4) : words));
      fails({ ...witness, recordWords }, `recordWords[${i}]`);
      fails({ ...witness, recordInputNames: bump(witness.recordInputNames, i) }, `recordInputNames[${i}]`);
    }
    for (let i = run.fn.recordOutputs.length; i < 2; i++) {
      fails({ ...witness, recordOutputNames: bump(witness.recordOutputNames, i) }, `recordOutputNames[${i}]`);
    }
  });
});

test('the routing is a permutation, and each operand reads what the function names', () => {
  forRandomRuns(40, (run) => {
    const bytecode = assemble(run.fn);
    assert.equal(new Set(routing(bytecode.bits)).size, 311);
    const lines = disassemble(bytecode);
    const named = (source: Source): RegExp => {
      switch (source.kind) {
        case 'zero':
          return /^(zero|constant|input|record)\[/; // unused constants, inputs and record words are zeros too
        case 'one':
          return /^one\[/;
        case 'context':
          return new RegExp(`^${source.name}$`);
        case 'record':
          return new RegExp(`^record\\[${source.record}\\]\\[${source.word}\\]$`);
        case 'wide':
          return new RegExp(`^wide\\[${source.index}\\]\\.${source.output}$`);
        default:
          return new RegExp(`^${source.kind}\\[${source.index}\\]$`);
      }
    };
    run.fn.rows.forEach((row, i) => {
      const line = lines.find((text) => text.startsWith(`row[${i}] `));
      if (line === undefined) return; // a bare advice row reads nothing
      const operands = line.slice(line.indexOf(' ') + 1, line.indexOf(';')).split(' ');
      for (const [k, name] of (['a', 'b', 'c'] as const).entries()) {
        const source = row.operands[name];
        if (source !== undefined) assert.match(operands[k], named(source), line);
      }
    });
  });
});

test('an empty function assembles, passes with an empty trace and outputs nothing', () => {
  const result = checkAvm(
    assemble(EMPTY),
    { inputs: [], recordWords: [], context: [7n, 7n, 9n] },
    { advice: [], rows: [], wide: [], hash: [] },
  );
  assert.ok(result.ok);
  assert.deepEqual(result.outputs.recordOutputOwner, [7n, 7n]);
  assert.deepEqual(result.outputs.recordOutputData.flat(), Array(10).fill(0n));
  assert.deepEqual(result.outputs.message, [0n, 0n, 0n]);
  assert.deepEqual(
    disassemble(assemble(EMPTY)).filter((line) => !line.startsWith('hash')),
    [],
  );
});

test('missing hash inputs and record words read zero', () => {
  const fn: AvmFunction = {
    ...EMPTY,
    constants: [5n],
    hash: [{ cap: { kind: 'constant', index: 0 }, inputs: [undefined, ONE] }],
    recordOutputs: [{ name: 3n, owner: { kind: 'context', name: 'signer' }, data: [ONE] }],
  };
  const lines = disassemble(assemble(fn));
  assert.match(lines[0], /^hash\[0\] constant\[0\] zero\[\d\] one\[\d\] zero\[\d\] zero\[\d\]$/);
  assert.match(
    lines.find((line) => line.startsWith('output'))!,
    /owner signer data one\[\d\]( (zero|constant)\[\d+\]){4}$/,
  );
});

test('capacity errors say what is exceeded and by how much', () => {
  const add = { operands: { a: ONE, b: ONE } };
  const excess = (fn: AvmFunction, resource: string, needed: number, available: number): void => {
    assert.throws(
      () => assemble(fn),
      (error: { code: string; details: object; message: string }) => {
        assert.equal(error.code, 'AVM_CAPACITY');
        assert.deepEqual(error.details, { resource, needed, available, excess: needed - available });
        return true;
      },
    );
  };
  excess({ ...EMPTY, rows: Array(66).fill(add) }, 'rows', 66, 64);
  excess({ ...EMPTY, wide: Array(9).fill({ operands: {} }) }, 'wide slots', 9, 8);
  excess({ ...EMPTY, hash: Array(10).fill({ cap: ONE, inputs: [] }) }, 'hash slots', 10, 8);
  excess({ ...EMPTY, constants: Array(17).fill(1n) }, 'constants', 17, 16);
  excess({ ...EMPTY, inputCount: 20 }, 'inputs', 20, 16);
  excess({ ...EMPTY, adviceCount: 17 }, 'advice values', 17, 16);
  excess({ ...EMPTY, recordInputs: Array(3).fill({ name: 1n }) }, 'record inputs', 3, 2);
  const output = { name: 1n, owner: ONE, data: [] };
  excess({ ...EMPTY, recordOutputs: Array(3).fill(output) }, 'record outputs', 3, 2);
  excess({ ...EMPTY, recordOutputs: [{ ...output, data: Array(6).fill(ONE) }] }, 'record words', 6, 5);
  // 1 wire and 60 rows x 2 reads of one input: ceil(119 / 2) copies.
  const squares = Array(60).fill({ operands: { a: input(0), b: input(0) } });
  excess({ ...EMPTY, inputCount: 1, rows: squares }, 'copies', 60, 48);
});

test('a value read 97 times takes all 48 copies, one more is refused', () => {
  const rows = (reads: number): AvmFunction['rows'] =>
    Array.from({ length: 49 }, (_, i) => ({
      one: true,
      ...(2 * i + 1 < reads ? { c: 1 as const } : {}),
      operands: { a: input(0), ...(2 * i + 1 < reads ? { c: input(0) } : {}) },
    }));
  const fn = { ...EMPTY, inputCount: 1, rows: rows(97) };
  const result = checkAvm(
    assemble(fn),
    { inputs: [21n], recordWords: [], context: [1n, 1n, 1n] },
    { advice: [], rows: [...Array(48).fill(42n), 21n], wide: [], hash: [] },
  );
  assert.ok(result.ok, failure(result));
  assert.throws(() => assemble({ ...fn, rows: rows(98) }), { code: 'AVM_CAPACITY' });
});

test('malformed functions are refused by name', () => {
  const row = (extra: object): AvmFunction => ({ ...EMPTY, rows: [{ operands: {}, ...extra }] });
  const cases: [AvmFunction, string][] = [
    [row({ operands: { a: ONE } }), 'AVM_OPERAND_MISSING'],
    [row({ operands: { b: ONE } }), 'AVM_OPERAND_MISSING'],
    [row({ c: 1, one: true, operands: { a: ONE } }), 'AVM_OPERAND_MISSING'],
    [row({ advice: true, boolean: true }), 'AVM_OPERAND_MISSING'],
    [row({ advice: true, assert: true }), 'AVM_OPERAND_MISSING'],
    [row({ operands: { a: input(0), b: ONE } }), 'AVM_BAD_SOURCE'],
    [row({ operands: { a: { kind: 'row', index: 1 }, b: ONE } }), 'AVM_BAD_SOURCE'],
    [row({ operands: { a: { kind: 'record', record: 0, word: 5 }, b: ONE } }), 'AVM_BAD_SOURCE'],
    [row({ equal: true, advice: true, operands: { a: ONE, b: ONE } }), 'AVM_BAD_FLAGS'],
    [{ ...EMPTY, wide: [{ widthA: 8, operands: {} }] }, 'AVM_OPERAND_MISSING'],
    [{ ...EMPTY, wide: [{ widthB: 8, operands: {} }] }, 'AVM_OPERAND_MISSING'],
    [{ ...EMPTY, wide: [{ widthA: 8, compare: true, operands: { a: ONE } }] }, 'AVM_OPERAND_MISSING'],
    [{ ...EMPTY, wide: [{ compare: true, operands: { a: ONE, b: ONE } }] }, 'AVM_BAD_FLAGS'],
    [{ ...EMPTY, constants: [FIELD_MODULUS] }, 'AVM_BAD_CONSTANT'],
    [{ ...EMPTY, recordInputs: [{ name: -1n }] }, 'AVM_BAD_CONSTANT'],
  ];
  for (const [fn, code] of cases) assert.throws(() => assemble(fn), { code });
  assemble(row({ advice: true })); // advice alone needs no operand
});

test('the assembler never makes a cycle: leftovers included, every wire depends on earlier ones only', () => {
  forRandomRuns(30, (run) => {
    // A cycle among unused hash slots throws; a copy in a cycle of copies would be 0 for any other wire it reads.
    const witness = avmWitness(assemble(run.fn), run.args, run.trace);
    const shifted = avmWitness(
      assemble(run.fn),
      { ...run.args, context: run.args.context.map((value) => (value + 1n) % FIELD_MODULUS) },
      run.trace,
    );
    assert.equal(witness.copy.length, shifted.copy.length);
    const reads = routing(assemble(run.fn).bits);
    const layout = wireLayout(AVM_SIZE.small);
    for (let cell = 0; cell < 48; cell++) {
      let wire = reads[layout.sink.copy + cell];
      for (let hops = 0; wire >= layout.source.copy; hops++) {
        assert.ok(hops < 48, 'copies feed each other in a circle');
        wire = reads[layout.sink.copy + Math.floor((wire - layout.source.copy) / 3)];
      }
    }
  });
});

test('packing is little-endian, 252 bits a word, and the hash covers every bit, constant and name', () => {
  const bits = new Uint8Array(300);
  bits[0] = 1;
  bits[251] = 1;
  bits[253] = 1;
  assert.deepEqual(packBits(bits), [1n + (1n << 251n), 2n]);
  const bytecode = assemble(EMPTY);
  const hashes = new Set([bytecode.hash]);
  for (let i = 0; i < bytecode.bits.length; i += 97) {
    const flipped = bytecode.bits.slice();
    flipped[i] ^= 1;
    hashes.add(bytecodeHash({ ...bytecode, bits: flipped }));
  }
  for (const list of ['constants', 'recordInputNames', 'recordOutputNames'] as const) {
    for (let i = 0; i < bytecode[list].length; i++) {
      hashes.add(
        bytecodeHash({ ...bytecode, [list]: bytecode[list].map((value, k) => (k === i ? 1n : value)) }),
      );
    }
  }
  assert.equal(hashes.size, 1 + Math.ceil(2941 / 97) + 16 + 2 + 2);
});

test('tiny functions fit the tiny size that the circuit tests use', () => {
  let fit = 0;
  for (let seed = 0; seed < 200; seed++) {
    const run = randomRun(seed, TINY_SIZE);
    try {
      const result = checkAvm(assemble(run.fn, TINY_SIZE), run.args, run.trace, TINY_SIZE);
      assert.ok(result.ok, `seed ${seed}: ${failure(result)}`);
      fit++;
    } catch (error) {
      assert.equal((error as { code: string }).code, 'AVM_CAPACITY', String(error));
    }
  }
  assert.ok(fit > 50, `${fit} fit`);
});
