/** Steps of the demo, in order: part of what `--json` promises. */
export const STEP_NAMES = [
  'circuits',
  'keys',
  'contracts',
  'deploy',
  'depositEth',
  'depositErc20',
  'mint',
  'transfer',
  'transferOn',
  'join',
  'split',
  'creditsTransfer',
  'withdraw',
  'claim',
  'attackDoubleSpend',
  'attackProof',
  'attackSignal',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** The titles for people; at most 28 characters, for narrow terminals. */
export const STEP_TITLES: Readonly<Record<StepName, string>> = {
  circuits: 'Compile the circuits',
  keys: 'Make development keys',
  contracts: 'Compile the contracts',
  deploy: 'Start Ethereum and deploy',
  depositEth: 'Alice deposits 1 ETH',
  depositErc20: 'Alice deposits 500 dollars',
  mint: 'Alice mints 100 tokens',
  transfer: 'Alice sends Bob 60 tokens',
  transferOn: 'Bob sends 25 tokens back',
  join: 'Alice joins two records',
  split: 'Alice splits one record',
  creditsTransfer: 'Alice sends Bob 0.3 ETH',
  withdraw: 'Bob withdraws 0.1 ETH',
  claim: 'Bob claims it on Ethereum',
  attackDoubleSpend: 'Attack: spend a token twice',
  attackProof: 'Attack: change a proof',
  attackSignal: 'Attack: change public data',
};
