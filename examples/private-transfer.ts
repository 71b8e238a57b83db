/** Alice makes tokens and sends some to Bob in private. Start `npm run devnet` in another terminal first. */
import { findDevnet } from '../host/devnet-file.ts';
import { printableLines } from '../protocol/printable.ts';
import { connect } from '../pxe/node/connect.ts';
import { TokenProgram } from './bindings/token.ts';

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log('Mints tokens and sends some, on the devnet of devnet.json. Start one: npm run devnet');
    return;
  }
  // Where the sequencer and L1 are. The devnet wrote it to devnet.json.
  const devnet = await findDevnet();

  // A PXE in this process: it holds the keys, finds records and makes proofs. Nothing secret leaves it.
  const azalea = await connect({
    sequencer: devnet.sequencerUrl,
    l1: devnet.l1Url,
    rollup: devnet.rollup,
    passphrase: 'only for the store in memory',
  });
  const alice = await azalea.accounts.create('alice');
  const bob = await azalea.accounts.create('bob');
  console.log(`Alice is ${alice.address}\nBob is   ${bob.address}`);

  // A program is data: there is nothing to deploy, and nobody sees which one runs. Its bindings give it types.
  const token = await TokenProgram.load(azalea, alice);

  // Each call is proven here, then settled on L1 by the sequencer.
  console.log('Alice mints 100 tokens: the first call fetches the proving key, then proves');
  const mint = await token.functions.mint(alice.address, 100n).send();
  console.log(`mint      ${mint.id} (proof ${mint.proofSeconds.toFixed(1)} s)`);
  await mint.wait('settled');

  // "Spend a record of at least 30": the PXE chooses it; what is left returns to Alice.
  const transfer = await token.functions.transfer({ atLeast: 30n }, bob.address, 30n).send();
  console.log(`transfer  ${transfer.id} (proof ${transfer.proofSeconds.toFixed(1)} s)`);
  await transfer.wait('settled');

  console.log(`Alice has ${token.balance('token')} tokens`);
  console.log(`Bob has   ${token.as(bob).balance('token')} tokens`);
  await azalea.close();
}

await main().catch((error: Error & { code?: string }) => {
  console.error(printableLines(error.code ? `${error.code}: ${error.message}` : `${error.stack}`));
  process.exit(1);
});
