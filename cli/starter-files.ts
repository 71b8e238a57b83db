/** The files of a starter program (`azalea new`): those of cli/starter/ under another name. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface StarterOptions {
  /** Name of the program, without `.aleo`. */
  readonly name: string;
  /** Its directory, as commands that are run in the checkout name it. */
  readonly path: string;
  /** The checkout, as TypeScript in that directory imports it. */
  readonly root: string;
}

/** Texts by path in the program's directory. */
export function starterFiles({ name, path, root }: StarterOptions): ReadonlyMap<string, string> {
  const home = fileURLToPath(new URL('starter', import.meta.url));
  const texts: Readonly<Record<string, string>> = {
    'cli/starter': path,
    "'../../": `'${root}/`,
    starter: name,
  };
  const adapt = (text: string): string =>
    text.replace(/cli\/starter|'\.\.\/\.\.\/|\bstarter\b/g, (found) => texts[found]);
  return new Map(
    globSync('**/*.*', { cwd: home })
      .sort()
      .map((file) => [adapt(file), adapt(readFileSync(`${home}/${file}`, 'utf8'))] as const),
  );
}
