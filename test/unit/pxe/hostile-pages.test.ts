/** Pages of blocks from a hostile source end in a typed error at once: no endless questions, no tree filled with nothing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NotesBlock, NotesResponse } from '../../../rpc/schema/notes.ts';
import { openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import type { FakeRollup } from '../../support/wallet/fake-rollup.ts';

let rollup: FakeRollup;
let url: string;
before(async () => {
  ({ rollup, url } = await startFakeRollup());
  for (let k = 0; k < 3; k++) {
    rollup.settle([], [{ ownerHash: 5n, typeId: 6n, data: [BigInt(k + 1)] }]);
  }
});
after(() => rollup.close());

type Lie = (page: NotesResponse, from: number) => NotesResponse;

async function synchronise(lie: Lie): Promise<{ questions: number; error: { code: string } | undefined }> {
  let questions = 0;
  const noteSource = {
    getNotes: async (page: { fromBlock?: number; limit?: number }) => {
      assert.ok(++questions < 20, 'asked without end');
      return lie(await rollup.getNotes({ ...page, limit: 1 }), page.fromBlock ?? 1);
    },
  };
  const azalea = await openFakeClient(rollup, url, { noteSource });
  try {
    const error = await azalea.sync().then(
      () => undefined,
      (caught) => caught,
    );
    return { questions, error };
  } finally {
    await azalea.close();
  }
}

const FAR = Number.MAX_SAFE_INTEGER;
const first = (): NotesBlock => rollup.blocks[1];
const lies: Readonly<Record<string, Lie>> = {
  'the same page for ever': () => ({ head: FAR, nextBlock: 2, blocks: [first()] }),
  'a page that leads back': (page) => ({ ...page, nextBlock: 1 }),
  'a page that leads nowhere': (page, from) => ({ ...page, head: FAR, nextBlock: from }),
  'a page that skips': (page) => ({ ...page, nextBlock: page.nextBlock + 1 }),
  'blocks twice': (page) => ({ ...page, blocks: [...page.blocks, ...page.blocks] }),
};
for (const [name, lie] of Object.entries(lies)) {
  test(name, async () => {
    assert.equal((await synchronise(lie)).error?.code, 'NOTES_OUT_OF_ORDER');
  });
}

test('empty pages before an endless head end the run', async () => {
  const { questions, error } = await synchronise((_, from) => ({
    head: FAR,
    nextBlock: from + 1,
    blocks: [],
  }));
  assert.equal(error, undefined);
  assert.ok(questions < 4);
});

test('a leaf far away is refused before the tree is filled up to it', async () => {
  for (const index of [400_000_000, 4 ** 16 - 1, 1_000]) {
    const started = process.memoryUsage().rss;
    const { error } = await synchronise((page) => ({
      ...page,
      blocks: page.blocks.map((block) => ({
        ...block,
        deposits: block.deposits.map((deposit) => ({ ...deposit, index })),
      })),
    }));
    assert.equal(error?.code, 'NOTE_TREE_MISMATCH');
    assert.ok(process.memoryUsage().rss - started < 200 * 2 ** 20);
  }
});

test('an honest source in small pages', async () => {
  assert.equal((await synchronise((page) => page)).error, undefined);
});
