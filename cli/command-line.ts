import { Command, InvalidArgumentError, Option } from 'commander';
import { softwareName } from '../host/software.ts';
import type { TokenOption, WaitOption } from './commands/bridge.ts';
import type { DeployOptions, KeyOptions } from './commands/rollup.ts';
import type { CallRequest, SendOptions } from './commands/send.ts';
import type { Run } from './context.ts';
import { addProgramCommands, loweringOption } from './program-commands.ts';
import type { GlobalOptions } from './settings.ts';

// Commands are loaded when they run: help and a wrong command line need no cryptography.
const account = () => import('./commands/account.ts');
const rollup = () => import('./commands/rollup.ts');
const inspect = () => import('./commands/inspect.ts');
const bridge = () => import('./commands/bridge.ts');
const sending = () => import('./commands/send.ts');

const AMOUNT = 'ETH, such as 0.5; with --token whole units of the token';
const AGAIN = ['--again', 'send it although the same call is pending already'] as const;
const NO_WAIT = ['--no-wait', 'do not wait until it is settled'] as const;

/** The needs of a command: the wallet and its rollup, or this machine alone. */
export type Place = 'wallet' | 'here';

/** The command line: options and commands. It does not end the process: errors are thrown. */
export function createProgram(
  run: (options: GlobalOptions, work: Parameters<Run>[0], place: Place) => Promise<void>,
): Command {
  const program = new Command('azalea')
    .description(
      'A private wallet, and the tools to write programs. Everything secret stays on this machine, encrypted with a passphrase.',
    )
    .version(softwareName())
    .option('--store <dir>', "directory of the wallet's store (default: ~/.azalea/wallet)")
    .addOption(new Option('--sequencer <url>', 'the sequencer').env('AZALEA_SEQUENCER_URL'))
    .addOption(
      new Option(
        '--l1 <url>',
        'JSON-RPC of L1; several with commas: the next one serves when one does not',
      ).env('AZALEA_L1_URL'),
    )
    .addOption(
      new Option(
        '--l1-log-range <blocks>',
        'most L1 blocks asked for in one eth_getLogs (default: 1000; less when the node refuses)',
      )
        .env('AZALEA_L1_LOG_RANGE')
        .argParser(wholeNumber),
    )
    .option(
      '--notes-from-l1',
      'read records from L1 alone; finds again what a lying sequencer hid, and takes longer',
    )
    .option(
      '--rollup <address>',
      'the rollup contract, or the file of its deployment (default: what the sequencer says, checked against L1)',
    )
    .option('--devnet <file>', 'the file of a devnet (default: ./devnet.json, when there is one)')
    .option('--account <name>', 'alias or address of the account to use (default: the current one)')
    .option('--json', 'print the result as one line of JSON')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nServices: "azalea devnet" runs a rollup on this machine, "azalea sequencer" a sequencer; --help lists their options.' +
        '\nThe passphrase comes from AZALEA_PASSPHRASE or is asked for; the L1 private key comes from AZALEA_L1_KEY.',
    );
  const runWithOptions: Run = (work) => run(program.opts<GlobalOptions>(), work, 'wallet');
  addAccountCommands(program, runWithOptions);
  addInspectCommands(program, runWithOptions);
  addBridgeCommands(program, runWithOptions);
  addSendCommands(program, runWithOptions);
  addRollupCommands(program, runWithOptions);
  addProgramCommands(program, (work) => run(program.opts<GlobalOptions>(), work, 'here'));
  return program;
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}

function addAccountCommands(program: Command, run: Run): void {
  const command = program.command('account').description('accounts of this wallet');
  command
    .command('new')
    .description('makes an account from a fresh seed')
    .argument('[alias]', 'a short name for it')
    .action((alias?: string) => run(async (context) => (await account()).newAccount(context, alias)));
  command
    .command('import')
    .description('restores an account from its seed, which is asked for or read from standard input')
    .argument('[alias]', 'a short name for it')
    .option('--born <day>', 'when the seed was drawn, such as 2026-11-30: earlier blocks are not searched')
    .action((alias: string | undefined, { born }: { born?: string }) =>
      run(async (context) => (await account()).importAccount(context, alias, born)),
    );
  command
    .command('export')
    .description("prints an account's seed: whoever has it has everything")
    .argument('[alias]', 'alias or address; needed when there are several')
    .option('--yes', 'do not ask')
    .action((name: string | undefined, { yes }: { yes?: boolean }) =>
      run(async (context) => (await account()).exportAccount(context, name, yes ?? false)),
    );
  command
    .command('list')
    .description('lists the accounts; the current one is marked')
    .action(() => run(async (context) => (await account()).listAccounts(context)));
  command
    .command('use')
    .description('makes an account the current one: commands use it when none is named')
    .argument('<alias>', 'alias or address')
    .action((name: string) => run(async (context) => (await account()).useAccount(context, name)));
}

function addInspectCommands(program: Command, run: Run): void {
  program
    .command('balance')
    .description('sums of the unspent records of every account, or of --account')
    .action(() => run(async (context) => (await inspect()).showBalance(context)));
  program
    .command('records')
    .description('lists unspent records, oldest first')
    .option('--all', 'spent ones too')
    .action(({ all }: { all?: boolean }) =>
      run(async (context) => (await inspect()).showRecords(context, all ?? false)),
    );
  program
    .command('sync')
    .description('follows the chain to its newest settled block')
    .action(() => run(async (context) => (await inspect()).synchronise(context)));
}

function addBridgeCommands(program: Command, run: Run): void {
  program
    .command('deposit')
    .description('moves money from an L1 account into the rollup; amount and L1 account are public')
    .argument('<amount>', AMOUNT)
    .option('--token <address>', 'an ERC-20 on L1 instead of ETH')
    .option('--no-wait', 'do not wait for the record')
    .action((amount: string, options: TokenOption & WaitOption) =>
      run(async (context) => (await bridge()).deposit(context, amount, options)),
    );
  program
    .command('withdraw')
    .description('pays to an L1 address, which claims it there; amount and address become public')
    .argument('<amount>', AMOUNT)
    .requiredOption('--to <address>', 'L1 address')
    .option('--token <address>', 'a bridged ERC-20 (its L1 address) instead of ETH')
    .option(...NO_WAIT)
    .option(...AGAIN)
    .action((amount: string, options: TokenOption & WaitOption & { to: string; again?: boolean }) =>
      run(async (context) => (await bridge()).withdraw(context, amount, options)),
    );
  program
    .command('claim')
    .description('collects on L1 what settled withdrawals granted to the L1 account')
    .option('--token <address>', 'a bridged ERC-20 (its L1 address) instead of ETH')
    .action((options: TokenOption) => run(async (context) => (await bridge()).claim(context, options)));
}

function addSendCommands(program: Command, run: Run): void {
  program
    .command('send')
    .description('sends bridged ETH, or a bridged token, in private')
    .argument('<amount>', AMOUNT)
    .requiredOption('--to <address>', 'azalea1..., or the alias of an own account')
    .option('--token <address>', 'a bridged ERC-20 (its L1 address) instead of ETH')
    .option(...NO_WAIT)
    .option(...AGAIN)
    .action((amount: string, options: SendOptions) =>
      run(async (context) => (await sending()).send(context, amount, options)),
    );
  program
    .command('call')
    .description('calls a function of a program in private')
    .argument(
      '<program>',
      'a .aleo file, a directory that holds one, or one of credits.aleo, bridge.aleo, token.aleo',
    )
    .argument('<function>', 'its name')
    .argument(
      '[arguments...]',
      'values (5u64, or 5), addresses or aliases, structs ("{ x: 1field }"); for a record its commitment or atLeast=10',
    )
    .option('--simulate', 'run it here only: prove and send nothing')
    .addOption(loweringOption())
    .option(...NO_WAIT)
    .option(...AGAIN)
    .action(
      (file: string, name: string, args: string[], options: Omit<CallRequest, 'file' | 'name' | 'args'>) =>
        run(async (context) => (await sending()).call(context, { file, name, args, ...options })),
    );
}

function addRollupCommands(program: Command, run: Run): void {
  const command = program.command('rollup').description('a rollup of your own: its contracts on L1');
  const keys = (each: Command): Command =>
    each
      .option(
        '--keys <dir>',
        'verification keys of a ceremony, as "npm run setup -- --ptau FILE --out DIR" wrote them',
      )
      .option(
        '--insecure-dev-keys',
        'development keys, for chain 31337 only: whoever has them can forge proofs',
      );
  keys(command.command('deploy'))
    .description('deploys a rollup to --l1, paid by AZALEA_L1_KEY; run again after a crash, it goes on')
    .option(
      '--out <file>',
      'where the addresses are written; FILE.pending keeps a deployment on its way',
      'rollup.json',
    )
    .option('--yes', 'do not ask')
    .action((options: DeployOptions) => run(async (context) => (await rollup()).deploy(context, options)));
  keys(command.command('verify'))
    .description('checks that code, verification keys and programs on L1 are those of this software')
    .argument('[file]', 'the file that deploy wrote', 'rollup.json')
    .action((file: string, options: KeyOptions) =>
      run(async (context) => (await rollup()).verify(context, file, options)),
    );
}
