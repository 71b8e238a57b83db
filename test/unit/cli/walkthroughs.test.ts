/** The commands that README and docs show are commands of this software, with arguments and options that it takes. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/command-line.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Started by other programs than the command line's own. */
const SERVICES = /^(devnet|sequencer)\b/;

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.commands.forEach(quiet);
}

test('every command of README and docs is understood', async () => {
  let seen = 0;
  for (const file of ['README.md', ...globSync('docs/*.md', { cwd: ROOT }).sort()]) {
    const lines = readFileSync(join(ROOT, file), 'utf8').matchAll(/^ {4}npx azalea (.+)$/gm);
    for (const [, line] of lines) {
      if (SERVICES.test(line)) continue;
      seen++;
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
      let ran = false;
      const program = createProgram(async () => {
        ran = true;
      });
      quiet(program);
      await assert.doesNotReject(program.parseAsync(words, { from: 'user' }), `${file}: ${line}`);
      assert.ok(ran, `${file}: ${line}`);
    }
  }
  assert.ok(seen > 15, `${seen} commands were found`);
});
