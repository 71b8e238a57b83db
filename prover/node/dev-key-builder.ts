/** Builds development keys one after another: the whole key, or the verification key alone. See docs/keys.md. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzaleaError } from '../../protocol/errors.ts';
import { bn254Module } from '../kernels/bn254.ts';
import { bn254Blueprint } from '../keys/bn254-blueprint.ts';
import { Bn254Engine, FIELD_BYTES, G1_BYTES, scalarToBytes } from '../keys/bn254-engine.ts';
import { type DevSrs, keySecrets } from '../keys/dev-srs.ts';
import { evaluateQap } from '../keys/qap.ts';
import {
  assertNoInfinity,
  type G1Json,
  type G2Json,
  type KeyInfo,
  type VerificationKey,
} from '../keys/verification-key.ts';
import { type ZkeyPoints, zkeySections } from '../keys/zkey.ts';
import { type R1cs, readR1cs } from '../r1cs.ts';
import { cacheDirectory } from './cache-directory.ts';
import { ensureCachedDirectory, isIntact } from './cached-directory.ts';
import type { CompiledCircuit } from './compile.ts';
import { loadDevSrs } from './dev-srs-file.ts';
import { POINT_COST, PointsPool } from './points-pool.ts';

/** Changes whenever keys of the same circuit and SRS would come out differently. */
const FORMAT = 1;

export interface SetupEvent {
  readonly circuit: string;
  readonly stage: 'compile' | 'key';
  /** 0..1, never falling. */
  readonly fraction: number;
  /** True with fraction 1 when nothing had to be built. */
  readonly cached?: boolean;
}

export interface SetupOptions {
  readonly cache?: string;
  /** Threads that make points; 2 by default. */
  readonly threads?: number;
  readonly onProgress?: (event: SetupEvent) => void;
  readonly signal?: AbortSignal;
}

/** A circuit with its verification key: enough to deploy with and to verify. */
export interface PublicCircuitKey {
  readonly circuit: CompiledCircuit;
  readonly info: KeyInfo;
  readonly verificationKey: VerificationKey;
  readonly verificationKeyFile: string;
  /** True if this call built the key. */
  readonly built: boolean;
}

/** A circuit with its key, on disk. */
export interface CircuitKey extends PublicCircuitKey {
  readonly zkeyFile: string;
}

/** Builds keys one after another, with warm threads. Close it. */
export class DevKeyBuilder {
  readonly #options: SetupOptions;
  #engine: Promise<Bn254Engine> | undefined;
  #pool: PointsPool | undefined;
  #srs: Promise<DevSrs> | undefined;

  constructor(options: SetupOptions = {}) {
    this.#options = options;
  }

  /** Makes or finds the key of a compiled circuit. One at a time. */
  async build(circuit: CompiledCircuit): Promise<CircuitKey> {
    const { srs, directory, report } = await this.#open(circuit);
    report(0);
    const { built } = await ensureCachedDirectory({
      directory,
      signal: this.#options.signal,
      build: (temporary) => this.#write(circuit, srs, temporary, report),
    });
    report(1, !built);
    return { ...(await readCircuitKey(circuit, directory)), built };
  }

  /**
   * Makes or finds the verification key alone, in a fraction of the time. A later `build` of the same circuit and SRS gives
   * the same key: every secret in it, delta included, follows from the SRS's secrets and the circuit's hash.
   */
  async buildVerificationKey(circuit: CompiledCircuit): Promise<PublicCircuitKey> {
    const { srs, directory, report } = await this.#open(circuit);
    if (await isIntact(directory)) {
      report(1, true);
      return { ...(await readCircuitKey(circuit, directory)), built: false };
    }
    const alone = `${directory}-verification`;
    report(0);
    const { built } = await ensureCachedDirectory({
      directory: alone,
      signal: this.#options.signal,
      build: async (temporary) => {
        const { engine, pool, r1cs, qap, fixed } = await this.#prepare(circuit, srs);
        report(0.5);
        const points = { ...(await fixed()), ic: await pool.multiply('g1', qap.ic) };
        await writePublicFiles(temporary, engine, { circuit, srs, r1cs, points });
      },
    });
    report(1, !built);
    return { ...(await readPublicKey(circuit, alone)), built };
  }

  async #open(circuit: CompiledCircuit): Promise<{
    srs: DevSrs;
    directory: string;
    report: (fraction: number, cached?: boolean) => void;
  }> {
    const cache = this.#options.cache ?? cacheDirectory();
    const srs = await (this.#srs ??= loadDevSrs(cache));
    const name = `${circuit.name}-${srs.id.slice(0, 10)}-${circuit.hash.slice(0, 20)}-v${FORMAT}`;
    return {
      srs,
      directory: join(cache, 'keys', name),
      report: (fraction, cached = false) =>
        this.#options.onProgress?.({ circuit: circuit.name, stage: 'key', fraction, cached }),
    };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = undefined;
  }

  /** The circuit's QAP at tau, and a function for the points that every key has. */
  async #prepare(circuit: CompiledCircuit, srs: DevSrs) {
    const engine = await (this.#engine ??= bn254Blueprint().then(Bn254Engine.create));
    const pool = (this.#pool ??= new PointsPool(this.#options.threads ?? 2, await bn254Module()));
    const r1cs = readR1cs(new Uint8Array(await readFile(circuit.r1csFile)));
    const secrets = keySecrets(srs, circuit.hash);
    const qap = evaluateQap(engine, r1cs, secrets);
    const { alpha, beta, gamma, delta } = secrets;
    const fixed = async () => {
      const [g1, g2] = await Promise.all([
        pool.multiply('g1', concat([alpha, beta, delta].map(scalarToBytes))),
        pool.multiply('g2', concat([beta, gamma, delta].map(scalarToBytes))),
      ]);
      const third = <T extends Uint8Array>(points: T, index: number) =>
        points.subarray((index * points.length) / 3, ((index + 1) * points.length) / 3);
      return {
        alpha1: third(g1, 0),
        beta1: third(g1, 1),
        delta1: third(g1, 2),
        beta2: third(g2, 0),
        gamma2: third(g2, 1),
        delta2: third(g2, 2),
      };
    };
    return { engine, pool, r1cs, qap, fixed };
  }

  async #write(
    circuit: CompiledCircuit,
    srs: DevSrs,
    directory: string,
    report: (fraction: number) => void,
  ): Promise<void> {
    const { engine, pool, r1cs, qap, fixed } = await this.#prepare(circuit, srs);
    const scalars1 = [qap.a, qap.b, qap.c, qap.h, qap.ic].reduce((sum, s) => sum + s.length / FIELD_BYTES, 0);
    const total = scalars1 + (qap.b.length / FIELD_BYTES) * POINT_COST.g2;
    let done = 0;
    const onPoints = (cost: number): void => {
      this.#options.signal?.throwIfAborted();
      done += cost;
      // Writing the file is the last twentieth.
      report(Math.min(0.95, (0.95 * done) / total));
    };
    const g1 = (scalars: Uint8Array<ArrayBuffer>) => pool.multiply('g1', scalars, onPoints);
    const [single, a, b1, c, h, ic, b2] = await Promise.all([
      fixed(),
      g1(qap.a),
      g1(qap.b),
      g1(qap.c),
      g1(qap.h),
      g1(qap.ic),
      pool.multiply('g2', qap.b, onPoints),
    ]);
    const points: ZkeyPoints = { ...single, a, b1, b2, c, h, ic };
    const label = new TextEncoder().encode(`INSECURE development key, SRS ${srs.id}`);
    await writeFileParts(join(directory, 'circuit.zkey'), zkeySections(engine, r1cs, points, label));
    await writePublicFiles(directory, engine, { circuit, srs, r1cs, points });
  }
}

type PublicPoints = Pick<ZkeyPoints, 'alpha1' | 'beta2' | 'gamma2' | 'delta2' | 'ic'>;

async function writePublicFiles(
  directory: string,
  engine: Bn254Engine,
  {
    circuit,
    srs,
    r1cs,
    points,
  }: {
    readonly circuit: CompiledCircuit;
    readonly srs: DevSrs;
    readonly r1cs: R1cs;
    readonly points: PublicPoints;
  },
): Promise<void> {
  const verificationKey = exportVerificationKey(engine, points);
  assertNoInfinity(circuit.name, verificationKey);
  const info: KeyInfo = {
    circuit: circuit.name,
    circuitHash: circuit.hash,
    srsId: srs.id,
    insecure: true,
    constraints: r1cs.constraints,
    publicSignals: r1cs.publicSignals,
  };
  await writeFile(join(directory, 'verification-key.json'), `${JSON.stringify(verificationKey, null, 2)}\n`);
  await writeFile(join(directory, 'key.json'), `${JSON.stringify(info, null, 2)}\n`);
}

/** Reads a key's small files. @throws KEY_AT_INFINITY, KEY_OF_OTHER_CIRCUIT */
export async function readCircuitKey(
  circuit: CompiledCircuit,
  directory: string,
): Promise<Omit<CircuitKey, 'built'>> {
  return { ...(await readPublicKey(circuit, directory)), zkeyFile: join(directory, 'circuit.zkey') };
}

async function readPublicKey(
  circuit: CompiledCircuit,
  directory: string,
): Promise<Omit<PublicCircuitKey, 'built'>> {
  const verificationKeyFile = join(directory, 'verification-key.json');
  const info = JSON.parse(await readFile(join(directory, 'key.json'), 'utf8')) as KeyInfo;
  const verificationKey = JSON.parse(await readFile(verificationKeyFile, 'utf8')) as VerificationKey;
  assertNoInfinity(circuit.name, verificationKey);
  if (info.circuitHash !== circuit.hash) {
    throw new AzaleaError(
      'KEY_OF_OTHER_CIRCUIT',
      `the key in ${directory} belongs to another version of ${circuit.name}; build the keys again`,
      { circuit: circuit.name },
    );
  }
  return { circuit, info, verificationKey, verificationKeyFile };
}

function exportVerificationKey(engine: Bn254Engine, points: PublicPoints): VerificationKey {
  const decode = (point: Uint8Array): string[] => engine.decodeCoordinates(point).map(String);
  const atInfinity = (point: Uint8Array): boolean => point.every((byte) => byte === 0);
  const g1 = (point: Uint8Array): G1Json => {
    const [x, y] = decode(point);
    return atInfinity(point) ? ['0', '1', '0'] : [x!, y!, '1'];
  };
  const g2 = (point: Uint8Array): G2Json => {
    const [x0, x1, y0, y1] = decode(point);
    return [
      [x0!, x1!],
      [y0!, y1!],
      [atInfinity(point) ? '0' : '1', '0'],
    ];
  };
  const IC: G1Json[] = [];
  for (let at = 0; at < points.ic.length; at += G1_BYTES) IC.push(g1(points.ic.slice(at, at + G1_BYTES)));
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: IC.length - 1,
    vk_alpha_1: g1(points.alpha1.slice()),
    vk_beta_2: g2(points.beta2.slice()),
    vk_gamma_2: g2(points.gamma2.slice()),
    vk_delta_2: g2(points.delta2.slice()),
    IC,
  };
}

async function writeFileParts(file: string, parts: Iterable<Uint8Array>): Promise<void> {
  const stream = createWriteStream(file);
  const finished = once(stream, 'finish');
  for (const part of parts) {
    if (!stream.write(part)) await Promise.race([once(stream, 'drain'), finished]);
  }
  stream.end();
  await finished;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
