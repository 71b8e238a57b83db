/** The commands that README and docs show are commands of this software, with arguments and options that it takes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/command-line.ts';
import { ROOT } from '../../support/source-files.ts';
import { NOT_RUN, shownCommands, walkthrough } from '../../support/wallet/walkthroughs.ts';

/** Started by other programs than the command line's own. */
const SERVICES = /^(devnet|sequencer)\b/;

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.commands.forEach(quiet);
}

test('every command of README and docs is understood', async () => {
  let seen = 0;
  for (const { file, line: shown } of shownCommands()) {
    const line = /^npx azalea (.+)$/.exec(shown)?.[1];
    if (line === undefined || SERVICES.test(line)) continue;
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
  assert.ok(seen > 15, `${seen} commands were found`);
});

test('no command has a placeholder, and every one is run or is known not to be', () => {
  for (const { file, line } of shownCommands()) assert.doesNotMatch(line, /\.\.\.|<|…/, `${file}: ${line}`);
  const run = walkthrough();
  for (const { file, line } of run) assert.match(line, /^npx (azalea|node) /, `${file}: ${line}`);
  // test/e2e/cli-wallet.test.ts runs these.
  assert.ok(run.length > 18, `${run.length} commands are run`);
  for (const [command, why] of NOT_RUN) {
    assert.ok(
      shownCommands().some(({ line }) => command.test(line)),
      `${command} is shown nowhere`,
    );
    const named = /test\/[\w./-]+\.ts/.exec(why)?.[0];
    assert.ok(named === undefined || existsSync(join(ROOT, named)), named);
  }
});
