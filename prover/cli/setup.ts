/// <reference path="../../host/cli-progress.d.ts" />
/**
 * `npm run setup`: compiles the circuits and makes development keys, with progress bars.
 * `npm run setup -- --ptau FILE [--out DIR] [--beacon HEX]`: production keys from a powers-of-tau file.
 */
import { MultiBar, type SingleBar } from 'cli-progress';
import { Command } from 'commander';
import type { KEY_ID } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { printable } from '../../protocol/printable.ts';
import { assertJoinable } from '../keys/verification-key.ts';
import { cacheDirectory } from '../node/cache-directory.ts';
import { ceremonyKey } from '../node/ceremony.ts';
import { compileCircuit } from '../node/compile.ts';
import type { CircuitKey, PublicCircuitKey } from '../node/dev-key-builder.ts';
import { ensureDevKeyTable } from '../node/dev-keys.ts';
import { assertReleasedConstraints } from '../node/released-constraints.ts';

type CircuitName = keyof typeof KEY_ID;
/** The largest first: it takes longest to compile, the others' work fits beside it. */
const CIRCUITS: readonly CircuitName[] = ['state-update-large', 'state-update-small', 'transition-small'];
/** Development keys of which a deployment needs the verification key at once, the proving key when something is proven. */
const LATER: readonly CircuitName[] = ['transition-large'];

interface Options {
  readonly ptau?: string;
  readonly out: string;
  readonly beacon?: string;
  readonly circuit?: readonly string[];
}

/** One bar per task. Without a terminal: one line when a task begins and one when it ends. */
class Bars {
  readonly #bars = new Map<string, SingleBar | number>();
  readonly #multi = process.stdout.isTTY
    ? new MultiBar({
        format: '{task} {bar} {percentage} %  {note}',
        clearOnComplete: false,
        hideCursor: true,
      })
    : undefined;

  show(task: string, fraction: number, note = ''): void {
    if (!this.#multi) {
      if (!this.#bars.has(task) || fraction === 1)
        console.log(`${task}: ${Math.round(100 * fraction)} % ${note}`.trim());
      this.#bars.set(task, fraction);
      return;
    }
    const payload = { task: task.padEnd(28), note };
    const bar = (this.#bars.get(task) as SingleBar | undefined) ?? this.#multi.create(100, 0, payload);
    this.#bars.set(task, bar);
    bar.update(Math.round(100 * fraction), payload);
  }

  stop(): void {
    this.#multi?.stop();
  }
}

const command = new Command('setup')
  .description('Compile the circuits and make their proving and verification keys.')
  .option('--ptau <file>', 'production path: make keys from this prepared powers-of-tau file')
  .option('--out <directory>', 'where production keys go', 'keys')
  .option('--beacon <hex>', 'public randomness to close the production keys with')
  .option('--circuit <name...>', 'only these circuits; a path ending in .circom is taken as it is');

try {
  const options = command.parse().opts<Options>();
  const { circuit } = options;
  const started = performance.now();
  const keys: readonly (CircuitKey | PublicCircuitKey)[] = options.ptau
    ? await production(circuit ?? [...CIRCUITS, ...LATER], options.ptau, options)
    : await development(circuit ?? CIRCUITS, circuit ? [] : LATER);
  assertJoinable(keys);
  for (const key of keys) {
    const file =
      'zkeyFile' in key
        ? `key ${key.zkeyFile}`
        : 'verification key; the proving key is built when first needed';
    console.log(`${key.circuit.name}: ${key.info.constraints} constraints, ${file}`);
  }
  console.log(
    `${keys.length} keys of SRS ${keys[0]!.info.srsId} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  if (!options.ptau) {
    console.log(
      'INSECURE development keys: whoever reads dev-srs.json can forge proofs. Only for chain id 31337.',
    );
  }
  process.exit(0);
} catch (error) {
  console.error(error instanceof AzaleaError ? `${error.code}: ${printable(error.message)}` : error);
  process.exit(1);
}

async function development(
  whole: readonly string[],
  later: readonly string[],
): Promise<(CircuitKey | PublicCircuitKey)[]> {
  const bars = new Bars();
  try {
    const keys = await ensureDevKeyTable(
      { whole, later },
      {
        cache: cacheDirectory(),
        onProgress: ({ circuit, stage, fraction, cached }) =>
          bars.show(`${stage} ${circuit}`, fraction, cached ? 'cached' : ''),
      },
    );
    return [...keys.whole, ...keys.later];
  } finally {
    bars.stop();
  }
}

async function production(
  names: readonly string[],
  ptauFile: string,
  options: Options,
): Promise<CircuitKey[]> {
  const bars = new Bars();
  try {
    const keys: CircuitKey[] = [];
    for (const name of names) {
      bars.show(`compile ${name}`, 0);
      const circuit = await compileCircuit(name);
      // Money will depend on these keys: only constraints that were checked get them.
      if (!name.endsWith('.circom')) await assertReleasedConstraints(circuit);
      bars.show(`compile ${name}`, 1);
      const { out: outputDirectory, beacon } = options;
      const onProgress = ({ step, fraction }: { step: string; fraction: number }) =>
        bars.show(`ceremony ${name}`, fraction, step);
      keys.push(await ceremonyKey(circuit, { ptauFile, outputDirectory, beacon, onProgress }));
    }
    return keys;
  } finally {
    bars.stop();
  }
}
