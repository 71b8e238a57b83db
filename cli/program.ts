import { Command, Option } from 'commander';
import { softwareName } from '../devnet/software.ts';
import { addAccountCommands } from './commands/account.ts';
import { addBridgeCommands } from './commands/bridge.ts';
import { addInspectCommands } from './commands/inspect.ts';
import { addSendCommands } from './commands/send.ts';
import type { CliContext } from './context.ts';
import type { GlobalOptions } from './settings.ts';

/** Runs a command's work with the options that were given. */
export type Run = (work: (context: CliContext) => Promise<void>) => Promise<void>;

/** The command line: options and commands. It does not end the process: errors are thrown. */
export function createProgram(
  run: (options: GlobalOptions, ...args: Parameters<Run>) => Promise<void>,
): Command {
  const program = new Command('azalea')
    .description('A private wallet. Everything secret stays on this machine, encrypted with a passphrase.')
    .version(softwareName())
    .option('--store <dir>', "directory of the wallet's store (default: ~/.azalea/wallet)")
    .addOption(new Option('--sequencer <url>', 'the sequencer').env('AZALEA_SEQUENCER_URL'))
    .addOption(new Option('--l1 <url>', 'JSON-RPC of L1').env('AZALEA_L1_URL'))
    .option(
      '--rollup <address>',
      'the rollup contract (default: what the sequencer says, checked against L1)',
    )
    .option('--devnet <file>', 'the file of a devnet (default: ./devnet.json, when there is one)')
    .option('--account <name>', 'alias or address of the account to use')
    .option('--json', 'print the result as one line of JSON')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nThe passphrase comes from AZALEA_PASSPHRASE or is asked for; the L1 private key comes from AZALEA_L1_KEY.',
    );
  const runWithOptions: Run = (work) => run(program.opts<GlobalOptions>(), work);
  addAccountCommands(program, runWithOptions);
  addInspectCommands(program, runWithOptions);
  addBridgeCommands(program, runWithOptions);
  addSendCommands(program, runWithOptions);
  return program;
}
