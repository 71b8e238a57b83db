import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EIP1193Provider } from 'viem';
import { portUnavailable } from '../host/port-unavailable.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Reverts keep their returned bytes as `data`, as Ethereum nodes answer. */
function rpcError(error: unknown): RpcError {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const bytes = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data;
  return {
    code: typeof code === 'number' ? code : -32603,
    message: typeof message === 'string' ? message : 'internal error',
    ...(typeof bytes === 'string' ? { data: bytes } : {}),
  };
}

async function answer(provider: EIP1193Provider, call: unknown): Promise<unknown> {
  const {
    id = null,
    method,
    params = [],
  } = (call ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  if (typeof method !== 'string' || !Array.isArray(params)) {
    return { jsonrpc: '2.0', id, error: { code: -32600, message: 'not a JSON-RPC request' } };
  }
  try {
    const result = await (provider.request as (call: unknown) => Promise<unknown>)({ method, params });
    return { jsonrpc: '2.0', id, result: result ?? null };
  } catch (error) {
    return { jsonrpc: '2.0', id, error: rpcError(error) };
  }
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function handle(
  provider: EIP1193Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', '*');
  response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
  if (request.method === 'OPTIONS') {
    response.end();
    return;
  }
  let result: unknown;
  try {
    const call: unknown = JSON.parse(await body(request));
    result = Array.isArray(call)
      ? await Promise.all(call.map((one) => answer(provider, one)))
      : await answer(provider, call);
  } catch (error) {
    result = {
      jsonrpc: '2.0',
      id: null,
      error: { code: -32700, message: `parse error: ${(error as Error).message}` },
    };
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(result));
}

export interface JsonRpcServer {
  readonly url: string;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

/**
 * Serves an in-process chain over HTTP.
 * @param port 0 takes a free one
 * @throws AzaleaError PORT_UNAVAILABLE
 */
export async function serveJsonRpc(
  provider: EIP1193Provider,
  host: string,
  port: number,
): Promise<JsonRpcServer> {
  const server = createServer((request, response) => void handle(provider, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portUnavailable(host, port, 'its port option', cause)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
