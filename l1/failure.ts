import {
  BaseError,
  ContractFunctionRevertedError,
  decodeErrorResult,
  type Hex,
  RawContractError,
} from 'viem';
import { AzaleaError, type ErrorDetails } from '../protocol/errors.ts';
import { plainWords } from '../protocol/service-url.ts';
import { bridgeAbi } from './generated/bridge-abi.ts';
import { rollupAbi } from './generated/rollup-abi.ts';
import { testTokenAbi } from './generated/test-token-abi.ts';
import { type ProviderError, providerFailure } from './node/provider-failure.ts';

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

/** An AzaleaError that a transport threw and viem wrapped. */
function wrapped(cause: unknown): AzaleaError | undefined {
  for (let error = cause, depth = 0; error instanceof Error && depth < 20; error = error.cause, depth++) {
    if (error instanceof AzaleaError) return error;
  }
  return undefined;
}

/** viem's own errors of a connection, for clients that were not made by `connectL1`. */
const CONNECTION_ERRORS = ['HttpRequestError', 'TimeoutError', 'WebSocketRequestError', 'SocketClosedError'];

/** Names a provider's failure; undefined when the node itself answered. */
function ofProvider(action: string, failure: ProviderError): AzaleaError | undefined {
  const { words, kind, origin } = failure;
  const details: ErrorDetails = {
    action,
    node: words,
    ...(origin === undefined ? {} : { origin }),
    ...(failure.code === undefined ? {} : { rpcCode: failure.code }),
    ...(failure.status === undefined ? {} : { status: failure.status }),
  };
  const node = `the L1 node${origin === undefined ? '' : ` at ${origin}`}`;
  const options = { cause: failure };
  if (kind === 'rate-limited') {
    const text = `${action}: ${node} limits requests ("${words}"); wait, or use a node with a higher limit`;
    return new AzaleaError('L1_RATE_LIMITED', text, details, options);
  }
  if (kind === 'unauthorized') {
    const text = `${action}: ${node} refuses the credentials ("${words}"); check the user, password or access key in its URL`;
    return new AzaleaError('L1_UNAUTHORIZED', text, details, options);
  }
  if (kind === 'unreachable') {
    const text = `${action}: ${node} does not answer (${words}); check its URL and that it runs`;
    return new AzaleaError('L1_UNREACHABLE', text, details, options);
  }
  return undefined;
}

/**
 * Turns an error of viem into an AzaleaError: L1_REVERTED (details.error: name of the contract's custom error, and its
 * arguments), L1_RATE_LIMITED, L1_UNAUTHORIZED, L1_UNREACHABLE, L1_WRONG_CHAIN, L1_CALL_FAILED. details.node are the node's own
 * words.
 * @param action the attempted action, for the message
 */
export function l1Failure(action: string, cause: unknown): AzaleaError {
  const known = wrapped(cause);
  if (known !== undefined) return known;
  const failure = providerFailure(cause);
  const named = failure === undefined ? undefined : ofProvider(action, failure);
  if (named !== undefined) return named;
  if (!(cause instanceof BaseError)) {
    const words = failure?.words ?? plainWords(String(cause));
    return new AzaleaError(
      'L1_CALL_FAILED',
      `${action} failed: ${words}`,
      { action, node: words },
      { cause },
    );
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
  if (cause.walk((e) => CONNECTION_ERRORS.includes((e as Error).name)) !== null) {
    const text = `${action}: the L1 node does not answer; check its URL and that it runs`;
    // The cause may hold the URL with an access key: it is not passed on.
    return new AzaleaError('L1_UNREACHABLE', text, { action });
  }
  const words = failure?.words ?? '';
  const said = words === '' || cause.shortMessage.includes(words) ? '' : ` (the node says: ${words})`;
  const details = { action, ...(words === '' ? {} : { node: words }) };
  if (cause.walk((e) => e instanceof ContractFunctionRevertedError) !== null || data !== undefined) {
    return new AzaleaError(
      'L1_REVERTED',
      `${action} was reverted without a known error: ${plainWords(cause.shortMessage)}${said}`,
      { ...details, error: 'unknown', data: data ?? '0x' },
      { cause },
    );
  }
  return new AzaleaError(
    'L1_CALL_FAILED',
    `${action} failed: ${plainWords(cause.shortMessage)}${said}`,
    { ...details, ...(failure?.code === undefined ? {} : { rpcCode: failure.code }) },
    { cause },
  );
}

/** Runs a call to L1; its errors come out as `l1Failure` makes them. */
export async function l1Call<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw l1Failure(action, cause);
  }
}
