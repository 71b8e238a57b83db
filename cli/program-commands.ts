/** The commands of a program author. None needs a rollup, keys or a passphrase. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BuildOptions } from './commands/program-build.ts';
import type { CodegenOptions } from './commands/program-codegen.ts';
import type { RunOptions } from './commands/program-run.ts';
import type { Run } from './context.ts';

const FILE = 'a .aleo file, or a directory that holds one (default: this directory)';
/** `--lowering`: a program of an older version is another program, with ids and records of its own. */
export const loweringOption = (): Option =>
  new Option('--lowering <n>', 'version of the compilation to bytecode, to rebuild older ids').argParser(
    (text) => {
      if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Give a version number.');
      return Number(text);
    },
  );

/** `text` after a command's help. */
const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ npx azalea ${line}`).join('\n')}`;

export function addProgramCommands(program: Command, run: Run): void {
  // The wallet's options say nothing here.
  const command = (name: string): Command =>
    program.command(name).configureHelp({ showGlobalOptions: false });

  command('new')
    .description('makes a starter program in its own directory: source, test, inputs, README')
    .argument('<directory>', 'its last part is the name of the program')
    .addHelpText('after', examples('new programs/lottery'))
    .action((directory: string) =>
      run(async (context) => (await import('./commands/program-new.ts')).create(context, directory)),
    );
  command('check')
    .description('shows all errors and warnings of programs; status 1 when there is an error')
    .argument('[files...]', '.aleo files, or directories that hold some (default: this directory)')
    .addHelpText('after', examples('check', 'check programs/token.aleo', 'check --json programs'))
    .action((files: string[]) =>
      run(async (context) => (await import('./commands/program-check.ts')).check(context, files)),
    );
  command('build')
    .description('compiles a program: ids, what each function uses of its circuit, JSON ABI')
    .argument('[file]', FILE)
    .option('--out <dir>', 'where ABI and canonical source are written', 'build')
    .addOption(loweringOption())
    .addHelpText('after', examples('build programs/token.aleo', 'build programs/token.aleo --out /tmp/token'))
    .action((file: string | undefined, options: BuildOptions) =>
      run(async (context) => (await import('./commands/program-build.ts')).build(context, file, options)),
    );
  command('run')
    .description('executes a function on this machine, without proof; status 3 when it halts')
    .argument('<file>', 'a .aleo file, or a directory that holds one')
    .argument('<function>', 'its name')
    .argument(
      '[inputs...]',
      'Aleo literals (5u64), structs and records ("{ owner: self.signer, amount: 5u64 }"), arrays ("[1u8, 2u8]")',
    )
    .option('--signer <account>', 'who calls: an address azalea1..., or an account of the wallet')
    .option('--inputs <file>', 'a JSON list of the inputs, instead of the command line')
    .addOption(loweringOption())
    .addHelpText(
      'after',
      `\nself.signer inside of an input is the signer's address; without --signer, a public one for trying.\n${examples(
        'run programs/token.aleo mint self.signer 100u64',
        'run programs/token.aleo split "{ owner: self.signer, amount: 100u64 }" 30u64',
      )}`,
    )
    .action((file: string, name: string, inputs: string[], options: RunOptions) =>
      run(async (context) =>
        (await import('./commands/program-run.ts')).run(context, file, name, inputs, options),
      ),
    );
  command('codegen')
    .description('writes TypeScript bindings of a program: typed functions, records and outputs')
    .argument('[file]', FILE)
    .option('--out <file>', 'the TypeScript file (default: standard output)')
    .option(
      '--client <path>',
      'where the client is, as written in imports (default: this software, relative to --out)',
    )
    .addOption(loweringOption())
    .addHelpText('after', examples('codegen programs/token.aleo --out examples/bindings/token.ts'))
    .action((file: string | undefined, options: CodegenOptions) =>
      run(async (context) => (await import('./commands/program-codegen.ts')).codegen(context, file, options)),
    );
}
