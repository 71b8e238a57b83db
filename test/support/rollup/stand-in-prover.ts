/**
 * Real Groth16 keys and proofs for circuits that have the rollup's three public inputs and nothing behind them: any can be
 * proven. They test every rule that L1 itself enforces, with proofs that really verify, in milliseconds per proof. Refusals
 * of the rollup's own circuits are tested with those (attacks-*.test.ts). Keys come from snarkjs itself, not from the
 * project's own key generator.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type ProofCache,
  proofCache,
  type SnarkjsProof,
  toProofBytes,
} from '../../../fixtures/proof-cache.ts';
import type { KeyName, SnarkjsVerificationKey } from '../../../l1/verification-key.ts';
import { KEY_ID } from '../../../protocol/constants.ts';
import type { PublicInputs } from '../../../protocol/transaction/statement.ts';
import { cacheDirectory } from '../../../prover/node/cache-directory.ts';
import { ensureCachedDirectory } from '../../../prover/node/cached-directory.ts';
import { compileSource } from '../../../prover/node/compile.ts';

// snarkjs has no types of its own.
const snarkjs: any = createRequire(import.meta.url)('snarkjs');

export type StandInName = KeyName;
const NAMES = Object.keys(KEY_ID) as StandInName[];

/** Every input is squared, so that each of them is part of a constraint; `salt` tells the circuits apart. */
const source = (salt: number): string => `pragma circom 2.0.0;
template StandIn(salt) {
  signal input inputs[3];
  signal input secret;
  signal squares[3];
  for (var i = 0; i < 3; i++) squares[i] <== inputs[i] * inputs[i];
  signal product <== (secret + salt) * secret;
}
component main {public [inputs]} = StandIn(${salt});
`;

export interface StandInProver {
  readonly keys: Readonly<Record<StandInName, SnarkjsVerificationKey>>;
  /** A proof for these public inputs, 256 bytes. The same call gives the same bytes. */
  prove(name: StandInName, inputs: PublicInputs): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Builds the keys (once; they are cached) and returns a prover. */
export async function standInProver(): Promise<StandInProver> {
  const directory = join(cacheDirectory(), 'fixtures', 'stand-in-keys-3');
  const circuits = await Promise.all(
    NAMES.map(async (name, salt) => ({
      name,
      circuit: await compileSource(`stand-in-${name}`, source(salt)),
    })),
  );
  await ensureCachedDirectory({
    directory,
    build: async (temporary) => {
      const at = (file: string): string => join(temporary, file);
      const curve = await snarkjs.curves.getCurveFromName('bn128');
      await snarkjs.powersOfTau.newAccumulator(curve, 8, at('0.ptau'));
      await snarkjs.powersOfTau.contribute(at('0.ptau'), at('1.ptau'), 'tests', 'stand-in tau');
      await snarkjs.powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
      for (const { name, circuit } of circuits) {
        await snarkjs.zKey.newZKey(circuit.r1csFile, at('final.ptau'), at(`${name}.0.zkey`));
        await snarkjs.zKey.contribute(at(`${name}.0.zkey`), at(`${name}.zkey`), 'tests', `stand-in ${name}`);
        const key = await snarkjs.zKey.exportVerificationKey(at(`${name}.zkey`));
        await writeFile(at(`${name}.json`), JSON.stringify(key));
      }
    },
  });
  const keys = Object.fromEntries(
    await Promise.all(
      NAMES.map(async (name) => [name, JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8'))]),
    ),
  ) as Record<StandInName, SnarkjsVerificationKey>;
  const cache: ProofCache = proofCache(keys);
  return {
    keys,
    prove: (name, inputs) =>
      cache(name, inputs, async () => {
        const { circuit } = circuits.find((entry) => entry.name === name)!;
        const { proof } = await snarkjs.groth16.fullProve(
          { inputs: inputs.map(String), secret: '7' },
          circuit.wasmFile,
          join(directory, `${name}.zkey`),
        );
        return toProofBytes(proof as SnarkjsProof);
      }),
    close: async () => {
      const { curve_bn128: curve } = globalThis as { curve_bn128?: { terminate(): Promise<void> } };
      await curve?.terminate();
    },
  };
}
