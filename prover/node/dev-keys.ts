/**
 * Development keys: built from secrets that lie on disk (INSECURE by construction), cached by SRS and circuit. See
 * docs/keys.md.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzaleaError } from '../../protocol/errors.ts';
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
import { readR1cs } from '../r1cs.ts';
import { cacheDirectory } from './cache-directory.ts';
import { ensureCachedDirectory } from './cached-directory.ts';
import { type CompiledCircuit, compileCircuit } from './compile.ts';
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

/** A circuit with its key, on disk. */
export interface CircuitKey {
  readonly circuit: CompiledCircuit;
  readonly info: KeyInfo;
  readonly verificationKey: VerificationKey;
  readonly zkeyFile: string;
  readonly verificationKeyFile: string;
  /** Whether this call built the key. */
  readonly built: boolean;
}

/**
 * Compiles the circuits of circuits/main/ and makes their development keys, or finds both in the cache. Compiles two at a
 * time and builds keys meanwhile.
 * @throws CIRCUIT_*, CACHE_UNWRITABLE, DEV_SRS_MALFORMED, KEY_AT_INFINITY
 */
export async function ensureDevKeys(
  names: readonly string[],
  options: SetupOptions = {},
): Promise<CircuitKey[]> {
  const report = (event: SetupEvent): void => options.onProgress?.(event);
  const waiting = [...names];
  const compiled = new Map<string, ReturnType<typeof Promise.withResolvers<CompiledCircuit>>>(
    names.map((name) => [name, Promise.withResolvers<CompiledCircuit>()]),
  );
  for (const { promise } of compiled.values()) promise.catch(() => undefined);
  const compileNext = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const circuit = name;
      try {
        report({ circuit, stage: 'compile', fraction: 0 });
        const result = await compileCircuit(circuit, {
          cache: options.cache,
          signal: options.signal,
          onProgress: ({ fraction }) => fraction < 1 && report({ circuit, stage: 'compile', fraction }),
        });
        report({ circuit, stage: 'compile', fraction: 1, cached: !result.built });
        compiled.get(circuit)!.resolve(result);
      } catch (error) {
        compiled.get(circuit)!.reject(error);
        throw error;
      }
    }
  };
  const compiling = Promise.all([compileNext(), compileNext()]);
  const builder = new DevKeyBuilder(options);
  try {
    const keys = new Map<string, CircuitKey>();
    const pending = new Map([...compiled].map(([name, { promise }]) => [name, promise.then(() => name)]));
    while (pending.size > 0) {
      const name = await Promise.race(pending.values());
      pending.delete(name);
      keys.set(name, await builder.build(await compiled.get(name)!.promise));
    }
    await compiling;
    return names.map((name) => keys.get(name)!);
  } finally {
    waiting.length = 0;
    await builder.close();
    await compiling.catch(() => undefined);
  }
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
    const { onProgress, signal } = this.#options;
    const cache = this.#options.cache ?? cacheDirectory();
    const srs = await (this.#srs ??= loadDevSrs(cache));
    const directory = join(
      cache,
      'keys',
      `${circuit.name}-${srs.id.slice(0, 10)}-${circuit.hash.slice(0, 20)}-v${FORMAT}`,
    );
    const report = (fraction: number, cached = false): void =>
      onProgress?.({ circuit: circuit.name, stage: 'key', fraction, cached });
    report(0);
    const { built } = await ensureCachedDirectory({
      directory,
      signal,
      build: (temporary) => this.#write(circuit, srs, temporary, report),
    });
    report(1, !built);
    return { ...(await readCircuitKey(circuit, directory)), built };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = undefined;
  }

  async #write(
    circuit: CompiledCircuit,
    srs: DevSrs,
    directory: string,
    report: (fraction: number) => void,
  ): Promise<void> {
    const engine = await (this.#engine ??= bn254Blueprint().then(Bn254Engine.create));
    const pool = (this.#pool ??= new PointsPool(this.#options.threads ?? 2, engine.blueprint));
    const r1cs = readR1cs(new Uint8Array(await readFile(circuit.r1csFile)));
    const secrets = keySecrets(srs, circuit.hash);
    const qap = evaluateQap(engine, r1cs, secrets);
    const fixed1 = concat([secrets.alpha, secrets.beta, secrets.delta].map(scalarToBytes));
    const fixed2 = concat([secrets.beta, secrets.gamma, secrets.delta].map(scalarToBytes));

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
    const [single1, single2, a, b1, c, h, ic, b2] = await Promise.all([
      pool.multiply('g1', fixed1),
      pool.multiply('g2', fixed2),
      g1(qap.a),
      g1(qap.b),
      g1(qap.c),
      g1(qap.h),
      g1(qap.ic),
      pool.multiply('g2', qap.b, onPoints),
    ]);
    const third = <T extends Uint8Array>(points: T, index: number) =>
      points.subarray((index * points.length) / 3, ((index + 1) * points.length) / 3);
    const points: ZkeyPoints = {
      alpha1: third(single1, 0),
      beta1: third(single1, 1),
      delta1: third(single1, 2),
      beta2: third(single2, 0),
      gamma2: third(single2, 1),
      delta2: third(single2, 2),
      ...{ a, b1, b2, c, h, ic },
    };
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
    const label = new TextEncoder().encode(`INSECURE development key, SRS ${srs.id}`);
    await writeFileParts(join(directory, 'circuit.zkey'), zkeySections(engine, r1cs, points, label));
    await writeFile(
      join(directory, 'verification-key.json'),
      `${JSON.stringify(verificationKey, null, 2)}\n`,
    );
    await writeFile(join(directory, 'key.json'), `${JSON.stringify(info, null, 2)}\n`);
  }
}

/** Reads a key's small files. */
export async function readCircuitKey(
  circuit: CompiledCircuit,
  directory: string,
): Promise<Omit<CircuitKey, 'built'>> {
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
  return { circuit, info, verificationKey, zkeyFile: join(directory, 'circuit.zkey'), verificationKeyFile };
}

function exportVerificationKey(engine: Bn254Engine, points: ZkeyPoints): VerificationKey {
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
