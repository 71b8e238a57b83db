import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { checkRow } from '../../../avm/check.ts';
import { FIELD_MODULUS, ROW_FLAGS } from '../../../protocol/constants.ts';
import { fieldInv } from '../../../protocol/field.ts';
import { random } from '../../support/avm/functions.ts';
import {
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  type Override,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

let circuit: TestCircuit;
before(async () => {
  circuit = await compileTestCircuit('include "avm/row.circom"; component main = AvmRow();', {
    name: 'avm-row',
    optimization: 'O2',
  });
});

type Flag = (typeof ROW_FLAGS)[number];
interface RowCase {
  readonly flags: readonly Flag[];
  readonly a?: bigint;
  readonly b?: bigint;
  readonly c?: bigint;
  readonly out: bigint;
}

const run = (row: RowCase, overrides: Record<string, Override> = {}): Promise<Forged> =>
  forge(
    circuit,
    {
      flags: ROW_FLAGS.map((flag) => (row.flags.includes(flag) ? 1n : 0n)),
      a: row.a ?? 0n,
      b: row.b ?? 0n,
      c: row.c ?? 0n,
      out: row.out,
    },
    overrides,
  );

test('the circuit and checkRow accept the same rows, for every combination of flags', async () => {
  const rng = random(1);
  let accepted = 0;
  for (let set = 0; set < 256; set++) {
    for (let round = 0; round < 6; round++) {
      const bits = ROW_FLAGS.map((_, k) => (set >> k) & 1);
      const [a, b, c] = [rng.field(), rng.field(), rng.field()];
      const lin =
        (((a * ((bits[0] ? 1n : b) - (bits[3] ? BigInt(bits[1] - bits[2]) * c : 0n)) +
          BigInt(bits[1] - bits[2]) * c) %
          FIELD_MODULUS) +
          FIELD_MODULUS) %
        FIELD_MODULUS;
      const out = [lin, lin === 0n ? 1n : 0n, rng.field(), 1n][round % 4];
      const names = ROW_FLAGS.filter((_, k) => bits[k] === 1);
      const { failing } = await run({ flags: names, a, b, c, out });
      let twin = true;
      try {
        checkRow(bits, [a, b, c], out, 'row');
      } catch {
        twin = false;
      }
      assert.equal(failing.length === 0, twin, `${names} a=${a} b=${b} c=${c} out=${out}`);
      if (twin) accepted++;
    }
  }
  assert.ok(accepted > 300, `${accepted} accepted`);
});

test('select with cPos chooses b for a = 1 and c for a = 0', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt(0n, FIELD_MODULUS - 1n), fc.bigInt(0n, FIELD_MODULUS - 1n), async (b, c) => {
      for (const a of [0n, 1n]) {
        const flags = ['cPos', 'select', 'boolean'] as const;
        const right = a === 1n ? b : c;
        assert.deepEqual((await run({ flags, a, b, c, out: right })).failing, []);
        assert.notDeepEqual((await run({ flags, a, b, c, out: (right + 1n) % FIELD_MODULUS })).failing, []);
      }
    }),
    { numRuns: 20 },
  );
});

test('equal: no inverse makes a wrong answer pass', async () => {
  const flags = ['one', 'cNeg', 'equal'] as const; // lin = a - c
  const inverse = 'main.inverse';
  // Different values claimed equal: every inverse, the true one included.
  for (const forged of [0n, 1n, fieldInv(3n), FIELD_MODULUS - 1n]) {
    const overrides: Record<string, Override> = forged === fieldInv(3n) ? {} : { [inverse]: forged };
    assert.notDeepEqual((await run({ flags, a: 8n, c: 5n, out: 1n }, overrides)).failing, [], `${forged}`);
  }
  // Equal values claimed different: isZero = 1 for any inverse.
  for (const forged of [1n, 7n, FIELD_MODULUS - 1n]) {
    assert.notDeepEqual((await run({ flags, a: 5n, c: 5n, out: 0n }, { [inverse]: forged })).failing, []);
  }
  // Neither 0 nor 1.
  assert.notDeepEqual((await run({ flags, a: 8n, c: 5n, out: 2n }, { [inverse]: 9n })).failing, []);
});

test('the inverse is the only free value, and it changes nothing', async () => {
  for (const row of [
    { flags: ['one'] as const, a: 4n, out: 4n },
    { flags: ['one', 'equal'] as const, a: 0n, out: 1n },
  ]) {
    assert.deepEqual((await run(row, { 'main.inverse': 12345n })).failing, []);
  }
});

test('every constraint is needed: some forged row passes without it', async () => {
  const forged = [
    await run({ flags: ['one', 'cPos'], c: 5n, out: 6n }, { 'main.cTerm': 6n }),
    await run({ flags: ['cPos', 'select'], a: 1n, b: 9n, c: 5n, out: 10n }, { 'main.product': 4n }),
    await run({ flags: ['one'], a: 1n, b: 9n, out: 9n }, { 'main.bTerm': 9n }),
    await run({ flags: ['one'], a: 3n, out: 4n }, { 'main.lin': 4n }),
    await run({ flags: ['one', 'assert'], a: 3n, out: 3n }),
    await run({ flags: ['one', 'boolean'], a: 2n, out: 2n }, { 'main.aBoolean': 1n }),
    await run({ flags: ['one', 'boolean'], a: 2n, out: 2n }),
    await run({ flags: ['one', 'equal'], a: 3n, out: 4n }, { 'main.tested': 0n, 'main.isZero': 1n }),
    await run({ flags: ['one', 'equal'], a: 0n, out: 0n }, { 'main.isZero': 0n }),
    await run({ flags: ['one', 'equal'], a: 3n, out: 1n }, { 'main.inverse': 0n }),
    await run({ flags: ['one'], a: 3n, out: 4n }),
  ];
  const left = survivors(circuit, forged);
  assert.deepEqual(
    left.map((k) => describeConstraint(circuit, k)),
    [],
  );
});
