/** A rollup with the stand-in circuits for the tests of one suite. */
import { after, before } from 'node:test';
import { deployFixture, type Fixture } from '../../../fixtures/rollup.ts';
import { type StandInChain, standInChain } from './stand-in-blocks.ts';
import { type StandInProver, standInProver } from './stand-in-prover.ts';

export interface StandInRollup {
  readonly prover: StandInProver;
  readonly fixture: Fixture;
  readonly blocks: StandInChain;
}

/** Called in a suite: hands a fresh rollup to `use` before its tests and closes it after them. */
export function useStandInRollup(use: (rollup: StandInRollup) => void): void {
  let prover: StandInProver | undefined;
  let fixture: Fixture | undefined;
  before(async () => {
    prover = await standInProver();
    fixture = await deployFixture({ keys: prover.keys });
    use({ prover, fixture, blocks: standInChain(fixture, prover) });
  });
  after(async () => {
    await prover?.close();
    await fixture?.close();
  });
}
