import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The build of the running software. */
export interface Build {
  readonly name: string;
  readonly version: string;
  /** Git commit of a checkout; undefined in an installed package. */
  readonly commit: string | undefined;
}

const ROOT = new URL('..', import.meta.url);

/** Name and version of this software: `azalea 0.1.0`. */
export function softwareName(): string {
  const { name, version } = packageFile();
  return `${name} ${version}`;
}

export function softwareBuild(): Build {
  const { name, version } = packageFile();
  return { name, version, commit: commit() };
}

function packageFile(): { name: string; version: string } {
  return JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { name: string; version: string };
}

function commit(): string | undefined {
  // Without its own .git, git would name the commit of a project around this one.
  if (!existsSync(new URL('.git', ROOT))) return undefined;
  try {
    const options = { cwd: fileURLToPath(ROOT), encoding: 'utf8', stdio: 'pipe', timeout: 5000 } as const;
    return execFileSync('git', ['rev-parse', 'HEAD'], options).trim();
  } catch {
    return undefined;
  }
}
