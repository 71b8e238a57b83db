/** The conventions of docs/architecture.md that a program can check; imports are in layering.test.ts. */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT, readText, scriptFiles } from '../support/source-files.ts';

const files = scriptFiles()
  .concat(globSync('circuits/**/*.circom', { cwd: ROOT }), globSync('contracts/**/*.sol', { cwd: ROOT }))
  .filter((file) => !file.includes('/generated/'))
  .sort();

/** "About 300 lines": a tenth more is still about. */
const LINES = 330;
/** "About fifteen files" in a folder. */
const FILES = 16;
/** Fuller folders, how many files they may have, and why. */
const FULLER: Readonly<Record<string, { readonly files: number; readonly why: string }>> = {
  bench: { files: 20, why: 'one benchmark per file, run by main.ts' },
  'prover/node': { files: 18, why: 'child processes lie beside what starts them' },
};
/** Longer ones, how long they may be, and why. */
const LONGER: Readonly<Record<string, { readonly lines: number; readonly why: string }>> = {};

describe('source files', () => {
  test('are found', () => {
    assert.ok(files.length > 150, String(files.length));
    assert.ok(files.includes('pxe/pxe.ts') && files.includes('cli/bin.mjs'));
    assert.ok(files.some((file) => file.endsWith('.circom')) && files.some((file) => file.endsWith('.sol')));
  });

  test('have about 300 lines at most', () => {
    const tooLong = files
      .map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
      .filter(({ file, lines }) => lines > (LONGER[file]?.lines ?? LINES))
      .map(({ file, lines }) => `${file}: ${lines}`);
    assert.deepEqual(tooLong, []);
    for (const file of Object.keys(LONGER)) {
      assert.ok(readText(file).split('\n').length - 1 > LINES, `${file} needs no exception any more`);
    }
  });

  test('lie at most about fifteen in a folder', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    const full = [...counts]
      .filter(([folder, count]) => count > (FULLER[folder]?.files ?? FILES))
      .map(([folder, count]) => `${folder}/ has ${count} files: give some a folder of their own`);
    assert.deepEqual(full, []);
  });

  test('have kebab-case names; contracts and their interfaces bear the name of what they declare', () => {
    const wrong = files.filter((file) => {
      const name = basename(file);
      return file.endsWith('.sol')
        ? !new RegExp(`\\b(?:contract|interface|library)\\s+${name.slice(0, -4)}\\b`).test(readText(file))
        : !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d|\.test)?\.(?:ts|mjs|circom)$/.test(name);
    });
    assert.deepEqual(wrong, []);
  });

  test('are neither barrels nor leftovers: no index, utils, helpers; no re-export of a whole module', () => {
    const wrong = files.filter(
      (file) =>
        /(?:^|\/)(?:index|utils?|helpers?|common|misc)(?:\/|\.[a-z]+$)/.test(file) ||
        /^export \* from/m.test(readText(file)),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('errors', () => {
  test('are typed: a bare Error stands only where this list says why', () => {
    /** Internal signals that their own module catches, and tools that end on them. */
    const bare: Readonly<Record<string, string>> = {
      'devnet/json-rpc-server.ts': 'answered as a JSON-RPC error by the same module',
      'program/instructions/rules/group.ts':
        'an invariant of values, which are checked where they are read and made',
      'avm/advice.ts': 'an invariant of the compiler, which no program can break',
      'program/lowering/emit.ts': 'an invariant of the compiler, which no program can break',
      'prover/keys/dev-srs.ts': 'an invariant of the key builder',
      'prover/node/compile.ts': 'caught and named by the same module',
      'bench/poseidon.ts': 'a benchmark checks its own result',
      'bench/scan.ts': 'a benchmark checks its own result',
      'bench/verification.ts': 'a benchmark checks its own result',
    };
    const wrong = files.filter(
      (file) => /throw new Error\(/.test(readText(file)) && bare[file] === undefined,
    );
    assert.deepEqual(wrong, []);
  });
});
