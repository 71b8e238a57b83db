/**
 * Canaries. After a deposit, a transfer and a withdrawal, everything that others can see is searched for every secret in
 * every
 * encoding: HTTP traffic, logs, disks, calldata and events of L1.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { type Devnet, startDevnet } from '../../devnet/start.ts';
import { programSource } from '../../host/program-source.ts';
import { readEvents } from '../../l1/events.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import { mulPoint } from '../../protocol/curve/point.ts';
import { encryptionScalar, incomingSecret, recoverTvk } from '../../protocol/encryption.ts';
import { fieldToBytes, fieldToHex } from '../../protocol/field.ts';
import { gammaOf } from '../../protocol/record.ts';
import { seedToText } from '../../protocol/text.ts';
import { decodeBlock } from '../../protocol/transaction/block.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import { connect } from '../../pxe/node/connect.ts';
import {
  byteNeedles,
  findNeedles,
  type Haystack,
  type Needle,
  numberNeedles,
  textNeedles,
} from '../support/wallet/canary.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/wallet/recording-proxy.ts';

const PASSPHRASE = 'canary: correct horse battery staple';
const DEPOSIT = 98_765_432_109_876_543_210n;
/** Above 2^64, so that it cannot be anywhere by chance. */
const TRANSFER = 31_415_926_535_897_932_384n;
const WITHDRAWAL = 10n ** 18n;

const directory = mkdtempSync(join(tmpdir(), 'azalea-canary-'));
const ownTmp = process.env.TMPDIR;
const seeds = {
  alice: Buffer.from('a11ce5eedf00dfacec0ffee123456789abcdef0123456789fedcba9876543210', 'hex'),
  bob: Buffer.from('b0b5eed0badcafe1deadbeef55aa55aa7766554433221100ffeeddccbbaa9988', 'hex'),
};

let net: Devnet;
let azalea: Azalea;
let toSequencer: RecordingProxy;
let toL1: RecordingProxy;
let haystacks: Haystack[];
const log: Buffer[] = [];

function everyFile(folder: string): Haystack[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: `file ${path.slice(directory.length + 1)}`, bytes: readFileSync(path) }));
}

/** Calldata and logs of everything on L1. */
async function everythingOnL1(): Promise<Haystack[]> {
  const parts: Buffer[] = [];
  const head = await net.client.getBlockNumber();
  for (let blockNumber = 0n; blockNumber <= head; blockNumber++) {
    const block = await net.client.getBlock({ blockNumber, includeTransactions: true });
    for (const { input, hash } of block.transactions) {
      parts.push(Buffer.from(input.slice(2), 'hex'));
      const { logs } = await net.client.getTransactionReceipt({ hash });
      for (const { data, topics } of logs) {
        parts.push(Buffer.from([data, ...topics].map((part) => part.slice(2)).join(''), 'hex'));
      }
    }
  }
  return [{ name: 'L1', bytes: Buffer.concat(parts) }];
}

async function scenario(): Promise<void> {
  const { accounts } = azalea;
  const alice = await accounts.import(seedToText(seeds.alice), 'canary-alice');
  const bob = await accounts.import(seedToText(seeds.bob), 'canary-bob');
  const credits = await azalea.programs.load(await programSource('credits'));
  const deposit = await azalea.bridge.depositEth(alice, DEPOSIT, net.wallet(net.accounts[0]));
  await azalea.waitForDeposit(alice, deposit, { pollMs: 200 });
  const settle = async (from: ClientAccount, call: ReturnType<(typeof credits.functions)[string]>) =>
    (await call.send({ from })).wait('settled');
  await settle(alice, credits.functions.transfer({ atLeast: TRANSFER }, bob.address, TRANSFER));
  const receiver = BigInt(net.accounts[3].address);
  await settle(bob, credits.functions.withdraw({ atLeast: WITHDRAWAL }, receiver, WITHDRAWAL));
  assert.equal(azalea.balance(bob, credits, 'credits'), TRANSFER - WITHDRAWAL);
}

describe('secrets stay in the wallet', { timeout: 800_000 }, () => {
  before(async () => {
    // Everything that any part writes to disk lands here.
    process.env.TMPDIR = directory;
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        log.push(Buffer.from(chunk));
        done();
      },
    });
    net = await startDevnet({
      circuits: ['transition-small', 'state-update-small'],
      software: 'canary',
      // Nothing is redacted here: what is logged is seen.
      log: pino({ level: 'trace' }, stream),
    });
    toSequencer = await startRecordingProxy(net.service.url);
    toL1 = await startRecordingProxy(net.l1Url);
    azalea = await connect({
      sequencer: toSequencer.url,
      l1: toL1.url,
      store: join(directory, 'pxe'),
      passphrase: PASSPHRASE,
      pollMs: 200,
    });
    await scenario();
    haystacks = [
      { name: 'requests to the sequencer', bytes: toSequencer.sent() },
      { name: 'answers of the sequencer', bytes: toSequencer.received() },
      { name: 'requests to L1', bytes: toL1.sent() },
      { name: 'answers of L1', bytes: toL1.received() },
      { name: "the sequencer's log", bytes: Buffer.concat(log) },
      ...everyFile(directory),
      ...(await everythingOnL1()),
    ];
  });
  after(async () => {
    await azalea?.close();
    await toSequencer?.close();
    await toL1?.close();
    await net?.close();
    if (ownTmp === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = ownTmp;
    rmSync(directory, { recursive: true, force: true });
  });

  test('the search sees what is public', async () => {
    const names = haystacks.map(({ name }) => name);
    assert.ok(names.includes('file pxe/data.mdb'), names.join());
    assert.ok(
      names.some((name) => /^file azalea-sequencer-.*data\.mdb$/.test(name)),
      names.join(),
    );
    const alice = azalea.accounts.get('canary-alice');
    const [deposited] = azalea.records(alice, { all: true });
    const found = findNeedles(haystacks, numberNeedles('commitment', deposited.commitment));
    assert.ok(found.includes('commitment (hex, big-endian) in answers of the sequencer'), found.join());
    const nullifiers = azalea.pxe.records.all(azalea.addressOf(alice)).map(({ nullifier }) => nullifier);
    const spent = findNeedles(haystacks, numberNeedles('nullifier', nullifiers[0]));
    assert.ok(spent.includes('nullifier (hex, big-endian) in requests to the sequencer'), spent.join());
    assert.ok(spent.includes('nullifier (raw, big-endian) in L1'), spent.join());
    assert.ok(haystacks.find(({ name }) => name === "the sequencer's log")!.bytes.length > 1000);
  });

  test('no key, passphrase, blind or shared secret is anywhere', async () => {
    const needles: Needle[] = [
      ...textNeedles('passphrase', PASSPHRASE),
      ...byteNeedles('L1 key of the depositor', Buffer.from(net.accounts[0].privateKey.slice(2), 'hex')),
      ...byteNeedles('L1 key of the proposer', Buffer.from(net.proposer.privateKey.slice(2), 'hex')),
    ];
    const settled = await readEvents(net.client, net.rollup, 0, Number(await net.client.getBlockNumber()));
    const transitions = settled.blocks.flatMap(({ bytes }) => decodeBlock(bytes).transitions);
    assert.equal(transitions.length, 2);
    for (const alias of ['canary-alice', 'canary-bob']) {
      const { keys } = azalea.pxe.keys.byAlias(alias);
      const add = (name: string, value: bigint): unknown =>
        needles.push(...numberNeedles(`${name} of ${alias}`, value));
      needles.push(...byteNeedles(`seed of ${alias}`, keys.seed));
      add('sk_sig', keys.skSig);
      add('r_sig', keys.rSig);
      add('sk_prf', keys.computeKey.skPrf);
      add('view key', keys.viewKey);
      add('pk_sig.x', keys.computeKey.pkSig.x);
      add('pr_sig.x', keys.computeKey.prSig.x);
      const compute = [keys.computeKey.pkSig.x, keys.computeKey.prSig.x, keys.computeKey.skPrf].map(
        fieldToBytes,
      );
      needles.push(...byteNeedles(`compute key of ${alias}`, Buffer.concat(compute)));
      const owned = azalea.pxe.records.all(keys.address.x);
      assert.ok(owned.length >= 2);
      for (const { preimage, commitment } of owned) {
        add('blind of a record', preimage.blind);
        const gamma = gammaOf(keys.skSig, commitment);
        add('gamma.x of a record', gamma.x);
        add('gamma.y of a record', gamma.y);
      }
      for (const { signals } of transitions) {
        // Signals in order: anchorRoot, 2 nullifiers, 2 commitments, tpk.x, R.x (specification, section 6).
        const [, , , , , tpk, r] = signals;
        const tvk = recoverTvk(keys.viewKey, tpk);
        add('tvk', tvk);
        add('r_out', encryptionScalar(tvk));
        add('S of an output', incomingSecret(keys.viewKey, r));
        add('shared point', mulPoint(keys.address, encryptionScalar(tvk)).x);
      }
    }
    assert.deepEqual(findNeedles(haystacks, needles), []);
  });

  test('nor who paid whom, how much, and with which function', async () => {
    const credits = compileProgram(await programSource('credits'));
    const needles: Needle[] = [
      ...numberNeedles('address of alice', azalea.addressOf(azalea.accounts.get('canary-alice'))),
      ...numberNeedles('address of bob', azalea.addressOf(azalea.accounts.get('canary-bob'))),
      ...numberNeedles('amount sent', TRANSFER),
      ...numberNeedles('change of alice', DEPOSIT - TRANSFER),
      ...numberNeedles('change of bob', TRANSFER - WITHDRAWAL),
      ...numberNeedles('the function transfer', credits.functions.get('transfer')!.functionId),
      ...numberNeedles('the function withdraw', credits.functions.get('withdraw')!.functionId),
      ...textNeedles('alias', 'canary-alice'),
    ];
    assert.deepEqual(findNeedles(haystacks, needles), []);
  });

  test("nor does the wallet's store tell which records it owns", async () => {
    const store = haystacks.filter(({ name }) => name.startsWith('file pxe/'));
    const nullifiers = ['canary-alice', 'canary-bob'].flatMap((alias) =>
      azalea.pxe.records.all(azalea.addressOf(azalea.accounts.get(alias))).map(({ nullifier }) => nullifier),
    );
    const needles = nullifiers.flatMap((nullifier) => numberNeedles(fieldToHex(nullifier), nullifier));
    assert.deepEqual(findNeedles(store, needles), []);
  });
});
