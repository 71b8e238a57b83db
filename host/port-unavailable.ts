import { AzaleaError } from '../protocol/errors.ts';

/** @returns PORT_UNAVAILABLE for a port that cannot be listened on. @param setting the option or setting that names another */
export function portUnavailable(
  host: string,
  port: number,
  setting: string,
  cause: NodeJS.ErrnoException,
): AzaleaError {
  const reason = cause.code === 'EADDRINUSE' ? 'another program listens there' : String(cause.code);
  return new AzaleaError(
    'PORT_UNAVAILABLE',
    `Port ${port} on ${host} cannot be used (${reason}): end the program that listens there, or choose another with ${setting}; 0 picks a free one.`,
    { host, port },
    { cause },
  );
}
