/**
 * A rollup for tests of the client: a chain of blocks as a sequencer serves them, its HTTP answers, and L1 as far as a PXE
 * reads it. Programs, keys, records and trees are the real ones; nothing is proven.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  bytesToHex,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  type Hex,
  keccak256,
  numberToHex,
  parseAbiParameters,
} from 'viem';
import type { L1Client } from '../../../l1/client.ts';
import { rollupAbi } from '../../../l1/generated/rollup-abi.ts';
import { compileProgram, type Program } from '../../../program/compile/artifact.ts';
import type { Authorization } from '../../../protocol/call/request.ts';
import { ANCHOR_MAX_AGE_L1_BLOCKS, KEY_ID } from '../../../protocol/constants.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../../protocol/field.ts';
import { commitmentOf, depositRho } from '../../../protocol/record.ts';
import { encodeBlock } from '../../../protocol/transaction/block.ts';
import { decodeTransaction, transactionId } from '../../../protocol/transaction/transaction.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import { NoteTree } from '../../../protocol/tree/note-tree.ts';
import type { ProveOptions, Prover } from '../../../prover/prover.ts';
import type { CircuitInput } from '../../../prover/witness-calculator.ts';
import type { NotesBlock, NotesResponse } from '../../../rpc/schema/notes.ts';

export const ROLLUP_ID = 4242n;
export const ROLLUP = '0x00000000000000000000000000000000000000aa';
const BRIDGE = '0x00000000000000000000000000000000000000bb';
const KEY_HASH = `0x${'12'.repeat(32)}` as const;
const PROPOSER = '0x00000000000000000000000000000000000000cc';
/** Hash of the L1 block that settles an L2 block. */
const l1Hash = (block: number): Hex => numberToHex(block + 900, { size: 32 });
const ZERO_HASH = `0x${'0'.repeat(64)}`;

/** The trace of a deposit of any record type on the chain. */
export interface FakeDeposit {
  readonly ownerHash: Field;
  readonly typeId: Field;
  readonly data: readonly Field[];
}

export class FakeRollup {
  readonly blocks: NotesBlock[] = [];
  readonly tree = new NoteTree();
  readonly credits: Program;
  readonly bridge: Program;
  /** Ids of accepted transactions, and what becomes of them. */
  readonly accepted = new Map<string, 'pending' | 'dropped'>();
  /** Answer to the next submissions instead of accepting them. */
  refuseWith: { status: number; code: string } | undefined;
  /** Newest L1 block. */
  l1Head = 100;
  /** Blocks as L1 has them: their bytes. */
  readonly #bytes: Uint8Array[] = [new Uint8Array(0)];
  /** True if the rollup verifies large transitions, too. */
  hasLarge = true;
  #deposits = 0;
  #server: Server | undefined;

  constructor(credits: string, bridge: string) {
    this.credits = compileProgram(credits);
    this.bridge = compileProgram(bridge);
    const root = fieldToHex(this.tree.root());
    this.blocks.push(this.#block(root, [], []));
  }

  /** Settles a block. */
  settle(authorizations: readonly Authorization[], deposits: readonly FakeDeposit[] = []): void {
    const before = fieldToHex(this.tree.root());
    let index = Math.ceil(this.tree.size / 4) * 4;
    const place = (commitment: Field): number => {
      this.tree.appendSubtree(index, [commitment]);
      return index++;
    };
    const transitions = authorizations.map(({ signals }, k) => ({
      transactionId: fieldToHex(BigInt(1000 * this.blocks.length + k)),
      tpk: fieldToHex(signals.tpk),
      r: fieldToHex(signals.encryptionPoint),
      nullifiers: signals.nullifiers.map(fieldToHex),
      outputs: signals.commitments.map((commitment, output) => ({
        index: place(commitment),
        commitment: fieldToHex(commitment),
        ciphertext: signals.ciphertexts[output].map(fieldToHex),
        outgoing: fieldToHex(signals.outgoing[output]),
      })),
    }));
    const settled = deposits.map(({ ownerHash, typeId, data }) => {
      const queueIndex = this.#deposits++;
      const words = [...data, ...Array<Field>(5 - data.length).fill(0n)];
      const commitment = commitmentOf(typeId, ownerHash, depositRho(BigInt(queueIndex)), words);
      return {
        queueIndex,
        index: place(commitment),
        commitment: fieldToHex(commitment),
        typeId: fieldToHex(typeId),
        ownerHash: fieldToHex(ownerHash),
        data: words.map(fieldToHex),
      };
    });
    this.blocks.push(this.#block(before, transitions, settled));
    this.#bytes.push(
      encodeBlock({
        transitions: authorizations.map(({ signals, sizeClass }) => ({
          keyId: KEY_ID[`transition-${sizeClass}`],
          anchorBlock: 0,
          proof: new Uint8Array(256),
          statementHash: 1n,
          signals: transitionSignals(signals).slice(0, -1),
        })),
        chunks: [],
        depositCount: settled.length,
      }),
    );
  }

  async getNotes(page: { fromBlock?: number; limit?: number }): Promise<NotesResponse> {
    const from = Math.max(1, page.fromBlock ?? 1);
    const blocks = this.blocks.slice(from, from + (page.limit ?? 10));
    return { head: this.blocks.length - 1, nextBlock: from + blocks.length, blocks };
  }

  /** L1, as far as a PXE reads it. */
  l1(chainId = 31337): L1Client {
    const answers: Record<string, (args: readonly bigint[]) => unknown> = {
      bridge: () => BRIDGE,
      rollupId: () => ROLLUP_ID,
      deployedAt: () => 1n,
      creditsProgramId: () => this.credits.programId,
      bridgeProgramId: () => this.bridge.programId,
      insecureKeys: () => true,
      creditsTypeId: () => this.credits.records.get('credits')!.typeId,
      bridgeTypeId: () => this.bridge.records.get('asset')!.typeId,
      keyHash: ([id]) => (id === 1n && !this.hasLarge ? ZERO_HASH : KEY_HASH),
      noteRoot: ([block]) => {
        const found = this.blocks[Number(block)];
        return found === undefined ? 0n : BigInt(found.noteRoot);
      },
      nextBlock: () => BigInt(this.#bytes.length),
      settledAt: ([block]) => (Number(block) < this.#bytes.length ? block : 0n),
      anchorUsableUntil: ([block]) =>
        Number(block) + 1 < this.#bytes.length
          ? block + 1n + BigInt(ANCHOR_MAX_AGE_L1_BLOCKS)
          : 2n ** 256n - 1n,
    };
    return {
      chain: { id: chainId },
      request: async ({ method }: { method: string }) => {
        throw new Error(`the fake L1 has no ${method}`);
      },
      getCode: async () => '0x60',
      getBlockNumber: async () => BigInt(this.l1Head),
      getBlock: async ({ blockHash }: { blockHash: Hex }) => ({ hash: blockHash, timestamp: 0n }),
      getLogs: async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) =>
        this.#settledLogs(Number(fromBlock), Number(toBlock)),
      getTransaction: async ({ hash }: { hash: Hex }) => {
        const block = Number(hash);
        const input = encodeFunctionData({
          abi: rollupAbi,
          functionName: 'propose',
          args: [bytesToHex(this.#bytes[block])],
        });
        return { blockHash: l1Hash(block), input, to: ROLLUP, from: PROPOSER };
      },
      readContract: async (call: { functionName: string; args?: readonly bigint[] }) => {
        const answer = answers[call.functionName];
        if (answer === undefined) throw new Error(`the fake L1 has no ${call.functionName}`);
        return answer(call.args ?? []);
      },
    } as unknown as L1Client;
  }

  /** Starts answering as a sequencer; returns its URL. */
  async listen(): Promise<string> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { status, body } = this.#answer(request.method!, request.url!, Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    this.#server = server;
    // A test whose preparation fails never closes it: the file must end all the same.
    server.unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  #answer(method: string, path: string, body: string): { status: number; body: unknown } {
    if (path === '/info') return { status: 200, body: this.#info() };
    if (method === 'POST' && path === '/transactions') {
      if (this.refuseWith !== undefined) {
        const { status, code } = this.refuseWith;
        return { status, body: { error: { code, message: 'refused by the test', details: {} } } };
      }
      const { transaction } = JSON.parse(body) as { transaction: string };
      const decoded = decodeTransaction(Buffer.from(transaction.slice(2), 'hex'));
      const id = `0x${Buffer.from(transactionId(decoded)).toString('hex')}`;
      this.accepted.set(id, 'pending');
      return { status: 202, body: { id, status: 'pending' } };
    }
    const id = path.replace('/transactions/', '');
    const state = this.accepted.get(id);
    if (state === undefined) {
      return {
        status: 404,
        body: { error: { code: 'TRANSACTION_UNKNOWN', message: 'unknown', details: {} } },
      };
    }
    const none = { l2Block: null, l1TransactionHash: null, l1Block: null, confirmations: 0 };
    const reason = state === 'dropped' ? { code: 'ANCHOR_EXPIRED', message: 'too old' } : null;
    return { status: 200, body: { id, status: state, ...none, reason } };
  }

  /** The contract's events: one L1 block for each L2 block, of the same number. */
  #settledLogs(from: number, to: number): unknown[] {
    const numbers = this.#bytes.map((_, number) => number).slice(Math.max(1, from), to + 1);
    return numbers.map((number) => {
      const data = encodeAbiParameters(
        parseAbiParameters('bytes32, uint256, uint256, uint256, uint256, uint256'),
        [keccak256(this.#bytes[number]), BigInt(this.blocks[number].noteRoot), 0n, 0n, 0n, 0n],
      );
      const topics = encodeEventTopics({
        abi: rollupAbi,
        eventName: 'BlockSettled',
        args: { number: BigInt(number), proposer: PROPOSER },
      });
      const place = { blockNumber: BigInt(number), blockHash: l1Hash(number), logIndex: 0 };
      return { address: ROLLUP, topics, data, transactionHash: numberToHex(number, { size: 32 }), ...place };
    });
  }

  #info(): unknown {
    const keys = [{ id: 0, circuit: 'transition-small', role: 'transition', hash: KEY_HASH }];
    return {
      software: 'fake',
      versions: { transaction: 1, block: 1, lowering: 1 },
      rollupId: fieldToHex(ROLLUP_ID),
      chainId: 31337,
      rollup: ROLLUP,
      bridge: BRIDGE,
      deployedAtL1Block: 1,
      creditsProgramId: fieldToHex(this.credits.programId),
      bridgeProgramId: fieldToHex(this.bridge.programId),
      insecureKeys: true,
      keys,
      artifacts: [],
      confirmations: 1,
      anchorMaxAgeL1Blocks: 7200,
      limits: { bodyBytes: 65536, pageBlocks: 10, mempoolTransactions: 10, blockTransactions: 10 },
    };
  }

  #block(
    previousNoteRoot: string,
    transitions: NotesBlock['transitions'],
    deposits: NotesBlock['deposits'],
  ): NotesBlock {
    const number = this.blocks.length;
    return {
      number,
      hash: fieldToHex(BigInt(number) + 7000n),
      previousNoteRoot,
      noteRoot: fieldToHex(this.tree.root()),
      transitions,
      deposits,
      l1Block: number,
      l1BlockHash: ZERO_HASH,
      settled: true,
      noteCount: this.tree.size,
    };
  }
}

/** Proves nothing, but counts how often it is asked: a call that is refused early must not reach it. */
export class CountingProver implements Prover {
  calls = 0;
  readonly circuits: string[] = [];

  async prove(
    circuit: string,
    _input: CircuitInput,
    { statement = [] }: ProveOptions = {},
  ): ReturnType<Prover['prove']> {
    this.calls++;
    this.circuits.push(circuit);
    return {
      proof: new Uint8Array(256),
      publicSignals: statement,
      timings: { queueSeconds: 0, witnessSeconds: 0, proofSeconds: 0 },
    };
  }

  async verify(): Promise<boolean> {
    throw new AzaleaError('TEST', 'not here');
  }

  async close(): Promise<void> {}
}
