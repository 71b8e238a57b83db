/** Routes that serve keys: artifacts by their hash, and proving keys that are made on demand. */
import type { Static } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ArtifactParams, ProvingKeyParams, ProvingKeyStatus } from '../../rpc/schema/info.ts';
import { ErrorBody } from '../../rpc/schema/primitives.ts';
import { type Artifacts, parseRange } from './artifacts.ts';
import type { DownloadLimits } from './download-limits.ts';
import { clientNetwork, type perMinute } from './rate-limits.ts';

export interface KeyRoutesDependencies {
  readonly artifacts: Artifacts;
  readonly downloads: DownloadLimits;
  /** Route options that limit the requests of one address. */
  readonly limit: ReturnType<typeof perMinute>;
  /** See `ProvingKeys.request`. */
  readonly requestProvingKey: (circuit: string) => ProvingKeyStatus;
}

export function installKeyRoutes(server: FastifyInstance, dependencies: KeyRoutesDependencies): void {
  const { artifacts, downloads, limit, requestProvingKey } = dependencies;
  const options = { schema: { params: ArtifactParams }, config: limit };
  const describe = (hash: string, reply: FastifyReply) =>
    reply
      .header('accept-ranges', 'bytes')
      .header('etag', `"${hash}"`)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type('application/octet-stream');
  server.get('/artifacts/:hash', { ...options, exposeHeadRoute: false }, async (request, reply) => {
    const { hash } = request.params as Static<typeof ArtifactParams>;
    const { bytes } = artifacts.find(hash);
    const header = request.headers.range;
    const range = header === undefined ? undefined : parseRange(header, bytes);
    const length = range === undefined ? bytes : range.end - range.start + 1;
    downloads.begin(reply.raw, clientNetwork(request.ip), length);
    describe(hash, reply).header('content-length', length);
    if (range !== undefined)
      reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
    return reply.send(artifacts.stream(hash, range));
  });
  // Fastify's own HEAD route would open the file.
  server.head('/artifacts/:hash', options, async (request, reply) => {
    const { hash } = request.params as Static<typeof ArtifactParams>;
    const { bytes } = artifacts.find(hash);
    return describe(hash, reply).header('content-length', bytes).send();
  });
  server.post(
    '/proving-keys/:circuit',
    {
      schema: {
        description:
          'Makes sure that the proving key of a circuit is there: 200 when it is (then /info lists it), 202 while it is ' +
          'being made. Ask again until it is ready.',
        params: ProvingKeyParams,
        response: { 200: ProvingKeyStatus, 202: ProvingKeyStatus, '4xx': ErrorBody, '5xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const status = requestProvingKey((request.params as Static<typeof ProvingKeyParams>).circuit);
      return reply.status(status.state === 'ready' ? 200 : 202).send(status);
    },
  );
}
