import { type Address, BaseError, type Hex } from 'viem';
import { KEY_ID } from '../protocol/constants.ts';
import { AzaleaError } from '../protocol/errors.ts';
import type { L1Client } from './client.ts';
import { l1Call, l1Failure } from './failure.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { rollupAbi } from './generated/rollup-abi.ts';
import type { KeyName } from './verification-key.ts';

/** The constants of a deployment; they never change. */
export interface RollupInfo {
  readonly rollupId: bigint;
  readonly chainId: number;
  readonly rollup: Address;
  readonly bridge: Address;
  /** L1 block of the deployment. */
  readonly deployedAt: number;
  readonly creditsProgramId: bigint;
  readonly bridgeProgramId: bigint;
  readonly creditsTypeId: bigint;
  readonly bridgeTypeId: bigint;
  readonly insecureKeys: boolean;
  /** Keys that the rollup verifies with; `hash` is keccak256 of the key as the contract holds it. */
  readonly keys: readonly { readonly id: number; readonly name: KeyName; readonly hash: Hex }[];
}

/** The settled state of a rollup. */
export interface RollupState {
  readonly nextBlock: number;
  readonly noteRoot: bigint;
  readonly nullifierRoot: bigint;
  readonly nextNoteIndex: number;
  readonly nextNullifierIndex: number;
  readonly depositCount: number;
  readonly depositsTaken: number;
}

/**
 * Reads a deployment.
 * @throws AzaleaError L1_NOT_A_ROLLUP when L1 shows that there is no rollup at the address; else as `l1Failure` says
 */
export async function readRollupInfo(client: L1Client, rollup: Address): Promise<RollupInfo> {
  const code = await l1Call('read the rollup', () => client.getCode({ address: rollup }));
  const contract = { address: rollup, abi: rollupAbi } as const;
  const notARollup = (cause?: unknown) =>
    new AzaleaError(
      'L1_NOT_A_ROLLUP',
      `there is no rollup at ${rollup} on chain ${client.chain.id}: check the address and the L1 URL`,
      { rollup, chainId: client.chain.id },
      { cause },
    );
  if (code === undefined || code === '0x') throw notARollup();
  try {
    const bridge = await client.readContract({ ...contract, functionName: 'bridge' });
    const [
      rollupId,
      deployedAt,
      creditsProgramId,
      bridgeProgramId,
      insecureKeys,
      creditsTypeId,
      bridgeTypeId,
    ] = await Promise.all([
      client.readContract({ ...contract, functionName: 'rollupId' }),
      client.readContract({ ...contract, functionName: 'deployedAt' }),
      client.readContract({ ...contract, functionName: 'creditsProgramId' }),
      client.readContract({ ...contract, functionName: 'bridgeProgramId' }),
      client.readContract({ ...contract, functionName: 'insecureKeys' }),
      client.readContract({ address: bridge, abi: bridgeAbi, functionName: 'creditsTypeId' }),
      client.readContract({ address: bridge, abi: bridgeAbi, functionName: 'bridgeTypeId' }),
    ]);
    const keys = await Promise.all(
      (Object.entries(KEY_ID) as [KeyName, number][]).map(async ([name, id]) => ({
        id,
        name,
        hash: await client.readContract({ ...contract, functionName: 'keyHash', args: [BigInt(id)] }),
      })),
    );
    return {
      rollupId,
      chainId: client.chain.id,
      rollup,
      bridge,
      deployedAt: Number(deployedAt),
      creditsProgramId,
      bridgeProgramId,
      creditsTypeId,
      bridgeTypeId,
      insecureKeys,
      keys: keys.filter((key) => BigInt(key.hash) !== 0n),
    };
  } catch (cause) {
    const failure = l1Failure('read the rollup', cause);
    throw answersUnlikeARollup(failure, cause) ? notARollup(cause) : failure;
  }
}

/** Errors of viem for an answer that is empty or has another form than the function's. */
const FORM_ERRORS = [
  'ContractFunctionZeroDataError',
  'AbiDecodingZeroDataError',
  'AbiDecodingDataSizeTooSmallError',
  'AbiDecodingDataSizeInvalidError',
  'PositionOutOfBoundsError',
  'InvalidBytesBooleanError',
  'InvalidAddressError',
];

/** Only an answer of the contract itself shows that it is no rollup: a refusing, limiting or silent node shows nothing. */
function answersUnlikeARollup(failure: AzaleaError, cause: unknown): boolean {
  if (failure.code === 'L1_REVERTED') return true;
  const form = (e: unknown): boolean => FORM_ERRORS.includes((e as Error).name);
  return failure.code === 'L1_CALL_FAILED' && cause instanceof BaseError && cause.walk(form) !== null;
}

/** Reads what settled last, at one L1 block (the newest by default). */
export async function readRollupState(
  client: L1Client,
  info: Pick<RollupInfo, 'rollup' | 'bridge'>,
  blockNumber?: number,
): Promise<RollupState> {
  const at = {
    blockNumber: BigInt(blockNumber ?? (await l1Call('read the head', () => client.getBlockNumber()))),
  };
  const rollup = { address: info.rollup, abi: rollupAbi, ...at } as const;
  const bridge = { address: info.bridge, abi: bridgeAbi, ...at } as const;
  return await l1Call('read the rollup', async () => {
    const nextBlock = await client.readContract({ ...rollup, functionName: 'nextBlock' });
    const [noteRoot, nullifierRoot, nextNote, nextNullifier, depositCount, depositsTaken] = await Promise.all(
      [
        client.readContract({ ...rollup, functionName: 'noteRoot', args: [nextBlock - 1n] }),
        client.readContract({ ...rollup, functionName: 'nullifierRoot' }),
        client.readContract({ ...rollup, functionName: 'nextNoteIndex' }),
        client.readContract({ ...rollup, functionName: 'nextNullifierIndex' }),
        client.readContract({ ...bridge, functionName: 'depositCount' }),
        client.readContract({ ...bridge, functionName: 'depositsTaken' }),
      ],
    );
    return {
      nextBlock: Number(nextBlock),
      noteRoot,
      nullifierRoot,
      nextNoteIndex: Number(nextNote),
      nextNullifierIndex: Number(nextNullifier),
      depositCount: Number(depositCount),
      depositsTaken: Number(depositsTaken),
    };
  });
}

/** Note root after an L2 block, from L1 itself; undefined if it has not settled. */
export async function readNoteRoot(
  client: L1Client,
  rollup: Address,
  l2Block: number,
): Promise<bigint | undefined> {
  const root = await l1Call('read a note root', () =>
    client.readContract({
      address: rollup,
      abi: rollupAbi,
      functionName: 'noteRoot',
      args: [BigInt(l2Block)],
    }),
  );
  return root === 0n ? undefined : root;
}

/** Last L1 block in which an anchor can be used: Infinity for the newest, undefined if it has not settled. */
export async function readAnchorUsableUntil(
  client: L1Client,
  rollup: Address,
  l2Block: number,
): Promise<number | undefined> {
  const until = await l1Call('read an anchor', () =>
    client.readContract({
      address: rollup,
      abi: rollupAbi,
      functionName: 'anchorUsableUntil',
      args: [BigInt(l2Block)],
    }),
  );
  if (until === 0n) return undefined;
  return until > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(until);
}

/** L1 blocks after the newest one in which an anchor can be used: Infinity for the newest anchor, negative if it has expired. */
export async function readAnchorLifetime(
  client: L1Client,
  rollup: Address,
  l2Block: number,
): Promise<number> {
  const head = Number(await l1Call('read the head', () => client.getBlockNumber({ cacheTime: 0 })));
  return ((await readAnchorUsableUntil(client, rollup, l2Block)) ?? Number.POSITIVE_INFINITY) - head;
}
