import { type Address, isAddressEqual, zeroAddress } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';
import type { CliContext } from '../context.ts';
import { formatEth, parseEthAmount, parseUnitAmount } from '../wallet/amount.ts';
import { chooseTokenRecord } from '../wallet/choose-token-record.ts';
import { payEth } from '../wallet/eth-shortage.ts';
import { parseL1Address } from '../wallet/l1-address.ts';
import { withSession } from '../wallet/session.ts';
import { transact, transactedLines } from '../wallet/transact.ts';

export interface TokenOption {
  readonly token?: string;
}

export interface WaitOption {
  readonly wait: boolean;
}

/** The token of an option, and how its amounts are read and shown. */
function assetOf({ token }: TokenOption): {
  token: Address | undefined;
  parse: (text: string) => bigint;
  format: (amount: bigint) => string;
} {
  if (token === undefined) return { token: undefined, parse: parseEthAmount, format: formatEth };
  const address = parseL1Address(token);
  return { token: address, parse: parseUnitAmount, format: (amount) => `${amount} units of ${address}` };
}

const RESUMED =
  'An earlier command had signed this on L1 without seeing it mined: it is the same transaction, not a second one.';

/** `azalea deposit`. */
export async function deposit(
  context: CliContext,
  text: string,
  options: TokenOption & WaitOption,
): Promise<void> {
  const { token, parse, format } = assetOf(options);
  const amount = parse(text);
  await withSession(
    context,
    async (session) => {
      const { azalea } = session;
      const account = session.signer();
      const wallet = session.l1Wallet();
      const receipt =
        token === undefined
          ? await azalea.bridge.depositEth(account, amount, wallet)
          : await azalea.bridge.depositErc20(account, token, amount, wallet);
      const { index, transaction, resumed } = receipt;
      if (resumed) context.output.notice(RESUMED);
      context.progress.say(`deposit ${index} is on L1: ${transaction}`);
      const record = options.wait ? await azalea.waitForDeposit(account, { index }) : undefined;
      context.output.result(
        {
          account: account.alias,
          deposit: index,
          amount: receipt.amount,
          token: token ?? null,
          l1Transaction: transaction,
          resumed,
          l2Block: record?.block ?? null,
        },
        [
          `${account.alias} receives ${format(receipt.amount)}${record === undefined ? ' once a block takes the deposit' : `, settled in L2 block ${record.block}`}`,
        ],
      );
    },
    ({ kind, asset, amount: begun }) =>
      kind === 'deposit' && isAddressEqual(asset, token ?? zeroAddress) && begun === amount,
  );
}

/** `azalea withdraw`. */
export async function withdraw(
  context: CliContext,
  text: string,
  options: TokenOption & WaitOption & { to: string; again?: boolean },
): Promise<void> {
  const { token, parse, format } = assetOf(options);
  const amount = parse(text);
  const to = parseL1Address(options.to);
  await withSession(context, async (session) => {
    const from = session.signer();
    const receiver = BigInt(to);
    const call =
      token === undefined
        ? session.credits.functions.withdraw({ atLeast: amount }, receiver, amount)
        : session.bridge.functions.withdraw(
            chooseTokenRecord(session, from, token, amount),
            receiver,
            amount,
          );
    const payment = transact(context, call, { from, wait: options.wait, again: options.again });
    const done = await (token === undefined ? payEth(payment) : payment);
    context.output.result({ ...done, account: from.alias, to, amount, token: token ?? null }, [
      ...transactedLines(done),
      `${to} can claim ${format(amount)} on L1${options.wait ? '' : ' once it is settled'} ("azalea claim")`,
    ]);
  });
}

/** `azalea claim`. */
export async function claim(context: CliContext, options: TokenOption): Promise<void> {
  const { token, format } = assetOf(options);
  await withSession(
    context,
    async (session) => {
      const wallet = session.l1Wallet();
      const { address } = wallet.account;
      const asset = token ?? zeroAddress;
      const { bridge } = session.azalea;
      if (!bridge.isClaiming(address, asset) && (await bridge.claimable(address, asset)) === 0n) {
        throw new AzaleaError(
          'NOTHING_TO_CLAIM',
          `No settled withdrawal waits for ${address} in this asset: withdraw to it first, or set AZALEA_L1_KEY to the receiver's key.`,
          { address },
        );
      }
      const { amount, transaction, resumed } = await bridge.claim(wallet, asset);
      if (resumed) context.output.notice(RESUMED);
      context.output.result(
        { amount, token: token ?? null, receiver: address, l1Transaction: transaction, resumed },
        [`${format(amount)} paid to ${address}: ${transaction}`],
      );
    },
    ({ kind, asset }) => kind === 'claim' && isAddressEqual(asset, token ?? zeroAddress),
  );
}
