/** Routes that hand out keys: artifacts by their hash, and proving keys that are made when somebody asks for them. */
import type { Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ArtifactParams, ProvingKeyParams, ProvingKeyStatus } from '../../rpc/schema/info.ts';
import { ErrorBody } from '../../rpc/schema/primitives.ts';
import { type Artifacts, parseRange } from './artifacts.ts';

export interface KeyRoutesDependencies {
  readonly artifacts: Artifacts;
  /** See `ProvingKeys.request`. */
  readonly requestProvingKey: (circuit: string) => ProvingKeyStatus;
}

export function installKeyRoutes(server: FastifyInstance, dependencies: KeyRoutesDependencies): void {
  const { artifacts, requestProvingKey } = dependencies;
  server.get('/artifacts/:hash', { schema: { params: ArtifactParams } }, async (request, reply) => {
    const { hash } = request.params as Static<typeof ArtifactParams>;
    const { bytes } = artifacts.find(hash);
    const header = request.headers.range;
    const range = header === undefined ? undefined : parseRange(header, bytes);
    reply
      .header('accept-ranges', 'bytes')
      .header('etag', `"${hash}"`)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type('application/octet-stream')
      .header('content-length', range === undefined ? bytes : range.end - range.start + 1);
    if (range !== undefined)
      reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
    return reply.send(artifacts.stream(hash, range));
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
