/** The sequencer's log: JSON lines on standard error. Fields that could carry a secret are removed by path. */
import { destination, type Logger, type LoggerOptions, pino } from 'pino';

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
  return pino(options, destination({ dest: 2, sync: true }));
}
