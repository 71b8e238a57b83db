import { addressToText, seedFromText, seedToText } from '../../protocol/text.ts';
import type { HeldAccount, KeyStore } from '../../pxe/accounts/key-store.ts';
import type { CliContext } from '../context.ts';
import { table } from '../output.ts';
import { withAccounts } from '../store.ts';

/** `azalea account new`: needs no network. */
export async function newAccount(context: CliContext, alias: string | undefined): Promise<void> {
  const made = await withAccounts(context, true, (accounts) => accounts.add({ alias }));
  context.output.notice('Keep its seed somewhere safe: "azalea account export" prints it.');
  context.output.result(shown(made), [`${made.alias}  ${shown(made).address}`]);
}

/** `azalea account import`. */
export async function importAccount(context: CliContext, alias: string | undefined): Promise<void> {
  // First: a mistyped seed must not leave an empty store behind.
  const seed = seedFromText(await context.prompts.seed());
  const made = await withAccounts(context, true, (accounts) => accounts.add({ alias, seed }));
  context.output.notice('Its records are found at the next "azalea sync" or "azalea balance".');
  context.output.result(shown(made), [`${made.alias}  ${shown(made).address}`]);
}

/** `azalea account export`. */
export async function exportAccount(
  context: CliContext,
  name: string | undefined,
  yes: boolean,
): Promise<void> {
  await withAccounts(context, false, async (accounts) => {
    const held = find(accounts, name ?? context.options.account);
    if (!yes) {
      await context.prompts.confirm(`Print the seed of ${held.alias} on standard output?`, '--yes');
    }
    const seed = seedToText(held.keys.seed);
    context.output.result({ ...shown(held), seed }, [seed]);
  });
}

/** `azalea account list`. */
export async function listAccounts(context: CliContext): Promise<void> {
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
