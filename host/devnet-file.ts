/** `devnet.json`: how to reach the devnet that runs on this machine. Documented in docs/devnet.md. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Address } from 'viem';
import { AzaleaError } from '../protocol/errors.ts';
import { SequencerClient } from '../rpc/client.ts';

/** The file for a devnet's description: the devnet writes it to the working directory, and clients look there. */
export const DEVNET_FILE = 'devnet.json';

const EthereumAddress = Type.Unsafe<Address>(Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }));
const Hex32 = Type.Unsafe<`0x${string}`>(Type.String({ pattern: '^0x[0-9a-f]{64}$' }));
const Url = Type.String({ pattern: '^http://' });
const closed = { additionalProperties: false };

export const DevnetDescription = Type.Object(
  {
    version: Type.Literal(1),
    rollupId: Hex32,
    chainId: Type.Integer({ minimum: 1 }),
    l1Url: Url,
    sequencerUrl: Url,
    rollup: EthereumAddress,
    bridge: EthereumAddress,
    token: EthereumAddress,
    accounts: Type.Array(Type.Object({ address: EthereumAddress, privateKey: Hex32 }, closed)),
    keys: Type.Array(
      Type.Object({ id: Type.Integer({ minimum: 0 }), name: Type.String(), hash: Hex32 }, closed),
    ),
    insecureKeys: Type.Boolean(),
  },
  closed,
);
export type DevnetDescription = Static<typeof DevnetDescription>;

/**
 * Writes the description in one step: a reader sees all of it or none. Returns how to take it away again; a file that
 * another devnet has written since is left alone.
 */
export async function writeDevnet(
  path: string,
  description: DevnetDescription,
): Promise<() => Promise<void>> {
  const text = `${JSON.stringify(description, null, 2)}\n`;
  const partial = `${path}.${process.pid}.part`;
  await writeFile(partial, text);
  await rename(partial, path);
  return async () => {
    const now = await readFile(path, 'utf8').catch(() => undefined);
    if (now === text) await rm(path, { force: true });
  };
}

/**
 * Reads a description.
 * @throws AzaleaError DEVNET_FILE_MISSING, DEVNET_FILE_INVALID
 */
export async function readDevnet(path: string = DEVNET_FILE): Promise<DevnetDescription> {
  const file = resolve(path);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AzaleaError(
      'DEVNET_FILE_MISSING',
      `There is no ${file}: start a devnet with \`npm run devnet\` in another terminal, or name its file.`,
      { file },
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(file, 'it is not JSON');
  }
  if (!Value.Check(DevnetDescription, value)) throw invalid(file, firstProblem(DevnetDescription, value));
  return value;
}

/**
 * The devnet that runs now.
 * @throws AzaleaError DEVNET_NOT_RUNNING when the file is left over from one that ended, and the errors of `readDevnet`
 */
export async function findDevnet(path?: string): Promise<DevnetDescription> {
  const description = await readDevnet(path);
  const sequencer = new SequencerClient({ url: description.sequencerUrl, retries: 0, timeoutMs: 5000 });
  const serves = await sequencer.getInfo().then(
    (info) => info.rollupId,
    (error: unknown) => {
      if (error instanceof AzaleaError) return undefined;
      throw error;
    },
  );
  if (serves === description.rollupId) return description;
  throw new AzaleaError(
    'DEVNET_NOT_RUNNING',
    `The devnet that ${path ?? DEVNET_FILE} describes does not answer at ${description.sequencerUrl}: start one with \`npm run devnet\` in another terminal.`,
    { sequencerUrl: description.sequencerUrl },
  );
}

function firstProblem(schema: TSchema, value: unknown): string {
  const problem = Value.Errors(schema, value).First();
  return problem === undefined
    ? 'it has another form'
    : `${problem.path || 'the whole'}: ${problem.message.toLowerCase()}`;
}

function invalid(file: string, what: string): AzaleaError {
  return new AzaleaError(
    'DEVNET_FILE_INVALID',
    `${file} does not describe a devnet (${what}): delete it and start one with \`npm run devnet\`.`,
    { file },
  );
}
