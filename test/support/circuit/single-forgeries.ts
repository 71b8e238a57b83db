import { type CircuitInput, type Forged, forge, type TestCircuit } from './circuits.ts';

export interface SingleForgeries {
  /** Forgeries that the constraints refuse. */
  readonly refused: readonly Forged[];
  /** Signals that can take another value while everything else follows: free advice. */
  readonly free: readonly string[];
}

/**
 * The plainest attack on a small template, on every signal in turn: give it another value, let all that depends on it
 * follow, check the real constraints. A template whose outputs are functions of its inputs must refuse them all. Together
 * with `survivors` this finds every superfluous constraint.
 * @param skip inputs, and signals known to be free for a stated reason
 */
export async function singleForgeries(
  circuit: TestCircuit,
  input: CircuitInput,
  skip: RegExp = /^$/,
): Promise<SingleForgeries> {
  const given = new Set(Object.keys(input));
  const refused: Forged[] = [];
  const free: string[] = [];
  for (const name of circuit.symbols.keys()) {
    const top = name.replace(/^main\./, '').replace(/\[.*$/, '');
    if (given.has(top) || skip.test(name)) continue;
    for (const change of [(value: bigint) => value + 1n, (value: bigint) => 1n - value]) {
      const forged = await attempt(circuit, input, name, change);
      if (forged === undefined) continue;
      if (forged.failing.length === 0) free.push(name);
      else refused.push(forged);
    }
  }
  return { refused, free };
}

/** Undefined when no wire changes: a copy of another signal that nothing reads. */
async function attempt(
  circuit: TestCircuit,
  input: CircuitInput,
  name: string,
  change: (value: bigint) => bigint,
): Promise<Forged | undefined> {
  try {
    return await forge(circuit, input, { [name]: change });
  } catch {
    return undefined;
  }
}
