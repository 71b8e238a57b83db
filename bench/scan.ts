import { accountFromSeed } from '../protocol/account.ts';
import { fieldToHex } from '../protocol/field.ts';
import { directScanner } from '../pxe/scan/direct-scanner.ts';
import { discover } from '../pxe/sync/discovery.ts';
import type { NotesBlock, NoteTransition } from '../rpc/schema/notes.ts';
import { median } from './median.ts';
import type { SignedCall, TokenCalls } from './token-calls.ts';

const TRANSITIONS = 64;

export interface ScanFigures {
  readonly recordsPerSecond: number;
  /** Time of the full rules on the same outputs in the same run, over the wallet's. */
  readonly ratio: number;
}

/**
 * Outputs that a wallet searches per second, in this process on one core: the records of others, which is what nearly all
 * records are. Packing, both shared secrets and trial decryption are in it; the network is not.
 */
export async function measureScan(calls: TokenCalls, runs: number): Promise<ScanFigures> {
  const stranger = accountFromSeed(new Uint8Array(32).fill(13));
  const rollupId = 1n;
  const transitions = Array.from({ length: TRANSITIONS }, (_, k) =>
    asNotes(k, calls.mint(1000 + k, rollupId)),
  );
  const zero = `0x${'00'.repeat(32)}`;
  const block: NotesBlock = {
    number: 1,
    hash: zero,
    previousNoteRoot: zero,
    noteRoot: zero,
    noteCount: 2 * TRANSITIONS,
    l1Block: 1,
    l1BlockHash: zero,
    settled: true,
    transitions,
    deposits: [],
  };
  const outputs = transitions.reduce((sum, transition) => sum + transition.outputs.length, 0);
  const scanner = directScanner();
  const keys = { viewKey: stranger.viewKey, owner: stranger.address.x };
  const search = async (filtered: boolean): Promise<number> => {
    const started = performance.now();
    const worthwhile = filtered ? await scanner.candidates(keys, transitions) : undefined;
    const found = discover(stranger, block, rollupId, new Map(), worthwhile);
    if (found.received.length + found.sent.length > 0) throw new Error('a stranger found a record');
    return (performance.now() - started) / 1000;
  };
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const seconds = await search(true);
    const full = await search(false);
    // The first run warms up.
    if (run > 0) {
      rates.push(outputs / seconds);
      ratios.push(full / seconds);
    }
  }
  return { recordsPerSecond: median(rates), ratio: median(ratios) };
}

function asNotes(position: number, { authorization: { signals } }: SignedCall): NoteTransition {
  return {
    transactionId: `0x${position.toString(16).padStart(64, '0')}`,
    tpk: fieldToHex(signals.tpk),
    r: fieldToHex(signals.encryptionPoint),
    nullifiers: signals.nullifiers.map((value) => fieldToHex(value)),
    outputs: signals.commitments.map((commitment, output) => ({
      index: 2 * position + output,
      commitment: fieldToHex(commitment),
      ciphertext: signals.ciphertexts[output].map((word) => fieldToHex(word)),
      outgoing: fieldToHex(signals.outgoing[output]),
    })),
  };
}
