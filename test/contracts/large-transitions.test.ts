/**
 * Transitions of both sizes in one block, with stand-in circuits: all that L1 itself decides about a large transition.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deployFixture, type Fixture, STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { depositEth, ETH } from '../../l1/deposit.ts';
import { readEvents } from '../../l1/events.ts';
import { readRollupState } from '../../l1/rollup-info.ts';
import { readWithdrawable } from '../../l1/withdraw.ts';
import { ANCHOR_MAX_AGE_L1_BLOCKS, FIELD_MODULUS, KEY_ID, MESSAGE_TAG } from '../../protocol/constants.ts';
import { type BlockTransition, decodeBlock } from '../../protocol/transaction/block.ts';
import { transitionPublicInputs } from '../../protocol/transaction/statement.ts';
import { edited, patched } from '../support/rollup/block-edits.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import { type StandInChain, standInChain, withdrawMessage } from '../support/rollup/stand-in-blocks.ts';
import type { StandInProver } from '../support/rollup/stand-in-prover.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

const LARGE_CHUNK = KEY_ID['state-update-large'];
/** Version 1, section type and length 5, count 2. */
const FIRST = 8;
const SMALL_ENTRY = 5 + 256 + 32 + 27 * 32;
const LARGE_ENTRY = 5 + 256 + 32 + 49 * 32;
/** Offset of signal j of the entry at `entry`. */
const signalAt = (entry: number, j: number): number => entry + 5 + 256 + 32 + 32 * j;
const [FINALIZE_HASH, LINK_IN, LINK_OUT, MESSAGE] = [39, 40, 41, 45];

describe('large transitions', () => {
  let prover: StandInProver;
  let fixture: Fixture;
  let blocks: StandInChain;

  const actions = fixtureActions(() => fixture);
  const { request, propose, outcome } = actions;
  const large = (seed: number, more: object = {}): Promise<BlockTransition> =>
    blocks.transition({ seed, size: 'large', ...more });
  /** One large transition alone in a small chunk. */
  const alone = async (transition: BlockTransition): Promise<Uint8Array> =>
    blocks.block({ transitions: [transition], chunks: [blocks.chunk(1)] });

  useStandInRollup((made) => {
    ({ prover, fixture, blocks } = made);
  });
  restoreChain(actions);

  describe('settle', () => {
    it('alone: four nullifiers and four commitments fill a small chunk', async () => {
      await propose(await alone(await large(1)));
      const state = await readRollupState(fixture.client, fixture.info);
      assert.equal(state.nextBlock, 2);
      assert.equal(state.nextNoteIndex, 8);
      assert.equal(state.nextNullifierIndex, 8);
    });

    it('in any order with small ones, in one batch, their data cut over the chunks in that order', async () => {
      for (const [k, sizes] of [
        ['small', 'large'],
        ['large', 'small'],
        ['large', 'small', 'large', 'small', 'small', 'large'],
      ].entries()) {
        const block = await blocks.mixed(10 * (k + 1), sizes as ('small' | 'large')[]);
        assert.deepEqual(
          decodeBlock(block).transitions.map(({ keyId }) => keyId),
          sizes.map((size) => (size === 'large' ? 1 : 0)),
        );
        assert.equal(await outcome(block), 'no error');
        // The same in another order is another block: the state update does not fit it.
        const reordered = edited(block, (parts) => parts.transitions.reverse());
        assert.equal(await outcome(reordered), 'InvalidProof');
        await propose(block);
      }
    });

    it('cut by a chunk border: five large ones and three small ones over two large chunks', async () => {
      const block = await blocks.mixed(1, [
        'large',
        'small',
        'large',
        'large',
        'small',
        'large',
        'large',
        'small',
      ]);
      assert.deepEqual(
        decodeBlock(block).chunks.map(({ keyId }) => keyId),
        [LARGE_CHUNK, LARGE_CHUNK],
      );
      await propose(block);
      assert.equal((await readRollupState(fixture.client, fixture.info)).nextNullifierIndex, 48);
    });

    it('in a rollup that has the large key alone; and are refused where there is none', async () => {
      const {
        'transition-large': key,
        'state-update-small': update,
        'transition-small': small,
      } = prover.keys;
      const only = await deployFixture({
        keys: { 'transition-large': key, 'state-update-small': update },
        salt: `0x${'21'.repeat(32)}`,
      });
      const there = standInChain(only, prover);
      const plan = { chunks: [there.chunk(1)] };
      const largeBlock = await there.block({
        transitions: [await there.transition({ seed: 1, size: 'large' })],
        ...plan,
      });
      assert.equal(await outcome(largeBlock, 0, only), 'no error');
      const smallBlock = await there.block({ transitions: [await there.transition({ seed: 1 })], ...plan });
      assert.equal(await outcome(smallBlock, 0, only), 'WrongKeyRole');
      await only.close();

      const without = await deployFixture({
        keys: { 'transition-small': small, 'state-update-small': update },
      });
      assert.equal(await outcome(await alone(await large(1)), 0, without), 'WrongKeyRole');
      await without.close();
    });

    it('messages: SEND as an event, WITHDRAW as a payment', async () => {
      await depositEth(fixture.client, fixture.wallets[1], fixture.bridge, { ownerHash: 5n, amount: 100n });
      const receiver = fixture.wallets[2].account.address;
      const send = [77n, 5n, FIELD_MODULUS - 1n, MESSAGE_TAG.SEND] as const;
      const transitions = [
        await blocks.transition({ seed: 1 }),
        await large(2, { message: send }),
        await large(3, { message: withdrawMessage(STAND_IN_IDS.creditsProgramId, receiver, 30n, 0n) }),
        await blocks.transition({
          seed: 4,
          message: withdrawMessage(STAND_IN_IDS.creditsProgramId, receiver, 12n, 0n),
        }),
      ];
      const chunks = [blocks.chunk(1, LARGE_CHUNK)];
      const receipt = await propose(await blocks.block({ transitions, chunks, depositCount: 1 }));
      const { messages } = await readEvents(fixture.client, fixture.source, 0, Number(receipt.blockNumber));
      assert.deepEqual(
        messages.map(({ programId, transition, words }) => ({ programId, transition, words })),
        [{ programId: 77n, transition: 1, words: [5n, FIELD_MODULUS - 1n, MESSAGE_TAG.SEND] }],
      );
      assert.equal(await readWithdrawable(fixture.client, fixture.bridge, receiver, ETH), 42n);
    });
  });

  describe('are refused with signals', () => {
    it('at or above r, each of them: nullifier + r is the same nullifier again', async () => {
      const block = await blocks.mixed(1, ['small', 'large']);
      const { signals } = decodeBlock(block).transitions[1];
      for (let j = 0; j < 49; j++) {
        for (const alias of [signals[j] + FIELD_MODULUS, 2n ** 256n - 1n, FIELD_MODULUS]) {
          const at = signalAt(FIRST + SMALL_ENTRY, j);
          assert.equal(await outcome(patched(block, at, alias)), 'WordOutOfRange', `signal ${j}`);
        }
      }
    });

    it('each one more or one less than proven', async () => {
      const block = await alone(await large(1, { message: [77n, 5n, 6n, 3n] }));
      assert.equal(await outcome(block), 'no error');
      const named: Record<number, string[]> = {
        0: ['WrongAnchorRoot', 'WrongAnchorRoot'],
        // Tag 3 becomes 4 (no meaning) or 2 (WITHDRAW of a foreign program).
        [MESSAGE + 3]: ['InvalidProof', 'ForeignWithdrawal'],
      };
      for (let j = FINALIZE_HASH; j < MESSAGE; j++) named[j] = ['UnsupportedFeature', 'UnsupportedFeature'];
      const { signals } = decodeBlock(block).transitions[0];
      for (let j = 0; j < 49; j++) {
        for (const [k, change] of [1n, FIELD_MODULUS - 1n].entries()) {
          const value = (signals[j] + change) % FIELD_MODULUS;
          const expected = named[j]?.[k] ?? 'InvalidProof';
          assert.equal(await outcome(patched(block, signalAt(FIRST, j), value)), expected, `signal ${j}`);
        }
      }
      // The 50th, rollupId, is L1's own.
      for (const change of [1n, -1n]) {
        const foreign = await large(1, { edit: (all: bigint[]) => (all[49] += change) });
        assert.equal(await outcome(await alone(foreign)), 'InvalidProof');
      }
    });

    it('of 0 where a nullifier or commitment stands', async () => {
      for (let j = 1; j <= 8; j++) {
        const zero = await large(1, { edit: (signals: bigint[]) => (signals[j] = 0n) });
        assert.equal(await outcome(await alone(zero)), 'ZeroElement', `signal ${j}`);
      }
    });

    it('of features that do not exist: finalize, linkIn, each linkOut, FEE', async () => {
      for (const j of [FINALIZE_HASH, LINK_IN, LINK_OUT, LINK_OUT + 1, LINK_OUT + 2, LINK_OUT + 3]) {
        for (const value of [1n, FIELD_MODULUS - 1n]) {
          // Proven as it stands: the stand-in circuit allows it, L1 must not.
          const transition = await large(1, { edit: (signals: bigint[]) => (signals[j] = value) });
          assert.equal(await outcome(await alone(transition)), 'UnsupportedFeature', `signal ${j}`);
        }
      }
      const fee = await large(1, { message: [STAND_IN_IDS.creditsProgramId, 1n, 2n, MESSAGE_TAG.FEE] });
      assert.equal(await outcome(await alone(fee)), 'FeeUnsupported');
    });

    it('of withdrawals that no program may make', async () => {
      const { creditsProgramId: credits, bridgeProgramId: bridge } = STAND_IN_IDS;
      const cases: [string, [bigint, bigint, bigint, bigint]][] = [
        ['ForeignWithdrawal', withdrawMessage(77n, 1n, 1n, 0n)],
        ['ForeignWithdrawal', withdrawMessage(credits, 1n, 1n, 0x1234n)],
        ['ForeignWithdrawal', withdrawMessage(bridge, 1n, 1n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n << 160n, 1n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n, 0n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n, 1n << 128n, 0n)],
        ['WithdrawalExceedsDeposits', withdrawMessage(credits, 1n, 1n, 0n)],
      ];
      for (const [expected, message] of cases) {
        assert.equal(await outcome(await alone(await large(1, { message }))), expected);
      }
    });

    it('of an anchor that is unknown, another, or expired', async () => {
      assert.equal(await outcome(await alone(await large(1, { anchorBlock: 1 }))), 'UnknownAnchor');
      const wrong = await large(1, { edit: (signals: bigint[]) => (signals[0] += 1n) });
      assert.equal(await outcome(await alone(wrong)), 'WrongAnchorRoot');
      // Behind a small transition with the right root of the same block.
      const transitions = [await blocks.transition({ seed: 2 }), wrong];
      const behind = await blocks.block({ transitions, chunks: [blocks.chunk(1, LARGE_CHUNK)] });
      assert.equal(await outcome(behind), 'WrongAnchorRoot');
      await propose(await blocks.simple(5));
      const late = await alone(await large(6));
      await request('hardhat_mine', [`0x${(ANCHOR_MAX_AGE_L1_BLOCKS + 1).toString(16)}`]);
      assert.equal(await outcome(late), 'AnchorExpired');
    });
  });

  describe('keep to their key', () => {
    it('a small proof and entry under the large key, and a large one under the small key', async () => {
      const block = await blocks.mixed(1, ['small', 'large']);
      for (const [entry, keyId] of [
        [FIRST, 1],
        [FIRST + SMALL_ENTRY, 0],
      ]) {
        const claimed = block.slice();
        claimed[entry] = keyId;
        // The next entry is looked for at the wrong place, or the section's length is wrong.
        assert.match(await outcome(claimed), /^(WrongKeyRole|InvalidSection)$/);
      }
      // Both claimed to be the other size: the lengths add up, the contents do not.
      const both = block.slice();
      [both[FIRST], both[FIRST + LARGE_ENTRY]] = [1, 0];
      assert.notEqual(await outcome(both), 'no error');
      for (const keyId of [2, 3, 4, 255]) {
        const foreign = block.slice();
        foreign[FIRST + SMALL_ENTRY] = keyId;
        assert.equal(await outcome(foreign), 'WrongKeyRole');
      }
    });

    it('proofs swapped between a small and a large transition', async () => {
      const block = await blocks.mixed(1, ['small', 'large']);
      const swapped = edited(block, ({ transitions }) => {
        [transitions[0].proof, transitions[1].proof] = [transitions[1].proof, transitions[0].proof];
      });
      assert.equal(await outcome(swapped), 'InvalidProof');
    });

    it('the same public inputs, proven with the other size', async () => {
      // x depends on the key: also for the inputs that L1 computes, the other circuit's proof is refused.
      const honest = await large(1);
      const all = [...honest.signals, fixture.info.rollupId];
      const asSmall = await prover.prove(
        'transition-small',
        transitionPublicInputs(1, all, honest.statementHash),
      );
      assert.equal(await outcome(await alone({ ...honest, proof: asSmall })), 'InvalidProof');
      const small = await blocks.transition({ seed: 2 });
      const words = [...small.signals, fixture.info.rollupId];
      const asLarge = await prover.prove(
        'transition-large',
        transitionPublicInputs(0, words, small.statementHash),
      );
      assert.equal(await outcome(await alone({ ...small, proof: asLarge })), 'InvalidProof');
    });

    it('a state-update proof as a large transition, and a large transition as a chunk', async () => {
      const block = await alone(await large(1));
      const [transition] = decodeBlock(block).transitions;
      const [chunk] = decodeBlock(block).chunks;
      assert.equal(
        await outcome(edited(block, (parts) => (parts.transitions[0].proof = chunk.proof))),
        'InvalidProof',
      );
      assert.equal(
        await outcome(edited(block, (parts) => (parts.chunks[0].proof = transition.proof))),
        'InvalidProof',
      );
      assert.equal(await outcome(edited(block, (parts) => (parts.chunks[0].keyId = 1))), 'WrongKeyRole');
    });
  });

  describe('leave nothing over', () => {
    it('chunks without room for all four, or with nothing to take', async () => {
      const two = [await large(1), await large(2)];
      assert.equal(
        await outcome(await blocks.block({ transitions: two, chunks: [blocks.chunk(1)] })),
        'DataLeftOver',
      );
      const one = [two[0]];
      const chunks = [blocks.chunk(1), blocks.chunk(2)];
      assert.equal(await outcome(await blocks.block({ transitions: one, chunks })), 'EmptyChunk');
    });

    it('a state update over two of the four, or over them in another order', async () => {
      const transitions = [await large(1)];
      const changes: ((n: bigint[], c: bigint[]) => void)[] = [
        (n) => n.fill(0n, 2),
        (_, c) => c.fill(0n, 2),
        (n) => n.reverse(),
        (n) => (n[3] += 1n),
        (_, c) => ([c[2], c[3]] = [c[3], c[2]]),
        (n, c) => ([n[3], c[0]] = [c[0], n[3]]),
      ];
      for (const change of changes) {
        const block = await blocks.block(
          { transitions, chunks: [blocks.chunk(1)] },
          {
            chunk: (chunk) => {
              const data = structuredClone(chunk.data) as any;
              change(data.nullifiers, data.commitments);
              return { ...chunk, data };
            },
          },
        );
        assert.equal(await outcome(block), 'InvalidProof');
      }
    });

    it('encodings cut anywhere, counts that do not match', async () => {
      const block = await blocks.mixed(1, ['small', 'large']);
      const ends = [FIRST + SMALL_ENTRY + LARGE_ENTRY];
      for (let length = 2; length < block.length; length += 41) {
        const expected = ends.includes(length) ? 'EmptyBlock' : 'InvalidSection';
        assert.equal(await outcome(block.slice(0, length)), expected, `${length} bytes`);
      }
      for (const count of [0, 1, 3, 255]) {
        const wrong = block.slice();
        wrong[7] = count;
        assert.equal(await outcome(wrong), 'InvalidSection', `${count} entries`);
      }
    });
  });
});
