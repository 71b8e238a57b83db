/// <reference path="../snarkjs.d.ts" />
/**
 * Makes production keys from a powers-of-tau file, with snarkjs: initial key, one contribution of this machine, a beacon.
 * Then it checks the whole transcript against circuit and powers. More contributors take part by running `snarkjs zkey
 * contribute` on the file between the steps; docs/keys.md.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, zKey } from 'snarkjs';
import { AzaleaError } from '../../protocol/errors.ts';
import { assertNoInfinity, type KeyInfo, type VerificationKey } from '../keys/verification-key.ts';
import { readR1cs } from '../r1cs.ts';
import type { CompiledCircuit } from './compile.ts';
import type { CircuitKey } from './dev-key-builder.ts';

export interface CeremonyOptions {
  /** A prepared (phase 2) powers-of-tau file of BN254, large enough for the circuit. */
  readonly ptauFile: string;
  /** Directory for `<circuit>/circuit.zkey`, `verification-key.json` and `key.json`. */
  readonly outputDirectory: string;
  /**
   * Public randomness fixed after the last contribution, such as a block hash announced beforehand; hex. Absent: no beacon.
   */
  readonly beacon?: string;
  readonly contributor?: string;
  readonly onProgress?: (event: {
    readonly circuit: string;
    readonly step: string;
    readonly fraction: number;
  }) => void;
}

/**
 * Makes a circuit's key.
 * @throws CEREMONY_FAILED when the powers are unfit or the result does not verify; KEY_AT_INFINITY
 */
export async function ceremonyKey(circuit: CompiledCircuit, options: CeremonyOptions): Promise<CircuitKey> {
  const { ptauFile, onProgress } = options;
  const directory = join(options.outputDirectory, circuit.name);
  await mkdir(directory, { recursive: true });
  const report = (step: string, fraction: number): void =>
    onProgress?.({ circuit: circuit.name, step, fraction });
  const errors: string[] = [];
  const logger: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message) => void errors.push(String(message)),
  };
  const fail = (step: string, cause?: unknown): never => {
    const why = [...errors, cause instanceof Error ? cause.message : ''].filter(Boolean).join('; ');
    throw new AzaleaError(
      'CEREMONY_FAILED',
      `${circuit.name}: ${step} failed: ${why || 'snarkjs gave no reason'}`,
      {
        circuit: circuit.name,
        step,
      },
    );
  };
  const run = async <T>(step: string, fraction: number, work: () => Promise<T>): Promise<T> => {
    report(step, fraction);
    const result = await work().catch((cause: unknown) => fail(step, cause));
    if (result === -1 || result === false) fail(step);
    return result;
  };
  const file = (name: string): string => join(directory, name);
  const zkeyFile = file('circuit.zkey');
  const initial = file('initial.zkey');
  const contributed = options.beacon ? file('contributed.zkey') : zkeyFile;
  try {
    await run('initial key', 0, () => zKey.newZKey(circuit.r1csFile, ptauFile, initial, logger));
    // The contribution's secret is derived from this and lives only in the call.
    const entropy = randomBytes(64).toString('hex');
    const name = options.contributor ?? 'azalea setup';
    await run('contribution', 0.4, () => zKey.contribute(initial, contributed, name, entropy, logger));
    if (options.beacon) {
      const beacon = options.beacon.replace(/^0x/, '');
      await run('beacon', 0.6, () => zKey.beacon(contributed, zkeyFile, 'beacon', beacon, 10, logger));
    }
    await run('verification', 0.7, () => zKey.verifyFromR1cs(circuit.r1csFile, ptauFile, zkeyFile, logger));
    const exported = await run('export', 0.95, () => zKey.exportVerificationKey(zkeyFile, logger));
    const { protocol, curve, nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC } =
      exported as unknown as VerificationKey;
    const verificationKey = { protocol, curve, nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC };
    assertNoInfinity(circuit.name, verificationKey);
    const r1cs = readR1cs(new Uint8Array(await readFile(circuit.r1csFile)));
    const info: KeyInfo = {
      circuit: circuit.name,
      circuitHash: circuit.hash,
      srsId: `ptau-${await hashFile(ptauFile)}`,
      insecure: false,
      constraints: r1cs.constraints,
      publicSignals: r1cs.publicSignals,
    };
    const verificationKeyFile = file('verification-key.json');
    await writeFile(verificationKeyFile, `${JSON.stringify(verificationKey, null, 2)}\n`);
    await writeFile(file('key.json'), `${JSON.stringify(info, null, 2)}\n`);
    report('done', 1);
    return { circuit, info, verificationKey, zkeyFile, verificationKeyFile, built: true };
  } finally {
    await rm(initial, { force: true });
    if (contributed !== zkeyFile) await rm(contributed, { force: true });
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 32);
}
