import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** The machine in one line: figures mean nothing without it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const gibibytes = (totalmem() / 2 ** 30).toFixed(1);
  return `${model}, ${availableParallelism()} cores, ${gibibytes} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

/** A warning when other programs use the machine, by its load over the last minute; undefined when it is quiet. */
export function busyWarning(): string | undefined {
  const [load] = loadavg();
  if (load < 0.5) return undefined;
  return `BUSY: the load was ${load.toFixed(1)} before this run started; times below are too long`;
}
