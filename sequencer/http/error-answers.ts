/** Answers every failure as a typed error: those of routes, of Fastify itself and of the HTTP parser. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AzaleaError, type ErrorDetails } from '../../protocol/errors.ts';
import { httpStatus } from '../../rpc/error-codes.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
}

const failure = (code: string, message: string, details: ErrorDetails = {}): Failure => ({
  code,
  message,
  details,
});
const bodyOf = ({ code, message, details }: Failure): string =>
  JSON.stringify({ error: { code, message, details } });

/** Installs the handlers of unknown routes, of failures, of unmet expectations and of requests while the server closes. */
export function installErrorAnswers(server: FastifyInstance, log: Logger): void {
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
    return answer(known, reply);
  });
  server.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const known = failure('REQUEST_INVALID', 'The header Expect may only say 100-continue');
    const body = bodyOf(known);
    response.writeHead(httpStatus(known.code), {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    });
    response.end(body);
  });
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onRequest', async () => {
    if (closing) throw new AzaleaError('SEQUENCER_STOPPING', 'The sequencer is shutting down');
  });
}

/** Failures of Fastify's router, which reach no error handler: a URL that cannot be decoded, a parameter that is too long. */
export const answerRouterError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => answer(typed(error, request.id), reply);

/** Failures of the HTTP parser, before there is a request. */
export function answerParserError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const known =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? failure('REQUEST_TIMEOUT', 'The request did not arrive in time')
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? failure('REQUEST_TOO_LARGE', 'The headers are too large')
        : failure('REQUEST_INVALID', 'This is no HTTP request');
  const status = httpStatus(known.code);
  const body = bodyOf(known);
  if (socket.writable) {
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}

function answer(known: Failure, reply: FastifyReply): FastifyReply {
  return reply.status(httpStatus(known.code)).type('application/json').send(bodyOf(known));
}

/** Every failure as a code of the table. Unexpected ones tell the client nothing but the request's number. */
function typed(error: FastifyError | AzaleaError, request: string): Failure {
  if (error instanceof AzaleaError) {
    return httpStatus(error.code) === 500 ? unexpected(request) : error;
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return failure('REQUEST_JSON_INVALID', 'The body is not JSON');
    case 'FST_ERR_BAD_URL':
      return failure('REQUEST_INVALID', 'The path cannot be decoded; see /openapi.json');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return failure('REQUEST_INVALID', 'A parameter of the path is too long; see /openapi.json');
  }
  const status = error.statusCode ?? 500;
  if (status === 413)
    return failure('REQUEST_TOO_LARGE', 'The body is larger than limits.bodyBytes of /info');
  if (status === 415) {
    return failure('MEDIA_TYPE_UNSUPPORTED', 'Send application/json or application/octet-stream');
  }
  if (error instanceof SyntaxError && status === 400)
    return failure('REQUEST_JSON_INVALID', 'The body is not JSON');
  if (status >= 400 && status < 500) return failure('REQUEST_INVALID', 'The request has the wrong form');
  return unexpected(request);
}

const unexpected = (request: string): Failure =>
  failure('INTERNAL', 'Unexpected failure; see the log of the sequencer', { request });
