/**
 * Attacks on the contract with the rollup's own circuits and keys. Every block is valid but for the one attacked thing, and
 * every proof is real. (Rules that L1 alone decides are tried more widely in rollup.test.ts.)
 */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeAbiParameters, type Hex, keccak256, padHex, toHex } from 'viem';
import { deployFixture, type Fixture, queuedDeposits, revertName } from '../../fixtures/rollup.ts';
import { depositEth, ETH } from '../../l1/deposit.ts';
import { l1Call } from '../../l1/failure.ts';
import { encodeProposal } from '../../l1/propose.ts';
import { readRollupState } from '../../l1/rollup-info.ts';
import { readWithdrawable, withdraw } from '../../l1/withdraw.ts';
import {
  ANCHOR_MAX_AGE_L1_BLOCKS,
  DEPOSIT_OVERDUE_L1_BLOCKS,
  FIELD_MODULUS,
  KEY_ID,
  MESSAGE_TAG,
} from '../../protocol/constants.ts';
import { depositRho, ownerHash, type RecordPreimage, recordCommitment } from '../../protocol/record.ts';
import { applyChunk } from '../../protocol/state/apply-chunk.ts';
import type { ChunkData } from '../../protocol/state/chunk.ts';
import type { BlockTransition } from '../../protocol/transaction/block.ts';
import { SMALL_SIGNAL_NAMES } from '../../protocol/transaction/transition.ts';
import { edited, patched } from '../support/rollup/block-edits.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import {
  blockOf,
  dataOf,
  type ProvenChunk,
  type RealRollup,
  realRollup,
  treesAfter,
} from '../support/rollup/real-blocks.ts';
import { alice } from '../support/transition/transitions.ts';

const signalOffset = (transition: number, j: number): number => 8 + 1157 * transition + 293 + 32 * j;
const slotOf = (key: bigint, mapping: bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [key, mapping]));

describe('attacks with real proofs', () => {
  let rollup: RealRollup;
  let fixture: Fixture;
  let first: readonly BlockTransition[];
  let firstData: ChunkData;
  let firstChunk: ProvenChunk;
  /** The valid first block: two mints. */
  let firstBlock: Uint8Array;

  const actions = fixtureActions(() => fixture);
  const { request, propose, outcome } = actions;
  const setStorage = (slot: Hex, value: bigint) =>
    request('hardhat_setStorageAt', [fixture.rollup, slot, padHex(toHex(value), { size: 32 })]);

  before(async () => {
    rollup = await realRollup();
    fixture = rollup.fixture;
    first = [await rollup.mint(1), await rollup.mint(2)];
    firstData = dataOf(first);
    firstChunk = await rollup.chunk({ history: [], data: firstData, l2Block: 1 });
    firstBlock = blockOf(first, firstChunk);
  });
  restoreChain(actions);
  after(async () => {
    await rollup?.close();
  });

  it('the honest block settles, and the contract computes the roots of the trees', async () => {
    await propose(firstBlock);
    const state = await readRollupState(fixture.client, fixture.info);
    const trees = treesAfter([firstData]);
    assert.equal(state.noteRoot, trees.note.root());
    assert.equal(state.nullifierRoot, trees.nullifier.root());
    assert.equal(state.nextNoteIndex, trees.note.size);
    assert.equal(state.nextNullifierIndex, trees.nullifier.size);
  });

  describe('on a transition', () => {
    it('each public signal plus r', async () => {
      for (const i of [0, 1]) {
        for (const [j, signal] of first[i].signals.entries()) {
          const block = patched(firstBlock, signalOffset(i, j), signal + FIELD_MODULUS);
          assert.equal(await outcome(block), 'WordOutOfRange', SMALL_SIGNAL_NAMES[j]);
        }
      }
    });

    it('each public signal plus 1 and minus 1', async () => {
      const named: Record<string, string> = {
        anchorRoot: 'WrongAnchorRoot',
        finalizeHash: 'UnsupportedFeature',
        linkIn: 'UnsupportedFeature',
      };
      for (const [j, signal] of first[1].signals.entries()) {
        for (const change of [1n, FIELD_MODULUS - 1n]) {
          const value = (signal + change) % FIELD_MODULUS;
          const name = SMALL_SIGNAL_NAMES[j];
          let expected = named[name] ?? 'InvalidProof';
          // The message's last word becomes 1, the tag FEE, or r - 1, whose lowest byte is 0.
          if (name === 'message[3]' && value === 1n) expected = 'FeeUnsupported';
          assert.equal(await outcome(patched(firstBlock, signalOffset(1, j), value)), expected, name);
        }
      }
    });

    it('of another rollup: signed and proven for its id', async () => {
      const other = await deployFixture({ keys: rollup.keys as never, salt: `0x${'77'.repeat(32)}` });
      const foreign = [first[0], await rollup.mint(2, other.info.rollupId)];
      const data = dataOf(foreign);
      const chunk = await rollup.chunk({ history: [], data, l2Block: 1 });
      assert.equal(await outcome(blockOf(foreign, chunk)), 'InvalidProof');
      assert.equal(await outcome(firstBlock, 0, other), 'InvalidProof');
      await other.close();
    });

    it('proofs swapped between two transitions, or taken from another', async () => {
      const swapped = edited(firstBlock, (parts) => {
        [parts.transitions[0].proof, parts.transitions[1].proof] = [first[1].proof, first[0].proof];
      });
      assert.equal(await outcome(swapped), 'InvalidProof');
      const copied = edited(firstBlock, (parts) => {
        parts.transitions[1].proof = first[0].proof;
      });
      assert.equal(await outcome(copied), 'InvalidProof');
      const tampered = firstBlock.slice();
      tampered[8 + 5 + 31] ^= 1;
      assert.equal(await outcome(tampered), 'InvalidProof');
      const second = firstBlock.slice();
      second[8 + 1157 + 5 + 31] ^= 1;
      assert.equal(await outcome(second), 'InvalidProofPoint');
    });

    it('a key used in another role', async () => {
      for (const keyId of [KEY_ID['state-update-small'], KEY_ID['state-update-large'], 4, 255]) {
        const block = firstBlock.slice();
        block[8] = keyId;
        assert.equal(await outcome(block), 'WrongKeyRole');
      }
      // As a large transition, which is longer: the next entry is looked for inside this one's proof.
      const asOtherSize = firstBlock.slice();
      asOtherSize[8] = KEY_ID['transition-large'];
      assert.match(await outcome(asOtherSize), /^(WrongKeyRole|InvalidSection)$/);
      const asTransition = edited(firstBlock, (parts) => {
        parts.transitions[0].proof = firstChunk.proof;
      });
      assert.equal(await outcome(asTransition), 'InvalidProof');
      const asChunk = edited(firstBlock, (parts) => {
        parts.chunks[0].keyId = KEY_ID['transition-small'];
      });
      assert.equal(await outcome(asChunk), 'WrongKeyRole');
      const asLarge = edited(firstBlock, (parts) => {
        parts.chunks[0].keyId = KEY_ID['state-update-large'];
      });
      assert.equal(await outcome(asLarge), 'InvalidProof');
      const transitionProof = edited(firstBlock, (parts) => {
        parts.chunks[0].proof = first[0].proof;
      });
      assert.equal(await outcome(transitionProof), 'InvalidProof');
    });

    it('a WITHDRAW or FEE message of a program that anyone can write', async () => {
      const receiver = BigInt(fixture.wallets[3].account.address);
      for (const [words, expected] of [
        [[receiver, 10n ** 18n, MESSAGE_TAG.WITHDRAW], 'ForeignWithdrawal'],
        [[receiver, 10n ** 18n, MESSAGE_TAG.FEE], 'FeeUnsupported'],
      ] as [[bigint, bigint, bigint], string][]) {
        const transitions = [await rollup.message(words)];
        const chunk = await rollup.chunk({ history: [], data: dataOf(transitions), l2Block: 1 });
        assert.equal(await outcome(blockOf(transitions, chunk)), expected);
        // In the name of the program that may: the proof says otherwise.
        const disguised = patched(
          blockOf(transitions, chunk),
          signalOffset(0, SMALL_SIGNAL_NAMES.indexOf('message[0]')),
          fixture.info.creditsProgramId,
        );
        const refused = words[2] === MESSAGE_TAG.FEE ? 'FeeUnsupported' : 'InvalidProof';
        assert.equal(await outcome(disguised), refused);
      }
    });

    it('links, finalize, FEE and several transitions of one transaction do not exist', async () => {
      for (const [name, value, expected] of [
        ['linkIn', 5n, 'UnsupportedFeature'],
        ['finalizeHash', 5n, 'UnsupportedFeature'],
        ['message[3]', MESSAGE_TAG.FEE, 'FeeUnsupported'],
      ] as const) {
        const block = patched(firstBlock, signalOffset(0, SMALL_SIGNAL_NAMES.indexOf(name)), value);
        assert.equal(await outcome(block), expected);
      }
    });

    it('an anchor that expired', async () => {
      await propose(firstBlock);
      const late = [await rollup.mint(4)];
      const chunk = await rollup.chunk({ history: [firstData], data: dataOf(late), l2Block: 2 });
      const block = blockOf(late, chunk);
      const call = {
        account: fixture.wallets[0].account.address,
        to: fixture.rollup,
        data: encodeProposal(block),
        blockTag: 'pending',
      } as const;
      const attempt = () => revertName(l1Call('propose', () => fixture.client.call(call)));
      // Superseded at the head; the pending block is one later.
      await request('hardhat_mine', [toHex(ANCHOR_MAX_AGE_L1_BLOCKS - 1)]);
      assert.equal(await attempt(), 'no error');
      await request('hardhat_mine', ['0x1']);
      assert.equal(await attempt(), 'AnchorExpired');
    });
  });

  describe('on the state', () => {
    it('the same block twice, a spent nullifier again, a proof on an older root', async () => {
      // Made on the empty trees for block 2, before block 1 settles.
      const fresh = [await rollup.mint(4)];
      const stale = await rollup.chunk({ history: [], data: dataOf(fresh), l2Block: 2 });
      await propose(firstBlock);
      assert.equal(await outcome(firstBlock), 'InvalidProof');
      assert.equal(await outcome(blockOf(fresh, stale)), 'InvalidProof');

      const honest = await rollup.chunk({ history: [firstData], data: dataOf(fresh), l2Block: 2 });
      assert.equal(await outcome(blockOf(fresh, honest)), 'no error');
      // A transition whose nullifiers are in the tree, under the state update of another one.
      assert.equal(await outcome(blockOf([first[0]], honest)), 'InvalidProof');
      // Its own state update has no witness: nothing can be proven.
      const trees = treesAfter([firstData]);
      assert.throws(() => applyChunk(trees.note, trees.nullifier, 'small', dataOf([first[0]])), {
        code: 'NULLIFIER_PRESENT',
      });
      // With one of its two nullifiers new, as if only dummies had to be new.
      const mixed = edited(blockOf(fresh, honest), (parts) => {
        parts.transitions[0].signals[1] = first[0].signals[1];
      });
      assert.equal(await outcome(mixed), 'InvalidProof');
    });

    it('each public signal of the state update plus 1 and minus 1', async () => {
      const length = firstBlock.length;
      for (const change of [1n, -1n]) {
        for (const [offset, root] of [
          [length - 320, firstChunk.newNoteRoot],
          [length - 288, firstChunk.newNullifierRoot],
        ] as const) {
          assert.equal(await outcome(patched(firstBlock, offset, root + change)), 'InvalidProof');
        }
        const before = await request('evm_snapshot');
        // Old roots and start indexes come from the contract's storage.
        const { noteRoot, nullifierRoot } = await readRollupState(fixture.client, fixture.info);
        await setStorage(padHex('0x1', { size: 32 }), nullifierRoot + change);
        assert.equal(await outcome(firstBlock), 'InvalidProof');
        await setStorage(padHex('0x1', { size: 32 }), nullifierRoot);
        assert.equal(await outcome(firstBlock), 'no error');
        const root = slotOf(0n, 2n);
        await setStorage(root, noteRoot + change);
        // The transitions' anchor is that root, too: give them the new one, so that only the state update is wrong.
        const anchored = edited(firstBlock, (parts) => {
          for (const transition of parts.transitions) transition.signals[0] = noteRoot + change;
        });
        assert.equal(await outcome(anchored), 'InvalidProof');
        await setStorage(root, noteRoot);
        const state = (note: bigint, nullifier: bigint) =>
          setStorage(padHex('0x0', { size: 32 }), 1n | (note << 64n) | (nullifier << 128n));
        await state(1n, 1n);
        assert.equal(await outcome(firstBlock), 'InvalidProof');
        await state(0n, 5n);
        assert.equal(await outcome(firstBlock), 'InvalidProof');
        await state(0n, 1n);
        assert.equal(await outcome(firstBlock), 'no error');
        await request('evm_revert', [before]);
      }
    });

    it('data reordered: the transitions in another order than the state update has them', async () => {
      const reordered = edited(firstBlock, (parts) => parts.transitions.reverse());
      assert.equal(await outcome(reordered), 'InvalidProof');
    });

    it('a skipped element changed together with a used one', async () => {
      const one = [first[0]];
      const l1Data = dataOf(one);
      // One transition: nullifier slots 2 and 3 are skipped. The proof fills slot 2 and alters slot 0.
      const data = { ...l1Data, nullifiers: [l1Data.nullifiers[0] + 1n, l1Data.nullifiers[1], 12345n, 0n] };
      const chunk = await rollup.chunk({ history: [], data, l1Data, l2Block: 1 });
      assert.equal(await outcome(blockOf(one, chunk)), 'InvalidProof');
      // Only left out: the transition would settle without its nullifier.
      const free = { ...l1Data, nullifiers: [0n, l1Data.nullifiers[1], 0n, 0n] };
      const unspent = await rollup.chunk({ history: [], data: free, l1Data, l2Block: 1 });
      assert.equal(await outcome(blockOf(one, unspent)), 'InvalidProof');
    });

    it('a start index chosen by the proposer', async () => {
      const chunk = await rollup.chunk({
        history: [],
        data: firstData,
        l2Block: 1,
        apply: ({ note, nullifier }, data) => {
          // A whole subtree further than L1 says, in both trees: true in itself, and it would waste the trees.
          const starts = {
            noteStart: 64,
            depositStart: 68,
            nullifierStart: 64,
            nextNote: 72,
            nextNullifier: 68,
          };
          const [oldNoteRoot, oldNullifierRoot] = [note.root(), nullifier.root()];
          const nullifierChunk = nullifier.insertChunk(starts.nullifierStart, data.nullifiers);
          const notePath = note.appendSubtree(starts.noteStart, data.commitments);
          const depositPath = note.appendSubtree(starts.depositStart, [0n, 0n, 0n, 0n]);
          const [newNoteRoot, newNullifierRoot] = [note.root(), nullifier.root()];
          const roots = { oldNoteRoot, newNoteRoot, oldNullifierRoot, newNullifierRoot };
          return { size: 'small', data, ...roots, starts, nullifierChunk, notePath, depositPath };
        },
      });
      assert.equal(await outcome(blockOf(first, chunk)), 'InvalidProof');
    });

    it('another sender who copies the proposal', async () => {
      assert.equal(await outcome(firstBlock, 0), 'no error');
      for (const wallet of [1, 2, 3]) assert.equal(await outcome(firstBlock, wallet), 'InvalidProof');
    });

    it('encodings: cut, extended, another version', async () => {
      assert.equal(await outcome(firstBlock.slice(0, -1)), 'InvalidSection');
      assert.equal(await outcome(Uint8Array.from([...firstBlock, 0])), 'InvalidSection');
      assert.equal(await outcome(Uint8Array.from([2, ...firstBlock.slice(1)])), 'InvalidBlockVersion');
    });
  });

  describe('on deposits', () => {
    const amount = 10n ** 18n;
    const deposit = (hash: bigint) =>
      depositEth(fixture.client, fixture.wallets[1], fixture.bridge, { ownerHash: hash, amount });

    it('skipped, changed, or taken out of order', async () => {
      await deposit(111n);
      await deposit(222n);
      const [one, two] = await queuedDeposits(fixture, 2);
      const l1Data = dataOf(first, [one]);
      const honest = await rollup.chunk({ history: [], data: l1Data, l2Block: 1 });
      assert.equal(await outcome(blockOf(first, honest, 1)), 'no error');
      assert.equal(await outcome(blockOf(first, honest, 0)), 'InvalidProof');
      assert.equal(await outcome(blockOf(first, honest, 2)), 'InvalidProof');
      assert.equal(await outcome(blockOf(first, honest, 3)), 'DepositsMissing');
      assert.equal(await outcome(blockOf(first, firstChunk, 1)), 'InvalidProof');
      const changes: [string, bigint[]][] = [
        ['a larger amount', one.map((word, k) => (k === 3 ? 2n * word : word))],
        ['the second first', two],
      ];
      for (const [what, changed] of changes) {
        const chunk = await rollup.chunk({ history: [], data: dataOf(first, [changed]), l1Data, l2Block: 1 });
        assert.equal(await outcome(blockOf(first, chunk, 1)), 'InvalidProof', what);
      }
    });

    it('overdue and ignored', async () => {
      await deposit(111n);
      await request('hardhat_mine', [toHex(DEPOSIT_OVERDUE_L1_BLOCKS + 1)]);
      assert.equal(await outcome(firstBlock), 'DepositOverdue');
    });

    it('withdrawn: not before settlement, not twice, not more than was deposited', async () => {
      const blind = 7n;
      await deposit(ownerHash(alice.address.x, blind));
      const [queued] = await queuedDeposits(fixture, 1);
      const data = dataOf(first, [queued]);
      await propose(blockOf(first, await rollup.chunk({ history: [], data, l2Block: 1 }), 1));

      const { note } = treesAfter([data]);
      const record: RecordPreimage = {
        typeId: queued[0],
        owner: alice.address.x,
        blind,
        rho: depositRho(0n),
        data: queued.slice(3),
      };
      // Chunk at 0..3, deposits at 4..7.
      assert.equal(note.leaf(4), recordCommitment(record));
      const receiver = fixture.wallets[3];
      const paid = 4n * 10n ** 17n;
      const transition = await rollup.withdraw({
        record,
        path: note.path(4),
        anchorBlock: 1,
        anchorRoot: note.root(),
        receiver: receiver.account.address,
        amount: paid,
      });
      const chunk = await rollup.chunk({ history: [data], data: dataOf([transition]), l2Block: 2 });
      const block = blockOf([transition], chunk);
      const collect = () => withdraw(fixture.client, receiver, fixture.bridge, ETH);
      assert.equal(await revertName(collect()), 'NothingToWithdraw');

      // Receiver and amount are proven.
      for (const [name, value] of [
        ['message[1]', BigInt(fixture.wallets[2].account.address)],
        ['message[2]', paid + 1n],
      ] as const) {
        const stolen = patched(block, signalOffset(0, SMALL_SIGNAL_NAMES.indexOf(name)), value);
        assert.equal(await outcome(stolen), 'InvalidProof');
      }
      // As if the circuits were broken and more was withdrawn than is there: the bridge holds the line by itself.
      const backing = slotOf(0n, 3n);
      const before = await request('evm_snapshot');
      await request('hardhat_setStorageAt', [
        fixture.bridge,
        backing,
        padHex(toHex(paid - 1n), { size: 32 }),
      ]);
      assert.equal(await outcome(block), 'WithdrawalExceedsDeposits');
      await request('evm_revert', [before]);

      await propose(block);
      assert.equal(
        await readWithdrawable(fixture.client, fixture.bridge, receiver.account.address, ETH),
        paid,
      );
      assert.equal(await outcome(block), 'InvalidProof');
      assert.equal((await collect()).amount, paid);
      assert.equal(await revertName(collect()), 'NothingToWithdraw');
      assert.equal(await fixture.client.getBalance({ address: fixture.bridge }), amount - paid);
    });
  });

  it('development keys on another chain', async () => {
    const attempt = deployFixture({ keys: rollup.keys as never, chainId: 1, insecureKeys: true });
    assert.equal(await revertName(attempt), 'InsecureKeysRefused');
  });
});
