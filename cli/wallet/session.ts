/** A wallet that is connected to its rollup. */

import { type Hex, isHex } from 'viem';
import { programSource } from '../../host/program-source.ts';
import { accountFromPrivateKey, developmentAccounts, developmentPrivateKey } from '../../l1/account.ts';
import { type L1Wallet, l1Wallet } from '../../l1/client.ts';
import { compileProgram } from '../../program/compile/artifact.ts';
import { DEVELOPMENT_CHAIN } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import type { L1Intent } from '../../pxe/bridge/l1-intents.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../pxe/client/program.ts';
import { connect } from '../../pxe/node/connect.ts';
import type { CliContext } from '../context.ts';
import { type Endpoints, resolveEndpoints } from '../settings.ts';
import { empty, holdDirectory } from './store.ts';
import { unfinishedLine } from './unfinished.ts';

export interface Session {
  readonly azalea: Azalea;
  /** `credits.aleo`: bridged ETH. */
  readonly credits: ClientProgram;
  /** `bridge.aleo`: bridged ERC-20 tokens. */
  readonly bridge: ClientProgram;
  /** The account that signs: --account, or the current one, which is said when there are several. Throws ACCOUNT_UNKNOWN. */
  signer(): ClientAccount;
  /** --account, or all. */
  shownAccounts(): ClientAccount[];
  /** The L1 account that pays on L1. Throws L1_KEY_MISSING, L1_KEY_INVALID. */
  l1Wallet(): L1Wallet;
}

/** Says what became of deposits and claims that an earlier command signed without seeing them mined. */
async function sayUnfinished(
  context: CliContext,
  azalea: Azalea,
  own: (intent: L1Intent) => boolean,
): Promise<void> {
  for (const { intent, state } of await azalea.bridge.unfinished(own)) {
    context.output.notice(unfinishedLine(intent, state));
  }
}

/**
 * Opens the wallet, connects it, follows the chain to its newest settled block, works, and closes everything.
 * Errors: those of `resolveEndpoints`, `holdDirectory`, `connect` and `Pxe.sync`; PROTOCOL_PROGRAM_MISMATCH.
 * @param own unfinished transactions to L1 that `work` takes up by itself
 */
export async function withSession<T>(
  context: CliContext,
  work: (session: Session) => Promise<T>,
  own: (intent: L1Intent) => boolean = () => false,
): Promise<T> {
  const { progress } = context;
  const endpoints = await resolveEndpoints(context.options);
  const held = await holdDirectory(context, false);
  try {
    const azalea = await connect({
      sequencer: endpoints.sequencer,
      l1: endpoints.l1,
      l1LogRange: context.options.l1LogRange,
      notesFromL1: context.options.notesFromL1,
      rollup: endpoints.rollup,
      store: held.directory,
      storeIsHeld: true,
      passphrase: held.passphrase,
      onKeyDownload: (file, received, total) => progress.update(`download ${file}`, received / total),
      onKeyBuilding: (circuit, fraction) =>
        progress.update(`sequencer makes the key of ${circuit}`, fraction),
      onSync: ({ block, head, secondsLeft }) =>
        progress.update(
          'synchronise',
          head === 0 ? 1 : block / head,
          secondsLeft === undefined ? undefined : `about ${Math.ceil(secondsLeft)} s left`,
        ),
    });
    try {
      if (azalea.accounts.list().length === 0) throw empty(held.directory);
      const session = await createSession(context, endpoints, azalea);
      await azalea.sync();
      noticeBehind(context, azalea.pxe.behind);
      await sayUnfinished(context, azalea, own);
      return await work(session);
    } finally {
      await azalea.close();
    }
  } finally {
    await held.release();
  }
}

/** A sequencer needs a moment to see on L1 that a block of its own settled. */
const USUAL_LAG = 2;

/** Says that the sequencer shows less than L1 has: balances are then of an older state. */
function noticeBehind({ output }: CliContext, behind: number): void {
  if (behind <= USUAL_LAG) return;
  output.notice(`The sequencer is ${behind} L2 blocks behind L1: what follows is the state before them.`);
}

async function createSession(context: CliContext, endpoints: Endpoints, azalea: Azalea): Promise<Session> {
  const { rollup } = azalea.pxe;
  const accounts = azalea.accounts.list();
  const named = context.options.account;
  return {
    azalea,
    credits: await loadProtocolProgram(azalea, 'credits', rollup.creditsProgramId),
    bridge: await loadProtocolProgram(azalea, 'bridge', rollup.bridgeProgramId),
    signer: () => {
      if (named !== undefined) return azalea.accounts.get(named);
      const current = azalea.accounts.current();
      if (accounts.length > 1) {
        context.output.notice(`Account: ${current.alias}, the current one (--account NAME for another).`);
      }
      return current;
    },
    shownAccounts: () => (named === undefined ? accounts : [azalea.accounts.get(named)]),
    l1Wallet: () => l1Wallet(azalea.pxe.l1, accountFromPrivateKey(l1Key(context, endpoints, rollup.chainId))),
  };
}

/** Loads the program of ETH or tokens. It must be the very program that the rollup pays for. */
async function loadProtocolProgram(azalea: Azalea, name: string, programId: bigint): Promise<ClientProgram> {
  const source = await programSource(name);
  const { programId: own, loweringVersion: newest } = compileProgram(source, `${name}.aleo`);
  // A rollup keeps the ids that it was deployed with: they may be of an older lowering.
  for (let lowering = newest; lowering >= 1; lowering--) {
    const program = compileProgram(source, `${name}.aleo`, { lowering });
    if (program.programId === programId) return await azalea.programs.load(source, undefined, { lowering });
  }
  throw new AzaleaError(
    'PROTOCOL_PROGRAM_MISMATCH',
    `This software's ${name}.aleo is ${fieldToHex(own)}, the rollup's is ${fieldToHex(programId)}: use the version of the software that the rollup was deployed with.`,
    { program: name },
  );
}

function l1Key(context: CliContext, endpoints: Endpoints, chainId: number): Hex {
  const given = context.environment.AZALEA_L1_KEY;
  if (given !== undefined) return isHex(given) ? given : `0x${given}`;
  if (chainId !== DEVELOPMENT_CHAIN) {
    throw new AzaleaError(
      'L1_KEY_MISSING',
      'This needs an L1 account that pays: set AZALEA_L1_KEY to its private key (0x and 64 hex digits).',
    );
  }
  // Account #0 is the devnet's sequencer's: the next one is for users.
  const key = endpoints.devnet?.accounts[0]?.privateKey ?? developmentPrivateKey(developmentAccounts(2)[1]);
  context.output.notice(
    `L1 account: ${accountFromPrivateKey(key).address}, a development account whose key is public. Set AZALEA_L1_KEY for another.`,
  );
  return key;
}
