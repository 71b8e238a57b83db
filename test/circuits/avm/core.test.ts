import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assemble } from '../../../avm/assemble.ts';
import { packBits } from '../../../avm/bytecode.ts';
import { checkAvmWitness } from '../../../avm/check.ts';
import type { AvmFunction, AvmTrace, Source } from '../../../avm/function.ts';
import { bitLayout, wireLayout } from '../../../avm/layout.ts';
import { routePermutation } from '../../../avm/waksman.ts';
import { type AvmArguments, type AvmWitness, avmWitness, routing } from '../../../avm/witness.ts';
import { AVM_SIZE, type AvmSize, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { type AvmRun, type Random, random, randomRun, TINY_SIZE } from '../../support/avm/functions.ts';
import { settle } from '../../support/avm/settle.ts';
import {
  type CircuitInput,
  compileTestCircuit,
  type Forged,
  forge,
  type Override,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';

const coreOf = (size: AvmSize): Promise<TestCircuit> => {
  const sizes = [
    size.rows,
    size.wide,
    size.hash,
    size.inputs,
    size.constants,
    size.advice,
    size.copies,
    size.zeros,
    size.ones,
    size.recordInputs,
    size.recordOutputs,
    size.group,
  ];
  return compileTestCircuit(`include "avm/avm-core.circom"; component main = AvmCore(${sizes});`, {
    name: 'avm-core',
    optimization: 'O2',
  });
};

let tiny: TestCircuit;
before(async () => {
  tiny = await coreOf(TINY_SIZE);
});

const AT = bitLayout(TINY_SIZE);
const LAYOUT = wireLayout(TINY_SIZE);
const mod = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;

const inputOf = (witness: AvmWitness): CircuitInput => ({
  ...witness,
  bits: witness.bits.map((bit) => mod(BigInt(bit))),
});
const evaluate = (
  witness: AvmWitness,
  overrides: Record<string, Override> = {},
  circuit = tiny,
): Promise<Forged> => forge(circuit, inputOf(witness), overrides);

/** The circuit and its twin must agree on acceptance, and on every output when they accept. */
async function agree(
  witness: AvmWitness,
  size: AvmSize,
  circuit: TestCircuit,
  note: string,
): Promise<boolean> {
  const { failing, publicSignals } = await evaluate(witness, {}, circuit);
  const twin = checkAvmWitness(witness, size);
  const named = twin.ok ? 'accepts' : `rejects at ${twin.constraint}`;
  assert.equal(
    failing.length === 0,
    twin.ok,
    `${note}: the twin ${named}, the circuit breaks ${failing.length}`,
  );
  if (twin.ok) {
    const { outputs } = twin;
    assert.deepEqual(
      publicSignals,
      [
        outputs.bytecodeHash,
        ...outputs.recordOutputOwner,
        ...outputs.recordOutputData.flat(),
        ...outputs.message,
        ...[...outputs.recordInputUsed, ...outputs.recordOutputUsed, outputs.messageUsed].map((used) =>
          used ? 1n : 0n,
        ),
      ],
      note,
    );
  }
  return twin.ok;
}

/** Seeds whose random function fits the size. */
function* fittingRuns(
  size: AvmSize,
  count: number,
): Generator<{ seed: number; run: AvmRun; witness: AvmWitness }> {
  for (let seed = 0; count > 0; seed++) {
    const run = randomRun(seed, size);
    let witness: AvmWitness;
    try {
      witness = avmWitness(assemble(run.fn, size), run.args, run.trace, size);
    } catch (error) {
      assert.equal((error as { code: string }).code, 'AVM_CAPACITY', `seed ${seed}: ${error}`);
      continue;
    }
    count--;
    yield { seed, run, witness };
  }
}

test('honest runs of random functions: the circuit accepts and outputs what the reference says', async () => {
  for (const { seed, run, witness } of fittingRuns(TINY_SIZE, 60)) {
    assert.ok(await agree(witness, TINY_SIZE, tiny, `seed ${seed}`));
    const { publicSignals } = await evaluate(witness);
    assert.deepEqual(
      publicSignals.slice(1, 10),
      [...run.owner, ...run.data.flat(), ...run.message],
      `seed ${seed}`,
    );
  }
});

type List =
  | 'inputs'
  | 'constants'
  | 'context'
  | 'recordInputNames'
  | 'recordOutputNames'
  | 'advice'
  | 'copy'
  | 'rowOut';
type Output = 'wideAnd' | 'wideTopA' | 'wideTopB' | 'hashOut';

/** One random change of any value of the witness. */
function mutate(witness: AvmWitness, rng: Random): AvmWitness {
  const forged = structuredClone(witness) as AvmWitness;
  const kind = rng.below(10);
  if (kind < 4) {
    const bits = forged.bits as number[];
    const i = rng.chance(0.5) ? rng.below(AT.rowFlags) : AT.rowFlags + rng.below(bits.length - AT.rowFlags);
    bits[i] = kind === 0 ? rng.pick([2, 3]) : 1 - bits[i];
  } else if (kind === 4) {
    const words = rng.pick(forged.recordWords) as bigint[];
    words[rng.below(5)] = rng.field();
  } else {
    const names: (List | Output)[] = [
      'inputs',
      'constants',
      'context',
      'recordInputNames',
      'recordOutputNames',
    ];
    names.push('advice', 'copy', 'rowOut', 'wideAnd', 'wideTopA', 'wideTopB', 'hashOut');
    const list = forged[rng.pick(names)] as bigint[];
    const i = rng.below(list.length);
    list[i] = rng.chance(0.5) ? mod(list[i] + 1n) : rng.field();
  }
  return forged;
}

test('forged witnesses, hostile bytecode included: circuit and twin accept and reject alike', async () => {
  const rng = random(99);
  const count = { accepted: 0, rejected: 0 };
  for (const { seed, witness } of fittingRuns(TINY_SIZE, 70)) {
    for (let round = 0; round < 12; round++) {
      let forged = witness;
      for (let changes = 1 + rng.below(4); changes > 0; changes--) forged = mutate(forged, rng);
      if (rng.chance(0.8)) forged = settle(forged, TINY_SIZE);
      count[
        (await agree(forged, TINY_SIZE, tiny, `seed ${seed}, round ${round}`)) ? 'accepted' : 'rejected'
      ]++;
    }
  }
  assert.ok(count.accepted > 150 && count.rejected > 150, JSON.stringify(count));
});

// ---- Forged witnesses against one function -------------------------------------------------------------------------------

const ZERO: Source = { kind: 'zero' };
const ONE: Source = { kind: 'one' };
const input = (index: number): Source => ({ kind: 'input', index });
const row = (index: number): Source => ({ kind: 'row', index });

/** in0 == 7 ? record word 0 : hash, capped at 64 bits: reads an input, a record, a hash, a wide slot and a copy. */
const FN: AvmFunction = {
  rows: [
    { one: true, c: -1, equal: true, operands: { a: input(0), c: { kind: 'constant', index: 0 } } },
    {
      c: 1,
      select: true,
      boolean: true,
      operands: { a: row(0), b: { kind: 'record', record: 0, word: 0 }, c: input(0) },
    },
    { operands: { a: { kind: 'hash', index: 0 }, b: { kind: 'advice', index: 0 } } },
    { one: true, c: -1, assert: true, operands: { a: row(2), c: ONE } },
  ],
  wide: [{ widthA: 64, widthB: 8, checkA: true, operands: { a: row(1), b: input(0) } }],
  hash: [{ cap: { kind: 'constant', index: 0 }, inputs: [input(0)] }],
  constants: [7n],
  inputCount: 1,
  adviceCount: 1,
  recordInputs: [{ name: 11n }],
  recordOutputs: [
    {
      name: 12n,
      owner: { kind: 'context', name: 'signer' },
      data: [{ kind: 'wide', index: 0, output: 'and' }],
    },
  ],
  message: [row(0), ZERO, ONE],
};

async function honestWitness(in0 = 7n): Promise<AvmWitness> {
  const { compress } = await import('../../../protocol/hash/poseidon.ts');
  const { fieldInv } = await import('../../../protocol/field.ts');
  const hashed = compress(7n, [in0, 0n, 0n, 0n]);
  const word = 1000n;
  const chosen = in0 === 7n ? word : in0;
  const args: AvmArguments = {
    inputs: [in0],
    recordWords: [[word, 0n, 0n, 0n, 5n]],
    context: [21n, 21n, 31n],
  };
  const trace: AvmTrace = {
    advice: [fieldInv(hashed)],
    rows: [in0 === 7n ? 1n : 0n, chosen, 1n, 0n],
    wide: [{ and: chosen & in0, topA: 0n, topB: 0n }],
    hash: [hashed],
  };
  return avmWitness(assemble(FN, TINY_SIZE), args, trace, TINY_SIZE);
}

const replaced = (list: readonly bigint[], i: number, value: bigint): bigint[] =>
  list.map((old, k) => (k === i ? mod(value) : old));
const rebits = (witness: AvmWitness, change: Record<number, number>): AvmWitness => ({
  ...witness,
  bits: witness.bits.map((bit, i) => change[i] ?? bit),
});

test('the honest witness passes, for both sides of the selection', async () => {
  assert.ok(await agree(await honestWitness(), TINY_SIZE, tiny, 'equal'));
  assert.ok(await agree(await honestWitness(8n), TINY_SIZE, tiny, 'different'));
});

test('each determined value, forged with everything that follows from it recomputed, is refused', async () => {
  const honest = await honestWitness();
  const attacks: [string, AvmWitness, string][] = [];
  const forgeList = (list: 'rowOut' | 'copy' | Output, i: number, value: bigint): void => {
    const forged = { ...honest, [list]: replaced(honest[list], i, value) };
    attacks.push([`${list}[${i}] = ${value}`, forged, `${list}[${i}]`]);
  };
  for (let i = 0; i < 4; i++)
    for (const delta of [1n, -1n, 5n]) forgeList('rowOut', i, honest.rowOut[i] + delta);
  forgeList('wideAnd', 0, 4n);
  forgeList('wideAnd', 0, honest.wideAnd[0] + (1n << 128n));
  forgeList('wideTopA', 0, 1n);
  forgeList('wideTopB', 0, 1n);
  forgeList('hashOut', 0, 3n);
  for (let i = 0; i < TINY_SIZE.copies; i++) forgeList('copy', i, honest.copy[i] + 1n);
  for (const [name, forged, kept] of attacks) {
    const settled = settle(forged, TINY_SIZE, new Set([kept]));
    assert.notDeepEqual((await evaluate(settled)).failing, [], name);
    assert.ok(!(await agree(settled, TINY_SIZE, tiny, name)));
  }
});

test('a carry claimed with its digit set and its weight taken back elsewhere is refused', async () => {
  const honest = await honestWitness();
  const forged = settle({ ...honest, wideTopB: [1n] }, TINY_SIZE, new Set(['wideTopB[0]']));
  const digits: Record<string, Override> = {
    'main.slot[0].halfB.bits[8]': 1n,
    'main.slot[0].halfB.bits[0]': (bit) => bit - 256n,
  };
  assert.notDeepEqual((await evaluate(forged, digits)).failing, []);
  assert.notDeepEqual((await evaluate(forged, { 'main.slot[0].halfB.bits[8]': 1n })).failing, []);
});

test('equality cannot be denied or invented by any inverse', async () => {
  const claim = async (in0: bigint, out: bigint, inverse: Override): Promise<void> => {
    const honest = await honestWitness(in0);
    const forged = settle(
      { ...honest, rowOut: replaced(honest.rowOut, 0, out) },
      TINY_SIZE,
      new Set(['rowOut[0]']),
    );
    assert.notDeepEqual((await evaluate(forged, { 'main.row[0].inverse': inverse })).failing, []);
  };
  for (const inverse of [1n, 2n, FIELD_MODULUS - 1n]) {
    await claim(7n, 0n, inverse);
    await claim(8n, 1n, inverse + 5n);
  }
});

test('bits: another set of bits of the same packed word is refused', async () => {
  const honest = await honestWitness();
  const hash = (await evaluate(honest)).publicSignals[0];
  const words = packBits(honest.bits);
  let attacks = 0;
  for (let i = 0; i + 1 < honest.bits.length; i++) {
    // Take 1 from a place and give 2 to the place below: the word stays.
    if (i % 252 === 250 || i % 252 === 251 || i + 1 === honest.bits.length - 1) continue;
    const change = { [i]: honest.bits[i] + 2, [i + 1]: honest.bits[i + 1] - 1 };
    const forged = settle(rebits(honest, change), TINY_SIZE);
    assert.deepEqual(packBits(forged.bits), words);
    const { failing, publicSignals } = await evaluate(forged);
    assert.equal(publicSignals[0], hash, `bit ${i}: the alias must keep the hash`);
    assert.notDeepEqual(failing, [], `bit ${i}`);
    attacks++;
  }
  assert.ok(attacks > 150);
});

test('bits: any other program has another hash', async () => {
  const honest = await honestWitness();
  const hashes = new Set([(await evaluate(honest)).publicSignals[0]]);
  for (let i = 0; i < honest.bits.length; i++) {
    hashes.add(
      (await evaluate(settle(rebits(honest, { [i]: 1 - honest.bits[i] }), TINY_SIZE))).publicSignals[0],
    );
  }
  for (const list of ['constants', 'recordInputNames', 'recordOutputNames'] as const) {
    for (let i = 0; i < honest[list].length; i++) {
      const other = settle({ ...honest, [list]: replaced(honest[list], i, honest[list][i] + 1n) }, TINY_SIZE);
      hashes.add((await evaluate(other)).publicSignals[0]);
    }
  }
  assert.equal(hashes.size, 1 + honest.bits.length + 2 + 1 + 1);
});

test('what the bytecode does not use is zero: inputs, record words and names', async () => {
  const honest = await honestWitness();
  const refused = async (name: string, forged: AvmWitness): Promise<void> => {
    assert.notDeepEqual((await evaluate(settle(forged, TINY_SIZE))).failing, [], name);
  };
  await refused('unused input', { ...honest, inputs: replaced(honest.inputs, 1, 9n) });
  const noRecord = assemble(
    {
      ...FN,
      rows: FN.rows.slice(2).map((r) => ({ ...r, operands: { ...r.operands, a: ONE } })),
      wide: [],
      hash: [],
      recordInputs: [],
      recordOutputs: [],
      message: undefined,
    },
    TINY_SIZE,
  );
  const empty = avmWitness(
    noRecord,
    { inputs: [7n], recordWords: [], context: [21n, 21n, 31n] },
    { advice: [1n], rows: [1n, 0n], wide: [], hash: [] },
    TINY_SIZE,
  );
  assert.ok(await agree(empty, TINY_SIZE, tiny, 'no records'));
  for (let k = 0; k < 5; k++) {
    await refused(`unused record word ${k}`, {
      ...empty,
      recordWords: [replaced(empty.recordWords[0], k, 1n)],
    });
  }
  await refused('unused record input name', { ...empty, recordInputNames: [11n] });
  await refused('unused record output name', { ...empty, recordOutputNames: [12n] });
  // Unused outputs show the signer and zeros, for any wires there.
  const { publicSignals } = await evaluate(empty);
  assert.deepEqual(publicSignals.slice(1), [21n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
});

test("every constraint of the core's own is needed, and all others belong to its parts", async () => {
  const honest = await honestWitness();
  const empty = rebits(honest, {
    [AT.recordInputUsed]: 0,
    [AT.recordOutputUsed]: 0,
    [AT.messageUsed]: 0,
    [AT.inputUsed]: 0,
  });
  const base = settle(
    {
      ...empty,
      inputs: [0n, 0n],
      recordWords: [[0n, 0n, 0n, 0n, 0n]],
      recordInputNames: [0n],
      recordOutputNames: [0n],
    },
    TINY_SIZE,
  );
  const free = {
    ...base,
    bits: base.bits.map((bit, i) =>
      i >= AT.rowFlags && i < AT.wideFlags ? Number((i - AT.rowFlags) % 8 === 5) : bit,
    ),
  };
  assert.deepEqual((await evaluate(settle(free, TINY_SIZE))).failing, [], 'all rows free: accepted');
  const forged: Forged[] = [];
  const push = async (witness: AvmWitness, overrides: Record<string, Override> = {}): Promise<void> => {
    const result = await evaluate(settle(witness, TINY_SIZE), overrides);
    assert.equal(result.failing.length, 1);
    forged.push(result);
  };
  for (let i = 0; i < 2; i++) await push({ ...free, inputs: replaced(free.inputs, i, 3n) });
  for (let k = 0; k < 5; k++) await push({ ...free, recordWords: [replaced(free.recordWords[0], k, 3n)] });
  await push({ ...free, recordInputNames: [3n] });
  await push({ ...free, recordOutputNames: [3n] });
  await push(free, { 'main.recordOutputOwner[0]': 3n });
  for (let k = 0; k < 5; k++) await push(free, { [`main.recordOutputData[0][${k}]`]: 3n });
  for (let k = 0; k < 3; k++) await push(free, { [`main.message[${k}]`]: 3n });
  const own = tiny.r1cs.constraints - survivors(tiny, forged).length;
  assert.equal(own, 18);

  const part = async (source: string, name: string): Promise<number> =>
    (await compileTestCircuit(source, { name, optimization: 'O2' })).r1cs.constraints;
  const parts =
    TINY_SIZE.rows * (await part('include "avm/row.circom"; component main = AvmRow();', 'avm-row')) +
    TINY_SIZE.wide *
      (await part('include "avm/wide-slot.circom"; component main = AvmWideSlot();', 'avm-wide-slot')) +
    TINY_SIZE.hash *
      (await part('include "avm/hash-slot.circom"; component main = AvmHashSlot();', 'avm-hash-slot')) +
    TINY_SIZE.group *
      (await part('include "avm/group-slot.circom"; component main = AvmGroupSlot();', 'avm-group-slot')) +
    (await part(
      `include "avm/bytecode.circom"; component main = BytecodeHash(${AT.total}, 2, 1, 1);`,
      'avm-bytecode',
    )) +
    (await part(
      `include "avm/waksman.circom"; component main { public [in, pinned] } = Waksman(${LAYOUT.wires}, ${TINY_SIZE.copies});`,
      'avm-waksman',
    ));
  // Simplification removes two: the first switch of each copy cell's outputs, which exchanges equal wires, and the switch of
  // the constants 0 and 1, whose move is its bit.
  assert.equal(tiny.r1cs.constraints - own - parts, -TINY_SIZE.copies - 1);
});

// ---- Hostile bytecode: what holds for any bytecode must hold -------------------------------------------------------------

test('hostile flags: both signs, equal with advice, several widths: values stay determined, advice wins', async () => {
  const honest = await honestWitness();
  const hostile: [string, Record<number, number>][] = [
    ['cPos and cNeg', { [AT.rowFlags + 1]: 1, [AT.rowFlags + 2]: 1 }],
    [
      'all width bits of both halves',
      Object.fromEntries(Array.from({ length: 12 }, (_, k) => [AT.wideFlags + k, 1])),
    ],
    ['two widths', { [AT.wideFlags + 5]: 1 }],
    [
      'compare without a width',
      {
        ...Object.fromEntries(Array.from({ length: 6 }, (_, k) => [AT.wideFlags + k, 0])),
        [AT.wideFlags + 12]: 1,
      },
    ],
  ];
  for (const [name, change] of hostile) {
    const settled = settle(rebits(honest, change), TINY_SIZE);
    await agree(settled, TINY_SIZE, tiny, name);
    const slots: [keyof AvmWitness & ('rowOut' | Output), number][] = [
      ['rowOut', 0],
      ['rowOut', 1],
      ['wideAnd', 0],
      ['wideTopA', 0],
      ['wideTopB', 0],
      ['hashOut', 0],
    ];
    for (const [list, i] of slots) {
      const forged = settle(
        { ...settled, [list]: replaced(settled[list], i, settled[list][i] + 1n) },
        TINY_SIZE,
        new Set([`${list}[${i}]`]),
      );
      assert.notDeepEqual((await evaluate(forged)).failing, [], `${name}: ${list}[${i}] is free`);
    }
  }
  // equal + advice: free, as advice is.
  const both = rebits(honest, { [AT.rowFlags + 8 * 4 + 4]: 1 });
  for (const out of [0n, 1n, 77n]) {
    assert.ok(
      await agree(
        settle({ ...both, rowOut: replaced(both.rowOut, 4, out) }, TINY_SIZE),
        TINY_SIZE,
        tiny,
        'equal + advice',
      ),
    );
  }
});

/** The honest routing with the sources of some sinks exchanged so that `sink` reads `source`. */
function rerouted(
  witness: AvmWitness,
  joins: readonly (readonly [sink: number, source: number])[],
): AvmWitness {
  const permutation = routing(witness.bits, TINY_SIZE);
  for (const [sink, source] of joins) {
    const holder = permutation.indexOf(source);
    permutation[holder] = permutation[sink];
    permutation[sink] = source;
  }
  const bits = [...routePermutation(permutation), ...witness.bits.slice(AT.rowFlags)];
  return { ...witness, bits };
}

test('hostile routing in a circle gives an author free values, and nothing that the core promises', async () => {
  const honest = await honestWitness();
  // A copy that reads itself is free, like advice. Its two other outputs still feed the same sinks.
  const loop = rerouted(honest, [[LAYOUT.sink.copy, LAYOUT.source.copy]]);
  // A row that squares its own output: out = out * out leaves 0 and 1 only.
  const square = rerouted(
    rebits(
      honest,
      Object.fromEntries(Array.from({ length: 8 }, (_, k) => [AT.rowFlags + 8 * 4 + k, k === 0 ? 1 : 0])),
    ),
    [[LAYOUT.sink.row + 12, LAYOUT.source.row + 4]],
  );
  for (const [name, witness, free] of [
    ['copy loop', loop, { list: 'copy', i: 0 }],
    ['row loop', square, { list: 'rowOut', i: 4 }],
  ] as const) {
    for (const value of [0n, 1n, 12345n]) {
      const forged = settle(
        { ...witness, [free.list]: replaced(witness[free.list], free.i, value) },
        TINY_SIZE,
        new Set([`${free.list}[${free.i}]`]),
      );
      await agree(forged, TINY_SIZE, tiny, `${name} = ${value}`);
      // Outputs gated by their used bits, and unused values, stay under control.
      const gated = rebits(forged, { [AT.recordOutputUsed]: 0, [AT.messageUsed]: 0 });
      const { publicSignals } = await evaluate({ ...gated, recordOutputNames: [0n] });
      assert.deepEqual(publicSignals.slice(1, 10), [21n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n], name);
      const unused = await evaluate({ ...forged, inputs: replaced(forged.inputs, 1, 1n) });
      assert.notDeepEqual(unused.failing, [], name);
    }
  }
  // A hash that feeds itself has no value that a prover could compute; claiming one is refused.
  const hashLoop = rerouted(honest, [[LAYOUT.sink.hash + 1, LAYOUT.source.hash]]);
  for (const value of [0n, 1n, honest.hashOut[0]]) {
    const forged = settle({ ...hashLoop, hashOut: [value] }, TINY_SIZE, new Set(['hashOut[0]']));
    assert.notDeepEqual((await evaluate(forged)).failing, []);
  }
});

// ---- The small size -------------------------------------------------------------------------------------------------------

test('small size: constraint count, and random functions on both sides', async () => {
  const small = await coreOf(AVM_SIZE.small);
  assert.equal(small.r1cs.constraints, 13_008);
  const rng = random(5);
  for (const { seed, witness } of fittingRuns(AVM_SIZE.small, 6)) {
    assert.ok(await agree(witness, AVM_SIZE.small, small, `seed ${seed}`));
    for (let round = 0; round < 3; round++) {
      const forged = settle(mutate(witness, rng), AVM_SIZE.small);
      await agree(forged, AVM_SIZE.small, small, `seed ${seed}, round ${round}`);
    }
  }
});
