/** The HTTP server: routes with schemas, OpenAPI at /openapi.json, every failure answered as a typed error. */
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { Logger } from 'pino';
import type { ErrorDetails } from '../../protocol/errors.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { httpStatus } from '../../rpc/error-codes.ts';
import {
  BlockParams,
  BlockResponse,
  BlocksResponse,
  PageQuery,
  RootsResponse,
} from '../../rpc/schema/blocks.ts';
import {
  HealthResponse,
  type InfoResponse as Info,
  InfoResponse,
  type ProvingKeyStatus,
} from '../../rpc/schema/info.ts';
import { NotesResponse } from '../../rpc/schema/notes.ts';
import { ErrorBody } from '../../rpc/schema/primitives.ts';
import {
  SubmitRequest,
  SubmitResponse,
  TransactionParams,
  TransactionStatus,
} from '../../rpc/schema/transactions.ts';
import { hexBytes } from '../hex.ts';
import type { Metrics } from '../process/metrics.ts';
import type { Artifacts } from './artifacts.ts';
import { installKeyRoutes } from './key-routes.ts';

/** What the server asks of the sequencer. */
export interface Backend {
  submit(bytes: Uint8Array): Promise<SubmitResponse>;
  transaction(id: string): TransactionStatus;
  blocks(page: PageQuery): BlocksResponse;
  block(number: number): BlockResponse;
  roots(page: PageQuery): RootsResponse;
  notes(page: PageQuery): NotesResponse;
  health(): HealthResponse;
  info(): Info;
  /** See `ProvingKeys.request`. */
  requestProvingKey(circuit: string): ProvingKeyStatus;
}

export interface ServerOptions {
  /** Largest request body in bytes. */
  readonly bodyBytes: number;
  /** Allowed origin of browsers, `*` for any; empty: no CORS headers. */
  readonly corsOrigin: string;
  /** Submissions that one address may send in a minute; 0 or absent: any number. */
  readonly submissionsPerMinute?: number;
  /** Take the client's address from X-Forwarded-For: only behind a proxy that sets it. */
  readonly trustProxy?: boolean;
  /** Artifact downloads cut their data into streams; a stopped client ends them after so many milliseconds. */
  readonly requestTimeoutMs?: number;
}

export interface ServerDependencies {
  readonly backend: Backend;
  readonly artifacts: Artifacts;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const errors = { '4xx': ErrorBody, '5xx': ErrorBody };
const response = <S extends TSchema>(schema: S, status = 200) => ({
  response: { [status]: schema, ...errors },
});

/** Builds the server; `listen` and `close` are the caller's. */
export async function createServer(
  options: ServerOptions,
  dependencies: ServerDependencies,
): Promise<FastifyInstance> {
  const { backend, artifacts, metrics, log } = dependencies;
  const server = fastify({
    bodyLimit: options.bodyBytes,
    requestTimeout: options.requestTimeoutMs ?? 60_000,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: 'idle',
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 100 },
  });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    compile(schema as TSchema, httpPart === 'querystring' || httpPart === 'params'),
  );
  installErrorHandling(server, log);
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Azalea sequencer', version: '1' } },
  });
  if (options.corsOrigin !== '') {
    await server.register(cors, {
      origin: options.corsOrigin,
      exposedHeaders: ['content-range', 'content-length', 'etag', 'retry-after'],
    });
  }
  const limit = options.submissionsPerMinute ?? 0;
  if (limit > 0) await server.register(rateLimit, { global: false });
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  server.post(
    '/transactions',
    {
      schema: { body: SubmitRequest, ...response(SubmitResponse, 202) },
      preValidation: octets,
      config: limit > 0 ? { rateLimit: submissionLimit(limit) } : {},
    },
    async (request, reply) => {
      const { transaction } = request.body as Static<typeof SubmitRequest>;
      try {
        const accepted = await backend.submit(hexBytes(transaction));
        metrics.accepted.inc();
        return await reply.status(202).send(accepted);
      } catch (error) {
        metrics.refused.inc({ code: error instanceof AzaleaError ? error.code : 'INTERNAL' });
        throw error;
      }
    },
  );
  server.get(
    '/transactions/:id',
    { schema: { params: TransactionParams, ...response(TransactionStatus) } },
    async (request) => backend.transaction((request.params as Static<typeof TransactionParams>).id),
  );
  server.get(
    '/blocks',
    { schema: { querystring: PageQuery, ...response(BlocksResponse) } },
    async (request) => backend.blocks(request.query as PageQuery),
  );
  server.get(
    '/blocks/:number',
    { schema: { params: BlockParams, ...response(BlockResponse) } },
    async (request) => backend.block((request.params as Static<typeof BlockParams>).number),
  );
  server.get('/roots', { schema: { querystring: PageQuery, ...response(RootsResponse) } }, async (request) =>
    backend.roots(request.query as PageQuery),
  );
  server.get('/notes', { schema: { querystring: PageQuery, ...response(NotesResponse) } }, async (request) =>
    backend.notes(request.query as PageQuery),
  );
  server.get(
    '/health',
    { schema: { response: { 200: HealthResponse, 503: HealthResponse } } },
    async (_request, reply) => {
      const health = backend.health();
      return reply.status(health.status === 'ok' ? 200 : 503).send(health);
    },
  );
  server.get('/info', { schema: response(InfoResponse) }, async () => backend.info());
  installKeyRoutes(server, {
    artifacts,
    requestProvingKey: (circuit) => backend.requestProvingKey(circuit),
  });
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  return server;
}

/** Verifying a proof takes milliseconds of a core: one address must not take them all. Counted before the body is read. */
function submissionLimit(perMinute: number) {
  return {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request: { ip: string }) => clientNetwork(request.ip),
    errorResponseBuilder: (_request: unknown, context: { ttl: number }) => {
      const seconds = Math.ceil(context.ttl / 1000);
      return new AzaleaError(
        'RATE_LIMITED',
        `More than ${perMinute} submissions in a minute from this address; send it again in ${seconds} s`,
        { perMinute, retryAfterSeconds: seconds },
      );
    },
  };
}

/** The address, or for IPv6 its /64: that is what one subscriber gets. */
function clientNetwork(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head, tail = ''] = address.split('%')[0].split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::')
    ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0')
    : [];
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}

/** Raw bytes count as the JSON form of the same request. */
async function octets(request: { headers: Record<string, unknown>; body?: unknown }): Promise<void> {
  if (Buffer.isBuffer(request.body)) request.body = { transaction: `0x${request.body.toString('hex')}` };
}

/** Body fields are taken as they are; path and query texts are converted to the schema's types first. */
function compile(
  schema: TSchema,
  convert: boolean,
): (value: unknown) => { value: unknown } | { error: Error } {
  const check = TypeCompiler.Compile(schema);
  return (given) => {
    const value = convert ? Value.Convert(schema, given) : given;
    if (check.Check(value)) return { value };
    const first = check.Errors(value).First();
    const field = first?.path === undefined || first.path === '' ? 'the request' : first.path;
    return {
      error: new AzaleaError(
        'REQUEST_INVALID',
        `${field}: ${first?.message ?? 'wrong form'}; see /openapi.json`,
        { field },
      ),
    };
  };
}

function installErrorHandling(server: FastifyInstance, log: Logger): void {
  server.setNotFoundHandler((request) => {
    throw new AzaleaError(
      'ROUTE_UNKNOWN',
      `There is no ${request.method} ${request.url.split('?')[0]}; see /openapi.json`,
    );
  });
  server.setErrorHandler((error: FastifyError | AzaleaError, request, reply) => {
    const known = typed(error, request.id);
    if (known.code === 'INTERNAL')
      log.error({ request: request.id, error: String(error.stack ?? error) }, 'request failed');
    return reply
      .status(httpStatus(known.code))
      .type('application/json')
      .send(JSON.stringify({ error: { code: known.code, message: known.message, details: known.details } }));
  });
}

/** Every failure as a code of the table. Unexpected ones tell the client nothing but the request's number. */
function typed(
  error: FastifyError | AzaleaError,
  request: string,
): { code: string; message: string; details: ErrorDetails } {
  if (error instanceof AzaleaError && httpStatus(error.code) !== 500) return error;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return {
        code: 'REQUEST_TOO_LARGE',
        message: 'The body is larger than limits.bodyBytes of /info',
        details: {},
      };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return {
        code: 'MEDIA_TYPE_UNSUPPORTED',
        message: 'Send application/json or application/octet-stream',
        details: {},
      };
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return { code: 'REQUEST_JSON_INVALID', message: 'The body is not JSON', details: {} };
    default:
      if (error instanceof SyntaxError && (error as FastifyError).statusCode === 400) {
        return { code: 'REQUEST_JSON_INVALID', message: 'The body is not JSON', details: {} };
      }
      return {
        code: 'INTERNAL',
        message: 'Unexpected failure; see the log of the sequencer',
        details: { request },
      };
  }
}
