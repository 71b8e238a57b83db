/** Verification beside the sequencer's own thread: bounded, fair to senders, and it survives its thread. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildBn128 } from 'ffjavascript';
import type { VerificationKey } from '../../../prover/keys/verification-key.ts';
import { encodeProof } from '../../../prover/proof.ts';
import type { BatchVerifier, ProofClaim } from '../../../sequencer/admission/proof-verifier.ts';
import { VerificationQueue } from '../../../sequencer/admission/verification-queue.ts';
import { WorkerVerifier } from '../../../sequencer/admission/worker-verifier.ts';

const claim = (n: number, keyId = 0): ProofClaim => ({
  keyId,
  publicSignals: [BigInt(n)],
  proof: new Uint8Array(256),
});

/** Says yes to even claims, when told to. */
class SlowVerifier implements BatchVerifier {
  readonly keyIds = new Set([0]);
  readonly batches: number[][] = [];
  #answers: (() => void)[] = [];
  failing = false;

  verifyBatch(claims: readonly ProofClaim[]): Promise<readonly boolean[]> {
    const numbers = claims.map(({ publicSignals }) => Number(publicSignals[0]));
    this.batches.push(numbers);
    return new Promise((resolve, reject) => {
      this.#answers.push(() =>
        this.failing ? reject(new Error('broken')) : resolve(numbers.map((n) => n % 2 === 0)),
      );
    });
  }

  async answer(): Promise<void> {
    for (const answer of this.#answers.splice(0)) answer();
    await sleep(0);
  }

  async close(): Promise<void> {
    this.failing = true;
    await this.answer();
  }
}

test('a lone claim is verified at once; what comes meanwhile is the next batch; verdicts go to their claims', async () => {
  const verifier = new SlowVerifier();
  const queue = new VerificationQueue({ places: 10, perSender: 10, batch: 3 }, { verifier });
  const verdicts = [1, 2, 3, 4, 5].map((n) => queue.verify(claim(n), `s${n}`));
  assert.deepEqual(verifier.batches, [[1]]);
  await verifier.answer();
  assert.deepEqual(verifier.batches, [[1], [2, 3, 4]]);
  await verifier.answer();
  await verifier.answer();
  assert.deepEqual(await Promise.all(verdicts), [false, true, false, true, false]);
});

test('a sender has a limited share of a batch with others, and all of one without', async () => {
  const verifier = new SlowVerifier();
  const options = { places: 20, perSender: 20, batch: 8, perSenderInBatch: 2 };
  const queue = new VerificationQueue(options, { verifier });
  const first = queue.verify(claim(0), 'x');
  const verdicts = [1, 2, 3, 4, 5, 6].map((n) => queue.verify(claim(n), 'many'));
  verdicts.push(queue.verify(claim(7), 'few'));
  await verifier.answer();
  assert.deepEqual(verifier.batches, [[0], [1, 7, 2]]);
  await verifier.answer();
  assert.deepEqual(verifier.batches.at(-1), [3, 4, 5, 6]);
  await verifier.answer();
  await Promise.all([first, ...verdicts]);
});

test('a lone claim waits for company no longer than 20 ms', async () => {
  const verifier = new SlowVerifier();
  const queue = new VerificationQueue(
    { places: 10, perSender: 10, batch: 3, companyMs: 60_000 },
    { verifier },
  );
  const verdict = queue.verify(claim(2));
  assert.deepEqual(verifier.batches, []);
  await sleep(200);
  assert.deepEqual(verifier.batches, [[2]]);
  await verifier.answer();
  assert.equal(await verdict, true);
});

test('a full queue refuses at once, and one sender gets a part of it only', async () => {
  const verifier = new SlowVerifier();
  const queue = new VerificationQueue({ places: 4, perSender: 3, batch: 1 }, { verifier });
  const flood = [1, 3, 5].map((n) => queue.verify(claim(n), 'flood'));
  await assert.rejects(queue.verify(claim(7), 'flood'), { code: 'SEQUENCER_BUSY' });
  const honest = queue.verify(claim(2), 'honest');
  await assert.rejects(queue.verify(claim(9), 'third'), { code: 'SEQUENCER_BUSY' });
  assert.throws(() => queue.assertRoom('third'), { code: 'SEQUENCER_BUSY' });
  for (let k = 0; k < 4; k++) await verifier.answer();
  assert.equal(await honest, true);
  assert.deepEqual(await Promise.all(flood), [false, false, false]);
  queue.assertRoom('flood');
  await assert.rejects(queue.verify(claim(2, 9)), { code: 'TRANSACTION_KEY_UNKNOWN' });
});

test('each sender has one claim in a batch before any has two', async () => {
  const verifier = new SlowVerifier();
  const queue = new VerificationQueue({ places: 20, perSender: 20, batch: 3 }, { verifier });
  const all = [1, 3, 5, 7, 9].map((n) => queue.verify(claim(n), 'flood'));
  all.push(queue.verify(claim(2), 'a'), queue.verify(claim(4), 'b'));
  for (let k = 0; k < 4; k++) await verifier.answer();
  assert.deepEqual(verifier.batches, [[1], [3, 2, 4], [5, 7, 9]]);
  await Promise.all(all);
});

test('a verifier that fails gives no verdict, and the queue goes on; a closed queue refuses', async () => {
  const verifier = new SlowVerifier();
  const queue = new VerificationQueue({ places: 10, perSender: 10, batch: 1 }, { verifier });
  verifier.failing = true;
  const lost = assert.rejects(queue.verify(claim(2)), /broken/);
  await verifier.answer();
  await lost;
  verifier.failing = false;
  const next = queue.verify(claim(4));
  await verifier.answer();
  assert.equal(await next, true);
  const waiting = [2, 4].map((n) => assert.rejects(queue.verify(claim(n)), { code: 'SEQUENCER_STOPPING' }));
  await queue.close();
  await Promise.all(waiting);
  await assert.rejects(queue.verify(claim(2)), { code: 'SEQUENCER_STOPPING' });
});

const open: WorkerVerifier[] = [];
afterEach(async () => {
  for (const verifier of open.splice(0)) await verifier.close();
});
const inThread = (...options: ConstructorParameters<typeof WorkerVerifier>): WorkerVerifier => {
  const verifier = new WorkerVerifier(...options);
  open.push(verifier);
  return verifier;
};

/** A key whose secrets are known, and the proof of the signal `s`: a * b = alpha * beta + (2 + 3 s) * gamma + c * delta. */
async function knownKey(s: bigint): Promise<{ key: VerificationKey; proof: Uint8Array }> {
  const curve = await buildBn128(true);
  const g1 = (k: bigint) => curve.G1.toObject(curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, k))) as any;
  const g2 = (k: bigint) => curve.G2.toObject(curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, k))) as any;
  const text = (value: any): any => (Array.isArray(value) ? value.map(text) : value.toString());
  const [alpha, beta, gamma, delta] = [5n, 7n, 1n, 1n];
  const a = 1000n;
  const b = 11n;
  const c = a * b - alpha * beta - (2n + 3n * s) * gamma;
  const key = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: 1,
    vk_alpha_1: text(g1(alpha)),
    vk_beta_2: text(g2(beta)),
    vk_gamma_2: text(g2(gamma)),
    vk_delta_2: text(g2(delta)),
    IC: [text(g1(2n)), text(g1(3n))],
  } as unknown as VerificationKey;
  const proof = encodeProof({
    pi_a: text(g1(a)),
    pi_b: text(g2(b)),
    pi_c: text(g1(c)),
    protocol: 'groth16',
    curve: 'bn128',
  } as any);
  return { key, proof };
}

test('the thread says yes to a true proof and no to everything else in the same batch', async () => {
  const { key, proof } = await knownKey(4n);
  const verifier = inThread({ keys: new Map([['transition-small', key]]) });
  assert.deepEqual([...verifier.keyIds], [0]);
  const good: ProofClaim = { keyId: 0, publicSignals: [4n], proof };
  const forged = [
    { ...good, publicSignals: [5n] },
    { ...good, publicSignals: [4n, 0n] },
    { ...good, proof: new Uint8Array(256) },
    { ...good, proof: new Uint8Array(3) },
    { ...good, proof: new Uint8Array(256).fill(255) },
    { ...good, keyId: 1 },
  ];
  const verdicts = await verifier.verifyBatch([good, ...forged, good]);
  assert.deepEqual(verdicts, [true, ...forged.map(() => false), true]);
});

test('a thread that ends or hangs loses its batch only; the environment is not handed to it', async () => {
  const source = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, claims }) => {
      if (claims[0].keyId === 1) process.exit(3);
      if (claims[0].keyId === 2) while (true);
      parentPort.postMessage({ id, verdicts: claims.map(() => process.env.PATH === undefined) });
    });`;
  const script = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const verifier = inThread({ keys: new Map(), timeoutMs: 3000, script });
  assert.deepEqual(await verifier.verifyBatch([claim(1)]), [true]);
  await assert.rejects(verifier.verifyBatch([claim(1, 1)]), /ended/);
  assert.deepEqual(await verifier.verifyBatch([claim(1)]), [true]);
  await assert.rejects(verifier.verifyBatch([claim(1, 2)]), /in time/);
  assert.deepEqual(await verifier.verifyBatch([claim(1)]), [true]);
});
