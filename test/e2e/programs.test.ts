/**
 * The example programs on a real rollup. Each one is called through the PXE, proven, submitted over HTTP and settled on a
 * Hardhat node, by two accounts or more, and refuses bad calls. Programs do not wait for each other: a round sends
 * everything that it can. battleship.aleo/place takes the large circuit. A whole auction is in programs-auction.test.ts.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Devnet, startDevnet } from '../../devnet/start.ts';
import { programSource } from '../../host/program-source.ts';
import { readEvents } from '../../l1/events.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea, ClientRecord } from '../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../pxe/client/program.ts';
import { connect } from '../../pxe/node/connect.ts';

const NAMES = ['bank', 'auction', 'vote', 'nft', 'escrow', 'tictactoe', 'battleship', 'calculator'] as const;
type Name = (typeof NAMES)[number];
type Argument = Parameters<ClientProgram['functions'][string]>[number];

const ALICE_FLEET = [0n, 1n, 2n, 3n].map((y) => ({ x: 0n, y, down: false }));
const BOB_FLEET = [4n, 5n, 6n, 7n].map((x) => ({ x, y: 3n, down: true }));

describe('example programs', { timeout: 1_500_000 }, () => {
  let net: Devnet;
  let azalea: Azalea;
  let alice: ClientAccount;
  let bob: ClientAccount;
  /** Bank, auctioneer, organiser, creator, arbiter. */
  let carol: ClientAccount;
  let programs: Record<Name, ClientProgram>;
  let sent = 0;

  before(async () => {
    net = await startDevnet({
      circuits: ['transition-small', 'state-update-small'],
      laterCircuits: ['transition-large'],
      software: 'test',
      // Long enough for two transactions to share a chunk.
      sequencer: { blockDelayMs: 8_000, logLevel: 'warn' },
    });
    azalea = await connect({
      sequencer: net.service.url,
      l1: net.l1Url,
      passphrase: 'a passphrase',
      keyDerivation: { N: 2 ** 4, r: 8, p: 1 },
      pollMs: 200,
    });
    [alice, bob, carol] = await Promise.all(
      ['alice', 'bob', 'carol'].map((alias) => azalea.accounts.create(alias)),
    );
    const loaded = await Promise.all(
      NAMES.map(async (name) => [name, await azalea.programs.load(await programSource(name))]),
    );
    programs = Object.fromEntries(loaded);
  });
  after(async () => {
    await azalea?.close();
    await net?.close();
  });

  const call = (program: Name, name: string, ...args: Argument[]) =>
    programs[program].functions[name](...args);
  /** Sends calls at the same time and waits until all are settled. */
  const round = async (
    ...calls: [from: ClientAccount, program: Name, name: string, ...args: Argument[]][]
  ): Promise<void> => {
    const started = performance.now();
    const handles = await Promise.all(
      calls.map(([from, program, name, ...args]) => call(program, name, ...args).send({ from })),
    );
    const proven = performance.now();
    await Promise.all(handles.map((handle) => handle.wait('settled')));
    await azalea.sync();
    sent += calls.length;
    const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
    console.log(
      `${calls.length} calls proven after ${seconds(started, proven)} s, settled after ${seconds(proven, performance.now())} s more`,
    );
  };
  /** That a call is refused before anything is proven. */
  const refused = (
    code: string,
    from: ClientAccount,
    program: Name,
    name: string,
    ...args: Argument[]
  ): Promise<void> => assert.rejects(call(program, name, ...args).simulate({ from }), { code });
  /** The newest unspent record of a type. */
  const record = (of: ClientAccount, type: string): ClientRecord => {
    const found = azalea.records(of).findLast((one) => one.type === type);
    assert.ok(found, `${of.alias} has no ${type}`);
    return found;
  };
  const integer = (value: unknown): bigint => BigInt(String(value).replace(/[iu]\d+$|field$/, ''));

  test('round 1: money, chips, votes, collections, invitations and fleets are made', async () => {
    await round(
      [carol, 'bank', 'issue', alice.address, 1_000n],
      [carol, 'bank', 'offer', alice.address, 7n, 500n, 5n, 1_000n],
      [carol, 'auction', 'sell_chips', alice.address, 100n],
      [carol, 'vote', 'propose', 40n, 1n],
      [carol, 'nft', 'create', 7n, 3n],
      [carol, 'escrow', 'issue', alice.address, 300n],
      [alice, 'tictactoe', 'invite', bob.address, 5n],
      [alice, 'battleship', 'place', bob.address, ALICE_FLEET, 11n],
      [bob, 'battleship', 'place', alice.address, BOB_FLEET, 12n],
      [alice, 'calculator', 'store', -6n],
    );
    assert.equal(integer(record(alice, 'bank.aleo/cash').data.amount), 1_000n);
    assert.equal(integer(record(alice, 'battleship.aleo/board').data.ships), 0x03_07_0f_1fn);
  });

  test('round 1: refusals', async () => {
    await refused(
      'HALT_OVERFLOW',
      alice,
      'bank',
      'pay',
      record(alice, 'bank.aleo/cash'),
      bob.address,
      1_001n,
    );
    await refused('HALT_ASSERTION', carol, 'bank', 'offer', alice.address, 8n, 10_001n, 5n, 1n);
    await refused(
      'HALT_OVERFLOW',
      alice,
      'auction',
      'place_bid',
      record(alice, 'auction.aleo/chip'),
      77n,
      101n,
    );
    await refused(
      'RECORD_NOT_OWNED',
      alice,
      'vote',
      'invite',
      record(carol, 'vote.aleo/proposal'),
      alice.address,
    );
    await refused('RECORD_NOT_OWNED', bob, 'nft', 'mint', record(carol, 'nft.aleo/press'), bob.address, 1n);
    const cash = record(alice, 'escrow.aleo/cash');
    await refused('HALT_ASSERTION', alice, 'escrow', 'lock', cash, bob.address, bob.address, 9n);
    const game = record(bob, 'tictactoe.aleo/game');
    await refused('RECORD_NOT_OWNED', alice, 'tictactoe', 'move', game, 1n, 1n);
    await refused('HALT_ASSERTION', bob, 'tictactoe', 'move', game, 3n, 1n);
    const overlapping = [...ALICE_FLEET.slice(0, 3), { x: 1n, y: 2n, down: true }];
    await refused('HALT_ASSERTION', alice, 'battleship', 'place', bob.address, overlapping, 11n);
    const memory = record(alice, 'calculator.aleo/memory');
    await refused('HALT_DIVISION_BY_ZERO', alice, 'calculator', 'memory_divide', memory, 0n);
    await refused('RECORD_TYPE', alice, 'calculator', 'memory_divide', cash, 1n);
  });

  test('round 2: savings, a ticket, a piece, a deposit, a move, a challenge, a product', async () => {
    const cash = record(alice, 'escrow.aleo/cash');
    const lock = [cash, bob.address, carol.address, 9n] as const;
    const { outputs } = await call('escrow', 'lock', ...lock).simulate({ from: alice });
    const { deal } = outputs[0] as { deal: string };
    await round(
      [alice, 'bank', 'open', record(alice, 'bank.aleo/cash'), record(alice, 'bank.aleo/terms')],
      [carol, 'vote', 'invite', record(carol, 'vote.aleo/proposal'), bob.address],
      [carol, 'nft', 'mint', record(carol, 'nft.aleo/press'), bob.address, 99n],
      [alice, 'escrow', 'lock', ...lock],
      [alice, 'escrow', 'say', carol.address, deal, 1n],
      [bob, 'tictactoe', 'move', record(bob, 'tictactoe.aleo/game'), 1n, 1n],
      [alice, 'battleship', 'challenge', record(alice, 'battleship.aleo/board')],
      [alice, 'calculator', 'memory_multiply', record(alice, 'calculator.aleo/memory'), 7n],
    );
    assert.equal(integer(record(alice, 'bank.aleo/savings').data.balance), 1_000n);
    assert.equal(record(carol, 'bank.aleo/opening').data.customer, alice.address);
    const { owner, serial } = record(bob, 'nft.aleo/nft').data;
    assert.deepEqual([owner, serial], [bob.address, '1u32']);
    assert.equal(record(alice, 'calculator.aleo/memory').data.result, '-42i64');
    assert.equal(record(bob, 'tictactoe.aleo/score').data.state, '0u8');
  });

  test('round 2: refusals', async () => {
    const [oldGame] = azalea.records(bob, { all: true }).filter(({ type }) => type === 'tictactoe.aleo/game');
    await refused('RECORD_SPENT', bob, 'tictactoe', 'move', oldGame, 0n, 0n);
    await refused('HALT_ASSERTION', alice, 'tictactoe', 'move', record(alice, 'tictactoe.aleo/game'), 1n, 1n);
    const piece = record(bob, 'nft.aleo/nft');
    await refused('HALT_ASSERTION', bob, 'nft', 'show', piece, alice.address, [1n, 2n], 3n);
    const [deposit, word] = ['deposit', 'word'].map((type) => record(carol, `escrow.aleo/${type}`));
    await refused('HALT_ASSERTION', carol, 'escrow', 'refund', deposit, word);
    await refused('HALT_ASSERTION', carol, 'escrow', 'decide', deposit, word, 300n);
  });

  test('round 3: the vote is cast, the seller paid, the challenge accepted', async () => {
    await round(
      [bob, 'vote', 'agree', record(bob, 'vote.aleo/ticket')],
      [carol, 'escrow', 'release', record(carol, 'escrow.aleo/deposit'), record(carol, 'escrow.aleo/word')],
      [
        bob,
        'battleship',
        'accept',
        record(bob, 'battleship.aleo/board'),
        record(bob, 'battleship.aleo/invitation'),
        4n,
        0n,
      ],
    );
    assert.equal(integer(record(bob, 'escrow.aleo/cash').data.amount), 300n);
    const [ticket] = azalea.records(bob, { all: true }).filter(({ type }) => type === 'vote.aleo/ticket');
    await refused('RECORD_SPENT', bob, 'vote', 'disagree', ticket);
  });

  test('round 4: the vote is published on L1, the shot is answered: a hit', async () => {
    await round(
      [carol, 'vote', 'close', record(carol, 'vote.aleo/proposal'), record(carol, 'vote.aleo/ballot')],
      [
        alice,
        'battleship',
        'play',
        record(alice, 'battleship.aleo/board'),
        record(alice, 'battleship.aleo/shot'),
        0n,
        0n,
      ],
    );
    const { hit, lost } = record(bob, 'battleship.aleo/shot').data;
    assert.deepEqual([hit, lost], ['true', 'false']);
    assert.equal(integer(record(alice, 'battleship.aleo/board').data.ships), 0x03_07_0f_0fn);
    const head = Number(await net.client.getBlockNumber());
    const { messages } = await readEvents(net.client, net.rollup, 0, head);
    const [proposal] = azalea
      .records(carol, { all: true })
      .filter(({ type }) => type === 'vote.aleo/proposal');
    // One yes, no no, one ticket.
    assert.deepEqual(
      messages.map(({ programId, words }) => [programId, words]),
      [[programs.vote.programId, [integer(proposal.data.id), 1n + (1n << 64n), 3n]]],
    );
    assert.equal(sent, 23);
  });
});
