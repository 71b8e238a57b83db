import type { Command } from 'commander';
import { addressToText, seedFromText, seedToText } from '../../protocol/text.ts';
import type { HeldAccount, KeyStore } from '../../pxe/accounts/key-store.ts';
import type { CliContext } from '../context.ts';
import { table } from '../output.ts';
import type { Run } from '../program.ts';
import { withAccounts } from '../store.ts';

/** `azalea account new|import|export|list`: needs no network. */
export function addAccountCommands(program: Command, run: Run): void {
  const account = program.command('account').description('accounts of this wallet');
  account
    .command('new')
    .description('makes an account from a fresh seed')
    .argument('[alias]', 'a short name for it')
    .action((alias?: string) => run((context) => newAccount(context, alias)));
  account
    .command('import')
    .description('restores an account from its seed, which is asked for or read from standard input')
    .argument('[alias]', 'a short name for it')
    .action((alias?: string) => run((context) => importAccount(context, alias)));
  account
    .command('export')
    .description("prints an account's seed: whoever has it has everything")
    .argument('[alias]', 'alias or address; needed when there are several')
    .option('--yes', 'do not ask')
    .action((name: string | undefined, options: { yes?: boolean }) =>
      run((context) => exportAccount(context, name, options.yes ?? false)),
    );
  account
    .command('list')
    .description('lists the accounts')
    .action(() => run(listAccounts));
}

async function newAccount(context: CliContext, alias: string | undefined): Promise<void> {
  const made = await withAccounts(context, true, (accounts) => accounts.add({ alias }));
  context.output.notice('Keep its seed somewhere safe: "azalea account export" prints it.');
  context.output.result(shown(made), [`${made.alias}  ${shown(made).address}`]);
}

async function importAccount(context: CliContext, alias: string | undefined): Promise<void> {
  const made = await withAccounts(context, true, async (accounts) =>
    accounts.add({ alias, seed: seedFromText(await context.prompts.seed()) }),
  );
  context.output.notice('Its records are found at the next "azalea sync" or "azalea balance".');
  context.output.result(shown(made), [`${made.alias}  ${shown(made).address}`]);
}

async function exportAccount(context: CliContext, name: string | undefined, yes: boolean): Promise<void> {
  await withAccounts(context, false, async (accounts) => {
    const held = find(accounts, name ?? context.options.account);
    if (!yes) {
      await context.prompts.confirm(`Print the seed of ${held.alias} on standard output?`, '--yes');
    }
    const seed = seedToText(held.keys.seed);
    context.output.result({ ...shown(held), seed }, [seed]);
  });
}

async function listAccounts(context: CliContext): Promise<void> {
  const list = await withAccounts(context, false, async (accounts) => accounts.list().map(shown));
  context.output.result(list, table(list.map(({ alias, address }) => [alias, address])));
}

function find(accounts: KeyStore, name: string | undefined): HeldAccount {
  if (name === undefined) {
    const [only, ...more] = accounts.list();
    if (only !== undefined && more.length === 0) return only;
  }
  const held = accounts
    .list()
    .find(({ alias, keys }) => name === alias || name === addressToText(keys.address.x));
  return held ?? accounts.byAlias(name ?? '');
}

function shown({ alias, keys }: HeldAccount): { alias: string; address: string } {
  return { alias, address: addressToText(keys.address.x) };
}
