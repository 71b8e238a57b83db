import { createServer } from 'node:net';
import { portUnavailable } from '../host/port-unavailable.ts';

/**
 * Makes sure that a port of this machine is free now; 0 always is.
 * @param option the setting that names another port, for the message
 * @throws AzaleaError PORT_UNAVAILABLE
 */
export async function requireFreePort(port: number, option: string, host = '127.0.0.1'): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(portUnavailable(host, port, option, cause)),
    );
    server.listen(port, host, resolve);
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
