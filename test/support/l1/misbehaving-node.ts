/**
 * An L1 node over HTTP that misbehaves by script: each request passes the rules in order, the first one that applies answers.
 * Behind it stands a chain of the test's: a fake in memory, or Hardhat's.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly any[];
  readonly headers: IncomingMessage['headers'];
}

export type Answer = (call: RpcCall) => unknown | Promise<unknown>;

/**
 * - rpc-error: a JSON-RPC error, with HTTP status 200 unless `status` says otherwise
 * - http: a bare HTTP answer
 * - drop: the connection ends without an answer
 * - late: the answer after some milliseconds
 * - result: another result than the chain's
 * `forward` lets the chain see the request first.
 */
export type Misbehaviour =
  | {
      readonly kind: 'rpc-error';
      readonly code: number;
      readonly message: string;
      readonly data?: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly forward?: boolean;
    }
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
      readonly forward?: boolean;
    }
  | { readonly kind: 'drop'; readonly forward?: boolean }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'result'; readonly result: unknown };

export interface Rule {
  readonly method?: string | RegExp;
  readonly when?: (call: RpcCall) => boolean;
  /** Number of requests it applies to; default: all. */
  times?: number;
  readonly answer: Misbehaviour | ((call: RpcCall) => Misbehaviour | undefined);
}

export interface MisbehavingNode {
  readonly url: string;
  readonly port: number;
  /** Every request that arrived. */
  readonly calls: RpcCall[];
  /** Adds a rule; `times` counts down. */
  rule(rule: Rule): void;
  clear(): void;
  count(method: string): number;
  close(): Promise<void>;
}

export async function misbehavingNode(chain: Answer): Promise<MisbehavingNode> {
  const rules: Rule[] = [];
  const calls: RpcCall[] = [];
  const choose = (call: RpcCall): Misbehaviour | undefined => {
    for (const rule of rules) {
      const { method } = rule;
      const named =
        method === undefined ||
        (typeof method === 'string' ? method === call.method : method.test(call.method));
      if (!named || rule.times === 0 || rule.when?.(call) === false) continue;
      const chosen = typeof rule.answer === 'function' ? rule.answer(call) : rule.answer;
      if (chosen === undefined) continue;
      if (rule.times !== undefined) rule.times--;
      return chosen;
    }
    return undefined;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { id, method, params } = JSON.parse(Buffer.concat(parts).toString()) as RpcCall & { id: unknown };
    const call: RpcCall = { method, params, headers: request.headers };
    calls.push(call);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const forward = async (): Promise<unknown> => {
      try {
        return { jsonrpc: '2.0', id, result: (await chain(call)) ?? null };
      } catch (error) {
        const { code, message, data } = error as { code?: number; message: string; data?: any };
        const bytes = typeof data === 'object' ? data?.data : data;
        const more = bytes === undefined ? {} : { data: bytes };
        return { jsonrpc: '2.0', id, error: { code: code ?? -32000, message, ...more } };
      }
    };
    const chosen = choose(call);
    if (chosen === undefined) return send(200, await forward());
    if ('forward' in chosen && chosen.forward === true) await forward();
    if (chosen.kind === 'drop') return void request.socket.destroy();
    if (chosen.kind === 'http') return send(chosen.status, chosen.body ?? '', chosen.headers);
    if (chosen.kind === 'result') return send(200, { jsonrpc: '2.0', id, result: chosen.result });
    if (chosen.kind === 'rpc-error') {
      const { code, message, data } = chosen;
      return send(
        chosen.status ?? 200,
        { jsonrpc: '2.0', id, error: { code, message, data } },
        chosen.headers,
      );
    }
    const answer = await forward();
    await new Promise((resolve) => setTimeout(resolve, chosen.ms));
    send(200, answer);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    rule: (rule) => rules.push(rule),
    clear: () => rules.splice(0),
    count: (method) => calls.filter((call) => call.method === method).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
