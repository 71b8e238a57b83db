import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Account, accountFromSeed } from '../../../protocol/account.ts';
import {
  CIPHERTEXT_WORDS,
  FIELD_MODULUS,
  initialState,
  SUBGROUP_ORDER,
} from '../../../protocol/constants.ts';
import { addPoints, G, isOnCurve, mulPoint, type Point } from '../../../protocol/curve/point.ts';
import { ladderScalar, multiplyX, ROOT_OF_A } from '../../../protocol/curve/x-ladder.ts';
import {
  encryptionScalar,
  encryptWords,
  incomingSecret,
  outgoingOf,
  recoverTvk,
} from '../../../protocol/encryption.ts';
import {
  fieldDiv,
  fieldInv,
  fieldMul,
  fieldSqrt,
  fieldSub,
  fieldToHex,
  isSquare,
} from '../../../protocol/field.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { permute } from '../../../protocol/hash/poseidon.ts';
import { commitmentOf, outputBlind, outputRho, ownerHash } from '../../../protocol/record.ts';
import { workerScanner } from '../../../pxe/node/worker-scanner.ts';
import { directScanner } from '../../../pxe/scan/direct-scanner.ts';
import { packTransitions } from '../../../pxe/scan/pack-transitions.ts';
import { ScanFilter } from '../../../pxe/scan/scan-filter.ts';
import { ScanMachine } from '../../../pxe/scan/scan-machine.ts';
import type { Scanner } from '../../../pxe/sync/account-search.ts';
import { discover } from '../../../pxe/sync/discovery.ts';
import type { NotesBlock, NoteTransition } from '../../../rpc/schema/notes.ts';

const alice = accountFromSeed(new Uint8Array(32).fill(1));
const bob = accountFromSeed(new Uint8Array(32).fill(2));
const stranger = accountFromSeed(new Uint8Array(32).fill(3));
const keysOf = ({ viewKey, address }: Account) => ({ viewKey, owner: address.x });

/** A point of order 8. */
const ORDER_8 = ((): Point => {
  for (let x = 2n; ; x++) {
    const xx = fieldMul(x, x);
    const y = fieldSqrt(fieldDiv(fieldSub(1n, 168700n * xx), fieldSub(1n, 168696n * xx)));
    if (y === undefined) continue;
    const torsion = mulPoint({ x, y }, SUBGROUP_ORDER);
    if (mulPoint(torsion, 4n).y !== 1n) return torsion;
  }
})();
/** An x of a point of the curve, and one of none. */
const OFF_CURVE = (() => {
  for (let x = 2n; ; x++) {
    const xx = fieldMul(x, x);
    if (!isSquare(fieldMul(fieldSub(1n, 168700n * xx), fieldSub(1n, 168696n * xx)))) return x;
  }
})();
const QUARTER = fieldInv(ROOT_OF_A);
const scalar = fc.bigInt({ min: 1n, max: SUBGROUP_ORDER - 1n });
const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
/** An x that an attacker may publish: of the subgroup, with every torsion, of small order, off the curve, anything. */
const publishedX = fc.oneof(
  { weight: 3, arbitrary: scalar.map((k) => mulPoint(G, k).x) },
  fc.tuple(scalar, fc.integer({ min: 1, max: 7 })).map(([k, t]) => {
    return addPoints(mulPoint(G, k), mulPoint(ORDER_8, BigInt(t))).x;
  }),
  fc.integer({ min: 0, max: 7 }).map((t) => mulPoint(ORDER_8, BigInt(t)).x),
  fc.constantFrom(0n, 1n, OFF_CURVE, QUARTER, FIELD_MODULUS - QUARTER, FIELD_MODULUS - 1n),
  element,
);

/** The secret that the full rules use, or, for an x that they refuse, the one that the ladder makes of it. */
function secretOf(viewKey: bigint, x: bigint, rule: (viewKey: bigint, x: bigint) => bigint): bigint {
  try {
    return rule(viewKey, x);
  } catch {
    return multiplyX(x, ladderScalar(viewKey));
  }
}

interface Made {
  readonly r: bigint;
  readonly tpk: bigint;
  readonly nullifier: bigint;
  readonly typeId: bigint;
  /** The kind of an output: its receiver opens it, its sender opens it by the outgoing word, or nobody does. */
  readonly outputs: readonly ('received' | 'sent' | 'both' | 'noise')[];
  /** x of the receiver of a sent output. */
  readonly receiver: bigint;
}

/** Outputs as an attacker who knows Alice's view key would make them, so that the ladder alone is always satisfied. */
function transitionOf(made: Made, position: number): NoteTransition {
  const { r, tpk, nullifier, typeId, receiver } = made;
  const secret = secretOf(alice.viewKey, r, incomingSecret);
  const tvk = secretOf(alice.viewKey, tpk, recoverTvk);
  const outputs = made.outputs.map((kind, output) => {
    const words = [typeId, ...Array.from({ length: CIPHERTEXT_WORDS - 1 }, (_, k) => BigInt(k))];
    const incoming = kind === 'received' || kind === 'both';
    const owner = incoming ? alice.address.x : receiver;
    const outgoingScalar = ladderScalar(encryptionScalar(tvk));
    const shared = incoming ? secret : multiplyX(owner, outgoingScalar);
    const opening = kind === 'noise' ? 5n : shared;
    const commitment = commitmentOf(
      typeId,
      ownerHash(owner, outputBlind(opening, output)),
      outputRho(nullifier, output),
      words.slice(1),
    );
    return {
      index: 4 * position + output,
      commitment: fieldToHex(commitment),
      ciphertext: encryptWords(opening, output, nullifier, words).map((word) => fieldToHex(word)),
      outgoing: fieldToHex(kind === 'received' ? 77n : outgoingOf(owner, tvk, output)),
    };
  });
  return {
    transactionId: `0x${position.toString(16).padStart(64, '0')}`,
    r: fieldToHex(r),
    tpk: fieldToHex(tpk),
    nullifiers: [fieldToHex(nullifier)],
    outputs,
  };
}

const blockOf = (transitions: readonly NoteTransition[]): NotesBlock => {
  const zero = `0x${'00'.repeat(32)}`;
  const roots = { hash: zero, previousNoteRoot: zero, noteRoot: zero, l1BlockHash: zero };
  return {
    number: 1,
    ...roots,
    noteCount: 0,
    l1Block: 1,
    settled: true,
    transitions: [...transitions],
    deposits: [],
  };
};

const made = fc.record({
  r: publishedX,
  tpk: publishedX,
  nullifier: element,
  typeId: fc.oneof(fc.constant(0n), element),
  outputs: fc.array(fc.constantFrom('received', 'sent', 'both', 'noise'), { minLength: 1, maxLength: 4 }),
  receiver: fc.oneof(fc.constant(bob.address.x), publishedX),
});

async function sameAsFullRules(scanner: Scanner, transitions: readonly NoteTransition[]): Promise<number> {
  let found = 0;
  for (const account of [alice, stranger]) {
    const block = blockOf(transitions);
    const full = discover(account, block, 1n, new Map());
    const worthwhile = await scanner.candidates(keysOf(account), block.transitions);
    assert.deepEqual(discover(account, block, 1n, new Map(), worthwhile), full);
    found += full.received.length + full.sent.length;
  }
  return found;
}

describe('scanning machine', () => {
  it('hashes, tests squares and multiplies as its twins do', async () => {
    const machine = await ScanMachine.create();
    const [a, b, result] = machine.elements(3);
    const state = machine.elements(9);
    const pairs = machine.elements(6);
    const points = machine.elements(3);
    const [two, one] = [machine.constant(initialState(3n, 2)), machine.constant(initialState(3n, 1))];
    fc.assert(
      fc.property(element, element, scalar, publishedX, (x, y, k, published) => {
        machine.set(a, x);
        machine.set(b, y);
        machine.hash(result, two, a, b);
        assert.equal(machine.valueOf(result), hash(3n, [x, y]));
        machine.hash(result, one, a);
        assert.equal(machine.valueOf(result), hash(3n, [x]));
        machine.permute(state, [a, b, a], 0);
        const whole = permute([x, y, x, 0n, 0n, 0n, 0n, 0n, 0n]);
        assert.deepEqual(
          state.map((place) => machine.valueOf(place)),
          whole,
        );
        assert.equal(machine.isSquare(a), isSquare(x));
        const xs = [G.x, published, x];
        xs.forEach((value, index) => {
          machine.set(points[index], value);
        });
        machine.multiply(points, [ladderScalar(k)], pairs);
        const expected = xs.map((value) => multiplyX(value, ladderScalar(k)));
        assert.deepEqual(
          points.map((place) => machine.valueOf(place)),
          expected,
        );
      }),
      { numRuns: 15 },
    );
    for (const x of [0n, 1n, 4n, FIELD_MODULUS - 1n]) {
      machine.set(a, x);
      assert.equal(machine.isSquare(a), isSquare(x));
    }
  });
});

describe('scanning', () => {
  it('finds exactly what the full rules find, whatever an attacker publishes', async () => {
    assert.ok(isOnCurve(ORDER_8));
    const scanner = directScanner();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 3 }), async (list) => {
        found += await sameAsFullRules(scanner, list.map(transitionOf));
      }),
      { numRuns: 20 },
    );
    assert.ok(found > 5, `${found} records: the test looks at too little`);
  });

  it('opens with the ladder what the full rules refuse: a point with torsion is a candidate, and no record', async () => {
    const r = addPoints(mulPoint(G, 5n), ORDER_8).x;
    const hostile: Made = {
      r,
      tpk: G.x,
      nullifier: 1n,
      typeId: 9n,
      outputs: ['received'],
      receiver: bob.address.x,
    };
    const block = blockOf([transitionOf(hostile, 0), transitionOf({ ...hostile, r: mulPoint(G, 5n).x }, 1)]);
    const filter = await ScanFilter.create();
    assert.deepEqual([...filter.filter(keysOf(alice), packTransitions(block.transitions))], [1, 1]);
    const worthwhile = await directScanner().candidates(keysOf(alice), block.transitions);
    const found = discover(alice, block, 1n, new Map(), worthwhile);
    assert.deepEqual(
      found.received.map(({ leafIndex }) => leafIndex),
      [4],
    );
  });

  it('goes through many transitions, of any number of outputs, in chunks', async () => {
    const filter = await ScanFilter.create();
    const mine: Made = {
      r: G.x,
      tpk: G.x,
      nullifier: 3n,
      typeId: 9n,
      outputs: ['noise'],
      receiver: bob.address.x,
    };
    const many = Array.from({ length: 70 }, (_, k) =>
      transitionOf(
        { ...mine, nullifier: BigInt(k), outputs: k % 7 === 0 ? ['noise', 'sent'] : ['noise'] },
        k,
      ),
    );
    const long = transitionOf({ ...mine, outputs: [...Array(40).fill('noise'), 'received'] }, 70);
    const none = { ...long, outputs: [] };
    const verdicts = filter.filter(keysOf(alice), packTransitions([...many, long, none]));
    assert.deepEqual([...verdicts], [...many.map((_, k) => (k % 7 === 0 ? 1 : 0)), 1, 0]);
    assert.deepEqual(filter.filter(keysOf(stranger), packTransitions([])), new Uint8Array());
    const others = filter.filter(keysOf(stranger), packTransitions([...many, long]));
    assert.ok(others.every((verdict) => verdict === 0));
  });

  it('works in a thread of its own, and refuses words that are not canonical', async () => {
    const scanner = workerScanner();
    const mine: Made = {
      r: G.x,
      tpk: G.x,
      nullifier: 3n,
      typeId: 9n,
      outputs: ['both'],
      receiver: bob.address.x,
    };
    const transitions = [transitionOf(mine, 0), transitionOf({ ...mine, outputs: ['noise'] }, 1)];
    const batches = [transitions, [...transitions].reverse()];
    const found = await Promise.all(batches.map((batch) => scanner.candidates(keysOf(alice), batch)));
    for (const one of found) assert.deepEqual([...one], [transitions[0]]);
    assert.deepEqual(await scanner.candidates(keysOf(alice), []), new Set());
    const wrong = { ...transitions[0], r: `0x${'ff'.repeat(32)}` };
    await assert.rejects(scanner.candidates(keysOf(alice), [wrong]), { code: 'FIELD_OUT_OF_RANGE' });
    const cut = scanner.candidates(keysOf(alice), transitions);
    await scanner.close();
    await assert.rejects(cut, { code: 'SCANNER_STOPPED' });
  });
});
