/** Ties a data directory to one rollup: a fresh one becomes this rollup's, a foreign one is refused. */

import { keccak_256 } from '@noble/hashes/sha3.js';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { bytesHex } from '../hex.ts';
import type { L1Block, RollupInfo } from '../l1/port.ts';
import { crashPoint } from '../process/crash-point.ts';
import { STORE_VERSION, type StoredIdentity } from './records.ts';
import type { Store } from './store.ts';
import type { WorldState } from './world-state.ts';

const identityOf = (info: RollupInfo): StoredIdentity => ({
  version: STORE_VERSION,
  rollupId: fieldToHex(info.rollupId),
  chainId: info.chainId,
  rollup: info.rollup.toLowerCase(),
  bridge: info.bridge.toLowerCase(),
  keys: info.keys.map(({ id, hash }) => ({ id, hash: hash.toLowerCase() })),
});

/**
 * Compares the data directory with the rollup.
 * @throws AzaleaError STORE_VERSION or STORE_FOREIGN, naming what differs and the fix.
 */
export function checkIdentity(stored: StoredIdentity, info: RollupInfo): void {
  if (stored.version !== STORE_VERSION) {
    throw new AzaleaError(
      'STORE_VERSION',
      `The data directory has format ${stored.version}, this software needs ${STORE_VERSION}; delete the directory, it is rebuilt from L1`,
      { stored: stored.version, expected: STORE_VERSION },
    );
  }
  const actual = identityOf(info);
  for (const field of ['rollupId', 'chainId', 'rollup', 'bridge', 'keys'] as const) {
    const [mine, theirs] = [JSON.stringify(stored[field]), JSON.stringify(actual[field])];
    if (mine === theirs) continue;
    throw new AzaleaError(
      'STORE_FOREIGN',
      `The data directory belongs to another rollup (${field} ${mine}, L1 has ${theirs}); choose another dataDirectory or delete it`,
      { field, stored: mine, expected: theirs },
    );
  }
}

/** Checks the data directory, or makes it this rollup's: genesis state, cursor at the deployment. */
export function adoptIdentity(store: Store, state: WorldState, info: RollupInfo, deployment: L1Block): void {
  const stored = store.identity;
  if (stored !== undefined) {
    checkIdentity(stored, info);
    return;
  }
  store.atomic(() => {
    state.writeGenesis();
    const position = state.position();
    store.blocks.putSync(0, {
      ...position,
      l2Block: 0,
      nextDeposit: 0,
      hash: bytesHex(keccak_256(new Uint8Array())),
      l1Block: deployment.number,
      l1BlockHash: deployment.hash,
      l1TransactionHash: null,
      proposer: null,
      timestamp: deployment.timestamp,
      chunks: [],
      transactions: [],
      deposits: [],
    });
    store.roots.putSync(position.noteRoot, 0);
    store.l1Hashes.putSync(deployment.number, deployment.hash);
    // Deposits in the deployment's own L1 block are read too.
    store.cursor = { number: deployment.number - 1, hash: '' };
    store.identity = identityOf(info);
  });
  crashPoint('start.identity-stored');
}
