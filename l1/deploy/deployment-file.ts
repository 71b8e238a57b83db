/** The file of a deployment: where a rollup is. `azalea rollup deploy` writes it; sequencer, wallet and `connect` read it. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Address, getAddress, type Hash, type Hex, isAddress, zeroAddress } from 'viem';
import { AzaleaError } from '../../protocol/errors.ts';

const EthereumAddress = Type.Unsafe<Address>(Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }));
const Hex32 = Type.Unsafe<Hash>(Type.String({ pattern: '^0x[0-9a-f]{64}$' }));
const Bytes = Type.Unsafe<Hex>(Type.String({ pattern: '^0x([0-9a-f]{2})+$' }));
const closed = { additionalProperties: false };

export const DeploymentDescription = Type.Object(
  {
    version: Type.Literal(1),
    chainId: Type.Integer({ minimum: 1 }),
    rollupId: Hex32,
    rollup: EthereumAddress,
    bridge: EthereumAddress,
    /** The transaction that created both contracts. */
    transaction: Hex32,
    /** Its L1 block. */
    l1Block: Type.Integer({ minimum: 0 }),
    insecureKeys: Type.Boolean(),
    keys: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), hash: Hex32 }, closed)),
  },
  closed,
);
export type DeploymentDescription = Static<typeof DeploymentDescription>;

/** A deployment on its way: the signed transaction, kept before any node gets it. */
export const PendingDeployment = Type.Object(
  {
    version: Type.Literal(1),
    chainId: Type.Integer({ minimum: 1 }),
    from: EthereumAddress,
    nonce: Type.Integer({ minimum: 0 }),
    /** L1 block in which it was signed. Absent in files of earlier versions. */
    l1Block: Type.Optional(Type.Integer({ minimum: 0 })),
    rollup: EthereumAddress,
    transaction: Hex32,
    raw: Bytes,
  },
  closed,
);
export type PendingDeployment = Static<typeof PendingDeployment>;

/**
 * Address of a rollup: itself, or the one in a deployment's file.
 * @throws AzaleaError L1_ADDRESS_INVALID, DEPLOYMENT_FILE_INVALID
 */
export function rollupAddress(addressOrFile: string): Address {
  if (isAddress(addressOrFile) && addressOrFile !== zeroAddress) return getAddress(addressOrFile);
  if (/^0x/i.test(addressOrFile)) {
    throw new AzaleaError(
      'L1_ADDRESS_INVALID',
      `"${addressOrFile.slice(0, 60)}" is no L1 address, or is mistyped: it is 0x and 40 hex digits with a valid checksum.`,
    );
  }
  const description = readDescription(addressOrFile, DeploymentDescription);
  if (description !== undefined) return description.rollup;
  throw invalid(addressOrFile, 'there is no such file, and it is no address');
}

/** @returns undefined when there is no such file. @throws AzaleaError DEPLOYMENT_FILE_INVALID */
export function readDescription<S extends TSchema>(path: string, schema: S): Static<S> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw invalid(path, code === undefined ? 'it is not JSON' : `it cannot be read (${code})`);
  }
  if (Value.Check(schema, value)) return value;
  const problem = Value.Errors(schema, value).First();
  throw invalid(path, `${problem?.path || 'the whole'}: ${problem?.message.toLowerCase()}`);
}

/** Writes a file in one step and down to the disk: after a crash it is there whole, or the old one is. */
export function writeDescription(path: string, value: DeploymentDescription | PendingDeployment): void {
  const partial = `${path}.${process.pid}.part`;
  try {
    const file = openSync(partial, 'w', 0o644);
    try {
      writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
    const directory = openSync(dirname(path), 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (cause) {
    throw new AzaleaError(
      'DEPLOYMENT_FILE_UNWRITABLE',
      `${path} cannot be written (${(cause as NodeJS.ErrnoException).code}): name another file with --out`,
      { file: path },
      { cause },
    );
  }
}

function invalid(file: string, why: string): AzaleaError {
  return new AzaleaError(
    'DEPLOYMENT_FILE_INVALID',
    `${file} does not describe a deployment (${why}): name the file that "azalea rollup deploy" wrote`,
    { file },
  );
}
