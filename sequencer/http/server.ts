/** The HTTP server: routes with schemas, OpenAPI at /openapi.json, every failure answered as a typed error. */
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { Static, TSchema } from '@sinclair/typebox';
import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from 'pino';
import { AzaleaError } from '../../protocol/errors.ts';
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
import { DownloadLimits, type DownloadLimitsOptions } from './download-limits.ts';
import { answerParserError, answerRouterError, installErrorAnswers } from './error-answers.ts';
import { installKeyRoutes } from './key-routes.ts';
import { clientNetwork, MonotonicWindows, perMinute } from './rate-limits.ts';
import { requestValidator } from './read-parameters.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';

/** The interface of the sequencer to its server. */
export interface Backend {
  /** @param sender network of the client, so that one sender does not take every place */
  submit(bytes: Uint8Array, sender?: string): Promise<SubmitResponse>;
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
  /** Serve /metrics, too; default true. */
  readonly metricsBesideApi?: boolean;
  /** Largest request body in bytes. */
  readonly bodyBytes: number;
  /** Allowed origin of browsers, `*` for any; empty: no CORS headers. */
  readonly corsOrigin: string;
  /** Submissions that one address may send in a minute; 0 or absent: any number. */
  readonly submissionsPerMinute?: number;
  /** Artifact requests that one address may send in a minute; 0 or absent: any number. */
  readonly downloadsPerMinute?: number;
  /** Proxies whose X-Forwarded-For is believed, see `parseTrustedProxies`. Default: none. */
  readonly trustProxy?: string;
  /** Milliseconds in which a request must have arrived. Default 60 000. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds after which a connection without any progress is ended, a stalled download too. Default 60 000. */
  readonly idleTimeoutMs?: number;
  /** Default `DOWNLOAD_LIMITS`. */
  readonly downloads?: DownloadLimitsOptions;
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
    connectionTimeout: options.idleTimeoutMs ?? 60_000,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: 'idle',
    // A hook answers with a typed error instead.
    return503OnClosing: false,
    trustProxy: parseTrustedProxies(options.trustProxy ?? ''),
    routerOptions: { maxParamLength: 100 },
    frameworkErrors: answerRouterError,
    clientErrorHandler: answerParserError,
  });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    requestValidator(schema as TSchema, httpPart === 'querystring' || httpPart === 'params'),
  );
  installErrorAnswers(server, log);
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Azalea sequencer', version: '1' } },
  });
  if (options.corsOrigin !== '') {
    await server.register(cors, {
      origin: options.corsOrigin,
      exposedHeaders: ['content-range', 'content-length', 'etag', 'retry-after'],
    });
  }
  await server.register(rateLimit, { global: false, store: MonotonicWindows });
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  server.post(
    '/transactions',
    {
      schema: { body: SubmitRequest, ...response(SubmitResponse, 202) },
      preValidation: octets,
      // Verifying a proof takes milliseconds of a core: one address must not take them all.
      config: perMinute(options.submissionsPerMinute ?? 0, 'submissions'),
    },
    async (request, reply) => {
      const { transaction } = request.body as Static<typeof SubmitRequest>;
      try {
        const accepted = await backend.submit(hexBytes(transaction), clientNetwork(request.ip));
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
    downloads: new DownloadLimits(options.downloads),
    limit: perMinute(options.downloadsPerMinute ?? 0, 'downloads'),
    requestProvingKey: (circuit) => backend.requestProvingKey(circuit),
  });
  if (options.metricsBesideApi ?? true) {
    server.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  }
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  return server;
}

/** Raw bytes count as the JSON form of the same request. */
async function octets(request: { headers: Record<string, unknown>; body?: unknown }): Promise<void> {
  if (Buffer.isBuffer(request.body)) request.body = { transaction: `0x${request.body.toString('hex')}` };
}
