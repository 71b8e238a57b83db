import { zeroAddress } from 'viem';
import type { L1Intent, UnfinishedIntent } from '../../pxe/bridge/l1-intents.ts';
import { formatEth } from './amount.ts';

const OUTCOME: Readonly<Record<UnfinishedIntent['state'], string>> = {
  mined: 'It is on L1.',
  reverted: 'L1 refused it: it came to nothing.',
  replaced: 'It can never come: another transaction of the L1 account took its place.',
  waiting: 'It is not on L1 yet and was sent again; the same command waits for it and signs no second one.',
};

/** One line about a deposit or claim that an earlier command signed. */
export function unfinishedLine(intent: L1Intent, state: UnfinishedIntent['state']): string {
  const { kind, asset, amount, signed } = intent;
  const isEth = asset === zeroAddress;
  const what =
    kind === 'claim'
      ? `claim of ${isEth ? 'ETH' : asset}`
      : `deposit of ${isEth ? formatEth(amount ?? 0n) : `${amount} units of ${asset}`}`;
  return `An earlier command signed a ${what}: ${signed?.hash ?? 'unknown'}. ${OUTCOME[state]}`;
}
