import { encodeProposal, proposeBlock, simulateProposal } from '../../l1/propose.ts';
import { readNoteRoot } from '../../l1/rollup-info.ts';
import { simulate } from '../../program/run/simulate.ts';
import { encodeValue } from '../../program/values/values.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { fieldAdd, integerFromBytes, integerToBytes } from '../../protocol/field.ts';
import { BASE_FIELD_MODULUS } from '../../protocol/proof.ts';
import { encodeTransaction, type ProvenTransition } from '../../protocol/transaction/transaction.ts';
import { SMALL_SIGNAL_NAMES } from '../../protocol/transaction/transition.ts';
import type { Prover } from '../../prover/prover.ts';
import type { CallOptions } from '../../pxe/calls/call-sender.ts';
import type { ClientAccount } from '../../pxe/client/account.ts';
import type { Azalea } from '../../pxe/client/azalea.ts';
import type { ClientProgram } from '../../pxe/client/program.ts';
import { authorizeCall, proveCall } from '../../pxe/transactions/prove-call.ts';
import type { DevelopmentAccount } from '../chain.ts';
import type { Devnet } from '../start.ts';
import { blockOf, type ProvenChunk, proveChunkFor } from './hand-made-block.ts';
import { expectRefusal } from './steps.ts';

/** Gas that lets a refused proposal be mined instead of being refused by the node's estimate. */
const ATTACK_GAS = 5_000_000n;

export interface AttackerOptions {
  readonly net: Devnet;
  /** Proves both circuits. */
  readonly prover: Prover;
  readonly azalea: Azalea;
  readonly account: ClientAccount;
  readonly token: ClientProgram;
  /** L1 account that proposes the attacker's blocks. */
  readonly proposer: DevelopmentAccount;
}

/** An attacker with a valid, unpublished transaction and a valid block around it. It changes one thing at a time. */
export class Attacker {
  readonly #options: AttackerOptions;
  #valid: { transition: ProvenTransition; anchorBlock: number; chunk: ProvenChunk } | undefined;

  constructor(options: AttackerOptions) {
    this.#options = options;
  }

  /** Spends a record a second time, with a real proof. */
  async doubleSpend(): Promise<string> {
    const { azalea, account, token, prover } = this.#options;
    const signer = azalea.addressOf(account);
    const spent = azalea.pxe.records.all(signer).find((record) => {
      const type = azalea.pxe.programs.recordType(record.preimage.typeId);
      return record.spentIn !== undefined && type?.program.programId === token.programId;
    });
    if (spent === undefined) throw new AzaleaError('DEMO_SETUP', 'There is no spent token to spend again.');
    const call: CallOptions = {
      program: token.program,
      functionName: 'transfer',
      args: [spent.commitment, account.address, 1n],
      signer,
    };
    await expectRefusal('A double spend by the wallet', 'RECORD_SPENT', () => azalea.pxe.simulate(call));

    // Past the wallet: the circuit does not know spent records, so a proof exists.
    const { types } = token.program;
    const fn = token.program.functions.get('transfer')!;
    const values = [
      { type: fn.checked.inputs[0].type, leaves: [signer, spent.preimage.data[0]] },
      encodeValue(account.address, fn.checked.inputs[1].type, types),
      encodeValue(1n, fn.checked.inputs[2].type, types),
    ];
    const simulation = simulate(token.program, 'transfer', values, { signer, caller: signer });
    const planned = { program: token.program, simulation, spends: [spent] };
    // The wallet's newest block, whose tree has the record: an older anchor may not.
    await azalea.sync();
    const anchorBlock = azalea.pxe.head;
    const notePaths = [azalea.pxe.notePath(spent.leafIndex)];
    const { rollup, rollupId } = azalea.pxe.rollup;
    const anchorRoot = await readNoteRoot(azalea.pxe.l1, rollup, anchorBlock);
    if (anchorRoot === undefined)
      throw new AzaleaError('DEMO_SETUP', `L1 has no note root of L2 block ${anchorBlock}.`);
    const authorization = authorizeCall(planned, {
      account: azalea.pxe.keys.get(signer).keys,
      anchorRoot,
      rollupId,
    });
    const { transaction } = await proveCall(prover, { authorization, call: planned, notePaths });
    const [transition] = transaction.transitions;
    await this.#sequencerRefuses('A double spend', 'NULLIFIER_SPENT', transition);
    // No honest state update exists: the attacker brings the one of a block that is valid otherwise.
    const { chunk } = await this.#validBlock();
    return this.#l1Refuses('A double spend', transition, anchorBlock, chunk);
  }

  /** Another proof under the same signals: A replaced by -A. */
  async tamperedProof(): Promise<string> {
    const { transition, anchorBlock, chunk } = await this.#validBlock();
    const proof = transition.proof.slice();
    const y = integerFromBytes(proof.subarray(32, 64));
    proof.set(integerToBytes(BASE_FIELD_MODULUS - y, 32), 32);
    const tampered = { ...transition, proof };
    await this.#sequencerRefuses('A tampered proof', 'PROOF_INVALID', tampered);
    return this.#l1Refuses('A tampered proof', tampered, anchorBlock, chunk);
  }

  /** Another public signal under the same proof; then the unchanged block, as the control. */
  async forgedSignal(): Promise<string> {
    const { net, proposer } = this.#options;
    const { transition, anchorBlock, chunk } = await this.#validBlock();
    const position = SMALL_SIGNAL_NAMES.indexOf('outgoing[0]');
    const signals = transition.signals.map((signal, k) => (k === position ? fieldAdd(signal, 1n) : signal));
    const forged = { ...transition, signals };
    await this.#sequencerRefuses('A forged public signal', 'PROOF_INVALID', forged);
    const refused = await this.#l1Refuses('A forged public signal', forged, anchorBlock, chunk);
    await proposeBlock(
      net.client,
      net.wallet(proposer),
      net.rollup.rollup,
      blockOf(transition, anchorBlock, chunk),
    );
    return `${refused}; the same block unchanged settles`;
  }

  async #authorizeFresh() {
    const { azalea, account, token } = this.#options;
    return azalea.pxe.authorize({
      program: token.program,
      functionName: 'mint',
      args: [account.address, 1n],
      signer: azalea.addressOf(account),
    });
  }

  /** A transaction that nobody has seen yet, and the proof of its state update. Made once. */
  async #validBlock() {
    if (this.#valid !== undefined) return this.#valid;
    const { net, prover, proposer } = this.#options;
    const { call, authorization, notePaths, anchorBlock } = await this.#authorizeFresh();
    const { transaction } = await proveCall(prover, { authorization, call, notePaths });
    const [transition] = transaction.transitions;
    const chunk = await proveChunkFor(net, prover, proposer.address, transition);
    await simulateProposal(
      net.client,
      net.rollup.rollup,
      proposer.address,
      blockOf(transition, anchorBlock, chunk),
    );
    this.#valid = { transition, anchorBlock, chunk };
    return this.#valid;
  }

  #sequencerRefuses(what: string, code: string, transition: ProvenTransition): Promise<string> {
    const { azalea } = this.#options;
    return expectRefusal(`${what} at the sequencer`, code, () =>
      azalea.pxe.sequencer.submitTransaction(encodeTransaction({ transitions: [transition] })),
    );
  }

  /** Sends the block to L1 for real: it is mined and reverts, with the proof as the reason. */
  async #l1Refuses(
    what: string,
    transition: ProvenTransition,
    anchorBlock: number,
    chunk: ProvenChunk,
  ): Promise<string> {
    const { net, proposer } = this.#options;
    const bytes = blockOf(transition, anchorBlock, chunk);
    const { rollup } = net.rollup;
    const error = await expectRefusal(`${what} on L1`, 'InvalidProof', () =>
      simulateProposal(net.client, rollup, proposer.address, bytes),
    );
    const hash = await net
      .wallet(proposer)
      .sendTransaction({ to: rollup, data: encodeProposal(bytes), gas: ATTACK_GAS });
    const receipt = await net.client.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'reverted') {
      throw new AzaleaError('DEMO_NOT_REFUSED', `${what} was accepted by L1 in ${hash}.`);
    }
    return `${error} (mined and reverted)`;
  }
}
