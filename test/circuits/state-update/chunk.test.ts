import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import type { ChunkData } from '../../../protocol/state/chunk.ts';
import {
  type CircuitInput,
  forge,
  loadStatementCircuit,
  type Override,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import {
  type ChunkInput,
  evaluateY,
  honestInput,
  recompute,
  recomputeStatement,
  statementOf,
  Trees,
} from '../../support/state-update/chunks.ts';

const DEPOSIT = [21n, 22n, 23n, 24n, 25n, 26n, 27n, 28n];
const HISTORY: Partial<ChunkData> = { nullifiers: [5n], commitments: [1n, 2n], deposits: [DEPOSIT] };
const CHUNK: Partial<ChunkData> = {
  nullifiers: [150n, 0n, 170n, 160n],
  commitments: [11n, 0n, 13n, 14n],
  deposits: [DEPOSIT.map((word) => word + 10n), DEPOSIT.map((word) => word + 20n)],
};
const SIGNALS = [
  'oldNoteRoot',
  'newNoteRoot',
  'oldNullifierRoot',
  'newNullifierRoot',
  'noteStart',
  'depositStart',
  'nullifierStart',
  'x',
  'y',
] as const;

describe('state update, forged chunks', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('state-update-small');
  });

  const trees = (): Trees => {
    const built = new Trees();
    built.apply('small', HISTORY);
    return built;
  };
  const honest = (data = CHUNK): ChunkInput => honestInput(trees().apply('small', data));
  const run = async (
    input: ChunkInput,
    overrides: Record<string, Override> = {},
  ): Promise<readonly number[]> =>
    (await forge(circuit, input as unknown as CircuitInput, overrides)).failing;
  const refused = async (
    input: ChunkInput,
    overrides: Record<string, Override> = {},
    most = 2,
  ): Promise<void> => {
    const failing = await run(input, overrides);
    assert.ok(failing.length > 0 && failing.length <= most, `${failing.length} constraints fail`);
  };
  /** Advice bits that spell another start than the public one. */
  const startBits = (append: string, levels: number, index: bigint): Record<string, Override> =>
    Object.fromEntries(
      Array.from({ length: 2 * levels }, (_, i) => [`main.${append}.bit[${i}]`, (index >> BigInt(i)) & 1n]),
    );

  it('the honest chunk is accepted', async () => {
    const input = honest();
    assert.deepEqual(recompute(input), input);
    assert.deepEqual(await run(input), []);
  });

  it('each public signal plus and minus 1', async () => {
    for (const name of SIGNALS) {
      for (const change of [1n, FIELD_MODULUS - 1n]) {
        const input = honest();
        input[name] = (input[name] + change) % FIELD_MODULUS;
        assert.ok((await run(input)).length > 0, name);
      }
    }
  });

  it('each word of D changed alone, with c and y recomputed: no word is free of the roots', async () => {
    const length = 4 + 4 + 32;
    for (let j = 0; j < length; j++) {
      const input = honest();
      const place = j < 4 ? input.nullifiers : j < 8 ? input.commitments : input.deposits[(j - 8) >> 3];
      place[j < 8 ? j % 4 : (j - 8) % 8] += 1n;
      assert.ok((await run(recomputeStatement(input))).length > 0, `word ${j}`);
    }
  });

  it('each word of the statement changed alone, with everything recomputed but c: c is the hash of all', async () => {
    const { c } = honest();
    const others = [
      ...[0, 2, 3].map((k) => ({ ...CHUNK, nullifiers: CHUNK.nullifiers!.with(k, 155n + BigInt(k)) })),
      { ...CHUNK, nullifiers: [150n, 1n, 170n, 160n] },
      ...[0, 1, 2, 3].map((k) => ({ ...CHUNK, commitments: CHUNK.commitments!.with(k, 99n) })),
      ...CHUNK.deposits!.flatMap((deposit, slot) =>
        deposit.map((_, k) => ({ ...CHUNK, deposits: CHUNK.deposits!.with(slot, deposit.with(k, 99n)) })),
      ),
      ...[2, 3].map((slot) => ({
        ...CHUNK,
        deposits: [...CHUNK.deposits!, ...Array<readonly bigint[]>(slot - 1).fill(DEPOSIT)],
      })),
    ];
    for (const data of others) await refused({ ...honest(data), c }, {}, 1);
    // Roots and starts follow from the trees before: other trees, all consistent.
    const before = new Trees();
    before.apply('small', HISTORY);
    before.apply('small', { commitments: [5n], nullifiers: [7n] });
    await refused({ ...honestInput(before.apply('small', CHUNK)), c }, {}, 1);
  });

  it('another c, x or y than the statement has', async () => {
    for (const name of ['c', 'x', 'y'] as const) {
      await refused({ ...honest(), [name]: honest()[name] + 1n }, {}, 1);
    }
  });

  it('a word changed with the roots recomputed: not the data behind y', async () => {
    const { y } = honest();
    const [first, second] = CHUNK.deposits!;
    for (const data of [
      { ...CHUNK, nullifiers: [151n, 0n, 170n, 160n] },
      { ...CHUNK, nullifiers: [150n, 1n, 170n, 160n] },
      { ...CHUNK, nullifiers: [150n, 0n, 0n, 160n] },
      { ...CHUNK, commitments: [12n, 0n, 13n, 14n] },
      { ...CHUNK, commitments: [11n, 12n, 13n, 14n] },
      { ...CHUNK, commitments: [11n, 0n, 0n, 14n] },
      { ...CHUNK, deposits: [first] },
      { ...CHUNK, deposits: [first, second.with(7, 99n)] },
      { ...CHUNK, deposits: [first, second, DEPOSIT] },
    ]) {
      await refused({ ...honest(data), y }, {}, 1);
    }
  });

  it('D reordered, every root recomputed', async () => {
    const { y, x } = honest();
    for (const data of [
      { ...CHUNK, nullifiers: [0n, 150n, 170n, 160n] },
      { ...CHUNK, nullifiers: [170n, 0n, 150n, 160n] },
      { ...CHUNK, commitments: [13n, 0n, 11n, 14n] },
      { ...CHUNK, deposits: CHUNK.deposits!.toReversed() },
    ]) {
      const input = honest(data);
      assert.equal(input.x, x);
      await refused({ ...input, y }, {}, 1);
    }
  });

  it('a skipped word changed together with a used one, so that y stays', async () => {
    // S_j moves by d, S_k by -d x^(j-k): the same y for this x. The roots are of the true D, and so was c.
    const input = honest();
    const { y, x } = input;
    const delta = 77n;
    // commitments[1] (skipped, word 5) and commitments[0] (word 4).
    input.commitments[1] = delta;
    input.commitments[0] =
      (((input.commitments[0] - delta * x) % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
    assert.equal(evaluateY(statementOf(input), x), y);
    await refused(recomputeStatement(input), {}, 2);
    // A skipped deposit's words (typeId 0), which no leaf would hold.
    const deposit = honest();
    deposit.deposits[3][5] = delta;
    deposit.deposits[3][4] = FIELD_MODULUS - ((delta * x) % FIELD_MODULUS);
    assert.equal(evaluateY(statementOf(deposit), x), y);
    await refused(recompute(deposit), {}, 2);
  });

  it('a deposit with typeId 0 and any other word not 0', async () => {
    for (let word = 1; word < 8; word++) {
      for (const slot of [0, 3]) {
        const input = honest();
        input.deposits[slot] = Array.from({ length: 8 }, (_, k) => (k === word ? 9n : 0n));
        await refused(recompute(input), {}, 1);
      }
    }
  });

  it('a used deposit called skipped', async () => {
    const input = honest();
    const skipped = recompute({
      ...input,
      deposits: [Array<bigint>(8).fill(0n), ...input.deposits.slice(1)],
    });
    const claim = recomputeStatement({ ...input, newNoteRoot: skipped.newNoteRoot });
    await refused(claim, { 'main.depositLeaf[0].skipped.inverse': 0n }, 9);
  });

  it('appends over places that are not empty', async () => {
    const before = trees();
    const siblings = (path: { siblings: readonly (readonly bigint[])[] }, height: number): bigint[][] =>
      path.siblings.slice(height).map((level) => [...level]);
    const note = honest();
    note.noteStart = 0n;
    note.noteSiblings = siblings(before.note.path(0), 1);
    note.depositSiblings = siblings(before.note.path(12), 1);
    await refused(recompute(note));
    const nullifier = honest({ ...CHUNK, nullifiers: [] });
    nullifier.nullifierStart = 4n;
    nullifier.nullifierSiblings = siblings(before.nullifier.path(4), 1);
    await refused(recompute(nullifier));
    // Deposits over the chunk's own commitments.
    const own = trees();
    own.apply('small', { commitments: CHUNK.commitments });
    const deposit = honest();
    deposit.depositStart = deposit.noteStart;
    deposit.depositSiblings = siblings(own.note.path(8), 1);
    await refused(recompute(deposit));
  });

  it('starts that are not aligned', async () => {
    for (const name of ['noteStart', 'depositStart', 'nullifierStart'] as const) {
      for (const offset of [1n, 2n, 3n]) {
        const input = honest();
        input[name] += offset;
        // The compiler put the start in place of one bit, so that bit and what it selects break.
        await refused(input, {}, 6);
      }
    }
  });

  it('starts elsewhere than proven: another place, beyond the tree, an index of field size', async () => {
    for (const [name, append] of [
      ['noteStart', 'notes'],
      ['depositStart', 'depositNotes'],
      ['nullifierStart', 'insert.append'],
    ] as const) {
      const index = honest()[name] / 4n;
      for (const start of [4n * index + 4n, 4n * index + (1n << 32n), FIELD_MODULUS - 4n]) {
        const input = honest();
        input[name] = start;
        // Any digits of the start itself, and the bits of the true place (which are also the digits of 2^32 more).
        assert.ok((await run(input)).length > 0);
        if (start < 1n << 32n || start > 1n << 33n) await refused(input, startBits(append, 15, index), 6);
        else await refused(input, {}, 6);
      }
    }
  });

  it('paths of another tree or another moment', async () => {
    const input = honest();
    for (const name of ['noteSiblings', 'depositSiblings', 'nullifierSiblings'] as const) {
      const forged = structuredClone(input);
      forged[name][0][0] += 1n;
      assert.ok((await run(recompute(forged))).length > 0, name);
    }
  });
});
