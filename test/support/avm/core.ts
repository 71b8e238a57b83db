/**
 * The AVM core alone as a circuit (no signature, trees or encryption), compiled as for keys. Its generator runs any witness
 * without stopping at failures, and the result is evaluated on its real constraints. About 30 ms each (small).
 */
import type { AvmOutputs } from '../../../avm/check.ts';
import type { AvmWitness } from '../../../avm/witness.ts';
import { AVM_SIZE, type AvmSize, type SizeClass } from '../../../protocol/constants.ts';
import { toField } from '../../../protocol/field.ts';
import { WitnessCalculator, witnessToBigints } from '../../../prover/witness-calculator.ts';
import { type CircuitInput, compileTestCircuit, type TestCircuit } from '../circuit/circuits.ts';
import { patchForForging } from '../circuit/forge-wasm.ts';

/** Result of one witness: the constraints it breaks and the core's outputs in the circuit's order. */
export interface CoreRun {
  readonly failing: readonly number[];
  readonly outputs: readonly bigint[];
}

export interface AvmCore {
  readonly circuit: TestCircuit;
  run(witness: AvmWitness): CoreRun;
}

const opened = new Map<AvmSize, Promise<AvmCore>>();

/** The core of a size, that of a circuit or any other; compiled once, cached across runs. */
export function openAvmCore(size: SizeClass | AvmSize = 'small'): Promise<AvmCore> {
  const wanted = typeof size === 'string' ? AVM_SIZE[size] : size;
  const known = opened.get(wanted) ?? open(wanted);
  opened.set(wanted, known);
  return known;
}

async function open(size: AvmSize): Promise<AvmCore> {
  const { rows, wide, hash, inputs, constants, advice, copies, zeros, ones, recordInputs, recordOutputs } =
    size;
  const sizes = [
    rows,
    wide,
    hash,
    inputs,
    constants,
    advice,
    copies,
    zeros,
    ones,
    recordInputs,
    recordOutputs,
    size.group,
  ];
  const circuit = await compileTestCircuit(
    `include "avm/avm-core.circom"; component main = AvmCore(${sizes});`,
    {
      name: 'avm-core',
      optimization: 'O2',
    },
  );
  const { module } = await patchForForging(circuit.wasm);
  const calculator = await WitnessCalculator.create(module, { onFailedAssert: () => {} });
  const outputs = 1 + recordOutputs + 5 * recordOutputs + 3 + recordInputs + recordOutputs + 1;
  return {
    circuit,
    run(witness) {
      const values = witnessToBigints(calculator.calculate(coreInput(witness)));
      return { failing: circuit.checker.failing(values), outputs: values.slice(1, 1 + outputs) };
    },
  };
}

/** A witness as input of the circuit; bits may be dishonest. */
export function coreInput(witness: AvmWitness): CircuitInput {
  return { ...witness, bits: witness.bits.map((bit) => toField(BigInt(bit))) };
}

/** Outputs of the TypeScript twin in the circuit's order. */
export function outputList(outputs: AvmOutputs): bigint[] {
  const used = [...outputs.recordInputUsed, ...outputs.recordOutputUsed, outputs.messageUsed];
  return [
    outputs.bytecodeHash,
    ...outputs.recordOutputOwner,
    ...outputs.recordOutputData.flat(),
    ...outputs.message,
    ...used.map((bit) => (bit ? 1n : 0n)),
  ];
}
