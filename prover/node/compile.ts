/**
 * Compiles circuits with circom2 (circom in WebAssembly) in a child process, behind a content-addressed cache.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AzaleaError } from '../../protocol/errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import { ensureCachedDirectory } from './cached-directory.ts';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Directory of the project's circuits. */
export const CIRCUITS = join(ROOT, 'circuits');
const CIRCOM = fileURLToPath(new URL('circom-child.ts', import.meta.url));
const COMPILER = `circom2@${(require('circom2/package.json') as { version: string }).version}`;
const CIRCOMLIB = dirname(require.resolve('circomlib/circuits/poseidon.circom'));
const INCLUDE_DIRECTORIES = [CIRCUITS, CIRCOMLIB];

/** For estimates of progress only: a compilation that takes this long is half done then. */
const TYPICAL_SECONDS = 20;

/** Circom's simplification: O1 keeps linear constraints and their wires, O2 substitutes them away. */
export type Optimization = 'O0' | 'O1' | 'O2';

export interface CompileEvent {
  readonly circuit: string;
  readonly stage: 'cached' | 'waiting' | 'compiling' | 'done';
  /** 0..1. The compiler tells nothing: while it runs this is an estimate from the time passed, always below 1. */
  readonly fraction: number;
}

export interface CompileOptions {
  readonly optimization?: Optimization;
  readonly cache?: string;
  readonly onProgress?: (event: CompileEvent) => void;
  readonly signal?: AbortSignal;
}

export interface CompiledCircuit {
  readonly name: string;
  /** SHA-256 of all sources that go into it, compiler version and flags; 64 hex digits. */
  readonly hash: string;
  readonly r1csFile: string;
  readonly wasmFile: string;
  readonly symFile: string;
  /** True if this call compiled it. */
  readonly built: boolean;
}

/**
 * Compiles `circuits/main/<name>.circom`, or, given a path that ends in `.circom`, that file under its own name.
 * @throws CIRCUIT_NOT_FOUND, CIRCUIT_COMPILE_FAILED (the compiler's own message), CACHE_UNWRITABLE
 */
export async function compileCircuit(name: string, options: CompileOptions = {}): Promise<CompiledCircuit> {
  if (name.endsWith('.circom')) return compileFile(basename(name, '.circom'), resolve(name), options);
  return compileFile(name, join(CIRCUITS, 'main', `${name}.circom`), options);
}

/**
 * Compiles a circuit given as text, a whole file with `component main`; includes are found under `circuits/` and
 * circomlib's `circuits/`.
 */
export async function compileSource(
  name: string,
  source: string,
  options: CompileOptions = {},
): Promise<CompiledCircuit> {
  return compile(name, { path: join(CIRCUITS, `${name}.circom`), text: source }, options);
}

/** Compiles any circuit file. */
export async function compileFile(
  name: string,
  file: string,
  options: CompileOptions = {},
): Promise<CompiledCircuit> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AzaleaError(
      'CIRCUIT_NOT_FOUND',
      `no circuit at ${file}; check the name`,
      { circuit: name },
      { cause },
    );
  });
  return compile(name, { path: file, text }, options);
}

interface Source {
  readonly path: string;
  readonly text: string;
}

async function compile(name: string, main: Source, options: CompileOptions): Promise<CompiledCircuit> {
  const optimization = options.optimization ?? 'O2';
  const hash = await hashSources(main, optimization);
  const directory = join(options.cache ?? cacheDirectory(), 'circuits', `${name}-${hash.slice(0, 20)}`);
  const report = (stage: CompileEvent['stage'], fraction: number): void =>
    options.onProgress?.({ circuit: name, stage, fraction });
  const { built } = await ensureCachedDirectory({
    directory,
    signal: options.signal,
    onWait: () => report('waiting', 0),
    build: async (temporary) => {
      report('compiling', 0);
      const started = performance.now();
      const tick = setInterval(() => {
        const seconds = (performance.now() - started) / 1000;
        report('compiling', seconds / (seconds + TYPICAL_SECONDS));
      }, 500);
      await runCircom(name, main, optimization, temporary, options.signal).finally(() => clearInterval(tick));
    },
  });
  report(built ? 'done' : 'cached', 1);
  return {
    name,
    hash,
    built,
    r1csFile: join(directory, 'circuit.r1cs'),
    wasmFile: join(directory, 'circuit.wasm'),
    symFile: join(directory, 'circuit.sym'),
  };
}

async function runCircom(
  name: string,
  main: Source,
  optimization: Optimization,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const include = INCLUDE_DIRECTORIES.flatMap((path) => ['-l', path]);
  // A file is compiled where it lies, so that its relative includes resolve; text is written beside the output.
  const onDisk = await readFile(main.path, 'utf8').catch(() => undefined);
  const input = onDisk === main.text ? main.path : join(directory, 'circuit.circom');
  if (input !== main.path) await writeFile(input, main.text);
  const args = [CIRCOM, input, '--r1cs', '--wasm', '--sym', `--${optimization}`, '-o', directory, ...include];
  const { code, output } = await new Promise<{ code: number | null; output: string }>((done, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => done({ code, output }));
  });
  const stem = basename(input, '.circom');
  try {
    if (code !== 0) throw new Error(`exit status ${code}`);
    await rename(join(directory, `${stem}_js`, `${stem}.wasm`), join(directory, 'circuit.wasm'));
    await rm(join(directory, `${stem}_js`), { recursive: true });
    for (const extension of ['r1cs', 'sym']) {
      if (stem !== 'circuit') {
        await rename(join(directory, `${stem}.${extension}`), join(directory, `circuit.${extension}`));
      }
    }
    if (input === main.path) await copyFile(input, join(directory, 'circuit.circom'));
  } catch (cause) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the compiler colours its output
    const text = output.replace(/\u001b\[[0-9;]*m/g, '').trim();
    throw new AzaleaError(
      'CIRCUIT_COMPILE_FAILED',
      `circom refused ${name}: ${text || String(cause)}`,
      { circuit: name },
      { cause },
    );
  }
}

/** SHA-256 over compiler, flags and every transitively included source. */
async function hashSources(main: Source, optimization: Optimization): Promise<string> {
  const seen = new Map<string, string>();
  const visit = async ({ path, text }: Source): Promise<void> => {
    seen.set(path, text);
    for (const include of includesOf(text)) {
      const found = await findInclude(include, path);
      // An include that is not found is reported by the compiler, with its place.
      if (found && !seen.has(found.path)) await visit(found);
    }
  };
  await visit(main);
  const hash = createHash('sha256').update(`${COMPILER} ${optimization}\n`);
  const texts = [...seen].map(([path, text]) =>
    path === main.path ? `main\n${text}` : `${basename(path)}\n${text}`,
  );
  for (const text of texts.sort()) hash.update(createHash('sha256').update(text).digest());
  return hash.digest('hex');
}

function includesOf(source: string): string[] {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  return [...withoutComments.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)].map((match) => match[1]!);
}

async function findInclude(include: string, from: string): Promise<Source | undefined> {
  for (const directory of [dirname(from), ...INCLUDE_DIRECTORIES]) {
    const path = resolve(directory, include);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}
