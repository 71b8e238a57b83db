/** Carol auctions a painting; Alice and Bob bid without seeing each other's bid. Start `npm run devnet` in another terminal first. */
import { findDevnet } from '../host/devnet-file.ts';
import { printableLines } from '../protocol/printable.ts';
import { connect } from '../pxe/node/connect.ts';
import { AuctionProgram } from './bindings/auction.ts';

const PAINTING = 77n;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log('An auction with sealed bids, on the devnet of devnet.json. Start one: npm run devnet');
    return;
  }
  const devnet = await findDevnet();
  console.log('Three first calls: the proving key is fetched, then each is proven');
  const azalea = await connect({
    sequencer: devnet.sequencerUrl,
    l1: devnet.l1Url,
    rollup: devnet.rollup,
    passphrase: 'only for the store in memory',
  });
  const accounts = ['alice', 'bob', 'carol'].map((alias) => azalea.accounts.create(alias));
  const [alice, bob, carol] = await Promise.all(accounts);
  // The same program, called by three accounts. In life each of them has a PXE of its own.
  const house = await AuctionProgram.load(azalea, carol);
  const [hers, his] = [house.as(alice), house.as(bob)];

  // What does not depend on each other is proven and settled together.
  await Promise.all([
    house.functions.offer(PAINTING, 50n).send().wait('settled'),
    house.functions.sell_chips(alice.address, 100n).send().wait('settled'),
    house.functions.sell_chips(bob.address, 100n).send().wait('settled'),
  ]);
  console.log('The painting is offered for 50 or more; Alice and Bob have 100 chips each');

  await Promise.all([
    hers.functions.place_bid({ atLeast: 60n }, PAINTING, 60n).send().wait('settled'),
    his.functions.place_bid({ atLeast: 75n }, PAINTING, 75n).send().wait('settled'),
  ]);
  console.log('Both have bid: only the auctioneer sees how much');

  // The program decides which bid is higher; the loser's chips go back in the same transaction.
  const [first, second] = house.records('bid');
  await house.functions.resolve(first, second).send().wait('settled');
  console.log(`Alice has ${hers.balance('chip')} chips again`);

  const [lot] = house.records('lot');
  const [winner] = house.records('bid');
  await house.functions.finish(lot, winner).send().wait('settled');
  const [prize] = his.records('prize');
  console.log(`Bob has the painting ${prize.data.item} for ${prize.data.price}`);
  await azalea.close();
}

await main().catch((error: Error & { code?: string }) => {
  console.error(printableLines(error.code ? `${error.code}: ${error.message}` : `${error.stack}`));
  process.exit(1);
});
