/** A complete sequencer process: keys, prover, L1, HTTP. `main.ts` and the devnet start it. */
import { type AddressInfo, isIP } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { portUnavailable } from '../../host/port-unavailable.ts';
import { softwareBuild } from '../../host/software.ts';
import type { KeyName } from '../../l1/verification-key.ts';
import { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CircuitKey, PublicCircuitKey } from '../../prover/node/dev-key-builder.ts';
import { RapidsnarkProver } from '../../prover/node/rapidsnark-prover.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import type { Prover } from '../../prover/prover.ts';
import { VERIFICATION_QUEUE, VerificationQueue } from '../admission/verification-queue.ts';
import { WorkerVerifier } from '../admission/worker-verifier.ts';
import { Groth16StateProver } from '../build/groth16-state-prover.ts';
import { type ArtifactFile, Artifacts } from '../http/artifacts.ts';
import { type MetricsServer, serveMetrics } from '../http/metrics-server.ts';
import { createServer } from '../http/server.ts';
import { checkKeys } from '../keys/check-keys.ts';
import { type LaterKey, ProvingKeys } from '../keys/proving-keys.ts';
import { ViemL1 } from '../l1/viem.ts';
import { makeDirectory } from '../state/store.ts';
import type { SequencerConfig } from './config.ts';
import { createLog, type LogLevel } from './log.ts';
import { Metrics } from './metrics.ts';
import { Sequencer } from './sequencer.ts';

/** Circuits whose keys a sequencer needs: state updates to prove, transitions to verify and to hand to clients. */
export const SEQUENCER_CIRCUITS = [
  'transition-small',
  'transition-large',
  'state-update-small',
  'state-update-large',
] as const;

/** Milliseconds that pending requests get to finish when the service closes. */
const CLOSE_PATIENCE_MS = 5_000;

export interface ServiceOptions {
  readonly config: SequencerConfig;
  /** Keys on disk: all that the rollup has, of SEQUENCER_CIRCUITS. */
  readonly keys: readonly CircuitKey[];
  /** Keys of which only the verification part is there: the proving part is made when a client asks for it. */
  readonly laterKeys?: readonly LaterCircuitKey[];
  /** Name and version, for /info. */
  readonly software: string;
}

/** A verification key on disk, and how its proving key is made. */
export interface LaterCircuitKey {
  readonly key: PublicCircuitKey;
  readonly build: LaterKey['build'];
}

export interface ServiceDependencies {
  readonly log?: Logger;
  /** Closed with the service. Default: as configured. */
  readonly prover?: Prover;
}

export interface SequencerService {
  readonly url: string;
  /** URL of /metrics; undefined: beside the API. */
  readonly metricsUrl: string | undefined;
  readonly sequencer: Sequencer;
  /** Resolves after `close`; rejects when the sequencer cannot continue (STORE_FOREIGN, KEY_MISMATCH, ...). */
  readonly finished: Promise<void>;
  /** Finishes pending requests, parks the current block on disk, closes everything. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts serving at once; waits for L1 in the background (see /health).
 * @throws AzaleaError STORE_UNUSABLE, PORT_UNAVAILABLE
 */
export async function startService(
  options: ServiceOptions,
  dependencies: ServiceDependencies = {},
): Promise<SequencerService> {
  const { config, keys } = options;
  const log = dependencies.log ?? createLog(config.logLevel as LogLevel);
  const prover = dependencies.prover ?? proverOf(config, keys);
  const later = options.laterKeys ?? [];
  const verificationKeys = new Map(
    [...keys, ...later.map(({ key }) => key)].map((key) => [key.circuit.name, key.verificationKey]),
  );
  const names = new Map(Object.entries(KEY_ID).map(([name, id]) => [id as number, name as KeyName]));
  makeDirectory(config.dataDirectory);
  const artifacts = await Artifacts.open(
    [...keys.flatMap(artifactFiles), ...later.flatMap(({ key }) => publicFiles(key))],
    join(config.dataDirectory, 'artifact-hashes.json'),
  );
  const metrics = new Metrics(softwareBuild());
  const provingKeys = new ProvingKeys(
    {
      ready: keys.map((key) => key.circuit.name),
      later: later.map(({ key, build }) => ({ circuit: key.circuit.name, build })),
    },
    { log, onMade: (key) => artifacts.add(artifactFiles(key)) },
  );
  const sequencer = new Sequencer(
    { ...config, software: options.software },
    {
      l1: new ViemL1({
        url: config.l1Url,
        rollup: config.rollup,
        proposerKey: config.proposerKey,
        logRange: config.l1LogRange,
      }),
      verifier: new VerificationQueue(VERIFICATION_QUEUE, {
        verifier: new WorkerVerifier({ keys: verificationKeys }),
      }),
      prover: new Groth16StateProver({ prover }),
      metrics,
      log,
      artifacts,
      provingKeys,
      checkKeys: (info) => checkKeys(info, verificationKeys, names),
    },
  );
  const server = await createServer(
    {
      bodyBytes: config.bodyBytes,
      corsOrigin: config.corsOrigin,
      submissionsPerMinute: config.submissionsPerMinute,
      downloadsPerMinute: config.downloadsPerMinute,
      trustProxy: config.trustProxy,
      metricsBesideApi: config.metricsPort < 0,
    },
    { backend: sequencer, artifacts, metrics, log },
  );
  let metricsServer: MetricsServer | undefined;
  try {
    if (config.metricsPort >= 0) {
      metricsServer = await serveMetrics(metrics, config.metricsHost, config.metricsPort);
      log.info({ url: metricsServer.url }, 'serving metrics');
    }
    await server.listen({ host: config.host, port: config.port });
  } catch (cause) {
    await metricsServer?.close();
    await sequencer.stop();
    throw cause instanceof AzaleaError
      ? cause
      : portUnavailable(config.host, config.port, 'port', cause as NodeJS.ErrnoException);
  }
  const { address, port } = server.server.address() as AddressInfo;
  const url = `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  log.info({ url }, 'listening');
  const finished = sequencer.run();
  finished.catch(() => {});
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // A download that does not end must not keep the process.
    const impatience = setTimeout(() => server.server.closeAllConnections(), CLOSE_PATIENCE_MS);
    await server.close();
    await metricsServer?.close();
    clearTimeout(impatience);
    await provingKeys.close();
    await sequencer.stop();
    log.info('stopped');
  };
  return { url, metricsUrl: metricsServer?.url, sequencer, finished, close: () => (closing ??= close()) };
}

function proverOf(config: SequencerConfig, keys: readonly CircuitKey[]): Prover {
  return config.rapidsnark === ''
    ? new SnarkjsProver({ keys, processes: config.proofWorkers })
    : new RapidsnarkProver({ keys, command: [config.rapidsnark] });
}

/** The files of a circuit that clients may fetch. Never anything else from the key directory. */
function artifactFiles(key: CircuitKey): ArtifactFile[] {
  const { name } = key.circuit;
  return [
    { name: `${name}.zkey`, circuit: name, kind: 'proving-key', path: key.zkeyFile },
    ...publicFiles(key),
  ];
}

function publicFiles(key: PublicCircuitKey): ArtifactFile[] {
  const { name, wasmFile } = key.circuit;
  return [
    { name: `${name}.wasm`, circuit: name, kind: 'witness-generator', path: wasmFile },
    { name: `${name}.vkey.json`, circuit: name, kind: 'verification-key', path: key.verificationKeyFile },
  ];
}
