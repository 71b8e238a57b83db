/** tictactoe.aleo and battleship.aleo: whole games against a plain referee, and every way to cheat that we know. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Ledger, type LedgerRecord, player } from '../../support/program/example-ledger.ts';

const [alice, bob, mallory] = [1, 2, 4].map(player);

describe('tictactoe.aleo', () => {
  const LINES = ['012', '345', '678', '036', '147', '258', '048', '246'].map((line) => [...line].map(Number));
  const xy = (cell: number): [bigint, bigint] => [BigInt(cell % 3), BigInt(Math.floor(cell / 3))];

  /** Plays cells in turn, Bob first; the states that the scores say. */
  function play(cells: readonly number[]) {
    const ledger = new Ledger('tictactoe');
    let [game] = ledger.call(alice, 'invite', bob.address, '5field');
    const states = cells.map((cell, turn) => {
      const mover = turn % 2 === 0 ? bob : alice;
      const [next, score] = ledger.call(mover, 'move', game, ...xy(cell));
      assert.equal(score.data.owner, mover.address);
      assert.equal(next.data.owner, score.data.rival);
      game = next;
      return Number(score.data.state);
    });
    return { ledger, game, states };
  }

  /** The same by looking at the lines. */
  function referee(cells: readonly number[]): number[] {
    const states: number[] = [];
    for (let turn = 0; turn < cells.length && !states.some((state) => state > 0); turn++) {
      const mine = cells.slice(0, turn + 1).filter((_, k) => k % 2 === turn % 2);
      const won = LINES.some((line) => line.every((cell) => mine.includes(cell)));
      states.push(won ? 1 : turn === 8 ? 2 : 0);
    }
    return states;
  }

  test('random games end as the referee says, and not before', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 });
    fc.assert(
      fc.property(order, (cells) => {
        const states = referee(cells);
        assert.deepEqual(play(cells.slice(0, states.length)).states, states);
      }),
      { numRuns: 40 },
    );
  });

  test('each of the eight lines wins, in the last possible order, too; a draw', () => {
    for (const line of LINES) {
      // The loser's marks must not win first: two of a line at most, before the third.
      const others = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((cell) => !line.includes(cell));
      const cells = [line[2], others[0], line[0], others[1], line[1]];
      assert.deepEqual(play(cells).states, [0, 0, 0, 0, 1]);
    }
    assert.deepEqual(play([0, 1, 2, 4, 3, 5, 7, 6, 8]).states, [0, 0, 0, 0, 0, 0, 0, 0, 2]);
    // Two lines at once with the ninth mark.
    assert.deepEqual(play([0, 1, 2, 3, 6, 5, 8, 7, 4]).states, [0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('attack: a taken cell, a cell outside, a move out of turn or twice', () => {
    const { ledger, game } = play([4]);
    ledger.refuses('HALT_ASSERTION', alice, 'move', game, 1n, 1n);
    for (const [x, y] of [
      [3n, 0n],
      [0n, 3n],
      [255n, 255n],
      [0n, 86n],
      [253n, 1n],
    ])
      assert.throws(() => ledger.call(alice, 'move', game, x, y), /HALT_|halts/);
    ledger.refuses('VALUE_NOT_OWNED', bob, 'move', game, 0n, 0n);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'move', game, 0n, 0n);
    ledger.call(alice, 'move', game, 0n, 0n);
    assert.throws(() => ledger.call(alice, 'move', game, 1n, 0n), /this record is spent/);
  });

  test('attack: going on after the end, a second win by resigning, playing with oneself', () => {
    const won = play([0, 3, 1, 4, 2]);
    for (let cell = 0; cell < 9; cell++)
      won.ledger.refuses('HALT_ASSERTION', alice, 'move', won.game, ...xy(cell));
    won.ledger.refuses('HALT_ASSERTION', alice, 'resign', won.game);
    won.ledger.refuses('HALT_ASSERTION', alice, 'invite', alice.address, '5field');
    const open = play([0]);
    const [score] = open.ledger.call(alice, 'resign', open.game);
    assert.deepEqual(score.data, {
      owner: bob.address,
      rival: alice.address,
      id: open.game.data.id,
      state: 1n,
    });
  });
});

type Ship = { x: bigint; y: bigint; down: boolean };
const across = (x: number, y: number): Ship => ({ x: BigInt(x), y: BigInt(y), down: false });
const down = (x: number, y: number): Ship => ({ x: BigInt(x), y: BigInt(y), down: true });
const LENGTHS = [5, 4, 3, 2];
const cellsOf = (ships: readonly Ship[]): number[] =>
  ships.flatMap(({ x, y, down }, i) =>
    Array.from({ length: LENGTHS[i] }, (_, k) =>
      down ? 8 * (Number(y) + k) + Number(x) : 8 * Number(y) + Number(x) + k,
    ),
  );
const bits = (cells: readonly number[]): bigint =>
  cells.reduce((sum, cell) => sum | (1n << BigInt(cell)), 0n);
const FLEET = [across(0, 0), across(0, 2), down(7, 4), across(0, 7)];

describe('battleship.aleo', () => {
  const place = (ledger: Ledger, who: typeof alice, rival: typeof alice, ships = FLEET, secret = '11field') =>
    ledger.call(who, 'place', rival.address, ships, secret)[0] as LedgerRecord;
  /** Alice has challenged, Bob has accepted and shot at (0, 0). */
  function begun() {
    const ledger = new Ledger('battleship');
    const [a, invitation] = ledger.call(alice, 'challenge', place(ledger, alice, bob));
    const [b, shot] = ledger.call(bob, 'accept', place(ledger, bob, alice), invitation, 0n, 0n);
    return { ledger, a, b, shot };
  }

  /** Another game of Alice's on the same ledger. */
  function again(ledger: Ledger, rival: typeof alice) {
    const [a, invitation] = ledger.call(alice, 'challenge', place(ledger, alice, rival, FLEET, '12field'));
    const [b, shot] = ledger.call(rival, 'accept', place(ledger, rival, alice), invitation, 0n, 0n);
    return { a, b, shot };
  }

  test('placing agrees with a plain drawing of the sea', () => {
    const ship = fc.record({
      x: fc.bigInt({ min: 0n, max: 9n }),
      y: fc.bigInt({ min: 0n, max: 9n }),
      down: fc.boolean(),
    });
    const ledger = new Ledger('battleship');
    let valid = 0;
    fc.assert(
      fc.property(fc.tuple(ship, ship, ship, ship), (ships) => {
        const inside = ships.every(({ x, y, down }, i) => {
          const last = BigInt(8 - LENGTHS[i]);
          return x <= (down ? 7n : last) && y <= (down ? last : 7n);
        });
        const cells = cellsOf(ships);
        if (!inside || new Set(cells).size < cells.length) {
          assert.throws(() => place(ledger, alice, bob, ships), { code: 'HALT_ASSERTION' });
        } else {
          valid++;
          assert.equal(place(ledger, alice, bob, ships).data.ships, bits(cells));
        }
      }),
      { numRuns: 60 },
    );
    assert.ok(valid < 60);
    assert.equal(place(ledger, alice, bob).data.ships, bits(cellsOf(FLEET)));
    const edges = [down(7, 3), down(6, 4), down(5, 5), down(4, 6)];
    assert.equal(place(ledger, alice, bob, edges).data.ships, bits(cellsOf(edges)));
  });

  test('attack: ships over the edge, around it, over each other, far outside; no rival', () => {
    const ledger = new Ledger('battleship');
    const replaced = (i: number, ship: Ship) => FLEET.map((old, k) => (k === i ? ship : old));
    for (const ships of [
      replaced(0, across(4, 0)),
      replaced(0, down(0, 4)),
      replaced(3, across(7, 6)),
      replaced(3, across(0, 0)),
      replaced(2, across(2, 2)),
      replaced(1, across(0, 255)),
      replaced(1, across(250, 0)),
      replaced(1, across(0, 32)),
    ])
      assert.throws(() => place(ledger, alice, bob, ships), { code: 'HALT_ASSERTION' });
    assert.throws(() => place(ledger, alice, alice), { code: 'HALT_ASSERTION' });
  });

  test('a whole game: answers are true, the fleet sinks with its last cell, the winner takes the victory', () => {
    const { ledger, a, b, shot } = begun();
    const targets = cellsOf(FLEET).filter((cell) => cell !== 0);
    // Bob hits with every shot; Alice shoots from the other end and wastes some.
    const misses = Array.from({ length: 64 }, (_, k) => 63 - k).filter(
      (cell) => !cellsOf(FLEET).includes(cell),
    );
    let [boardA, boardB, incoming] = [a, b, shot];
    for (let turn = 0; ; turn++) {
      const at = misses[turn];
      [boardA, incoming] = ledger.call(alice, 'play', boardA, incoming, BigInt(at % 8), BigInt(at >> 3));
      assert.equal(incoming.data.hit, true);
      assert.equal(incoming.data.lost, turn === 13);
      if (incoming.data.lost) break;
      const next = targets[turn];
      [boardB, incoming] = ledger.call(bob, 'play', boardB, incoming, BigInt(next % 8), BigInt(next >> 3));
      assert.deepEqual([incoming.data.hit, incoming.data.lost], [false, false]);
    }
    assert.equal(boardA.data.ships, 0n);
    assert.equal(boardB.data.ships, bits(cellsOf(FLEET)));
    // Lost is lost: the winner cannot be made to play on, and the loser has nothing to claim.
    ledger.refuses('HALT_ASSERTION', bob, 'play', boardB, incoming, 5n, 5n);
    const [victory] = ledger.call(bob, 'claim', boardB, incoming);
    assert.deepEqual([victory.data.owner, victory.data.loser], [bob.address, alice.address]);
  });

  test('attack: shooting twice at one cell or outside, claiming without a victory', () => {
    const { ledger, a, b, shot } = begun();
    ledger.refuses('HALT_ASSERTION', alice, 'claim', a, shot);
    for (const [x, y] of [
      [8n, 0n],
      [0n, 8n],
      [255n, 32n],
    ])
      ledger.refuses('HALT_ASSERTION', alice, 'play', a, shot, x, y);
    const [, answer] = ledger.call(alice, 'play', a, shot, 3n, 3n);
    ledger.refuses('HALT_ASSERTION', bob, 'play', b, answer, 0n, 0n);
  });

  test('attack: turns out of order: own shots, others’ shots, two moves with one board', () => {
    const { ledger, a, b, shot } = begun();
    ledger.refuses('VALUE_NOT_OWNED', bob, 'play', b, shot, 1n, 1n);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'play', a, shot, 1n, 1n);
    ledger.call(alice, 'play', a, shot, 3n, 3n);
    assert.throws(() => ledger.call(alice, 'play', a, shot, 4n, 3n), /this record is spent/);
    // Another game's shot at the same player, by the same rival or a third player, fits no other board.
    const { a: board, shot: due } = again(ledger, bob);
    const other = again(ledger, mallory);
    ledger.refuses('HALT_ASSERTION', alice, 'play', board, other.shot, 1n, 1n);
    ledger.refuses('HALT_ASSERTION', alice, 'play', other.a, due, 1n, 1n);
  });

  test('attack: another fleet, or the same one placed again and whole, in the middle of a game', () => {
    const { ledger, a, b, shot } = begun();
    const healed = place(ledger, alice, bob);
    const [healedAndChallenging] = ledger.call(alice, 'challenge', place(ledger, alice, bob));
    const moved = place(ledger, alice, bob, [across(3, 0), across(3, 1), across(3, 2), across(3, 3)]);
    for (const board of [healed, moved]) ledger.refuses('HALT_ASSERTION', alice, 'play', board, shot, 1n, 1n);
    const [, first] = ledger.call(alice, 'play', a, shot, 3n, 3n);
    const [, second] = ledger.call(bob, 'play', b, first, 1n, 0n);
    for (const board of [healed, healedAndChallenging, moved])
      ledger.refuses('HALT_ASSERTION', alice, 'play', board, second, 1n, 1n);
  });

  test('attack: accepting one challenge with two boards, an old challenge, somebody else’s', () => {
    const ledger = new Ledger('battleship');
    const [early, old] = ledger.call(alice, 'challenge', place(ledger, alice, bob));
    const [late, fresh] = ledger.call(alice, 'challenge', early);
    const [, stale] = ledger.call(bob, 'accept', place(ledger, bob, alice), old, 0n, 0n);
    ledger.refuses('HALT_ASSERTION', alice, 'play', late, stale, 1n, 1n);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'accept', place(ledger, mallory, alice), fresh, 0n, 0n);
    ledger.refuses('HALT_ASSERTION', bob, 'accept', place(ledger, bob, mallory), fresh, 0n, 0n);
    const [playing] = ledger.call(bob, 'accept', place(ledger, bob, alice), fresh, 0n, 0n);
    assert.throws(
      () => ledger.call(bob, 'accept', place(ledger, bob, alice), fresh, 0n, 0n),
      /this record is spent/,
    );
    // A board that has fired is in a game already.
    ledger.refuses('HALT_ASSERTION', bob, 'challenge', playing);
  });
});
