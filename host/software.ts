import { readFileSync } from 'node:fs';

/** Name and version of this software: `azalea 0.1.0`. */
export function softwareName(): string {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string;
    version: string;
  };
  return `${name} ${version}`;
}
