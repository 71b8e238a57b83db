import { printable } from '../protocol/printable.ts';
import { createProgress, type Progress } from './progress.ts';

/**
 * Progress that starts with the first piece of work. Until then lines are written at once; bars would hold them back until
 * they are drawn. A command without work leaves the terminal as it is.
 */
export function lazyProgress(): Progress {
  let started: Progress | undefined;
  return {
    say: (text) => {
      if (started === undefined) process.stderr.write(`${printable(text)}\n`);
      else started.say(text);
    },
    update: (name, fraction, note) => {
      if (started === undefined && fraction >= 1) return;
      started ??= createProgress();
      started.update(name, fraction, note);
    },
    stop: () => started?.stop(),
  };
}
