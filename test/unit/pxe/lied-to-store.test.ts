/** A store that a sequencer lied to within the note root is mended by reading from L1, from an honest sequencer it is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldToHex } from '../../../protocol/field.ts';
import { memoryBackend, type PxeBackend } from '../../../pxe/store/backend.ts';
import type { NoteSource } from '../../../pxe/sync/note-source.ts';
import type { NotesBlock } from '../../../rpc/schema/notes.ts';
import { FakeChain, openPxe, pay } from '../../support/wallet/fake-note-chain.ts';

type Lie = (block: NotesBlock) => NotesBlock;

/** The chain as a sequencer with this lie shows it. */
const lying = (chain: FakeChain, lie: Lie): NoteSource => ({
  getNotes: async (page) => {
    const answer = await chain.getNotes(page);
    return { ...answer, blocks: answer.blocks.map(lie) };
  },
});
const fromL1 = (chain: FakeChain): NoteSource & { asked: number[] } => {
  const asked: number[] = [];
  return {
    asked,
    fromL1: true,
    getNotes: (page) => {
      asked.push(page.fromBlock ?? 1);
      return chain.getNotes(page);
    },
  };
};

/** Everything that a sequencer can change without touching a commitment. */
const garble: Lie = (block) => ({
  ...block,
  hash: fieldToHex(99n),
  l1Block: 0,
  transitions: block.transitions.map((transition) => ({
    ...transition,
    transactionId: fieldToHex(1n),
    r: fieldToHex(2n),
    tpk: fieldToHex(3n),
    nullifiers: transition.nullifiers.map((_, k) => fieldToHex(BigInt(4 + k))),
    outputs: transition.outputs.map((output) => ({
      ...output,
      ciphertext: output.ciphertext.map(() => fieldToHex(5n)),
      outgoing: fieldToHex(6n),
    })),
  })),
  deposits: block.deposits.map((deposit) => ({ ...deposit, ownerHash: fieldToHex(7n) })),
});

/** Alice gets 100 and 7, and spends the 100; what an honest wallet knows of it afterwards. */
async function world() {
  const chain = new FakeChain();
  const honest = await openPxe(chain);
  const alice = await honest.keys.add({ alias: 'alice' });
  const { x } = alice.keys.address;
  chain.add('a', [pay(alice, x, 100n), pay(alice, x, 7n)]);
  await honest.synchronizer.sync();
  const [first] = honest.records.unspent(x);
  chain.add('b', [pay(alice, x, 90n, [first.preimage])]);
  chain.add('c', [pay(alice, 5n, 1n)]);
  await honest.synchronizer.sync();
  const open = async (source: NoteSource, backend: PxeBackend) => await openPxe(chain, backend, source);
  return { chain, alice, x, open, truth: knowledge(honest, x) };
}

const knowledge = ({ records }: Awaited<ReturnType<typeof openPxe>>, owner: bigint) => ({
  // Stored ones lack a member that is undefined.
  all: records.all(owner).map((record) => ({ ...record, spentIn: record.spentIn })),
  sent: records.sent(owner),
});

test('records that were hidden are found again from L1, once, and spends are known', async () => {
  const { chain, alice, x, open, truth } = await world();
  const backend = memoryBackend();
  const fooled = await open(lying(chain, garble), backend);
  await fooled.keys.add({ seed: alice.keys.seed });
  await fooled.synchronizer.sync();
  assert.deepEqual(knowledge(fooled, x), { all: [], sent: [] });
  assert.equal(fooled.synchronizer.head, 3);

  const source = fromL1(chain);
  const mended = await open(source, backend);
  await mended.synchronizer.sync();
  assert.deepEqual(knowledge(mended, x), truth);
  assert.ok(source.asked.includes(1));
  // Not again, in this process or the next: L1 has shown these blocks.
  for (const pxe of [mended, await open(source, backend)]) {
    source.asked.length = 0;
    await pxe.synchronizer.sync();
    assert.ok(!source.asked.includes(1), source.asked.join());
    assert.deepEqual(knowledge(pxe, x), truth);
  }
  // A sequencer's word on later blocks is looked at again; what L1 has shown stays.
  chain.add('d', [pay(alice, x, 3n)]);
  const back = await open(lying(chain, garble), backend);
  await back.synchronizer.sync();
  assert.deepEqual(knowledge(back, x), truth);
  source.asked.length = 0;
  const again = await open(source, backend);
  await again.synchronizer.sync();
  assert.deepEqual(
    again.records.unspent(x).map(({ preimage }) => preimage.data[0]),
    [7n, 90n, 3n],
  );
  assert.ok(source.asked.includes(4) && !source.asked.includes(1), source.asked.join());
});

test('a spend that L1 does not show is taken back; one that it shows elsewhere is moved', async () => {
  const { chain, alice, x, open, truth } = await world();
  const nullifier = (amount: bigint) =>
    fieldToHex(truth.all.find(({ preimage }) => preimage.data[0] === amount)!.nullifier);
  const backend = memoryBackend();
  // In block 3 the 7 and the 100 are shown as spent; the 100 was, in block 2, where that is left out.
  const lie: Lie = (block) => ({
    ...block,
    transitions: block.transitions.map((transition) => ({
      ...transition,
      nullifiers:
        block.number === 3
          ? [nullifier(7n), nullifier(100n)]
          : block.number === 2
            ? [transition.nullifiers[0], fieldToHex(1n)].map((shown) =>
                shown === nullifier(100n) ? fieldToHex(2n) : shown,
              )
            : transition.nullifiers,
    })),
  });
  const fooled = await open(lying(chain, lie), backend);
  await fooled.keys.add({ seed: alice.keys.seed });
  await fooled.synchronizer.sync();
  assert.equal(fooled.records.all(x).find(({ preimage }) => preimage.data[0] === 7n)!.spentIn, 3);
  // An honest sequencer is not asked for blocks that were searched.
  const other = await open(chain, backend);
  await other.synchronizer.sync();
  assert.equal(other.records.all(x).find(({ preimage }) => preimage.data[0] === 7n)!.spentIn, 3);

  const mended = await open(fromL1(chain), backend);
  await mended.synchronizer.sync();
  assert.deepEqual(knowledge(mended, x), truth);
});

test('blocks that an account, new in the store, is searched for change nothing for the others', async () => {
  const { chain, alice, x, open, truth } = await world();
  const backend = memoryBackend();
  const mended = await open(fromL1(chain), backend);
  await mended.keys.add({ seed: alice.keys.seed });
  await mended.synchronizer.sync();
  const nullifiers = truth.all.map(({ nullifier }) => fieldToHex(nullifier));
  const liar = lying(chain, (block) => ({
    ...block,
    transitions: block.transitions.map((transition) => ({ ...transition, nullifiers })),
  }));
  const later = await open(liar, backend);
  await later.keys.add({ alias: 'bob' });
  await later.synchronizer.sync();
  assert.deepEqual(knowledge(later, x), truth);
});

test('a reorganisation takes back what L1 had shown', async () => {
  const { chain, alice, x, open } = await world();
  const backend = memoryBackend();
  const source = fromL1(chain);
  const pxe = await open(source, backend);
  const held = await pxe.keys.add({ seed: alice.keys.seed });
  await pxe.synchronizer.sync();
  assert.equal(held.shownTo, 3);
  const gone = chain.blocks.pop()!;
  chain.tree.rollback(gone.transitions[0].outputs[0].index);
  chain.add('another', [pay(alice, x, 4n)]);
  const fooled = await open(
    lying(chain, (block) => (block.number === 3 ? { ...garble(block), hash: block.hash } : block)),
    backend,
  );
  await fooled.synchronizer.sync();
  assert.equal(fooled.keys.get(x).shownTo, 2);
  const mended = await open(source, backend);
  await mended.synchronizer.sync();
  assert.deepEqual(
    mended.records.unspent(x).map(({ preimage }) => preimage.data[0]),
    [7n, 90n, 4n],
  );
});
