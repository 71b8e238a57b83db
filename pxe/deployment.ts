import type { RollupInfo } from '../l1/rollup-info.ts';
import { DEVELOPMENT_CHAIN, KEY_ID } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import { fieldToHex } from '../protocol/field.ts';
import type { InfoResponse } from '../rpc/schema/info.ts';
import type { EncryptedStore } from './store/encrypted-store.ts';

/** Chain id of a development chain: the only place where development keys are accepted. */
const COLLECTION = 'deployment';
const ID = 'rollup';

/** The rollup a store belongs to. */
interface StoreIdentity {
  readonly rollupId: string;
  readonly keyHash: string;
}

export interface DeploymentFacts {
  /** From L1 itself. */
  readonly rollup: RollupInfo;
  /** From the sequencer. */
  readonly sequencer: InfoResponse;
}

/**
 * Makes sure that L1, sequencer and store speak of one rollup. Proving keys are checked when they are fetched.
 * Errors: ROLLUP_MISMATCH (sequencer), INSECURE_KEYS_REFUSED, ROLLUP_WITHOUT_TRANSITIONS, PXE_STORE_FOREIGN.
 */
export async function adoptDeployment(store: EncryptedStore, facts: DeploymentFacts): Promise<void> {
  const { rollup, sequencer } = facts;
  const rollupId = fieldToHex(rollup.rollupId);
  if (sequencer.rollupId !== rollupId) {
    throw new AzaleaError(
      'ROLLUP_MISMATCH',
      `The sequencer serves rollup ${sequencer.rollupId}, L1 has ${rollupId} at ${rollup.rollup}. Use the sequencer of this rollup.`,
      { expected: rollupId, actual: sequencer.rollupId },
    );
  }
  if (rollup.insecureKeys && rollup.chainId !== DEVELOPMENT_CHAIN) {
    throw new AzaleaError(
      'INSECURE_KEYS_REFUSED',
      `The rollup ${rollup.rollup} runs with development keys on chain ${rollup.chainId}: their maker can empty its bridge. Do not use it.`,
      { chainId: rollup.chainId },
    );
  }
  // The key that all wallets so far had to know; a rollup for large calls alone has the other one.
  const onChain = (
    rollup.keys.find(({ id }) => id === KEY_ID['transition-small']) ??
    rollup.keys.find(({ id }) => id === KEY_ID['transition-large'])
  )?.hash;
  if (onChain === undefined) {
    throw new AzaleaError(
      'ROLLUP_WITHOUT_TRANSITIONS',
      `The rollup ${rollup.rollup} has no key of a transition circuit that this software knows. Use the matching version of the software.`,
      { rollup: rollup.rollup },
    );
  }
  const identity: StoreIdentity = { rollupId, keyHash: onChain };
  const known = await store.get<StoreIdentity>(COLLECTION, ID);
  if (known === undefined) {
    await store.write([{ collection: COLLECTION, id: ID, value: identity }]);
  } else if (known.rollupId !== identity.rollupId || known.keyHash !== identity.keyHash) {
    throw new AzaleaError(
      'PXE_STORE_FOREIGN',
      `This store belongs to rollup ${known.rollupId}, the connected one is ${rollupId}. Use another store directory (a devnet starts afresh each time), or connect to the store's rollup; a seed restores the account anywhere.`,
      { expected: known.rollupId, actual: rollupId },
    );
  }
}
