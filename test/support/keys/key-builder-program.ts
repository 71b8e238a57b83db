/** A program that makes a key in a process of its own, to be killed meanwhile. Arguments: circuit, cache. */
import { ensureDevKeyInChild } from '../../../prover/node/key-process.ts';

const [source, cache] = process.argv.slice(2);
await ensureDevKeyInChild(source, { cache, threads: 1, onProgress: (event) => process.send?.(event) });
