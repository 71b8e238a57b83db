/**
 * Emission loses nothing. In random programs and the examples, every condition that a lowering rule made is a row or half
 * slot of the function, even if merged, packed, swapped or dropped as implied. Every integer and boolean result has its
 * type's range on record, so that no rule relies on an unproven range. A function with one condition less is noticed, unless
 * it says the same twice.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileProgram, type Program } from '../../program/compile/artifact.ts';
import { ProgramError } from '../../program/diagnostics/errors.ts';
import type { Builder } from '../../program/lowering/builder.ts';
import type { LoweringRule } from '../../program/lowering/rule.ts';
import { LOWERING } from '../../program/lowering/rules/registry.ts';
import type { Wire } from '../../program/lowering/wire.ts';
import { INTEGER_WIDTH, isIntegerType, isSignedType, type LiteralType } from '../../program/values/types.ts';
import { type GraphOutputs, lostConditions } from '../support/attack/emitted-conditions.ts';
import { weakenedFunctions } from '../support/attack/weakened.ts';
import { random } from '../support/avm/functions.ts';
import { randomProgram } from '../support/program/random-typed-program.ts';
import { steeredProgram } from '../support/program/steered-program.ts';

const SEED = Number(process.env.AZALEA_FUZZ_SEED ?? 1);
const RUNS = Number(process.env.AZALEA_FUZZ_RUNS ?? 150);

interface Graph {
  readonly builder: Builder;
  readonly outputs: { -readonly [K in keyof GraphOutputs]: Wire[][] };
  /** Literal results: opcode, type and wire. */
  readonly results: { readonly opcode: string; readonly type: LiteralType; readonly wire: Wire }[];
}

/** Graphs in the order in which functions with an instruction were lowered. */
const graphs = new Map<Builder, Graph>();

for (const [opcode, rule] of LOWERING) {
  const watched: LoweringRule = (context) => {
    const { builder, operands, result } = context;
    const graph = graphs.get(builder) ?? { builder, outputs: { records: [], messages: [] }, results: [] };
    graphs.set(builder, graph);
    const leaves = rule(context);
    if (result?.kind === 'record') graph.outputs.records.push([...leaves]);
    if (opcode === 'call') graph.outputs.messages.push(operands.flatMap((operand) => operand.leaves));
    if (result?.kind === 'literal') graph.results.push({ opcode, type: result.name, wire: leaves[0] });
    return leaves;
  };
  (LOWERING as Map<string, LoweringRule>).set(opcode, watched);
}

/** Graphs of a program's functions, in order; undefined for a program that the compiler refuses. */
function compile(source: string, name: string): { program: Program; graphs: Graph[] } | undefined {
  graphs.clear();
  try {
    const program = compileProgram(source, name);
    return { program, graphs: [...graphs.values()] };
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    assert.match(error.code, /^PROGRAM_(ALWAYS_HALTS|CAPACITY|UNSUPPORTED)$/, error.message);
    return undefined;
  }
}

/** Returns whether the range of its type is known of a wire. */
function isKnown(builder: Builder, wire: Wire, type: LiteralType): boolean {
  if (type === 'boolean') return builder.isBoolean(wire);
  if (!isIntegerType(type)) return true;
  const width = INTEGER_WIDTH[type];
  const moved = isSignedType(type) ? builder.add(wire, builder.constant(1n << BigInt(width - 1))) : wire;
  return builder.bitsOf(moved) <= width;
}

interface Checked {
  conditions: number;
  /** Functions with a condition less that were noticed. */
  weakened: number;
  /** Those that were not: a program may make the same assertion twice. */
  repeated: number;
}

function check(source: string, name: string, seed: number): Checked | undefined {
  const compiled = compile(source, name);
  if (compiled === undefined) return undefined;
  const all = [...compiled.program.functions.values()];
  const functions = all.filter(({ checked }) => checked.instructions.length > 0);
  assert.equal(compiled.graphs.length, functions.length);
  const rng = random(seed);
  let conditions = 0;
  let weakened = 0;
  let repeated = 0;
  functions.forEach(({ lowered }, i) => {
    const { builder, outputs, results } = compiled.graphs[i];
    conditions += builder.effects.length;
    assert.deepEqual(lostConditions(builder, outputs, lowered.fn, rng), []);
    for (const { opcode, type, wire } of results) {
      assert.ok(isKnown(builder, wire, type), `${opcode} gives a ${type} that nothing bounds`);
    }
    if (rng.below(10) !== 0) return;
    for (const weaker of weakenedFunctions(lowered)) {
      const noticed = lostConditions(builder, outputs, weaker.lowered.fn, rng).length > 0;
      if (noticed) weakened++;
      else repeated++;
    }
  });
  return { conditions, weakened, repeated };
}

function checkRandom(draw: (seed: number) => string): Checked & { refused: number } {
  const count = { conditions: 0, weakened: 0, repeated: 0, refused: 0 };
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const source = draw(seed);
    try {
      const found = check(source, 'random.aleo', seed);
      if (found === undefined) count.refused++;
      count.conditions += found?.conditions ?? 0;
      count.weakened += found?.weakened ?? 0;
      count.repeated += found?.repeated ?? 0;
    } catch (error) {
      throw new Error(`AZALEA_FUZZ_SEED=${seed}: ${(error as Error).message}\n${source}`, { cause: error });
    }
  }
  return count;
}

test(`random programs that run to their end, from seed ${SEED}`, (t) => {
  const count = checkRandom((seed) => steeredProgram(random(seed), 25).source);
  t.diagnostic(JSON.stringify(count));
  assert.ok(
    count.conditions > 500 &&
      count.weakened > 50 &&
      count.repeated < count.weakened / 20 &&
      count.refused < RUNS / 5,
    JSON.stringify(count),
  );
});

test(`random programs with structs, arrays and closures, from seed ${SEED}`, (t) => {
  const count = checkRandom((seed) => randomProgram(random(seed), 8).source);
  t.diagnostic(JSON.stringify(count));
  assert.ok(
    count.conditions > 500 && count.weakened > 50 && count.repeated < count.weakened / 20,
    JSON.stringify(count),
  );
});

test('example programs', () => {
  const folder = new URL('../../programs/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.aleo'));
  assert.ok(files.length > 5);
  for (const file of files) {
    assert.notEqual(check(readFileSync(new URL(file, folder), 'utf8'), file, 1), undefined, file);
  }
});
