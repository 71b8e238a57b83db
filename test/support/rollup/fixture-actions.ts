/** Actions of contract tests on a fixture that exists only when they run. */
import { afterEach, beforeEach } from 'node:test';
import type { Hex } from 'viem';
import { type Fixture, revertName } from '../../../fixtures/rollup.ts';
import { proposeBlock, simulateProposal } from '../../../l1/propose.ts';

export interface FixtureActions {
  /** A call of the node: `evm_snapshot`, `hardhat_mine`. */
  request(method: string, params?: unknown[]): Promise<any>;
  /** Settles a block. */
  propose(block: Uint8Array, wallet?: number): ReturnType<typeof proposeBlock>;
  /** Name of the custom error that a block would be refused with, or `no error`. */
  outcome(block: Uint8Array, wallet?: number, where?: Fixture): Promise<string>;
}

export function fixtureActions(fixture: () => Fixture): FixtureActions {
  return {
    request: (method, params = []) => fixture().chain.provider.request({ method, params } as never),
    propose: (block, wallet = 0) => {
      const { client, wallets, rollup } = fixture();
      return proposeBlock(client, wallets[wallet], rollup, block);
    },
    outcome: (block, wallet = 0, where = fixture()) =>
      revertName(simulateProposal(where.client, where.rollup, where.wallets[wallet].account.address, block)),
  };
}

/** Called in a suite: every test starts from the chain that `before` left. */
export function restoreChain({ request }: FixtureActions): void {
  let snapshot: Hex;
  beforeEach(async () => {
    snapshot = await request('evm_snapshot');
  });
  afterEach(async () => {
    await request('evm_revert', [snapshot]);
  });
}
