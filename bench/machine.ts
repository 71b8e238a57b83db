import { availableParallelism, cpus, totalmem } from 'node:os';

/** The machine in one line: figures mean nothing without it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const gibibytes = (totalmem() / 2 ** 30).toFixed(1);
  return `${model}, ${availableParallelism()} cores, ${gibibytes} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}
