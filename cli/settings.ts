import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Address } from 'viem';
import { DEVNET_FILE, type DevnetDescription, readDevnet } from '../host/devnet-file.ts';
import { rollupAddress } from '../l1/deploy/deployment-file.ts';
import { splitUrls } from '../l1/node/transport.ts';
import { AzaleaError } from '../protocol/errors.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly sequencer?: string;
  /** One or several, with commas. */
  readonly l1?: string;
  /** Most L1 blocks in one eth_getLogs. */
  readonly l1LogRange?: number;
  /** Read records from L1 alone. */
  readonly notesFromL1?: boolean;
  readonly rollup?: string;
  readonly devnet?: string;
  readonly account?: string;
  readonly json?: boolean;
}

/** The addresses of the rollup's services. */
export interface Endpoints {
  readonly sequencer: string;
  readonly l1: string;
  /** Address of the rollup contract; undefined: the sequencer's answer, checked against L1. */
  readonly rollup: Address | undefined;
  readonly devnet: DevnetDescription | undefined;
}

/** Directory of the encrypted store. */
export function storeDirectory(options: GlobalOptions): string {
  return options.store ?? join(homedir(), '.azalea', 'wallet');
}

/**
 * Returns the addresses of sequencer and L1: from the options, else from the devnet's file (the one named, or ./devnet.json
 * when there is one).
 * @throws AzaleaError ENDPOINT_MISSING, ENDPOINT_INVALID, L1_ADDRESS_INVALID, DEPLOYMENT_FILE_INVALID, DEVNET_FILE_MISSING,
 *   DEVNET_FILE_INVALID
 */
export async function resolveEndpoints(options: GlobalOptions): Promise<Endpoints> {
  const named = options.sequencer !== undefined && options.l1 !== undefined;
  const file = options.devnet ?? (!named && existsSync(DEVNET_FILE) ? DEVNET_FILE : undefined);
  const devnet = file === undefined ? undefined : await readDevnet(file);
  const sequencer = url('--sequencer', options.sequencer ?? devnet?.sequencerUrl);
  const l1 = url('--l1', options.l1 ?? devnet?.l1Url, splitUrls);
  // With other endpoints than the devnet's own, its contract address says nothing.
  const ownEndpoints = sequencer === devnet?.sequencerUrl && l1 === devnet?.l1Url;
  const rollup =
    options.rollup === undefined
      ? ownEndpoints
        ? devnet?.rollup
        : undefined
      : rollupAddress(options.rollup);
  return { sequencer, l1, rollup, devnet };
}

function url(
  option: string,
  value: string | undefined,
  split: (text: string) => string[] = (text) => [text],
): string {
  if (value === undefined) {
    throw new AzaleaError(
      'ENDPOINT_MISSING',
      `No rollup is named: give --sequencer URL and --l1 URL, or run in a directory where a devnet (npm run devnet) has left its ${DEVNET_FILE}.`,
    );
  }
  if (!split(value).every((each) => /^https?:\/\//.test(each) && URL.canParse(each))) {
    throw new AzaleaError('ENDPOINT_INVALID', `The value of ${option} is no http or https URL.`, { option });
  }
  return value;
}
