import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { fieldToHex } from '../../../protocol/field.ts';
import { depositBlind, ownerHash } from '../../../protocol/record.ts';
import { memoryBackend, type PxeBackend } from '../../../pxe/store/backend.ts';
import { FakeChain, openPxe, pay, ROLLUP_ID } from '../../support/wallet/fake-note-chain.ts';

test('records are found, spent, restored from the seed alone, and taken back by a reorganisation', async () => {
  const chain = new FakeChain();
  const backend = memoryBackend();
  const pxe = await openPxe(chain, backend);
  const alice = await pxe.keys.add({ alias: 'alice' });
  const bob = await pxe.keys.add({ alias: 'bob' });
  const bobAddress = bob.keys.address.x;

  const first = pay(alice, bobAddress, 100n);
  assert.equal(verifyAuthorization(first), undefined);
  chain.add('a', [first, pay(bob, alice.keys.address.x, 7n)]);
  await pxe.synchronizer.sync();
  assert.deepEqual(
    pxe.records.unspent(bobAddress).map((record) => record.preimage.data[0]),
    [100n],
  );
  assert.deepEqual(
    pxe.records.unspent(alice.keys.address.x).map((record) => record.preimage.data[0]),
    [7n],
  );
  assert.deepEqual(
    pxe.records.sent(alice.keys.address.x).map((record) => record.preimage.owner),
    [bobAddress],
  );

  // Bob spends; another wallet with only his seed sees the same.
  const [received] = pxe.records.unspent(bobAddress);
  chain.add('b', [pay(bob, alice.keys.address.x, 100n, [received.preimage])]);
  await pxe.synchronizer.sync();
  assert.equal(pxe.records.unspent(bobAddress).length, 0);
  assert.equal(pxe.records.unspent(alice.keys.address.x).length, 2);
  const restored = await openPxe(chain);
  await restored.synchronizer.sync();
  await restored.keys.add({ seed: bob.keys.seed });
  await restored.synchronizer.sync();
  assert.deepEqual(
    restored.records.all(bobAddress).map((record) => [record.commitment, record.spentIn]),
    pxe.records.all(bobAddress).map((record) => [record.commitment, record.spentIn]),
  );

  // The last block is replaced by another one.
  const spent = chain.blocks.pop()!;
  chain.tree.rollback(spent.transitions[0].outputs[0].index);
  chain.add('longer', [pay(alice, bobAddress, 1n)]);
  await pxe.synchronizer.sync();
  assert.deepEqual(
    pxe.records.unspent(bobAddress).map((record) => record.preimage.data[0]),
    [100n, 1n],
  );
  assert.equal(pxe.mirror.root(), chain.tree.root());

  // And all of it is still there after a restart.
  await pxe.store.write([]);
  const reopened = await openPxe(chain, backend);
  assert.equal(reopened.mirror.root(), chain.tree.root());
  assert.equal(reopened.blocks.head, 2);
  assert.deepEqual(
    reopened.records.unspent(bobAddress).map((record) => record.preimage.data[0]),
    [100n, 1n],
  );
});

test('deposits are found by their counters, copies of an ownerHash too', async () => {
  const chain = new FakeChain();
  const pxe = await openPxe(chain);
  const alice = await pxe.keys.add();
  const hashOf = (counter: number): bigint =>
    ownerHash(alice.keys.address.x, depositBlind(alice.keys.viewKey, ROLLUP_ID, counter));
  chain.add(
    'a',
    [],
    [
      { ownerHash: hashOf(0), index: 0 },
      { ownerHash: hashOf(19), index: 1 },
      { ownerHash: hashOf(0), index: 2 },
      { ownerHash: hashOf(38), index: 3 },
      { ownerHash: hashOf(80), index: 4 },
    ],
  );
  // Released by mistake: on L1 all the same, so not to be used again.
  alice.depositsUsed = 20;
  alice.depositsReleased = [5, 19];
  await pxe.synchronizer.sync();
  assert.deepEqual(alice.depositsReleased, [5]);
  const origins = pxe.records.unspent(alice.keys.address.x).map((record) => record.origin);
  assert.deepEqual(
    origins.map((origin) => origin.kind === 'deposit' && origin.queueIndex),
    [0, 1, 2, 3],
  );
  assert.equal(alice.depositsSeen, 39);
});

test('a source that withholds a commitment is caught', async () => {
  const chain = new FakeChain();
  const pxe = await openPxe(chain);
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  chain.blocks[1] = { ...chain.blocks[1], transitions: [] };
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  assert.equal(pxe.blocks.head, 0);
});

test('a transition whose nonce point is the identity stops nobody: anyone can settle one past the sequencers', async () => {
  const chain = new FakeChain();
  const pxe = await openPxe(chain);
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  const [block] = chain.blocks.slice(1);
  const transitions = block.transitions.map((transition) => ({ ...transition, tpk: fieldToHex(0n) }));
  chain.blocks[1] = { ...block, transitions };
  chain.add('b', [pay(alice, alice.keys.address.x, 4n)]);
  await pxe.synchronizer.sync();
  assert.deepEqual(
    pxe.records.unspent(alice.keys.address.x).map((record) => record.preimage.data[0]),
    [3n, 4n],
  );
});

test('a source cannot invent blocks that L1 does not have', async () => {
  const honest = new FakeChain();
  const lying = new FakeChain();
  const pxe = await openPxe(honest, memoryBackend(), lying);
  const mallory = await pxe.keys.add();
  lying.add('a', [pay(mallory, mallory.keys.address.x, 1_000_000n)]);
  // L1 has no such block at all: nothing is taken.
  await pxe.synchronizer.sync();
  assert.deepEqual(pxe.records.all(mallory.keys.address.x), []);
  assert.equal(pxe.blocks.head, 0);
  // L1 has another block there.
  honest.add('a', [pay(mallory, mallory.keys.address.x, 1n)]);
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  assert.deepEqual(pxe.records.all(mallory.keys.address.x), []);
  // Invented blocks before a true root: never more than an error, and an honest source heals it.
  lying.blocks[2] = { ...lying.blocks[1], number: 2, noteRoot: honest.blocks[1].noteRoot };
  honest.add('bb', []);
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  lying.blocks.length = 2;
  await assert.rejects(pxe.synchronizer.sync(), { code: /ANCHOR_MISMATCH|NOTE_TREE_MISMATCH/ });
});

test('a source cannot invent records for an account that is searched for afterwards', async () => {
  const chain = new FakeChain();
  let serve: FakeChain = chain;
  const pxe = await openPxe(chain, memoryBackend(), { getNotes: (page) => serve.getNotes(page) });
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  await pxe.synchronizer.sync();
  const bob = await pxe.keys.add();
  const lying = new FakeChain();
  lying.add('a', [pay(alice, bob.keys.address.x, 1_000_000n)]);
  assert.equal(lying.blocks[1].hash, chain.blocks[1].hash);
  serve = lying;
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  assert.deepEqual(pxe.records.all(bob.keys.address.x), []);
  // Leaving everything out is no way either.
  lying.blocks[1] = { ...chain.blocks[1], transitions: [] };
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  serve = chain;
  await pxe.synchronizer.sync();
  assert.equal(bob.scannedTo, 1);
});

test('an empty leaf that would move the next place is refused, and a refused block leaves no trace', async () => {
  const chain = new FakeChain();
  const pxe = await openPxe(chain);
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  const [, block] = chain.blocks;
  const [transition] = block.transitions;
  const far = { ...transition.outputs[0], index: 4 ** 16 - 1, commitment: fieldToHex(0n) };
  chain.blocks[1] = {
    ...block,
    transitions: [{ ...transition, outputs: [...transition.outputs, far] }],
  };
  await assert.rejects(pxe.synchronizer.sync(), { code: 'NOTE_TREE_MISMATCH' });
  // Leaves out of their order break off in the middle; the tree is afterwards as before.
  const backwards = transition.outputs.map((output) => ({ ...output, index: 3 }));
  chain.blocks[1] = { ...block, transitions: [{ ...transition, outputs: backwards }] };
  await assert.rejects(pxe.synchronizer.sync());
  chain.blocks[1] = block;
  await pxe.synchronizer.sync();
  assert.equal(pxe.records.unspent(alice.keys.address.x).length, 1);
});

test('a source that withholds what L1 has takes nothing away', async () => {
  const chain = new FakeChain();
  let serve: FakeChain = chain;
  const pxe = await openPxe(chain, memoryBackend(), { getNotes: (page) => serve.getNotes(page) });
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  await pxe.synchronizer.sync();
  serve = new FakeChain();
  await pxe.synchronizer.sync();
  assert.equal(pxe.blocks.head, 1);
  assert.equal(pxe.records.unspent(alice.keys.address.x).length, 1);
});

test('a write that fails leaves the store whole, and nothing is written over the hole', async () => {
  const chain = new FakeChain();
  const backend = memoryBackend();
  let full = false;
  const disk: PxeBackend = {
    ...backend,
    write: async (writes) => {
      if (full) throw new Error('ENOSPC');
      await backend.write(writes);
    },
  };
  const pxe = await openPxe(chain, disk);
  const alice = await pxe.keys.add();
  chain.add('a', [pay(alice, alice.keys.address.x, 3n)]);
  chain.add('b', [pay(alice, alice.keys.address.x, 4n)]);
  full = true;
  await assert.rejects(pxe.synchronizer.sync(), { code: 'PXE_STORE_WRITE_FAILED' });
  full = false;
  await assert.rejects(pxe.synchronizer.sync(), { code: 'PXE_STORE_WRITE_FAILED' });
  const reopened = await openPxe(chain, backend);
  await reopened.synchronizer.sync();
  assert.equal(reopened.mirror.root(), chain.tree.root());
  assert.equal(reopened.records.unspent(alice.keys.address.x).length, 2);
});
