/// <reference path="./cli-progress.d.ts" />
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { printable } from '../protocol/printable.ts';
import { bar, fitTo, layoutWidth } from './fit.ts';

/** Progress on standard error: bars on a terminal, lines elsewhere. */
export interface Progress {
  /** A line of text. */
  say(text: string): void;
  /** fraction 0..1 of a named piece of work; the note is shown behind its name. */
  update(name: string, fraction: number, note?: string): void;
  stop(): void;
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? barProgress() : lineProgress();
}

/** `  proof of mint   ████░░░░  50 %`, fitted to the width of the terminal. */
export function barLine(name: string, fraction: number, columns: number | undefined): string {
  const width = layoutWidth(columns);
  const barWidth = Math.min(30, Math.floor(width / 3));
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  return `  ${fitTo(name, width - barWidth - percent.length - 4)} ${bar(fraction, barWidth)} ${percent}`;
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
      if (multi === undefined) process.stderr.write(`${printable(text)}\n`);
      else multi.log(`${printable(text)}\n`);
    },
    update: (name, fraction, note = '') => {
      let single = bars.get(name);
      if (single === undefined) {
        if (fraction >= 1) return;
        multi ??= new MultiBar(
          {
            format: (_options, { progress }, { name, note }) =>
              barLine(`${name}${note === '' ? '' : `, ${note}`}`, progress, process.stderr.columns),
            hideCursor: true,
            stream: process.stderr,
            clearOnComplete: true,
          },
          Presets.shades_classic,
        );
        single = multi.create(100, 0, { name: printable(name), note });
        bars.set(name, single);
      }
      single.update(Math.floor(fraction * 100), { note: printable(note) });
      if (fraction < 1) return;
      bars.delete(name);
      if (bars.size === 0) stop();
      else multi?.remove(single);
    },
    stop,
  };
}

function lineProgress(): Progress {
  const shown = new Map<string, number>();
  return {
    say: (text) => process.stderr.write(`${printable(text)}\n`),
    update: (name, fraction, note = '') => {
      const tenth = Math.floor(fraction * 4) * 25;
      if (shown.get(name) === tenth || (tenth === 100 && !shown.has(name))) return;
      shown.set(name, tenth);
      if (tenth === 100) shown.delete(name);
      process.stderr.write(`${`  ${printable(name)} ${tenth} % ${printable(note)}`.trimEnd()}\n`);
    },
    stop: () => {},
  };
}
