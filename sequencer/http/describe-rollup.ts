/** The answer of /info about a rollup and its sequencer. */

import { ANCHOR_MAX_AGE_L1_BLOCKS, KEY_ID, LOWERING_VERSION } from '../../protocol/constants.ts';
import { fieldToHex } from '../../protocol/field.ts';
import { BLOCK_VERSION } from '../../protocol/transaction/block.ts';
import { TRANSACTION_VERSION } from '../../protocol/transaction/transaction.ts';
import type { ArtifactInfo, InfoResponse } from '../../rpc/schema/info.ts';
import type { RollupInfo } from '../l1/port.ts';
import type { SequencerOptions } from '../process/options.ts';
import { PAGE_BLOCKS } from './queries.ts';

export function describeRollup(
  info: RollupInfo,
  options: SequencerOptions,
  artifacts: readonly ArtifactInfo[],
): InfoResponse {
  const names = Object.entries(KEY_ID);
  return {
    software: options.software,
    versions: { transaction: TRANSACTION_VERSION, block: BLOCK_VERSION, lowering: LOWERING_VERSION },
    rollupId: fieldToHex(info.rollupId),
    chainId: info.chainId,
    rollup: info.rollup.toLowerCase(),
    bridge: info.bridge.toLowerCase(),
    deployedAtL1Block: info.deployedAt,
    creditsProgramId: fieldToHex(info.creditsProgramId),
    bridgeProgramId: fieldToHex(info.bridgeProgramId),
    insecureKeys: info.insecureKeys,
    keys: info.keys.map(({ id, hash }) => {
      const circuit = names.find(([, keyId]) => keyId === id)?.[0] ?? 'unknown';
      return {
        id,
        circuit,
        role: circuit.startsWith('state-update') ? 'state-update' : 'transition',
        hash,
      };
    }),
    artifacts: [...artifacts],
    confirmations: options.confirmations,
    anchorMaxAgeL1Blocks: ANCHOR_MAX_AGE_L1_BLOCKS,
    limits: {
      bodyBytes: options.bodyBytes,
      pageBlocks: PAGE_BLOCKS,
      mempoolTransactions: options.mempoolTransactions,
      blockTransactions: options.blockTransactions,
    },
  };
}
