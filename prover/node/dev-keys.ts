/**
 * Development keys: built from secrets that lie on disk (INSECURE by construction), cached by SRS and circuit. See
 * docs/keys.md.
 */
import { type CompiledCircuit, compileCircuit } from './compile.ts';
import {
  type CircuitKey,
  DevKeyBuilder,
  type PublicCircuitKey,
  type SetupEvent,
  type SetupOptions,
} from './dev-key-builder.ts';

/**
 * Compiles the circuits of circuits/main/ and makes their development keys, or finds both in the cache. Compiles two at a
 * time and builds keys meanwhile.
 * @throws CIRCUIT_*, CACHE_UNWRITABLE, DEV_SRS_MALFORMED, KEY_AT_INFINITY
 */
export function ensureDevKeys(names: readonly string[], options: SetupOptions = {}): Promise<CircuitKey[]> {
  return compileAndBuild(names, options, (builder, circuit) => builder.build(circuit));
}

/**
 * The same for verification keys alone: a rollup is deployed with them, and the proving key is built when something is
 * first proven. Throws what `ensureDevKeys` throws.
 */
export function ensureDevVerificationKeys(
  names: readonly string[],
  options: SetupOptions = {},
): Promise<PublicCircuitKey[]> {
  return compileAndBuild(names, options, (builder, circuit) => builder.buildVerificationKey(circuit));
}

/** Both at once, so that circuits compile side by side: `whole` with their proving keys, `later` without. */
export async function ensureDevKeyTable(
  names: { readonly whole: readonly string[]; readonly later: readonly string[] },
  options: SetupOptions = {},
): Promise<{ readonly whole: readonly CircuitKey[]; readonly later: readonly PublicCircuitKey[] }> {
  const later = new Map<string, PublicCircuitKey>();
  const whole = new Map<string, CircuitKey>();
  // By the names that were given: a path is not the name of its circuit.
  await compileAndBuild([...names.whole, ...names.later], options, async (builder, circuit, name) => {
    if (names.later.includes(name)) later.set(name, await builder.buildVerificationKey(circuit));
    else whole.set(name, await builder.build(circuit));
  });
  return {
    whole: names.whole.map((name) => whole.get(name)!),
    later: names.later.map((name) => later.get(name)!),
  };
}

async function compileAndBuild<Key>(
  names: readonly string[],
  options: SetupOptions,
  build: (builder: DevKeyBuilder, circuit: CompiledCircuit, name: string) => Promise<Key>,
): Promise<Key[]> {
  const report = (event: SetupEvent): void => options.onProgress?.(event);
  const waiting = [...names];
  const compiled = new Map<string, ReturnType<typeof Promise.withResolvers<CompiledCircuit>>>(
    names.map((name) => [name, Promise.withResolvers<CompiledCircuit>()]),
  );
  for (const { promise } of compiled.values()) promise.catch(() => undefined);
  const compileNext = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const circuit = name;
      try {
        report({ circuit, stage: 'compile', fraction: 0 });
        const result = await compileCircuit(circuit, {
          cache: options.cache,
          signal: options.signal,
          onProgress: ({ fraction }) => fraction < 1 && report({ circuit, stage: 'compile', fraction }),
        });
        report({ circuit, stage: 'compile', fraction: 1, cached: !result.built });
        compiled.get(circuit)!.resolve(result);
      } catch (error) {
        compiled.get(circuit)!.reject(error);
        throw error;
      }
    }
  };
  const compiling = Promise.all([compileNext(), compileNext()]);
  const builder = new DevKeyBuilder(options);
  try {
    const keys = new Map<string, Key>();
    const pending = new Map([...compiled].map(([name, { promise }]) => [name, promise.then(() => name)]));
    while (pending.size > 0) {
      const name = await Promise.race(pending.values());
      pending.delete(name);
      keys.set(name, await build(builder, await compiled.get(name)!.promise, name));
    }
    await compiling;
    return names.map((name) => keys.get(name)!);
  } finally {
    waiting.length = 0;
    await builder.close();
    await compiling.catch(() => undefined);
  }
}
