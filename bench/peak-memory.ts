import { readFile } from 'node:fs/promises';

/**
 * Peak resident memory, in MiB, of the proving process that this process has started: the kernel's own high-water mark
 * (VmHWM). Undefined where there is no /proc or no such process.
 */
export async function provingPeakMiB(): Promise<number | undefined> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').catch(
    () => '',
  );
  let peak: number | undefined;
  for (const id of children.split(' ').filter((text) => text !== '')) {
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('prove-child')) continue;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kibibytes !== undefined) peak = Math.max(peak ?? 0, Number(kibibytes) / 1024);
  }
  return peak;
}
