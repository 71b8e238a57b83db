import type { DevelopmentAccount } from './chain.ts';
import type { Devnet } from './start.ts';

/** The text that a devnet prints once it is up, as `hardhat node` does: its URLs and the funded accounts. */
export function devnetBanner(net: Devnet, file: string): string[] {
  const { rollup } = net;
  const account = ({ address, privateKey }: DevelopmentAccount, number: number): string[] => [
    `Account #${number + 1}:  ${address} (10000 ETH, 1000000 AZD)`,
    `Private key:  ${privateKey}`,
    '',
  ];
  return [
    '',
    `L1 node (JSON-RPC)  ${net.l1Url}   chain ${rollup.chainId}`,
    `Sequencer (HTTP)    ${net.service.url}   API: ${net.service.url}/openapi.json`,
    '',
    `Rollup              ${rollup.rollup}`,
    `Bridge              ${rollup.bridge}`,
    `Test dollar (AZD)   ${net.token}   ERC-20, 18 decimals`,
    `Keys                ${rollup.keys.map(({ name }) => name).join(', ')} (INSECURE development keys)`,
    `Written to          ${file}`,
    '',
    'L1 accounts',
    '===========',
    'WARNING: these accounts and their private keys are publicly known.',
    'Any funds sent to them on Mainnet or any other live network WILL BE LOST.',
    '',
    ...net.accounts.flatMap(account),
    `The sequencer proposes blocks with ${net.proposer.address}: leave that account to it.`,
    '',
    'Try it:  npm run example    or    npx azalea account new    Ctrl-C ends the devnet; the next one starts afresh.',
  ];
}
