/** The wallet's directory: one process at a time, sealed with a passphrase. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryLock } from '../../host/directory-lock.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { KeyStore } from '../../pxe/accounts/key-store.ts';
import { lmdbBackend } from '../../pxe/node/lmdb-backend.ts';
import { EncryptedStore } from '../../pxe/store/encrypted-store.ts';
import type { CliContext } from '../context.ts';
import { storeDirectory } from '../settings.ts';

/** A directory that is ours until it is released, with the passphrase that should open it. */
export interface HeldDirectory {
  readonly directory: string;
  readonly passphrase: string;
  release(): Promise<void>;
}

/**
 * Takes the wallet's directory and asks for its passphrase.
 * @param create make a new store when there is none; otherwise that is an error
 * @throws AzaleaError WALLET_EMPTY, WALLET_IN_USE, WALLET_UNUSABLE, PASSPHRASE_MISSING, PASSPHRASE_MISMATCH
 */
export async function holdDirectory(context: CliContext, create: boolean): Promise<HeldDirectory> {
  const directory = storeDirectory(context.options);
  const exists = existsSync(join(directory, 'data.mdb'));
  if (!exists && !create) throw empty(directory);
  const lock = await lockDirectory(directory);
  try {
    const passphrase = await context.prompts.passphrase(!exists);
    return { directory, passphrase, release: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The accounts alone: needs neither sequencer nor L1. Errors: those of `holdDirectory` and `EncryptedStore.open`. */
export async function withAccounts<T>(
  context: CliContext,
  create: boolean,
  work: (accounts: KeyStore) => Promise<T>,
): Promise<T> {
  const held = await holdDirectory(context, create);
  try {
    const backend = lmdbBackend(held.directory);
    const store = await EncryptedStore.open(backend, held.passphrase).catch(async (error: unknown) => {
      await backend.close();
      throw error;
    });
    try {
      return await work(await KeyStore.open(store));
    } finally {
      await store.close();
    }
  } finally {
    await held.release();
  }
}

/** The error of a wallet without accounts. */
export function empty(directory: string): AzaleaError {
  return new AzaleaError(
    'WALLET_EMPTY',
    `There is no account in ${directory}: make one with "azalea account new", restore one with "azalea account import", or name another directory with --store.`,
    { directory },
  );
}

/** The system's code, also of an error that was wrapped. */
function reasonOf(error: unknown): string {
  const cause = error instanceof AzaleaError ? error.cause : error;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
}

async function lockDirectory(directory: string): Promise<DirectoryLock> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return await DirectoryLock.take(directory);
  } catch (cause) {
    if (cause instanceof AzaleaError && cause.code === 'STORE_IN_USE') {
      throw new AzaleaError(
        'WALLET_IN_USE',
        `Another process uses the wallet in ${directory}: wait for it, or end it.`,
        { directory },
        { cause },
      );
    }
    throw new AzaleaError(
      'WALLET_UNUSABLE',
      `The wallet's directory ${directory} cannot be used (${reasonOf(cause)}): name a writable one with --store.`,
      { directory },
      { cause },
    );
  }
}
