import { STATE_UPDATE_SLOTS } from '../protocol/constants.ts';
import { hash } from '../protocol/hash/hash.ts';
import { applyChunk } from '../protocol/state/apply-chunk.ts';
import { stateUpdatePublicInputs } from '../protocol/state/binding.ts';
import { TRANSITION_SLOTS } from '../protocol/transaction/transition.ts';
import { NoteTree } from '../protocol/tree/note-tree.ts';
import { NullifierTree } from '../protocol/tree/nullifier-tree.ts';
import type { CircuitKey } from '../prover/node/dev-key-builder.ts';
import { SnarkjsProver } from '../prover/node/snarkjs-prover.ts';
import { stateUpdateInput } from '../prover/witness/state-update.ts';
import { median } from './median.ts';
import { provingPeakMiB } from './peak-memory.ts';

export interface StateUpdateFigures {
  /** Witness and proof of a large chunk with every slot used, over its transactions. */
  readonly secondsPerTransaction: number;
  readonly transactions: number;
  readonly peakMemoryMiB: number | null;
}

/** Full large chunks, one after another on growing trees, after a first one that is not counted; median; all cores. */
export async function measureStateUpdate(key: CircuitKey, runs: number): Promise<StateUpdateFigures> {
  const size = 'large';
  const slots = STATE_UPDATE_SLOTS[size];
  const trees = { note: new NoteTree(), nullifier: new NullifierTree() };
  const input = (run: number) => {
    const values = (kind: bigint) =>
      Array.from({ length: slots }, (_, k) => hash(kind, [BigInt(run), BigInt(k)]));
    const data = { nullifiers: values(1n), commitments: values(2n), deposits: [] };
    const chunk = applyChunk(trees.note, trees.nullifier, size, data);
    const place = { chainId: 31337n, contract: `0x${'11'.repeat(20)}`, sender: `0x${'22'.repeat(20)}` };
    return stateUpdateInput(chunk, stateUpdatePublicInputs({ ...place, l2Block: run + 1, keyId: 3, chunk }));
  };
  const prover = new SnarkjsProver({ keys: [key] });
  try {
    await prover.prove(key.circuit.name, input(0));
    const seconds: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const { timings } = await prover.prove(key.circuit.name, input(run));
      seconds.push(timings.witnessSeconds + timings.proofSeconds);
    }
    const transactions = slots / TRANSITION_SLOTS.small.inputs;
    return {
      secondsPerTransaction: median(seconds) / transactions,
      transactions,
      peakMemoryMiB: (await provingPeakMiB()) ?? null,
    };
  } finally {
    await prover.close();
  }
}
