/** Colours of a terminal, where there is one. */
import { styleText } from 'node:util';
import type { DiagnosticStyle, Paint } from '../../program/diagnostics/diagnostic.ts';

const STYLES: Readonly<Record<DiagnosticStyle, Parameters<typeof styleText>[0]>> = {
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  problem: 'bold',
  gutter: ['bold', 'blue'],
  help: 'bold',
};

/** Colours text for a stream: only on a terminal, and not with NO_COLOR (`styleText` looks). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(STYLES[style], text, { stream });
}
