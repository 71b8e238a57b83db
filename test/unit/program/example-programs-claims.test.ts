/** vote.aleo and nft.aleo: rights and pieces that exist once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { programHash } from '../../../program/instructions/rules/hash.ts';
import { Ledger, player } from '../../support/program/example-ledger.ts';

const [alice, bob, carol, mallory] = [1, 2, 3, 4].map(player);

describe('vote.aleo', () => {
  const organiser = carol;
  const propose = (ledger: Ledger, by = organiser) => ledger.call(by, 'propose', '40field', '1field')[0];

  /** Everybody gets a ticket and votes; the ballots in order, and the proposal. */
  function voted(votes: readonly boolean[]) {
    const ledger = new Ledger('vote');
    let proposal = propose(ledger);
    const ballots = votes.map((yes, k) => {
      const voter = player(50 + k);
      const [next, ticket] = ledger.call(organiser, 'invite', proposal, voter.address);
      proposal = next;
      return ledger.call(voter, yes ? 'agree' : 'disagree', ticket)[0];
    });
    return { ledger, proposal, ballots };
  }
  const sum = (ledger: Ledger, ballots: readonly any[]) =>
    ballots.reduce((one, other) => ledger.call(organiser, 'tally', one, other)[0]);

  test('the result is what was voted, and what L1 is told', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), (votes) => {
        const { ledger, proposal, ballots } = voted(votes);
        const yes = BigInt(votes.filter((vote) => vote).length);
        const no = BigInt(votes.length) - yes;
        const outputs = ledger.call(organiser, 'close', proposal, sum(ledger, ballots));
        assert.deepEqual(outputs, [yes, no]);
        const tickets = BigInt(votes.length);
        assert.deepEqual(ledger.message, [proposal.data.id, yes + (no << 32n) + (tickets << 64n), 3n]);
      }),
      { numRuns: 15 },
    );
  });

  test('a ballot says nothing about its voter', () => {
    const { ballots } = voted([true, true, false]);
    assert.deepEqual(ballots[0].data, ballots[1].data);
    assert.deepEqual(Object.keys(ballots[2].data), ['owner', 'id', 'yes', 'no']);
  });

  test('ballots that are left out show in the number of tickets', () => {
    const { ledger, proposal, ballots } = voted([true, false, false]);
    ledger.call(organiser, 'close', proposal, ballots[0]);
    assert.equal(ledger.message?.[1], 1n + (3n << 64n));
  });

  test('attack: voting twice, with somebody else’s ticket, without one', () => {
    const ledger = new Ledger('vote');
    const [, ticket] = ledger.call(organiser, 'invite', propose(ledger), alice.address);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'agree', ticket);
    ledger.call(alice, 'agree', ticket);
    assert.throws(() => ledger.call(alice, 'disagree', ticket), /this record is spent/);
    assert.throws(() => ledger.call(alice, 'agree', ticket), /this record is spent/);
  });

  test('attack: tickets of an own proposal with the same title and salt', () => {
    const { ledger, proposal, ballots } = voted([true]);
    const own = propose(ledger, mallory);
    assert.notEqual(own.data.id, proposal.data.id);
    const [, ticket] = ledger.call(mallory, 'invite', own, mallory.address);
    const [ballot] = ledger.call(mallory, 'disagree', ticket);
    assert.equal(ballot.data.owner, mallory.address);
    ledger.refuses('VALUE_NOT_OWNED', organiser, 'tally', ballots[0], ballot);
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'invite', proposal, mallory.address);
  });

  test('attack: the organiser adds ballots of another vote, or of a second one with the same id', () => {
    const { ledger, proposal, ballots } = voted([true]);
    const [other] = ledger.call(organiser, 'propose', '41field', '1field');
    const [, foreign] = ledger.call(organiser, 'invite', other, bob.address);
    const [ballot] = ledger.call(bob, 'agree', foreign);
    ledger.refuses('HALT_ASSERTION', organiser, 'tally', ballots[0], ballot);
    ledger.refuses('HALT_ASSERTION', organiser, 'close', proposal, ballot);
    const [, again] = ledger.call(organiser, 'invite', propose(ledger), bob.address);
    const [extra] = ledger.call(bob, 'agree', again);
    const [stuffed] = ledger.call(organiser, 'tally', ballots[0], extra);
    ledger.refuses('HALT_ASSERTION', organiser, 'close', proposal, stuffed);
  });

  test('a vote is closed once', () => {
    const { ledger, proposal, ballots } = voted([true, false]);
    ledger.call(organiser, 'close', proposal, ballots[0]);
    assert.throws(() => ledger.call(organiser, 'close', proposal, ballots[1]), /this record is spent/);
    assert.throws(() => ledger.call(organiser, 'invite', proposal, bob.address), /this record is spent/);
  });
});

describe('nft.aleo', () => {
  const METADATA = ['123field', '456field'];

  const contentOf = (ledger: Ledger): bigint => ledger.call(alice, 'content_of', METADATA, '99field')[0];

  /** Alice's press of three pieces. */
  function press(last = 3n) {
    const ledger = new Ledger('nft');
    return { ledger, printing: ledger.call(alice, 'create', '7field', last)[0] };
  }
  test('content_of is hash.psd4 of metadata and blinding', () => {
    assert.equal(contentOf(new Ledger('nft')), programHash('hash.psd4', [123n, 456n, 99n]));
  });

  test('a press prints its numbers in order, and no more', () => {
    const { ledger, printing } = press();
    let current = printing;
    for (const serial of [1n, 2n, 3n]) {
      const [next, piece] = ledger.call(alice, 'mint', current, bob.address, '1field');
      assert.deepEqual(piece.data, {
        owner: bob.address,
        collection: printing.data.collection,
        serial,
        content: 1n,
      });
      current = next;
    }
    ledger.refuses('HALT_ASSERTION', alice, 'mint', current, bob.address, '1field');
    ledger.refuses('HALT_ASSERTION', alice, 'create', '7field', 0n);
  });

  test('the last number of all is never printed twice', () => {
    const { ledger } = press();
    const [max] = ledger.call(alice, 'create', '8field', 0xffff_ffffn);
    assert.equal(max.data.last, 0xffff_ffffn);
    assert.equal(ledger.call(alice, 'mint', max, bob.address, '1field')[1].data.serial, 1n);
  });

  test('transfer and burn', () => {
    const { ledger, printing } = press();
    const [, piece] = ledger.call(alice, 'mint', printing, alice.address, '1field');
    const [bobs] = ledger.call(alice, 'transfer', piece, bob.address);
    assert.equal(bobs.data.owner, bob.address);
    assert.throws(() => ledger.call(alice, 'transfer', piece, mallory.address), /this record is spent/);
    ledger.refuses('VALUE_NOT_OWNED', alice, 'transfer', bobs, alice.address);
    assert.deepEqual(ledger.call(bob, 'burn', bobs), [1n]);
    assert.deepEqual(ledger.of(bob, 'nft'), []);
  });

  test('showing the content convinces the verifier and keeps the piece', () => {
    const { ledger, printing } = press();
    const [, piece] = ledger.call(alice, 'mint', printing, bob.address, `${contentOf(ledger)}field`);
    const [kept, certificate] = ledger.call(bob, 'show', piece, carol.address, METADATA, '99field');
    assert.deepEqual(kept.data, piece.data);
    assert.deepEqual(certificate.data, {
      owner: carol.address,
      holder: bob.address,
      collection: printing.data.collection,
      serial: 1n,
      metadata: [123n, 456n],
    });
  });

  test('attack: another content, somebody else’s piece or press, an own press for the collection', () => {
    const { ledger, printing } = press();
    const [next, piece] = ledger.call(alice, 'mint', printing, bob.address, `${contentOf(ledger)}field`);
    ledger.refuses('HALT_ASSERTION', bob, 'show', piece, carol.address, ['124field', '456field'], '99field');
    ledger.refuses('HALT_ASSERTION', bob, 'show', piece, carol.address, ['456field', '123field'], '99field');
    ledger.refuses('HALT_ASSERTION', bob, 'show', piece, carol.address, METADATA, '98field');
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'show', piece, carol.address, METADATA, '99field');
    ledger.refuses('VALUE_NOT_OWNED', mallory, 'mint', next, mallory.address, '1field');
    const [own] = ledger.call(mallory, 'create', '7field', 3n);
    assert.notEqual(own.data.collection, printing.data.collection);
  });
});
