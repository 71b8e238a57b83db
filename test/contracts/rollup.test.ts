import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  padHex,
  parseAbiParameters,
} from 'viem';
import { deployFixture, type Fixture, makeBlock, revertName, STAND_IN_IDS } from '../../fixtures/rollup.ts';
import { loadArtifact } from '../../l1/artifacts.ts';
import { deployContract } from '../../l1/deploy/deploy.ts';
import { readEvents } from '../../l1/events.ts';
import { l1Call } from '../../l1/failure.ts';
import { rollupAbi } from '../../l1/generated/rollup-abi.ts';
import { encodeProposal, simulateProposal } from '../../l1/propose.ts';
import { readAnchorUsableUntil, readRollupInfo, readRollupState } from '../../l1/rollup-info.ts';
import { contractKeys, verificationKeyHash } from '../../l1/verification-key.ts';
import {
  ANCHOR_MAX_AGE_L1_BLOCKS,
  DEPOSIT_OVERDUE_L1_BLOCKS,
  FIELD_MODULUS,
  KEY_ID,
  MESSAGE_TAG,
} from '../../protocol/constants.ts';
import { rollupIdOf } from '../../protocol/rollup-id.ts';
import { decodeBlock, encodeBlock } from '../../protocol/transaction/block.ts';
import { edited, patched } from '../support/rollup/block-edits.ts';
import { fixtureActions, restoreChain } from '../support/rollup/fixture-actions.ts';
import { type StandInChain, withdrawMessage } from '../support/rollup/stand-in-blocks.ts';
import type { StandInProver } from '../support/rollup/stand-in-prover.ts';
import { useStandInRollup } from '../support/rollup/stand-in-suite.ts';

const LARGE = KEY_ID['state-update-large'];
const SMALL = KEY_ID['state-update-small'];
/** Offset of the first transition's signals and of signal j in an encoded block. */
const signalOffset = (j: number): number => 1 + 5 + 2 + 5 + 256 + 32 + 32 * j;

describe('Rollup', () => {
  let prover: StandInProver;
  let fixture: Fixture;
  let blocks: StandInChain;

  const actions = fixtureActions(() => fixture);
  const { request, propose, outcome } = actions;
  const depositEth = async (ownerHash: bigint): Promise<void> => {
    const { depositEth: deposit } = await import('../../l1/deposit.ts');
    await deposit(fixture.client, fixture.wallets[1], fixture.bridge, { ownerHash, amount: 10n ** 18n });
  };

  useStandInRollup((made) => {
    ({ prover, fixture, blocks } = made);
  });
  restoreChain(actions);

  describe('settles', () => {
    it('a block of one transition, and tells everything about it', async () => {
      const block = await blocks.simple(1);
      const receipt = await propose(block);
      const state = await readRollupState(fixture.client, fixture.info);
      assert.deepEqual(state, {
        nextBlock: 2,
        noteRoot: decodeBlock(block).chunks[0].newNoteRoot,
        nullifierRoot: decodeBlock(block).chunks[0].newNullifierRoot,
        nextNoteIndex: 8,
        nextNullifierIndex: 8,
        depositCount: 0,
        depositsTaken: 0,
      });
      const head = Number(receipt.blockNumber);
      const events = await readEvents(fixture.client, fixture.source, 0, head);
      assert.equal(events.blocks.length, 1);
      const [settled] = events.blocks;
      assert.deepEqual(settled.bytes, block);
      assert.equal(settled.l2Block, 1);
      assert.equal(settled.proposer, fixture.wallets[0].account.address);
      assert.equal(settled.l1Block, head);
      assert.equal(settled.noteRoot, state.noteRoot);
      const at = await fixture.client.readContract({
        address: fixture.rollup,
        abi: rollupAbi,
        functionName: 'settledAt',
        args: [1n],
      });
      assert.equal(Number(at), head);
    });

    it('chunks of both sizes at the places that the specification gives', async () => {
      // 17 transitions: 34 nullifiers = large 16 + large 16 + small 4 (2 used).
      const transitions = [];
      for (let i = 0; i < 17; i++) transitions.push(await blocks.transition({ seed: 100 + i }));
      const chunks = [blocks.chunk(1, LARGE), blocks.chunk(2, SMALL), blocks.chunk(3, LARGE)];
      await propose(await blocks.block({ transitions, chunks }));
      const state = await readRollupState(fixture.client, fixture.info);
      // Notes: 0..15 + 4, then small at 20..23 + 4, then large at 32..47 + 4 (28 rounded up to a multiple of 16).
      assert.equal(state.nextNoteIndex, 52);
      // Nullifiers: next 1 -> 16..31, small 32..35, large 48..63.
      assert.equal(state.nextNullifierIndex, 64);
      await propose(await blocks.simple(300));
      const next = await readRollupState(fixture.client, fixture.info);
      assert.equal(next.nextNoteIndex, 60);
      assert.equal(next.nextNullifierIndex, 68);
    });

    it('a block of deposits alone', async () => {
      for (let i = 1n; i <= 5n; i++) await depositEth(i);
      const plan = { transitions: [], chunks: [blocks.chunk(1), blocks.chunk(2)], depositCount: 5 };
      await propose(await blocks.block(plan));
      assert.equal((await readRollupState(fixture.client, fixture.info)).depositsTaken, 5);
    });

    it('with any anchor that has not expired', async () => {
      await propose(await blocks.simple(1));
      await propose(await blocks.simple(2));
      for (const anchorBlock of [0, 1, 2]) {
        const transitions = [await blocks.transition({ seed: 30 + anchorBlock, anchorBlock })];
        assert.equal(
          await outcome(await blocks.block({ transitions, chunks: [blocks.chunk(9)] })),
          'no error',
        );
      }
    });

    it('SEND messages as events, with the words and position', async () => {
      const message = [77n, 5n, FIELD_MODULUS - 1n, MESSAGE_TAG.SEND] as const;
      const transitions = [
        await blocks.transition({ seed: 1 }),
        await blocks.transition({ seed: 2, message }),
      ];
      const receipt = await propose(await blocks.block({ transitions, chunks: [blocks.chunk(1)] }));
      const { messages } = await readEvents(fixture.client, fixture.source, 0, Number(receipt.blockNumber));
      assert.equal(messages.length, 1);
      assert.equal(messages[0].programId, 77n);
      assert.equal(messages[0].transition, 1);
      assert.deepEqual(messages[0].words, [5n, FIELD_MODULUS - 1n, MESSAGE_TAG.SEND]);
    });
  });

  describe('deployment', () => {
    it('is identified as the specification says', () => {
      const salt = Buffer.from('5a'.repeat(32), 'hex');
      assert.equal(fixture.info.rollupId, rollupIdOf(31337n, fixture.rollup, salt));
      const { keys } = contractKeys(prover.keys);
      assert.deepEqual(
        fixture.info.keys.map(({ id, hash }) => [id, hash]),
        keys.map((key) => [key.id, verificationKeyHash(key)]),
      );
      assert.equal(fixture.info.insecureKeys, true);
    });

    it('with development keys is refused on another chain', async () => {
      const options = { keys: prover.keys, chainId: 11155111 };
      assert.equal(await revertName(deployFixture(options)), 'InsecureKeysRefused');
      const secure = await deployFixture({ ...options, insecureKeys: false });
      assert.equal(secure.info.insecureKeys, false);
      assert.equal(secure.info.chainId, 11155111);
      await secure.close();
    });

    it('refuses program and type ids that are 0, at or above r, or the same', async () => {
      for (const [name, other] of [
        ['creditsProgramId', 'bridgeProgramId'],
        ['creditsTypeId', 'bridgeTypeId'],
      ] as const) {
        for (const id of [0n, FIELD_MODULUS, STAND_IN_IDS[other]]) {
          const ids = { ...STAND_IN_IDS, [name]: id };
          assert.equal(await revertName(deployFixture({ keys: prover.keys, ids })), 'InvalidProtocolId');
        }
      }
    });

    it('is told from anything else', async () => {
      for (const address of [fixture.bridge, fixture.wallets[0].account.address]) {
        await assert.rejects(readRollupInfo(fixture.client, address), { code: 'L1_NOT_A_ROLLUP' });
      }
    });
  });

  describe('refuses signals', () => {
    it('at or above r, each of them: nullifier + r is the same nullifier again', async () => {
      const block = await blocks.simple(1);
      for (let j = 0; j < 27; j++) {
        const signal = decodeBlock(block).transitions[0].signals[j];
        for (const alias of [signal + FIELD_MODULUS, 2n ** 256n - 1n, FIELD_MODULUS]) {
          assert.equal(
            await outcome(patched(block, signalOffset(j), alias)),
            'WordOutOfRange',
            `signal ${j}`,
          );
        }
      }
    });

    it('each one more or one less than proven', async () => {
      const message = [77n, 5n, 6n, 3n] as const;
      const transitions = [await blocks.transition({ seed: 1, message })];
      const block = await blocks.block({ transitions, chunks: [blocks.chunk(1)] });
      assert.equal(await outcome(block), 'no error');
      const named: Record<number, string[]> = {
        0: ['WrongAnchorRoot', 'WrongAnchorRoot'],
        21: ['UnsupportedFeature', 'UnsupportedFeature'],
        22: ['UnsupportedFeature', 'UnsupportedFeature'],
        // Tag 3 becomes 4 (no meaning) or 2 (WITHDRAW of a foreign program).
        26: ['InvalidProof', 'ForeignWithdrawal'],
      };
      for (let j = 0; j < 27; j++) {
        for (const [k, change] of [1n, FIELD_MODULUS - 1n].entries()) {
          const signal = (transitions[0].signals[j] + change) % FIELD_MODULUS;
          const expected = named[j]?.[k] ?? 'InvalidProof';
          assert.equal(await outcome(patched(block, signalOffset(j), signal)), expected, `signal ${j}`);
        }
      }
      // The 28th, rollupId, is L1's own: a proof for any other rollup fails.
      for (const change of [1n, -1n]) {
        const foreign = await blocks.transition({
          seed: 1,
          edit: (signals) => {
            signals[27] += change;
          },
        });
        const other = await blocks.block({ transitions: [foreign], chunks: [blocks.chunk(1)] });
        assert.equal(await outcome(other), 'InvalidProof');
      }
    });

    it('whose hash c is another, or at or above r', async () => {
      const block = await blocks.simple(1);
      const { transitions, chunks } = decodeBlock(block);
      const transitionAt = signalOffset(-1);
      const chunkAt = block.length - 256 - 32;
      for (const [at, c] of [
        [transitionAt, transitions[0].statementHash],
        [chunkAt, chunks[0].statementHash],
      ] as const) {
        assert.equal(await outcome(patched(block, at, c)), 'no error');
        for (const change of [1n, FIELD_MODULUS - 1n]) {
          assert.equal(await outcome(patched(block, at, (c + change) % FIELD_MODULUS)), 'InvalidProof');
        }
        for (const alias of [c + FIELD_MODULUS, FIELD_MODULUS, 2n ** 256n - 1n]) {
          assert.equal(await outcome(patched(block, at, alias)), 'StatementHashOutOfRange');
        }
      }
    });

    it('with a nullifier or commitment of 0', async () => {
      for (let j = 1; j <= 4; j++) {
        const zero = await blocks.transition({
          seed: 1,
          edit: (signals) => {
            signals[j] = 0n;
          },
        });
        const block = await blocks.block({ transitions: [zero], chunks: [blocks.chunk(1)] });
        assert.equal(await outcome(block), 'ZeroElement');
      }
    });

    it('of features that do not exist: links, finalize, FEE', async () => {
      for (const j of [21, 22]) {
        const transition = await blocks.transition({
          seed: 1,
          edit: (signals) => {
            signals[j] = 5n;
          },
        });
        const block = await blocks.block({ transitions: [transition], chunks: [blocks.chunk(1)] });
        assert.equal(await outcome(block), 'UnsupportedFeature');
      }
      for (const programId of [STAND_IN_IDS.creditsProgramId, 77n]) {
        const message = [programId, 1n, 2n, MESSAGE_TAG.FEE] as const;
        const transition = await blocks.transition({ seed: 1, message });
        const block = await blocks.block({ transitions: [transition], chunks: [blocks.chunk(1)] });
        assert.equal(await outcome(block), 'FeeUnsupported');
      }
    });

    it('of an anchor that is unknown, another, or expired', async () => {
      const future = await blocks.transition({ seed: 1, anchorBlock: 1 });
      assert.equal(
        await outcome(await blocks.block({ transitions: [future], chunks: [blocks.chunk(1)] })),
        'UnknownAnchor',
      );
      // A root of 0, and a wrong root behind a right one of the same block.
      const right = await blocks.transition({ seed: 1 });
      for (const root of [0n, 1n]) {
        const zero = await blocks.transition({
          seed: 2,
          edit: (signals) => {
            signals[0] = root;
          },
        });
        for (const transitions of [[zero], [right, zero]]) {
          const block = await blocks.block({ transitions, chunks: [blocks.chunk(1)] });
          assert.equal(await outcome(block), 'WrongAnchorRoot');
        }
      }
      await propose(await blocks.simple(1));
      const wrong = await blocks.transition({ seed: 2, anchorBlock: 1 });
      assert.equal(
        await outcome(
          await blocks.block({ transitions: [{ ...wrong, anchorBlock: 0 }], chunks: [blocks.chunk(2)] }),
        ),
        'WrongAnchorRoot',
      );
      // The root that was right for the transition before it, under another block's number.
      const root0 = await blocks.transition({ seed: 5, anchorBlock: 0 });
      assert.equal(
        await outcome(
          await blocks.block({
            transitions: [root0, { ...root0, anchorBlock: 1 }],
            chunks: [blocks.chunk(2)],
          }),
        ),
        'WrongAnchorRoot',
      );
      const until = (await readAnchorUsableUntil(fixture.client, fixture.rollup, 0))!;
      const settledAt = Number(await fixture.client.getBlockNumber());
      assert.equal(until, settledAt + ANCHOR_MAX_AGE_L1_BLOCKS);
      assert.equal(await readAnchorUsableUntil(fixture.client, fixture.rollup, 1), Number.POSITIVE_INFINITY);
      assert.equal(await readAnchorUsableUntil(fixture.client, fixture.rollup, 2), undefined);
      // The block that is being built has the head's number + 1: the last usable one first.
      const old = await blocks.transition({ seed: 3, anchorBlock: 0 });
      const block = await blocks.block({ transitions: [old], chunks: [blocks.chunk(3)] });
      await request('hardhat_mine', [`0x${(until - settledAt - 1).toString(16)}`]);
      const call = {
        account: fixture.wallets[0].account.address,
        to: fixture.rollup,
        data: encodeProposal(block),
        blockTag: 'pending',
      } as const;
      const late = () => l1Call('propose', () => fixture.client.call(call));
      assert.equal(await revertName(late()), 'no error');
      await request('hardhat_mine', ['0x1']);
      assert.equal(await revertName(late()), 'AnchorExpired');
      // The newest root never expires.
      const fresh = await blocks.transition({ seed: 4, anchorBlock: 1 });
      assert.equal(
        await outcome(await blocks.block({ transitions: [fresh], chunks: [blocks.chunk(4)] })),
        'no error',
      );
    });

    it('WITHDRAW of a foreign program, of the wrong asset, or out of range', async () => {
      const { creditsProgramId: credits, bridgeProgramId: bridge } = STAND_IN_IDS;
      const token = 0x1234n;
      const cases: [string, [bigint, bigint, bigint, bigint]][] = [
        ['ForeignWithdrawal', withdrawMessage(77n, 1n, 1n, 0n)],
        ['ForeignWithdrawal', withdrawMessage(77n, 1n, 1n, token)],
        ['ForeignWithdrawal', withdrawMessage(0n, 1n, 1n, 0n)],
        ['ForeignWithdrawal', withdrawMessage(credits, 1n, 1n, token)],
        ['ForeignWithdrawal', withdrawMessage(bridge, 1n, 1n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(bridge, 1n, 1n, 1n << 160n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 0n, 1n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n << 160n, 1n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n, 0n, 0n)],
        ['InvalidWithdrawal', withdrawMessage(credits, 1n, 1n << 128n, 0n)],
        // Right in form, but nothing was ever deposited.
        ['WithdrawalExceedsDeposits', withdrawMessage(credits, 1n, 1n, 0n)],
        ['WithdrawalExceedsDeposits', withdrawMessage(bridge, 1n, 1n, token)],
      ];
      for (const [expected, message] of cases) {
        const transition = await blocks.transition({ seed: 1, message });
        const block = await blocks.block({ transitions: [transition], chunks: [blocks.chunk(1)] });
        assert.equal(await outcome(block), expected);
      }
    });
  });

  describe('refuses proofs', () => {
    it('of a block that settled already', async () => {
      const block = await blocks.simple(1);
      await propose(block);
      assert.equal(await outcome(block), 'InvalidProof');
    });

    it('made on an older root', async () => {
      const stale = await blocks.simple(2);
      await propose(await blocks.simple(1));
      // Even with the right L2 block number and places, the old roots are L1's.
      assert.equal(await outcome(stale), 'InvalidProof');
      const state = await readRollupState(fixture.client, fixture.info);
      const restaled = await blocks.block(
        { transitions: [await blocks.transition({ seed: 2 })], chunks: [blocks.chunk(2)] },
        { chunk: (chunk) => ({ ...chunk, oldNoteRoot: chunk.oldNoteRoot + 1n }) },
      );
      assert.notEqual(state.noteRoot, 0n);
      assert.equal(await outcome(restaled), 'InvalidProof');
    });

    it('of another sender, another block number, another contract', async () => {
      const block = await blocks.simple(1);
      assert.equal(await outcome(block, 0), 'no error');
      assert.equal(await outcome(block, 1), 'InvalidProof');
      const plan = { transitions: [await blocks.transition({ seed: 1 })], chunks: [blocks.chunk(1)] };
      assert.equal(await outcome(await blocks.block(plan, { l2Block: 2 })), 'InvalidProof');
      const twin = await deployFixture({ keys: prover.keys, salt: `0x${'11'.repeat(32)}` });
      const call = simulateProposal(twin.client, twin.rollup, twin.wallets[0].account.address, block);
      assert.equal(await revertName(call), 'InvalidProof');
      await twin.close();
    });

    it('swapped between transitions or chunks', async () => {
      const block = await blocks.simple(1, 9);
      assert.equal(await outcome(block), 'no error');
      for (const list of ['transitions', 'chunks'] as const) {
        const swapped = edited(block, (parts) => {
          [parts[list][0].proof, parts[list][1].proof] = [parts[list][1].proof, parts[list][0].proof];
        });
        assert.equal(await outcome(swapped), 'InvalidProof');
      }
      const reordered = edited(block, (parts) => parts.transitions.reverse());
      assert.equal(await outcome(reordered), 'InvalidProof');
    });

    it('over other data than the block carries: reordered, changed, a skipped element with a used one', async () => {
      const plan = { transitions: [await blocks.transition({ seed: 1 })], chunks: [blocks.chunk(1)] };
      const changes: ((n: bigint[], c: bigint[], d: bigint[][]) => void)[] = [
        (n) => n.reverse(),
        (n) => ([n[0], n[1]] = [n[1], n[0]]),
        (n, c) => ([n[0], c[0]] = [c[0], n[0]]),
        (_, c) => ([c[0], c[1]] = [c[1], c[0]]),
        (n) => (n[0] += 1n),
        (n) => (n[2] = 5n),
        (n) => ([n[0], n[2]] = [n[0] + 1n, 5n]),
        (n) => ([n[1], n[2]] = [0n, n[1]]),
        (_, c) => ([c[0], c[3]] = [0n, c[0]]),
        (_n, _c, d) => (d[0][0] = STAND_IN_IDS.creditsTypeId),
        (_n, _c, d) => (d[3][7] = 1n),
      ];
      for (const change of changes) {
        const block = await blocks.block(plan, {
          chunk: (chunk) => {
            const data = structuredClone(chunk.data) as any;
            change(data.nullifiers, data.commitments, data.deposits);
            return { ...chunk, data };
          },
        });
        assert.equal(await outcome(block), 'InvalidProof');
      }
    });

    it('for start indexes that the proposer chose, and for other roots', async () => {
      const plan = { transitions: [await blocks.transition({ seed: 1 })], chunks: [blocks.chunk(1)] };
      for (const name of ['noteStart', 'depositStart', 'nullifierStart'] as const) {
        for (const shift of [-4, 4, 16, 1]) {
          const block = await blocks.block(plan, {
            chunk: (chunk) => ({
              ...chunk,
              starts: { ...chunk.starts, [name]: Math.max(0, chunk.starts[name] + shift) || 64 },
            }),
          });
          assert.equal(await outcome(block), 'InvalidProof');
        }
      }
      for (const name of ['oldNoteRoot', 'newNoteRoot', 'oldNullifierRoot', 'newNullifierRoot'] as const) {
        for (const change of [1n, -1n]) {
          const block = await blocks.block(plan, {
            chunk: (chunk) => ({ ...chunk, [name]: chunk[name] + change }),
          });
          assert.equal(await outcome(block), 'InvalidProof');
        }
      }
      const block = await blocks.block(plan);
      for (const [root, offset] of [
        [decodeBlock(block).chunks[0].newNoteRoot, block.length - 256 - 96],
        [decodeBlock(block).chunks[0].newNullifierRoot, block.length - 256 - 64],
      ] as const) {
        assert.equal(await outcome(patched(block, offset, root + 1n)), 'InvalidProof');
        assert.equal(await outcome(patched(block, offset, root + FIELD_MODULUS)), 'RootOutOfRange');
      }
    });

    it('under a key of another role or size, or one that is not in the table', async () => {
      const block = await blocks.simple(1);
      for (const keyId of [2, 3, 4, 255]) {
        const wrong = block.slice();
        wrong[1 + 5 + 2] = keyId;
        assert.equal(await outcome(wrong), 'WrongKeyRole');
      }
      for (const keyId of [0, 1, 4, 255]) {
        const wrong = edited(block, (parts) => {
          parts.chunks[0].keyId = keyId;
        });
        assert.equal(await outcome(wrong), 'WrongKeyRole');
      }
      const large = edited(block, (parts) => {
        parts.chunks[0].keyId = LARGE;
      });
      assert.equal(await outcome(large), 'InvalidProof');
      // A small proof for exactly the signals that the large key would have.
      const plan = { transitions: [await blocks.transition({ seed: 1 })], chunks: [blocks.chunk(1, LARGE)] };
      const made = await blocks.block(plan);
      const chunkOf = decodeBlock(made).chunks[0];
      assert.equal(await outcome(made), 'no error');
      const stolen = edited(made, (parts) => {
        parts.chunks[0] = { ...chunkOf, proof: decodeBlock(block).chunks[0].proof };
      });
      assert.equal(await outcome(stolen), 'InvalidProof');

      const { 'transition-small': transition, 'state-update-small': update } = prover.keys;
      const fewer = await deployFixture({
        keys: { 'transition-small': transition, 'state-update-small': update },
      });
      const missing = simulateProposal(fewer.client, fewer.rollup, fewer.wallets[0].account.address, made);
      assert.equal(await revertName(missing), 'WrongKeyRole');
      await fewer.close();
    });

    it('made to cancel out under the coefficients of the honest block: they commit to the proofs', async () => {
      const transitions = [await blocks.transition({ seed: 1 }), await blocks.transition({ seed: 2 })];
      const bindings: bigint[] = [];
      const honest = await makeBlock(
        fixture,
        { transitions, chunks: [blocks.chunk(1)] },
        (_keyId, _chunk, inputs) => {
          bindings.push(inputs[0], inputs[1]);
          return prover.prove('state-update-small', inputs);
        },
      );
      assert.equal(await outcome(honest), 'no error');
      const tableHash = await fixture.client.readContract({
        address: fixture.rollup,
        abi: rollupAbi,
        functionName: 'keyTableHash',
      });
      const seed = keccak256(
        encodeAbiParameters(parseAbiParameters('uint256, address, bytes32, uint256, bytes32, uint256[]'), [
          31337n,
          fixture.rollup,
          tableHash,
          fixture.info.rollupId,
          keccak256(honest),
          bindings,
        ]),
      );
      const z = BigInt(keccak256(concatHex([seed, padHex('0x1', { size: 32 })]))) >> 128n;
      // C of the first gets +z P, C of the second -P: in the sum with coefficients 1 and z nothing changes.
      const G1 = bn254.G1.Point;
      const shift = (proof: Uint8Array, by: InstanceType<typeof G1>): Uint8Array => {
        const [x, y] = [192, 224].map((at) => BigInt(bytesToHex(proof.slice(at, at + 32))));
        const sum = G1.fromAffine({ x, y }).add(by).toAffine();
        return patched(patched(proof, 192, sum.x), 224, sum.y);
      };
      const forged = edited(honest, (parts) => {
        parts.transitions[0].proof = shift(transitions[0].proof, G1.BASE.multiply(z));
        parts.transitions[1].proof = shift(transitions[1].proof, G1.BASE.negate());
      });
      assert.equal(await outcome(forged), 'InvalidProof');
    });

    it('with any byte changed', async () => {
      const block = await blocks.simple(1);
      const transitionProof = 1 + 5 + 2 + 5;
      const chunkProof = block.length - 256;
      for (const start of [transitionProof, chunkProof]) {
        for (let word = 0; word < 8; word++) {
          const copy = block.slice();
          copy[start + 32 * word + 31] ^= 1;
          assert.match(await outcome(copy), /^InvalidProof(Point)?$/);
        }
      }
    });
  });

  describe('refuses chunks', () => {
    it('that leave data over, get nothing, or are missing', async () => {
      const two = [await blocks.transition({ seed: 1 }), await blocks.transition({ seed: 2 })];
      const three = [...two, await blocks.transition({ seed: 3 })];
      const small = blocks.chunk(1);
      assert.equal(
        await outcome(await blocks.block({ transitions: three, chunks: [small] })),
        'DataLeftOver',
      );
      assert.equal(
        await outcome(await blocks.block({ transitions: two, chunks: [small, small] })),
        'EmptyChunk',
      );
      assert.equal(await outcome(await blocks.block({ transitions: [], chunks: [small] })), 'EmptyChunk');
      assert.equal(
        await outcome(encodeBlock({ transitions: two, chunks: [], depositCount: 0 })),
        'EmptyBlock',
      );
      assert.equal(await outcome(Uint8Array.of(1)), 'EmptyBlock');
      for (let i = 1n; i <= 5n; i++) await depositEth(i);
      const five = await blocks.block({ transitions: two, chunks: [small], depositCount: 5 });
      assert.equal(await outcome(five), 'DataLeftOver');
    });

    it('that do not fit into a tree', async () => {
      // The packed state: nextBlock, nextNote, nextNullifier, 64 bits each, from the lowest.
      const pack = (note: bigint, nullifier: bigint): Hex =>
        padHex(`0x${(1n | (note << 64n) | (nullifier << 128n)).toString(16)}`, { size: 32 });
      const full = 4n ** 16n;
      const block = await blocks.simple(1);
      for (const [note, nullifier, expected] of [
        [full - 8n, 1n, 'InvalidProof'],
        [full - 7n, 1n, 'TreeFull'],
        [full, 1n, 'TreeFull'],
        [0n, full - 4n, 'InvalidProof'],
        [0n, full - 3n, 'TreeFull'],
      ] as const) {
        await request('hardhat_setStorageAt', [fixture.rollup, '0x0', pack(note, nullifier)]);
        assert.equal(await outcome(block), expected);
      }
    });
  });

  describe('refuses deposits', () => {
    const take = async (depositCount: number, change?: (d: bigint[][]) => void): Promise<string> => {
      const transitions = [await blocks.transition({ seed: 1 })];
      return outcome(
        await blocks.block(
          { transitions, chunks: [blocks.chunk(1)], depositCount },
          {
            chunk: (chunk) => {
              const data = structuredClone(chunk.data) as any;
              change?.(data.deposits);
              return { ...chunk, data };
            },
          },
        ),
      );
    };

    it('skipped, reordered or changed in any word', async () => {
      for (let i = 1n; i <= 3n; i++) await depositEth(100n + i);
      assert.equal(await take(3), 'no error');
      assert.equal(await take(2), 'no error');
      assert.equal(await take(2, (d) => ([d[0], d[1]] = [d[1], d[0]])), 'InvalidProof');
      assert.equal(await take(2, (d) => ([d[0], d[2]] = [d[2], d[0]])), 'InvalidProof');
      assert.equal(await take(3, (d) => d.splice(0, 1) && d.push(Array(8).fill(0n))), 'InvalidProof');
      for (let word = 0; word < 8; word++) {
        assert.equal(await take(1, (d) => (d[0][word] += 1n)), 'InvalidProof');
      }
      assert.equal(await take(4), 'DepositsMissing');
      assert.equal(await take(65535), 'DepositsMissing');
    });

    it('that are overdue and not taken', async () => {
      for (let i = 1n; i <= 6n; i++) await depositEth(200n + i);
      const { deposits } = await readEvents(fixture.client, fixture.source, 0, 1000);
      const head = Number(await fixture.client.getBlockNumber());
      const transition = await blocks.transition({ seed: 1 });
      const call = async (depositCount: number, chunks = 1): Promise<string> => {
        const planned = Array.from({ length: chunks }, (_, i) => blocks.chunk(i + 1));
        const block = await blocks.block({ transitions: [transition], chunks: planned, depositCount });
        const from = fixture.wallets[0].account.address;
        return revertName(
          l1Call('propose', () =>
            fixture.client.call({
              account: from,
              to: fixture.rollup,
              data: encodeProposal(block),
              blockTag: 'pending',
            }),
          ),
        );
      };
      // The call runs in block head + 1: so many more blocks until the first deposit is exactly 50 old.
      const wait = deposits[0].l1Block + DEPOSIT_OVERDUE_L1_BLOCKS - (head + 1);
      await request('hardhat_mine', [`0x${wait.toString(16)}`]);
      assert.equal(await call(0), 'no error');
      await request('hardhat_mine', ['0x1']);
      // Only the first is overdue now.
      assert.equal(await call(0), 'DepositOverdue');
      assert.equal(await call(1), 'no error');
      await request('hardhat_mine', ['0x20']);
      // All six: a block takes min(overdue, 4 x chunks).
      assert.equal(await call(3), 'DepositOverdue');
      assert.equal(await call(4), 'no error');
      assert.equal(await call(4, 2), 'DepositOverdue');
      assert.equal(await call(5, 2), 'DepositOverdue');
      assert.equal(await call(6, 2), 'no error');
    });
  });

  describe('refuses encodings', () => {
    const cases = (block: Uint8Array): [string, Uint8Array][] => {
      const section = (type: number, count: number, body: Uint8Array = new Uint8Array()): Uint8Array => {
        const bytes = new Uint8Array(7 + body.length);
        const view = new DataView(bytes.buffer);
        view.setUint8(0, type);
        view.setUint32(1, 2 + body.length);
        view.setUint16(5, count);
        bytes.set(body, 7);
        return bytes;
      };
      const join = (...parts: Uint8Array[]): Uint8Array =>
        Uint8Array.from(parts.flatMap((part) => [...part]));
      const first = block.slice(1, 1 + 7 + 1157);
      const second = block.slice(1 + 7 + 1157);
      const set = (offset: number, value: number): Uint8Array => {
        const copy = block.slice();
        copy[offset] = value;
        return copy;
      };
      const version = Uint8Array.of(1);
      return [
        ['InvalidBlockVersion', new Uint8Array()],
        ['InvalidBlockVersion', set(0, 0)],
        ['InvalidBlockVersion', set(0, 2)],
        ['InvalidSection', join(version, second, first)],
        ['InvalidSection', join(version, first, first, second)],
        ['InvalidSection', join(block, section(4, 1))],
        ['InvalidSection', join(block, section(255, 1))],
        ['InvalidSection', join(version, section(0, 1), first, second)],
        ['InvalidSection', join(block, section(3, 0))],
        ['InvalidSection', join(version, section(1, 0), second)],
        ['InvalidSection', join(block, section(3, 1, Uint8Array.of(0)))],
        ['InvalidSection', join(block, Uint8Array.of(0))],
        ['InvalidSection', join(block, Uint8Array.of(3, 0, 0, 0, 2, 0))],
        ['InvalidSection', join(block, Uint8Array.of(3, 0, 0, 0, 3, 0, 1))],
        ['InvalidSection', join(block, Uint8Array.of(3, 0, 0, 0, 1, 0, 1))],
        ['InvalidSection', join(block, Uint8Array.of(3, 255, 255, 255, 255, 0, 1))],
        ['InvalidSection', block.slice(0, -1)],
        ['InvalidSection', set(7, 2)],
        ['InvalidSection', set(6, 1)],
        ['InvalidSection', set(5, (block[5] + 1) % 256)],
        ['InvalidSection', set(2, 1)],
        ['DepositsMissing', join(block, section(3, 1))],
      ];
    };

    it('of a block: versions, sections, lengths, counts, trailing bytes', async () => {
      const block = await blocks.simple(1);
      for (const [k, [expected, bytes]] of cases(block).entries()) {
        assert.equal(await outcome(bytes), expected, `case ${k}`);
      }
    });

    it('cut anywhere', async () => {
      const block = await blocks.simple(1);
      for (let length = 0; length < block.length; length += 37) {
        const expected =
          length === 0 ? 'InvalidBlockVersion' : length === 1 ? 'EmptyBlock' : 'InvalidSection';
        const actual = await outcome(block.slice(0, length));
        // Cut exactly behind the transitions, it is a block without chunks.
        assert.equal(actual, length === 1 + 7 + 1157 ? 'EmptyBlock' : expected);
      }
    });

    it('of the call: another offset, trailing or missing bytes', async () => {
      const block = await blocks.simple(1);
      const canonical = encodeProposal(block);
      const from = fixture.wallets[0].account.address;
      const call = (data: Hex): Promise<string> =>
        revertName(l1Call('propose', () => fixture.client.call({ account: from, to: fixture.rollup, data })));
      assert.equal(await call(canonical), 'no error');
      assert.equal(await call(concatHex([canonical, '0x00'])), 'NonCanonicalCalldata');
      assert.equal(await call(concatHex([canonical, padHex('0x', { size: 32 })])), 'NonCanonicalCalldata');
      const shifted = concatHex([
        canonical.slice(0, 10) as Hex,
        padHex('0x40', { size: 32 }),
        padHex('0x', { size: 32 }),
        `0x${canonical.slice(10 + 64)}`,
      ]);
      assert.equal(await call(shifted), 'NonCanonicalCalldata');
      // One byte further, in the room that the padding leaves: the length of the whole is right.
      const body = canonical.slice(2 + 2 * 36);
      const moved = `${canonical.slice(0, 10)}${'21'.padStart(64, '0')}00${body.slice(0, -2)}` as Hex;
      assert.equal(moved.length, canonical.length);
      assert.equal(await call(moved), 'NonCanonicalCalldata');
      // Without its padding: Solidity's decoder alone would take it.
      const cut = canonical.slice(0, -2) as Hex;
      assert.ok(['NonCanonicalCalldata', 'unknown'].includes(await call(cut)));
    });

    it('of the call: a padding byte that is not zero, whichever', async () => {
      const block = await blocks.simple(1);
      const padding = (32 - (block.length % 32)) % 32;
      assert.ok(padding > 0, 'a block without padding shows nothing');
      const canonical = encodeProposal(block);
      const from = fixture.wallets[0].account.address;
      const call = (data: Hex): Promise<string> =>
        revertName(l1Call('propose', () => fixture.client.call({ account: from, to: fixture.rollup, data })));
      for (let byte = 1; byte <= padding; byte++) {
        for (const value of ['01', '80', 'ff']) {
          const at = canonical.length - 2 * byte;
          const dirty = `${canonical.slice(0, at)}${value}${canonical.slice(at + 2)}` as Hex;
          assert.equal(await call(dirty), 'NonCanonicalCalldata', `${value} ${byte} bytes before the end`);
        }
      }
      assert.equal(await call(canonical), 'no error');
    });

    it('through a contract, or from an account with delegated code: followers could not read the block', async () => {
      const block = await blocks.simple(1);
      const artifact = await loadArtifact('Forwarder');
      const forwarder = await deployContract(
        { client: fixture.client, wallet: fixture.wallets[0] },
        artifact,
      );
      const data = encodeFunctionData({
        abi: artifact.abi,
        functionName: 'forward',
        args: [fixture.rollup, encodeProposal(block)],
      });
      const from = fixture.wallets[0].account.address;
      const through = l1Call('propose', () => fixture.client.call({ account: from, to: forwarder, data }));
      assert.equal(await revertName(through), 'CallerNotCodelessOrigin');
      // EIP-7702: the account is origin and sender, but its code could have made the call.
      await request('hardhat_setCode', [from, concatHex(['0xef0100', forwarder])]);
      assert.equal(await outcome(block), 'CallerNotCodelessOrigin');
    });
  });

  it('logs the hash of exactly the bytes that were proposed', async () => {
    const block = await blocks.simple(1);
    const receipt = await propose(block);
    const settled = receipt.logs.find((log) => log.address === fixture.rollup.toLowerCase());
    assert.ok(settled?.data.startsWith(keccak256(bytesToHex(block))));
  });
});
