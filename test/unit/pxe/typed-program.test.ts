/** Bindings at work on a rollup that proves nothing: what they give and what they refuse. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { TokenProgram } from '../../../examples/bindings/token.ts';
import { errorText } from '../../../program/diagnostics/error-text.ts';
import type { HaltError } from '../../../program/diagnostics/errors.ts';
import type { AzaleaError } from '../../../protocol/errors.ts';
import type { ClientAccount } from '../../../pxe/client/account.ts';
import type { Azalea } from '../../../pxe/client/azalea.ts';
import { defineBindings } from '../../../pxe/client/typed-program.ts';
import { openFakeClient, startFakeRollup } from '../../support/wallet/fake-client.ts';
import type { FakeRollup } from '../../support/wallet/fake-rollup.ts';
import { EverythingProgram } from '../cli/bindings/everything.ts';

let rollup: FakeRollup;
let azalea: Azalea;
let alice: ClientAccount;
let bob: ClientAccount;
let token: TokenProgram;

before(async () => {
  const started = await startFakeRollup();
  rollup = started.rollup;
  azalea = await openFakeClient(rollup, started.url);
  alice = await azalea.accounts.create('alice');
  bob = await azalea.accounts.create('bob');
  token = await TokenProgram.load(azalea, alice);
  const { typeId } = token.client.record('token');
  for (const amount of [30n, 12n]) {
    const { ownerHash } = await azalea.pxe.deposits.take(azalea.addressOf(alice));
    rollup.settle([], [{ ownerHash, typeId, data: [amount] }]);
  }
  await azalea.sync();
});
after(async () => {
  await azalea?.close();
  await rollup?.close();
});

const rejects = (code: string, work: () => Promise<unknown>): Promise<void> =>
  assert.rejects(work, (error: AzaleaError) => {
    assert.equal(error.code, code, String(error));
    return true;
  });

describe('records', () => {
  test('have typed members and their type; each account sees its own', () => {
    const records = token.records('token');
    assert.deepEqual(
      records.map(({ type, data, spentIn }) => ({ type, data, spentIn })),
      [30n, 12n].map((amount) => ({
        type: 'token.aleo/token',
        data: { owner: alice.address, amount },
        spentIn: undefined,
      })),
    );
    assert.deepEqual(
      records.map(({ commitment, block }) => ({ commitment, block })),
      azalea.records(alice).map(({ commitment, block }) => ({ commitment, block })),
    );
    assert.equal(token.balance('token'), 42n);
    assert.deepEqual(token.as(bob).records('token'), []);
    assert.equal(token.as(bob).balance('token', 'amount'), 0n);
  });

  test('are spent as they are, or by what they should hold', async () => {
    const [, twelve] = token.records('token');
    const wanted = [
      { owner: bob.address, amount: 5n },
      { owner: alice.address, amount: 7n },
    ];
    for (const record of [twelve, { atLeast: 5n }, { atLeast: 12n, member: 'amount' as const }]) {
      const { outputs, spends } = await token.functions.transfer(record, bob.address, 5n).simulate();
      assert.deepEqual(outputs, wanted);
      assert.deepEqual(spends, [twelve.commitment]);
    }
  });
});

describe('calls', () => {
  test('are made by the bound account', async () => {
    const [record] = token.records('token');
    await rejects('RECORD_NOT_OWNED', () => token.as(bob).functions.burn(record, 1n).simulate());
  });

  test('give outputs of every type', async () => {
    const everything = await EverythingProgram.load(azalea, alice);
    const { outputs } = await everything.functions
      .literals(-1n + 2n ** 200n, 0n, 7n, -(2n ** 63n), 2n ** 128n - 1n, true, bob.address)
      .simulate();
    assert.deepEqual(outputs, [2n ** 200n - 1n, 0n, 7n, -(2n ** 63n), 2n ** 128n - 1n, true, bob.address]);
    const points = {
      at: [
        { x: -128n, y: 1n },
        { x: 127n, y: -1n },
      ],
    } as const;
    const nested = await everything.functions
      .toString(
        [1n, 2n, 3n, 4n],
        [
          [true, false],
          [false, true],
        ],
        points,
      )
      .simulate();
    assert.deepEqual(nested.outputs, [points, [false, true], 4n]);
  });

  test('that fail reject the sent call, also when its status is waited for', async () => {
    const call = () => token.functions.transfer({ atLeast: 1000n }, bob.address, 1n);
    await rejects('INSUFFICIENT_BALANCE', () => call().simulate());
    await rejects('INSUFFICIENT_BALANCE', () => call().send());
    await rejects('INSUFFICIENT_BALANCE', () => call().send().wait('settled'));
    const [record] = token.records('token');
    await rejects('HALT_OVERFLOW', () => token.functions.burn(record, 31n).send().wait());
  });

  test('are sent by the account with its options; the status can be waited for at once', async () => {
    const { pxe } = azalea;
    const real = { send: pxe.send, wait: pxe.wait };
    const sent: unknown[] = [];
    const waited: unknown[] = [];
    Object.assign(pxe, {
      send: async (call: { functionName: string; args: unknown; signer: bigint; signal?: AbortSignal }) => {
        sent.push([call.functionName, call.args, call.signer, call.signal]);
        return { id: '0xabc', bytes: new Uint8Array(3), witnessSeconds: 1, proofSeconds: 2 };
      },
      wait: async (...args: unknown[]) => {
        waited.push(args);
        return { status: 'settled' };
      },
    });
    try {
      const { signal } = new AbortController();
      const handle = await token.as(bob).functions.mint(alice.address, 5n).send({ signal });
      assert.deepEqual([handle.id, handle.bytes, handle.proofSeconds], ['0xabc', 3, 2]);
      const options = { timeoutMs: 7 };
      const status = await token.functions.mint(bob.address, 6n).send().wait('settled', options);
      assert.equal(status.status, 'settled');
      assert.deepEqual(sent, [
        ['mint', [alice.address, 5n], azalea.addressOf(bob), signal],
        ['mint', [bob.address, 6n], azalea.addressOf(alice), undefined],
      ]);
      assert.deepEqual(waited, [['0xabc', 'settled', options]]);
    } finally {
      Object.assign(pxe, real);
    }
  });

  test('refuse at run time what types could not', async () => {
    const mint = token.functions.mint as (...args: unknown[]) => ReturnType<typeof token.functions.mint>;
    await rejects('CALL_ARGUMENT_COUNT', () => mint(alice.address).simulate());
    await rejects('VALUE_TYPE_MISMATCH', () => mint(alice.address, true).simulate());
    await rejects('VALUE_OUT_OF_RANGE', () => mint(alice.address, 2n ** 64n).simulate());
    assert.equal('steal' in token.functions, false);
  });

  test('say that amounts are bigint, wherever a number stands', async () => {
    const { mint, transfer } = token.functions as unknown as Record<string, (...args: unknown[]) => any>;
    const said = (code: string, message: RegExp, work: () => Promise<unknown>): Promise<void> =>
      assert.rejects(work, { code, message });
    await said(
      'VALUE_TYPE_MISMATCH',
      /argument 2 of token\.aleo\/mint must be u64, found the number 10: integers are bigint, write 10n/,
      () => mint(alice.address, 10).simulate(),
    );
    await said('VALUE_TYPE_MISMATCH', /found the number 0\.5, which is no integer/, () =>
      mint(alice.address, 0.5).simulate(),
    );
    await said('VALUE_TYPE_MISMATCH', /found undefined/, () => mint(alice.address, undefined).simulate());
    await said('VALUE_TYPE_MISMATCH', /found members/, () => mint(alice.address, {}).simulate());
    for (const record of [10, { atLeast: 10 }]) {
      await said(
        'CALL_RECORD_ARGUMENT',
        /argument 1 of token\.aleo\/transfer .*the number 10: integers are bigint, write 10n/,
        () => transfer(record, bob.address, 1n).simulate(),
      );
    }
    await said('CALL_RECORD_ARGUMENT', /argument 1/, () => transfer(null, bob.address, 1n).simulate());
    const { bridge } = azalea as unknown as {
      bridge: Record<string, (...args: unknown[]) => Promise<unknown>>;
    };
    const anyone = `0x${'1'.repeat(40)}`;
    const wallet = { account: { address: anyone } };
    const deposits = [
      () => bridge.depositEth(alice, 10, wallet),
      () => bridge.depositErc20(alice, anyone, 10, wallet),
    ];
    for (const deposit of deposits) {
      await said(
        'VALUE_TYPE_MISMATCH',
        /amount of a deposit .*the number 10: integers are bigint, write 10n/,
        deposit,
      );
    }
    await said('VALUE_TYPE_MISMATCH', /amount of a deposit .*found 1$/, () =>
      bridge.depositEth(alice, '1', wallet),
    );
    assert.deepEqual(await azalea.bridge.unfinished(), []);
  });

  test('a wait ends with its signal; the transaction goes on', async () => {
    const sent = await token.functions.mint(alice.address, 5n).send();
    const ended = new Error('seen enough');
    await assert.rejects(sent.wait('settled', { signal: AbortSignal.abort(ended) }), ended);
    const waiting = new AbortController();
    const onStatus = (): void => waiting.abort(ended);
    await assert.rejects(sent.wait('settled', { signal: waiting.signal, onStatus }), ended);
    assert.equal((await sent.status()).status, 'pending');
    assert.deepEqual(
      azalea.pxe.transactions.waiting().map(({ id }) => id),
      [sent.id],
    );
    const looking = new AbortController();
    setTimeout(() => looking.abort(ended), 20);
    const deposit = azalea.waitForDeposit(alice, { index: 99 }, { pollMs: 1, signal: looking.signal });
    await assert.rejects(deposit, ended);
  });

  test('a misspelt function or record is refused with the nearest name', async () => {
    const functions = token.functions as unknown as Record<string, (...args: unknown[]) => unknown>;
    assert.throws(() => functions.transfre({ atLeast: 1n }), {
      code: 'PROGRAM_NO_SUCH_FUNCTION',
      message: /no function transfre: did you mean transfer\? It has mint, transfer, join, split, burn$/,
    });
    assert.throws(() => functions.steal(), {
      code: 'PROGRAM_NO_SUCH_FUNCTION',
      message: /steal: it has mint/,
    });
    assert.throws(() => token.client.functions.bur(), {
      code: 'PROGRAM_NO_SUCH_FUNCTION',
      message: /burn\?/,
    });
    assert.throws(() => token.balance('tokne' as 'token'), {
      code: 'PROGRAM_NO_SUCH_RECORD',
      message: /did you mean token\?/,
    });
    // They can be awaited, printed and listed.
    assert.equal(await token.functions, token.functions);
    assert.equal(JSON.stringify(token.functions), '{}');
    assert.match(inspect(token.functions), /mint/);
    assert.deepEqual(Object.keys(token.functions), ['mint', 'transfer', 'join', 'split', 'burn']);
  });

  test('that halt name the line of the source that the bindings were made of', async () => {
    const [record] = token.records('token');
    const source = readFileSync(new URL('../../../programs/token.aleo', import.meta.url), 'utf8');
    const line = source.split('\n').findLastIndex((text) => text.includes('sub r0.amount r1 into r2;')) + 1;
    await assert.rejects(token.functions.burn(record, 31n).simulate(), (error: HaltError) => {
      assert.deepEqual(error.position, { file: 'programs/token.aleo', line, column: 5 });
      assert.match(error.message, new RegExp(`burn halts at line ${line} of programs/token\\.aleo: sub`));
      assert.match(errorText(error), new RegExp(`--> programs/token\\.aleo:${line}:5`));
      return true;
    });
  });
});

test('bindings of another program id are refused', async () => {
  const stale = defineBindings(`0x${'1'.repeat(64)}`, TokenProgram.source);
  await rejects('BINDINGS_STALE', () => stale.load(azalea, alice));
});

describe('bindings and lowerings', () => {
  test('are loaded with the lowering that they were made with, by default the first', async () => {
    const { programId, source } = TokenProgram;
    const id = `0x${programId.toString(16).padStart(64, '0')}` as const;
    for (const bindings of [defineBindings(id, source), defineBindings(id, source, { lowering: 1 })]) {
      assert.equal((await bindings.load(azalea, alice)).client.program.loweringVersion, 1);
    }
    await rejects('LOWERING_UNKNOWN', () => defineBindings(id, source, { lowering: 77 }).load(azalea, alice));
  });
});
