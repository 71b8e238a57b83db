/** The imports of every folder against the table in docs/architecture.md. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = new URL('../..', import.meta.url).pathname;

/** The imports that each layer may have beside itself. Highest last. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  avm: ['protocol'],
  program: ['protocol', 'avm'],
  prover: ['protocol', 'avm'],
  l1: ['protocol'],
  rpc: ['protocol'],
  host: ['protocol', 'rpc'],
  pxe: ['protocol', 'avm', 'program', 'prover', 'rpc', 'l1', 'host'],
  sequencer: ['protocol', 'prover', 'rpc', 'l1', 'host'],
  cli: ['protocol', 'avm', 'program', 'prover', 'rpc', 'l1', 'pxe', 'host'],
  devnet: ['protocol', 'avm', 'program', 'prover', 'rpc', 'l1', 'pxe', 'sequencer', 'host'],
};
/** The client that apps import, and the wallet. */
const CLIENT = 'pxe/client/azalea.ts';
const WALLET = 'cli/wallet/session.ts';
/** Modules that neither may reach: servers, a chain, compilers. */
const NOT_FOR_CLIENTS =
  /^(?:sequencer|devnet)\/|^(?:fastify|@fastify\/|hardhat|@nomicfoundation\/|solc|circom2|pino|prom-client)/;
/** Files that the client reaches, at most: a fifth above what it reaches now. Each is read when an app starts. */
const CLIENT_FILES = 240;
/** Folders of the PXE that may import `node:`. */
const PXE_ADAPTERS = ['pxe/node/'];
/** Modules of the prover that touch files and processes; the PXE reaches them through its adapters only. */
const PROVER_ADAPTERS = ['prover/node/', 'prover/cli/'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2];
    const target = name.startsWith('.') ? relative(ROOT, resolve(join(ROOT, dirname(file)), name)) : name;
    return { file, target };
  });
}

const filesOf = (folder: string): string[] => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: ROOT }).sort();
const isLocal = (target: string): boolean => target.split('/')[0] in MAY_IMPORT || /\.ts$/.test(target);

/** A file and all that it imports, directly or not. */
function reach(files: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target } of importsOf(file)) if (/\.(?:ts|mjs)$/.test(target)) visit(target);
  };
  files.forEach(visit);
  return reached;
}

/** Circles of files that import each other, types included: each as its path back to the first file. */
function circles(importsOfFile: (file: string) => readonly string[], files: readonly string[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file].join(' -> '));
      return;
    }
    path.push(file);
    for (const target of importsOfFile(file)) visit(target);
    path.pop();
    done.add(file);
  };
  files.forEach(visit);
  return found;
}

describe('imports', () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    it(`of ${folder}/ point downwards`, () => {
      const files = filesOf(folder);
      assert.ok(files.length > 0, `${folder}/ has no source`);
      const wrong = files
        .flatMap(importsOf)
        .filter(({ target }) => isLocal(target))
        .filter(({ target }) => ![folder, ...allowed].includes(target.split('/')[0]))
        .map(({ file, target }) => `${file} imports ${target}`);
      assert.deepEqual(wrong, []);
    });
  }

  it('of node: stay in adapters, for all that a browser runs', () => {
    const isAdapter = (file: string): boolean =>
      [...PXE_ADAPTERS, ...PROVER_ADAPTERS].some((prefix) => file.startsWith(prefix));
    const reachable = reach(filesOf('pxe').filter((each) => !isAdapter(each)));
    assert.ok(reachable.has('protocol/call/request.ts'), 'the walk follows imports');
    const wrong = [...reachable]
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('node:') || isAdapter(target))
      .map(({ file, target }) => `${file} imports ${target}`);
    assert.deepEqual(wrong, []);
  });

  it('of a client reach no server, no chain and no compiler', () => {
    for (const start of [CLIENT, WALLET]) {
      const reached = reach([start]);
      assert.ok(reached.has('protocol/call/request.ts'), 'the walk follows imports');
      const wrong = [...reached]
        .flatMap(importsOf)
        .filter(({ target }) => NOT_FOR_CLIENTS.test(target))
        .map(({ file, target }) => `${file} imports ${target}`);
      assert.deepEqual(wrong, [], start);
    }
    const { size } = reach([CLIENT]);
    assert.ok(size <= CLIENT_FILES, `${CLIENT} reaches ${size} files, more than ${CLIENT_FILES}`);
  });

  it('make no circles between files', () => {
    const files = [...Object.keys(MAY_IMPORT), 'examples', 'bench', 'test', 'scripts'].flatMap(filesOf);
    const local = new Set(files);
    const targets = (file: string): string[] =>
      importsOf(file)
        .map(({ target }) => target)
        .filter((target) => local.has(target));
    assert.deepEqual(circles(targets, files), []);
    const ring: Readonly<Record<string, readonly string[]>> = { a: ['b'], b: ['c', 'd'], c: ['a'], d: [] };
    assert.deepEqual(
      circles((file) => ring[file], Object.keys(ring)),
      ['a -> b -> c -> a'],
    );
  });

  it('of witnesses stay with the prover: a sequencer gives it chunks', () => {
    const wrong = filesOf('sequencer')
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('prover/witness/'))
      .map(({ file, target }) => `${file} imports ${target}`);
    assert.deepEqual(wrong, []);
  });

  it('are read in every form', () => {
    const imports = importsOf('devnet/start.ts').map(({ target }) => target);
    assert.ok(imports.includes('l1/account.ts') && imports.includes('node:path'));
  });

  it('stand in the table of docs/architecture.md', () => {
    const table = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    for (const folder of ['avm', 'program', 'prover', 'l1', 'rpc', 'host', 'pxe', 'sequencer']) {
      const row = table.split('\n').find((line) => line.startsWith(`| \`${folder}/\``));
      const listed = row
        ?.split('|')[3]
        .split(',')
        .map((name) => name.trim());
      assert.deepEqual(listed, [...MAY_IMPORT[folder]], folder);
    }
  });
});
