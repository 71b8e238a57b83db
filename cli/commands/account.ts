import { AzaleaError } from '../../protocol/errors.ts';
import {
  addressToText,
  birthdayFromText,
  birthdayToText,
  seedFromText,
  seedToText,
} from '../../protocol/text.ts';
import type { HeldAccount, KeyStore } from '../../pxe/accounts/key-store.ts';
import type { CliContext } from '../context.ts';
import { table } from '../terminal/output.ts';
import { withAccounts } from '../wallet/store.ts';

/** `azalea account new`: needs no network. */
export async function newAccount(context: CliContext, alias: string | undefined): Promise<void> {
  const { made, current } = await withAccounts(context, true, (accounts) => addTo(accounts, { alias }));
  context.output.notice(
    `Keep its seed somewhere safe: "azalea account export${made === current ? '' : ` ${made.alias}`}" prints it.`,
  );
  noticeCurrent(context, made, current);
  context.output.result(shown(made), [`${made.alias}  ${shown(made).address}`]);
}

/** `azalea account import`. */
export async function importAccount(
  context: CliContext,
  alias: string | undefined,
  born: string | undefined,
): Promise<void> {
  const birthday = born === undefined ? undefined : birthdayFromText(born, Date.now());
  // First: a mistyped seed must not leave an empty store behind.
  const seed = seedFromText(await context.prompts.seed());
  const { made, current } = await withAccounts(context, true, (accounts) =>
    addTo(accounts, { alias, seed, birthday }),
  );
  context.output.notice('Its records are found at the next "azalea sync" or "azalea balance".');
  noticeCurrent(context, made, current);
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
    const born = held.birthday === undefined ? undefined : birthdayToText(held.birthday);
    if (born !== undefined) {
      context.output.notice(`Drawn on ${born}: "account import --born ${born}" searches no earlier blocks.`);
    }
    context.output.result({ ...shown(held), seed, born }, [seed]);
  });
}

/** `azalea account list`. */
export async function listAccounts(context: CliContext): Promise<void> {
  const list = await withAccounts(context, false, async (accounts) =>
    accounts.list().map((held) => ({ ...shown(held), current: held === accounts.current() })),
  );
  context.output.result(
    list,
    table(list.map(({ alias, address, current }) => [current ? '*' : '', alias, address])),
  );
}

/** `azalea account use`: the account that commands use from now on when none is named. */
export async function useAccount(context: CliContext, name: string): Promise<void> {
  const held = await withAccounts(context, false, async (accounts) => {
    const chosen = accounts.byName(name);
    await accounts.use(chosen);
    return chosen;
  });
  context.output.result({ ...shown(held), current: true }, [
    `${held.alias} is the current account  ${shown(held).address}`,
  ]);
}

async function addTo(
  accounts: KeyStore,
  options: { alias?: string; seed?: Uint8Array; birthday?: number },
): Promise<{ made: HeldAccount; current: HeldAccount }> {
  const made = await accounts.add(options);
  return { made, current: accounts.current() ?? made };
}

function noticeCurrent({ output }: CliContext, made: HeldAccount, current: HeldAccount): void {
  if (made === current) return;
  output.notice(
    `${current.alias} stays the current account: "azalea account use ${made.alias}" changes that, --account ${made.alias} names this one once.`,
  );
}

/** A seed is never that of an account that the user did not mean: with several, one is named. */
function find(accounts: KeyStore, name: string | undefined): HeldAccount {
  if (name !== undefined) return accounts.byName(name);
  const [only, ...more] = accounts.list();
  if (only !== undefined && more.length === 0) return only;
  throw new AzaleaError(
    'ACCOUNT_AMBIGUOUS',
    `This wallet has ${more.length + 1} accounts: name the one whose seed you want (${[only, ...more].map(({ alias }) => alias).join(', ')}).`,
  );
}

function shown({ alias, keys }: HeldAccount): { alias: string; address: string } {
  return { alias, address: addressToText(keys.address.x) };
}
