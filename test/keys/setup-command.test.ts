import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { curves, type Logger, powersOfTau } from 'snarkjs';
import type { KeyInfo, VerificationKey } from '../../prover/keys/verification-key.ts';
import { compileFile } from '../../prover/node/compile.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';

const SETUP = fileURLToPath(new URL('../../prover/cli/setup.ts', import.meta.url));
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

describe('npm run setup', () => {
  let directory: string;
  let circuits: string[];
  let ptau: string;
  const cache = (): string => join(directory, 'cache');
  const setup = (...args: string[]) =>
    promisify(execFile)(process.execPath, [SETUP, ...args], {
      env: { ...process.env, AZALEA_CACHE_DIR: cache() },
    });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azalea-setup-'));
    circuits = await Promise.all(
      ['square', 'cube'].map(async (name) => {
        const file = join(directory, `${name}.circom`);
        const power = name === 'cube' ? 's * x' : 's';
        await writeFile(
          file,
          `pragma circom 2.2.0; template T() { signal input x; signal output y; signal s <== x * x; y <== ${power}; } component main = T();`,
        );
        return file;
      }),
    );
    // A powers-of-tau file for at most 2^4 constraints, made as a ceremony makes one.
    const curve = await curves.getCurveFromName('bn128');
    const [fresh, contributed] = ['0.ptau', '1.ptau'].map((name) => join(directory, name));
    ptau = join(directory, 'final.ptau');
    await powersOfTau.newAccumulator(curve, 4, fresh!, quiet);
    await powersOfTau.contribute(fresh!, contributed!, 'test', 'entropy of a test', quiet);
    await powersOfTau.preparePhase2(contributed!, ptau, quiet);
    await curve.terminate();
  });
  after(() => rm(directory, { recursive: true }));

  it('makes production keys from powers of tau: contribute, beacon, verify, export', async () => {
    const out = join(directory, 'keys');
    const args = ['--ptau', ptau, '--out', out, '--beacon', '0x0102030405060708', '--circuit', ...circuits];
    const { stdout } = await setup(...args);
    assert.match(stdout, /2 keys of SRS ptau-/);
    assert.doesNotMatch(stdout, /INSECURE/);
    const keys = await Promise.all(
      ['square', 'cube'].map(async (name, index) => ({
        circuit: await compileFile(name, circuits[index]!, { cache: cache() }),
        zkeyFile: join(out, name, 'circuit.zkey'),
        verificationKey: JSON.parse(
          await readFile(join(out, name, 'verification-key.json'), 'utf8'),
        ) as VerificationKey,
        info: JSON.parse(await readFile(join(out, name, 'key.json'), 'utf8')) as KeyInfo,
      })),
    );
    assert.equal(keys[0]!.info.insecure, false);
    assert.equal(keys[0]!.info.srsId, keys[1]!.info.srsId);
    assert.notDeepEqual(keys[0]!.verificationKey.vk_delta_2, keys[1]!.verificationKey.vk_delta_2);
    const prover = new SnarkjsProver({ keys });
    const { publicSignals, proof } = await prover.prove('cube', { x: 5n });
    assert.deepEqual(publicSignals, [125n]);
    assert.equal(await prover.verify('cube', [126n], proof), false);
    await prover.close();
  });

  it('makes development keys by default, says that they are insecure, and finds them again', async () => {
    const first = await setup('--circuit', ...circuits);
    assert.match(first.stdout, /key square: 100 %$/m);
    assert.match(first.stdout, /INSECURE development keys/);
    assert.match((await setup('--circuit', ...circuits)).stdout, /key square: 100 % cached$/m);
  });

  it('says what is wrong with powers that do not fit', async () => {
    await assert.rejects(
      setup('--ptau', circuits[0]!, '--out', join(directory, 'bad'), '--circuit', circuits[0]!),
      {
        code: 1,
        stderr: /CEREMONY_FAILED: square: initial key failed/,
      },
    );
  });

  it('refuses names of circuits that do not exist', async () => {
    await assert.rejects(setup('--circuit', 'no-such-circuit'), { code: 1, stderr: /CIRCUIT_NOT_FOUND/ });
  });
});
