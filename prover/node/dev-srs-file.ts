import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzaleaError } from '../../protocol/errors.ts';
import { type DevSrs, drawDevSrs, parseDevSrs, serializeDevSrs } from '../keys/dev-srs.ts';

/**
 * The development SRS of a cache directory, drawn on first use: `dev-srs.json`, readable by its owner only. Several
 * processes may call this at once; one draw wins.
 * @throws DEV_SRS_MALFORMED, CACHE_UNWRITABLE
 */
export async function loadDevSrs(cache: string): Promise<DevSrs> {
  const file = join(cache, 'dev-srs.json');
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  if (existing !== undefined) {
    await chmod(file, 0o600);
    return parseDevSrs(existing);
  }
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(temporary, serializeDevSrs(drawDevSrs()), { mode: 0o600, flag: 'wx' });
    // A link fails if another process was first; a rename would replace its secrets.
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return parseDevSrs(await readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof AzaleaError) throw cause;
    throw new AzaleaError(
      'CACHE_UNWRITABLE',
      `cannot write ${file}; set AZALEA_CACHE_DIR to a writable directory`,
      {
        path: file,
      },
      { cause },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}
