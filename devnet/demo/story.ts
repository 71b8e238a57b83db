import { programSource } from '../../host/program-source.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { SnarkjsProver } from '../../prover/node/snarkjs-prover.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import type { ClientProgram, TransactionHandle } from '../../pxe/client/program.ts';
import { connect } from '../../pxe/node/connect.ts';
import type { Devnet } from '../start.ts';
import { Attacker } from './attacks.ts';
import type { Board } from './board.ts';
import { STEP_TITLES, type StepName } from './step-names.ts';
import type { Steps } from './steps.ts';

const ETHER = 10n ** 18n;
const DEPOSIT = ETHER;
const TOKENS = 500n * ETHER;

/** The share of a transaction's way to L1, by status. */
const SETTLING: Readonly<Record<string, number>> = { pending: 0, included: 0.25, proven: 0.75, settled: 1 };

/** A transaction that the story sent. */
export interface SentTransaction {
  readonly step: StepName;
  readonly title: string;
  readonly id: string;
  readonly witnessSeconds: number;
  readonly proofSeconds: number;
}

interface User {
  readonly azalea: Azalea;
  readonly account: ClientAccount;
  readonly token: ClientProgram;
  readonly credits: ClientProgram;
  readonly bridge: ClientProgram;
}

/** Alice and Bob, each with a PXE of their own that speaks to the world over HTTP and L1 only. */
export class Story {
  readonly #net: Devnet;
  readonly #steps: Steps;
  readonly #board: Board;
  readonly sent: SentTransaction[] = [];
  /** The outcome of each attack. */
  readonly refusals: string[] = [];

  constructor(net: Devnet, steps: Steps, board: Board) {
    this.#net = net;
    this.#steps = steps;
    this.#board = board;
  }

  async run(): Promise<void> {
    const alice = await this.#user('alice');
    // Bob asks no sequencer for his records: his wallet reads L1 itself.
    const bob = await this.#user('bob', { notesFromL1: true });
    try {
      await this.#depositsAndMint(alice);
      await this.#transfers(alice, bob);
      await this.#onwards(alice, bob);
      await this.#joinSplitClaim(alice, bob);
      await this.#attacks(alice);
    } finally {
      await alice.azalea.close();
      await bob.azalea.close();
    }
  }

  async #user(alias: string, options: { notesFromL1?: boolean } = {}): Promise<User> {
    const { service, l1Url } = this.#net;
    const passphrase = crypto.randomUUID();
    // Two proofs at a time: independent calls share a block.
    const azalea = await connect({
      ...options,
      sequencer: service.url,
      l1: l1Url,
      passphrase,
      pollMs: 200,
      proofProcesses: 2,
    });
    const load = async (name: string): Promise<ClientProgram> =>
      azalea.programs.load(await programSource(name));
    return {
      azalea,
      account: await azalea.accounts.create(alias),
      token: await load('token'),
      credits: await load('credits'),
      bridge: await load('bridge'),
    };
  }

  async #depositsAndMint(alice: User): Promise<void> {
    const { azalea, account } = alice;
    const wallet = this.#net.wallet(this.#net.accounts[0]);
    // One L1 account: its two transactions go out in order, the records arrive together.
    const eth = await azalea.bridge.depositEth(account, DEPOSIT, wallet);
    const token = await azalea.bridge.depositErc20(account, this.#net.token, TOKENS, wallet);
    await Promise.all([
      this.#steps.run('depositEth', () => azalea.waitForDeposit(account, eth, { pollMs: 200 })),
      this.#steps.run('depositErc20', () => azalea.waitForDeposit(account, token, { pollMs: 200 })),
      this.#call('mint', () =>
        alice.token.functions.mint(account.address, 100n).send(this.#from(alice, 'mint')),
      ),
    ]);
    expectAmount('credits of Alice', azalea.balance(account, alice.credits, 'credits'), DEPOSIT);
    expectAmount('test dollars of Alice', azalea.balance(account, alice.bridge, 'asset'), TOKENS);
  }

  async #transfers(alice: User, bob: User): Promise<void> {
    const to = bob.account.address;
    await Promise.all([
      this.#call('transfer', () =>
        alice.token.functions.transfer({ atLeast: 60n }, to, 60n).send(this.#from(alice, 'transfer')),
      ),
      this.#call('creditsTransfer', () =>
        alice.credits.functions
          .transfer({ atLeast: DEPOSIT }, to, (3n * ETHER) / 10n)
          .send(this.#from(alice, 'creditsTransfer')),
      ),
    ]);
    await bob.azalea.sync();
    expectAmount('tokens that Bob finds', bob.azalea.balance(bob.account, bob.token, 'token'), 60n);
  }

  async #onwards(alice: User, bob: User): Promise<void> {
    const receiver = BigInt(this.#net.accounts[1].address);
    await Promise.all([
      this.#call('transferOn', () =>
        bob.token.functions
          .transfer({ atLeast: 25n }, alice.account.address, 25n)
          .send(this.#from(bob, 'transferOn')),
      ),
      this.#call('withdraw', () =>
        bob.credits.functions
          .withdraw({ atLeast: ETHER / 10n }, receiver, ETHER / 10n)
          .send(this.#from(bob, 'withdraw')),
      ),
    ]);
    expectAmount(
      'credits of Bob',
      bob.azalea.balance(bob.account, bob.credits, 'credits'),
      (2n * ETHER) / 10n,
    );
  }

  async #joinSplitClaim(alice: User, bob: User): Promise<void> {
    await alice.azalea.sync();
    await this.#call('join', () =>
      alice.token.functions.join({ atLeast: 40n }, { atLeast: 25n }).send(this.#from(alice, 'join')),
    );
    await Promise.all([
      this.#call('split', () =>
        alice.token.functions.split({ atLeast: 65n }, 20n).send(this.#from(alice, 'split')),
      ),
      this.#steps.run('claim', async () => {
        const wallet = this.#net.wallet(this.#net.accounts[1]);
        const { amount } = await bob.azalea.bridge.claim(wallet);
        expectAmount('claimed on L1', amount, ETHER / 10n);
      }),
    ]);
    expectAmount('tokens of Alice', alice.azalea.balance(alice.account, alice.token, 'token'), 65n);
  }

  async #attacks(alice: User): Promise<void> {
    const prover = new SnarkjsProver({ keys: this.#net.keys });
    const attacker = new Attacker({
      net: this.#net,
      prover,
      azalea: alice.azalea,
      account: alice.account,
      token: alice.token,
      proposer: this.#net.accounts[5],
    });
    const attack = async (name: StepName, work: () => Promise<string>): Promise<void> => {
      this.refusals.push(
        `${STEP_TITLES[name]}: refused by the sequencer; by L1 with ${await this.#steps.run(name, work)}`,
      );
    };
    try {
      await attack('attackDoubleSpend', () => attacker.doubleSpend());
      await attack('attackProof', () => attacker.tamperedProof());
      await attack('attackSignal', () => attacker.forgedSignal());
    } finally {
      await prover.close();
    }
  }

  #from(user: User, name: StepName) {
    return {
      from: user.account,
      onProgress: (event: { fraction: number }) => this.#board.progress(name, 'proving', event.fraction),
    };
  }

  #call(name: StepName, send: () => Promise<TransactionHandle>): Promise<void> {
    return this.#steps.run(name, async () => {
      const handle = await send();
      const { id, witnessSeconds, proofSeconds } = handle;
      this.sent.push({ step: name, title: STEP_TITLES[name], id, witnessSeconds, proofSeconds });
      await handle.wait('settled', {
        onStatus: ({ status }) => this.#board.progress(name, 'settling', SETTLING[status] ?? 0),
      });
    });
  }
}

function expectAmount(what: string, got: bigint, expected: bigint): void {
  if (got === expected) return;
  throw new AzaleaError('DEMO_BALANCE', `${what}: expected ${expected}, found ${got}.`, {
    expected: String(expected),
    got: String(got),
  });
}
