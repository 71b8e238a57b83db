import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** Progress on standard error: bars on a terminal, lines elsewhere. */
export interface Progress {
  /** A line of text. */
  say(text: string): void;
  /** fraction 0..1 of a named piece of work; the note is shown behind it. */
  update(name: string, fraction: number, note?: string): void;
  stop(): void;
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? barProgress() : lineProgress();
}

/** Bars exist only while there is work: a bar container without bars would hold lines back. */
function barProgress(): Progress {
  let multi: MultiBar | undefined;
  const bars = new Map<string, SingleBar>();
  const stop = (): void => {
    multi?.stop();
    multi = undefined;
    bars.clear();
  };
  return {
    say: (text) => {
      if (multi === undefined) process.stderr.write(`${text}\n`);
      else multi.log(`${text}\n`);
    },
    update: (name, fraction, note = '') => {
      let bar = bars.get(name);
      if (bar === undefined) {
        if (fraction >= 1) return;
        multi ??= new MultiBar(
          {
            format: '  {name} {bar} {percentage} % {note}',
            hideCursor: true,
            stream: process.stderr,
            clearOnComplete: true,
          },
          Presets.shades_classic,
        );
        bar = multi.create(100, 0, { name: name.padEnd(36), note });
        bars.set(name, bar);
      }
      bar.update(Math.floor(fraction * 100), { note });
      if (fraction < 1) return;
      bars.delete(name);
      if (bars.size === 0) stop();
      else multi?.remove(bar);
    },
    stop,
  };
}

function lineProgress(): Progress {
  const shown = new Map<string, number>();
  return {
    say: (text) => process.stderr.write(`${text}\n`),
    update: (name, fraction, note = '') => {
      const tenth = Math.floor(fraction * 4) * 25;
      if (shown.get(name) === tenth || (tenth === 100 && !shown.has(name))) return;
      shown.set(name, tenth);
      if (tenth === 100) shown.delete(name);
      process.stderr.write(`${`  ${name} ${tenth} % ${note}`.trimEnd()}\n`);
    },
    stop: () => {},
  };
}
