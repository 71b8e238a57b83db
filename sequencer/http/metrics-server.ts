/** Serves /metrics alone, on a port of its own that no client of the rollup reaches. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portUnavailable } from '../../host/port-unavailable.ts';
import type { Metrics } from '../process/metrics.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws AzaleaError PORT_UNAVAILABLE */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portUnavailable(host, port, 'metricsPort', cause)));
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
