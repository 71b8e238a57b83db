import {
  BaseError,
  ContractFunctionRevertedError,
  decodeErrorResult,
  type Hex,
  RawContractError,
} from 'viem';
import { AzaleaError, type ErrorDetails } from '../protocol/errors.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { rollupAbi } from './generated/rollup-abi.ts';
import { testTokenAbi } from './generated/test-token-abi.ts';

/** Every custom error that a call can bubble up: the rollup calls the bridge, the bridge calls tokens. */
const errorAbi = [...rollupAbi, ...bridgeAbi, ...testTokenAbi].filter((item) => item.type === 'error');

const plain = (value: unknown): string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' ? value : String(value);

function decodeRevert(data: Hex): { name: string; args: ErrorDetails } | undefined {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: errorAbi, data });
    const inputs = abiItem.type === 'error' ? abiItem.inputs : [];
    const named: Record<string, string | number | boolean> = {};
    inputs.forEach((input, index) => {
      named[input.name ?? String(index)] = plain((args as readonly unknown[] | undefined)?.[index]);
    });
    return { name: errorName, args: named };
  } catch {
    return undefined;
  }
}

/** The data that a reverted call returned, wherever viem or the node put it. */
function revertData(error: BaseError): Hex | undefined {
  const reverted = error.walk((e) => e instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError && reverted.raw !== undefined) return reverted.raw;
  const raw = error.walk((e) => e instanceof RawContractError);
  if (raw instanceof RawContractError) {
    const data = typeof raw.data === 'object' ? raw.data.data : raw.data;
    if (data !== undefined) return data;
  }
  const withData = error.walk((e) => {
    const data = (e as { data?: unknown }).data;
    return typeof data === 'string' || typeof (data as { data?: unknown } | undefined)?.data === 'string';
  }) as { data?: string | { data?: string } } | null;
  const data = typeof withData?.data === 'object' ? withData.data.data : withData?.data;
  return data?.startsWith('0x') ? (data as Hex) : undefined;
}

/** The node did not answer, as opposed to having refused. */
function unreachable(error: BaseError): boolean {
  const names = new Set(['HttpRequestError', 'TimeoutError', 'WebSocketRequestError', 'SocketClosedError']);
  return error.walk((e) => names.has((e as Error).name)) !== null;
}

/**
 * Turns an error of viem into an AzaleaError:
 * L1_REVERTED (details.error: name of the contract's custom error, and its arguments), L1_UNREACHABLE, L1_CALL_FAILED.
 * @param action what was tried, for the message
 */
export function l1Failure(action: string, cause: unknown): AzaleaError {
  if (cause instanceof AzaleaError) return cause;
  if (!(cause instanceof BaseError)) {
    return new AzaleaError('L1_CALL_FAILED', `${action} failed: ${String(cause)}`, { action }, { cause });
  }
  const data = revertData(cause);
  const revert = data === undefined || data === '0x' ? undefined : decodeRevert(data);
  if (revert !== undefined) {
    const facts = Object.entries(revert.args).map(([name, value]) => `${name} ${value}`);
    return new AzaleaError(
      'L1_REVERTED',
      `${action} was refused by the contract: ${revert.name}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`,
      { ...revert.args, action, error: revert.name },
      { cause },
    );
  }
  if (unreachable(cause)) {
    return new AzaleaError(
      'L1_UNREACHABLE',
      `${action}: the L1 node does not answer; check its URL and that it runs`,
      { action },
      { cause },
    );
  }
  if (cause.walk((e) => e instanceof ContractFunctionRevertedError) !== null || data !== undefined) {
    return new AzaleaError(
      'L1_REVERTED',
      `${action} was reverted without a known error: ${cause.shortMessage}`,
      { action, error: 'unknown', data: data ?? '0x' },
      { cause },
    );
  }
  return new AzaleaError('L1_CALL_FAILED', `${action} failed: ${cause.shortMessage}`, { action }, { cause });
}

/** Runs a call to L1; its errors come out as `l1Failure` makes them. */
export async function l1Call<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw l1Failure(action, cause);
  }
}
