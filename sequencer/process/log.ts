/** The sequencer's log: JSON lines on standard error. Fields that could carry a secret are removed by path. */
import { destination, type Logger, type LoggerOptions, pino } from 'pino';
import { printableJson } from '../../protocol/printable.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_PATHS = [
  'proposerKey',
  '*.proposerKey',
  'privateKey',
  '*.privateKey',
  'seed',
  '*.seed',
  'l1.url',
  'l1Url',
  '*.l1Url',
  'req.headers.authorization',
  'req.headers.cookie',
];

export function createLog(level: LogLevel): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    redact: { paths: SECRET_PATHS, censor: '[removed]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const out = destination({ dest: 2, sync: true });
  // Pino escapes what JSON must; a terminal also obeys C1 controls, and marks of direction hide text.
  return pino(options, { write: (line: string) => out.write(printableJson(line)) });
}
