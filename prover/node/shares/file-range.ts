import { open } from 'node:fs/promises';
import type { ReadRange } from '../../groth16/proving-key.ts';

/** A file to be read in ranges. Close it. */
export async function openRange(
  file: string,
): Promise<{ readonly read: ReadRange; readonly size: number; close(): Promise<void> }> {
  const handle = await open(file);
  const { size } = await handle.stat();
  return {
    size,
    close: () => handle.close(),
    read: async (start, length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
        if (bytesRead === 0) throw new RangeError('the key is cut off');
        at += bytesRead;
      }
      return bytes;
    },
  };
}
