import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns the directory of compiled circuits and keys: AZALEA_CACHE_DIR, else XDG_CACHE_HOME/azalea, else ~/.cache/azalea. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.AZALEA_CACHE_DIR) return environment.AZALEA_CACHE_DIR;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'azalea');
}
