/**
 * Support for circuit tests. How to write a forged-witness test:
 *
 *   const circuit = await compileTestCircuit(`
 *     include "field/is-zero.circom";
 *     component main = IsZeroField();`);
 *   const forged = await forge(circuit, { in: 5n }, { 'main.inverse': 0n });
 *   assert.ok(forged.failing.length > 0);
 *
 * `forge` runs the circuit's own witness generator on `input`, replaces each named signal the moment it is assigned, lets
 * everything that depends on it (honest `<--` hints of later advice too) be computed from the forged value, does not
 * stop at a failing `===`, and then evaluates the real R1CS. So an override must name *advice* (a signal of `<--`, or an
 * input): overriding a signal that `<==` computes breaks its own constraint and proves little. Related advice is
 * forged together: give several overrides, or a function of the computed value, `(value) => value + 1n`. An attack is
 * only as good as its advice: change all that a cheater would change, down to the last quotient or bit.
 * `forge` throws when the overrides change no wire: such a test could not fail.
 *
 * Test circuits are compiled with O1, which keeps linear constraints and every advice wire; O2 (the production setting)
 * may substitute an advice wire away, and then overriding it has no effect. `signalIndex` tells.
 *
 * Meta-test: collect forged witnesses in a list and ask `survivors(circuit, list)` which constraints none of them needs:
 * with such a constraint deleted, every test would still pass. Explain each in the test or add a forgery.
 */
import { readFile } from 'node:fs/promises';
import { FIELD_MODULUS } from '../../../protocol/constants.ts';
import {
  type CompiledCircuit,
  type CompileOptions,
  compileCircuit,
  compileSource,
  type Optimization,
} from '../../../prover/node/compile.ts';
import { type R1cs, readR1cs } from '../../../prover/r1cs.ts';
import {
  type CircuitInput,
  WitnessCalculator,
  witnessToBigints,
} from '../../../prover/witness-calculator.ts';
import { R1csChecker } from './check-r1cs.ts';
import { type ForgingWasm, patchForForging, readSignal, signalAddress, writeSignal } from './forge-wasm.ts';

export type { CircuitInput } from '../../../prover/witness-calculator.ts';

/** A signal by its place: `label` in the generator, `wire` in the R1CS, -1 when simplification removed it. */
export interface CircuitSymbol {
  readonly label: number;
  readonly wire: number;
}

export interface TestCircuit {
  readonly compiled: CompiledCircuit;
  readonly r1cs: R1cs;
  readonly checker: R1csChecker;
  readonly calculator: WitnessCalculator;
  /** By full name, `main.x[0]`. */
  readonly symbols: ReadonlyMap<string, CircuitSymbol>;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/**
 * Compiles a test circuit from text: includes (`"field/is-zero.circom"`, found under circuits/ and circomlib's
 * circuits/), own templates, `component main = ...;`. The pragma is added. Cached across runs.
 */
export async function compileTestCircuit(
  source: string,
  options: { readonly optimization?: Optimization; readonly name?: string } = {},
): Promise<TestCircuit> {
  const text = source.includes('pragma circom') ? source : `pragma circom 2.2.0;\n${source}`;
  return open(
    await compileSource(options.name ?? 'test', text, { optimization: options.optimization ?? 'O1' }),
  );
}

/** Loads a circuit of circuits/main/ by its name, compiled as in production (O2). */
export async function loadCircuit(name: string, options: CompileOptions = {}): Promise<TestCircuit> {
  return open(await compileCircuit(name, options));
}

/**
 * Loads a circuit of circuits/main/ with the words of its statement public, too, in front of x, y and c: otherwise the compiler
 * puts other wires in their places, and a test could neither read nor name them. The constraints are the same.
 */
export async function loadStatementCircuit(name: string): Promise<TestCircuit> {
  const main = await readFile(new URL(`../../../circuits/main/${name}.circom`, import.meta.url), 'utf8');
  const words = name.startsWith('transition')
    ? [...TRANSITION_WORDS, ...(name.endsWith('large') ? ['linkOut'] : [])]
    : STATE_UPDATE_WORDS;
  const source = main
    .replace('{public [x, y, c]}', `{public [${[...words, 'x', 'y', 'c'].join(', ')}]}`)
    .replace('include "../', 'include "');
  return open(await compileSource(`${name}-statement`, source));
}

/** Inputs that hold the statement: docs/specification.md, sections 6 and 10 (there without D). */
const TRANSITION_WORDS = [
  ...['anchorRoot', 'nullifiers', 'commitments', 'tpkX', 'rX', 'ciphertexts', 'outgoing'],
  ...['finalizeHash', 'linkIn', 'message', 'rollupId'],
];
const STATE_UPDATE_WORDS = [
  ...['oldNoteRoot', 'newNoteRoot', 'oldNullifierRoot', 'newNullifierRoot'],
  ...['noteStart', 'depositStart', 'nullifierStart'],
];

async function open(compiled: CompiledCircuit): Promise<TestCircuit> {
  const [r1csBytes, wasm, sym] = await Promise.all([
    readFile(compiled.r1csFile),
    readFile(compiled.wasmFile),
    readFile(compiled.symFile, 'utf8'),
  ]);
  const r1cs = readR1cs(new Uint8Array(r1csBytes));
  const symbols = new Map<string, CircuitSymbol>();
  for (const line of sym.split('\n')) {
    const [label, wire, , name] = line.split(',');
    if (name) symbols.set(name, { label: Number(label), wire: Number(wire) });
  }
  const calculator = await WitnessCalculator.create(new Uint8Array(wasm));
  return { compiled, r1cs, checker: new R1csChecker(r1cs), calculator, symbols, wasm: new Uint8Array(wasm) };
}

/**
 * The honest witness, one value per wire.
 * @throws WITNESS_UNSATISFIED when a constraint fails, WITNESS_INPUT
 */
export function calculateWitness(circuit: TestCircuit, input: CircuitInput): bigint[] {
  return witnessToBigints(circuit.calculator.calculate(input));
}

/** Indexes of the constraints that the witness breaks; empty when it satisfies the circuit. */
export function checkR1cs(circuit: TestCircuit, witness: readonly bigint[]): number[] {
  return circuit.checker.failing(witness);
}

/** Wire of a signal such as `main.out` or `main.bits[3]`. Throws when there is none or simplification removed it. */
export function signalIndex(circuit: TestCircuit, name: string): number {
  const { wire } = findSymbol(circuit, name);
  if (wire < 0) throw new Error(`signal ${name} is no wire: simplification substituted it; compile with O1`);
  return wire;
}

/** Value of a signal in a witness. */
export function signalValue(circuit: TestCircuit, witness: readonly bigint[], name: string): bigint {
  return witness[signalIndex(circuit, name)]!;
}

function findSymbol(circuit: TestCircuit, name: string): CircuitSymbol {
  const symbol = circuit.symbols.get(name);
  if (symbol) return symbol;
  const last = name.slice(name.lastIndexOf('.'));
  const alike = [...circuit.symbols.keys()].filter((known) => known.endsWith(last)).slice(0, 5);
  throw new Error(`no signal ${name}${alike.length > 0 ? `; did you mean ${alike.join(', ')}?` : ''}`);
}

/** A value, or a function of the value that the generator computed (from what was forged before). */
export type Override = bigint | ((computed: bigint) => bigint);

export interface Forged {
  /** The forged witness. */
  readonly witness: readonly bigint[];
  /** Constraints of the real R1CS that it breaks. Empty: the forgery is a valid proof, the circuit is unsound. */
  readonly failing: readonly number[];
  /** Wires whose value differs from the honest run's. */
  readonly changed: readonly number[];
  /** Public signals: outputs, then public inputs. */
  readonly publicSignals: readonly bigint[];
}

const forgers = new WeakMap<TestCircuit, Promise<Forger>>();

interface Forger {
  readonly wasm: ForgingWasm;
  /** Replaces signals. */
  readonly calculator: WitnessCalculator;
  /** Goes on after a failing `===`, but replaces nothing: faster. */
  readonly plain: WitnessCalculator;
  overrides: ReadonlyMap<number, Override>;
  used: Set<number>;
  /** The last input that was forged, as text, and the honest run on it: attacks often start from one input. */
  honest: { readonly input: string; readonly witness: readonly bigint[] } | undefined;
}

async function createForger(circuit: TestCircuit): Promise<Forger> {
  const onFailedAssert = (): void => {};
  const wasm = await patchForForging(circuit.wasm, { reportStores: true });
  const plain = await WitnessCalculator.create((await patchForForging(circuit.wasm)).module, {
    onFailedAssert,
  });
  const calculator = await WitnessCalculator.create(wasm.module, {
    onFailedAssert,
    onStore: (address, memory) => {
      const override = forger.overrides.get(address);
      if (override === undefined) return;
      forger.used.add(address);
      const value = typeof override === 'bigint' ? override : override(readSignal(memory, address));
      writeSignal(memory, address, ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS);
    },
  });
  const forger: Forger = {
    ...{ wasm, calculator, plain },
    ...{ overrides: new Map(), used: new Set<number>(), honest: undefined },
  };
  return forger;
}

/**
 * Runs the generator with forged signals and checks the result against the real constraints (see the file's header).
 * `input` itself may be dishonest: a failing `===` does not stop the run.
 *
 * @param overrides by full signal name, `main.sub.advice[2]`
 * @throws when a name is unknown, an override is never assigned, or nothing changed
 */
export async function forge(
  circuit: TestCircuit,
  input: CircuitInput,
  overrides: Readonly<Record<string, Override>>,
): Promise<Forged> {
  if (!forgers.has(circuit)) forgers.set(circuit, createForger(circuit));
  const forger = await forgers.get(circuit)!;
  const named = new Map<number, string>();
  const addresses = new Map<number, Override>();
  for (const [name, value] of Object.entries(overrides)) {
    const address = signalAddress(forger.wasm, findSymbol(circuit, name).label);
    named.set(address, name);
    addresses.set(address, value);
  }
  const honest = honestRun(forger, input);
  forger.overrides = addresses;
  forger.used = new Set();
  // Without overrides the input itself is the forgery: there is nothing to compare with.
  const witness = named.size === 0 ? honest : witnessToBigints(forger.calculator.calculate(input));
  for (const [address, name] of named) {
    if (!forger.used.has(address)) {
      throw new Error(
        `forge: ${name} is never assigned by the generator; an input is forged by giving another input`,
      );
    }
  }
  const changed: number[] = [];
  for (let wire = 0; wire < witness.length; wire++) if (witness[wire] !== honest[wire]) changed.push(wire);
  if (changed.length === 0 && addresses.size > 0) {
    throw new Error(
      `forge: overriding ${[...named.values()].join(', ')} changed no wire, so this test could not fail; ` +
        'choose other values, or compile with O1 if simplification removed the signal',
    );
  }
  return {
    witness,
    changed,
    failing: circuit.checker.failing(witness),
    publicSignals: witness.slice(1, 1 + circuit.r1cs.publicSignals),
  };
}

function honestRun(forger: Forger, input: CircuitInput): readonly bigint[] {
  const text = JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  if (forger.honest?.input === text) return forger.honest.witness;
  const witness = witnessToBigints(forger.plain.calculate(input));
  forger.honest = { input: text, witness };
  return witness;
}

/** Returns whether a forged witness would be accepted by the circuit without constraint `index`. */
export function passesWithout(forged: Forged, index: number): boolean {
  return forged.failing.every((constraint) => constraint === index);
}

/**
 * The meta-test: constraints that no forged witness needs. Constraint k is needed when some forgery breaks k alone:
 * delete it and that forgery is accepted. Throws if an "honest" witness fails or a forgery passes the whole circuit.
 */
export function survivors(
  circuit: TestCircuit,
  forged: readonly Forged[],
  honest: readonly (readonly bigint[])[] = [],
): number[] {
  for (const witness of honest) {
    const failing = circuit.checker.failing(witness);
    if (failing.length > 0)
      throw new Error(`an honest witness breaks constraints ${failing.slice(0, 5).join(', ')}`);
  }
  const needed = new Set<number>();
  for (const { failing } of forged) {
    if (failing.length === 0) throw new Error('a forged witness satisfies every constraint');
    if (failing.length === 1) needed.add(failing[0]!);
  }
  const all = Array.from({ length: circuit.r1cs.constraints }, (_, index) => index);
  return all.filter((index) => !needed.has(index));
}

const namesOf = new WeakMap<TestCircuit, ReadonlyMap<number, string>>();

/** A name for every wire: the first of its signals. */
function wireNames(circuit: TestCircuit): ReadonlyMap<number, string> {
  let names = namesOf.get(circuit);
  if (names === undefined) {
    const first = new Map<number, string>([[0, '1']]);
    for (const [name, { wire }] of circuit.symbols) if (wire > 0 && !first.has(wire)) first.set(wire, name);
    namesOf.set(circuit, (names = first));
  }
  return names;
}

/** Constraint `index` in readable form, with signal names, for explaining a survivor. */
export function describeConstraint(circuit: TestCircuit, index: number): string {
  const names = wireNames(circuit);
  const { a, b, c } = circuit.r1cs;
  const side = (matrix: typeof a): string => {
    const terms: string[] = [];
    for (let entry = matrix.rows[index]!; entry < matrix.rows[index + 1]!; entry++) {
      terms.push(`${circuit.checker.coefficient(matrix, entry)}*${names.get(matrix.wires[entry]!)}`);
    }
    return terms.length > 0 ? `(${terms.join(' + ')})` : '0';
  };
  return `${side(a)} * ${side(b)} = ${side(c)}`;
}
