/**
 * A lock for one process per data directory. The process that listens on the directory's socket holds it. A killed process
 * leaves no lock.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzaleaError } from '../protocol/errors.ts';

/** Socket paths are limited to about a hundred bytes; a longer one moves to the temporary directory. */
const SOCKET_PATH_LIMIT = 100;

export class DirectoryLock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws AzaleaError STORE_IN_USE when another process has the directory, STORE_UNUSABLE when it is not writable. */
  static async take(directory: string): Promise<DirectoryLock> {
    const path = socketPath(directory);
    for (let attempt = 0; ; attempt++) {
      const server = await listen(path);
      if (server !== undefined) return new DirectoryLock(server);
      if (attempt === 2 || (await answers(path))) {
        throw new AzaleaError(
          'STORE_IN_USE',
          `Another process uses the data directory ${directory}; stop it or choose another dataDirectory`,
          { path: directory },
        );
      }
      rmSync(path, { force: true });
    }
  }

  async release(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function socketPath(directory: string): string {
  const inside = join(realpathSync(directory), 'lock.sock');
  if (inside.length < SOCKET_PATH_LIMIT) return inside;
  return join(tmpdir(), `azalea-${createHash('sha256').update(inside).digest('hex').slice(0, 24)}.sock`);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(undefined);
      reject(
        new AzaleaError(
          'STORE_UNUSABLE',
          `The data directory cannot be locked: ${path} cannot be made (${error.code ?? 'unknown'}); check that it is writable`,
          { path },
          { cause: error },
        ),
      );
    });
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
