/** An HTTP proxy in front of one server that keeps everything that passes, in both directions. */
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  readonly url: string;
  /** Request lines, headers and bodies of everything that was asked. */
  sent(): Buffer;
  /** Heads and bodies of all answers; big downloads by their head only. */
  received(): Buffer;
  close(): Promise<void>;
}

const DOWNLOADS = '/artifacts/';

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    sent.push(Buffer.from(`${incoming.method} ${incoming.url}\n${headersText(incoming.headers)}\n`));
    const onward = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        const keep = !incoming.url!.startsWith(DOWNLOADS);
        received.push(Buffer.from(`${answer.statusCode} ${incoming.url}\n${headersText(answer.headers)}\n`));
        answer.on('data', (chunk: Buffer) => {
          if (keep) received.push(chunk);
          outgoing.write(chunk);
        });
        answer.on('end', () => outgoing.end());
        answer.on('error', () => outgoing.destroy());
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => {
      sent.push(chunk);
      onward.write(chunk);
    });
    incoming.on('end', () => onward.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(sent),
    received: () => Buffer.concat(received),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function headersText(headers: IncomingHttpHeaders): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');
}
