/**
 * Checks an LMDB file before it is mapped: a mapped file that is cut off or has a page number beyond its end ends the process
 * with SIGBUS. Format: `MDB_meta`, `MDB_page` and `MDB_node` of lmdb's mdb.c.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { AzaleaError } from '../protocol/errors.ts';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
/** Bytes of a page's header; offsets in a page count from its end. */
const HEADER = 24;
const META = {
  magic: 24,
  version: 28,
  address: 32,
  mapSize: 40,
  lastPage: 144,
  pageSize: 48,
  freeTree: 48,
  mainTree: 96,
  transaction: 152,
  boot: 160,
} as const;
const PAGE = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const;
const NODE = { big: 1, tree: 2 } as const;
const NODE_HEADER = 8;
const ROOT_OFFSET = 40;
const TREE_BYTES = 48;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
/** Flags of the tree of free pages: keys are integers. One more differs between the two states of a file. */
const FREE_TREE_FLAGS = 0x0008;
const STATE_FLAG = 0x1000;
const MOST_DEPTH = 32;
const MOST_BYTES = 2n ** 46n;

/**
 * Follows every page of the file that its current state names, and requires that all of them lie in it and hold together. A
 * directory without a file is right.
 * @throws AzaleaError LMDB_DAMAGED
 */
export function checkLmdb(directory: string): void {
  const file = join(directory, 'data.mdb');
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r');
  try {
    new Check(descriptor, file).run();
  } finally {
    closeSync(descriptor);
  }
}

class Check {
  readonly #descriptor: number;
  readonly #file: string;
  readonly #seen = new Set<number>();
  #pageSize = 4096;
  #pages = 0;

  constructor(descriptor: number, file: string) {
    this.#descriptor = descriptor;
    this.#file = file;
  }

  run(): void {
    const { size } = fstatSync(this.#descriptor);
    if (size === 0) throw this.#damaged('it is empty');
    const first = this.#read(0, HEADER + 152);
    this.#pageSize = first.readUInt32LE(META.pageSize);
    if (![4096, 8192, 16384, 32768, 65536].includes(this.#pageSize))
      throw this.#damaged('its page size is none');
    this.#pages = Math.floor(size / this.#pageSize);
    if (this.#pages < 2) throw this.#damaged('it is cut off');
    const metas = [first, this.#read(this.#pageSize, HEADER + 152)];
    for (const [k, meta] of metas.entries()) {
      const isMeta = meta.readBigUInt64LE(0) === BigInt(k) && meta.readUInt32LE(16) === PAGE.meta << 16;
      const flags = meta.readUInt16LE(META.pageSize + 4) & ~STATE_FLAG;
      const alike = meta.readUInt32LE(META.pageSize) === this.#pageSize && flags === FREE_TREE_FLAGS;
      const fixed = meta.readBigUInt64LE(META.address) === 0n && meta.readUInt32LE(20) === 0;
      const sized =
        meta.readBigUInt64LE(META.mapSize) <= MOST_BYTES && meta.readBigUInt64LE(META.lastPage) <= MOST_BYTES;
      if (!isMeta || !alike || !fixed || !sized) throw this.#damaged('its header is damaged');
      const version = meta.readUInt32LE(META.version) & 0xffff;
      if (meta.readUInt32LE(META.magic) !== MAGIC || version !== DATA_VERSION)
        throw this.#damaged('its header is none of an LMDB file');
    }
    const used = usedState(metas);
    this.#tree(used, META.freeTree);
    this.#tree(used, META.mainTree);
  }

  #tree(bytes: Buffer, offset: number): void {
    const root = bytes.readBigUInt64LE(offset + ROOT_OFFSET);
    const depth = bytes.readUInt16LE(offset + 6);
    if (depth > MOST_DEPTH || (root === NO_PAGE) !== (depth === 0))
      throw this.#damaged('a tree has another depth');
    if (root !== NO_PAGE) this.#page(root, 1);
  }

  #page(number: bigint, depth: number): void {
    const page = this.#take(number, 1n);
    if (depth > MOST_DEPTH) throw this.#damaged('its tree is too deep');
    const bytes = this.#read(page * this.#pageSize, this.#pageSize);
    const flags = bytes.readUInt16LE(18);
    const isLeaf = (flags & PAGE.leaf) !== 0;
    const right = bytes.readBigUInt64LE(0) === number && isLeaf !== ((flags & PAGE.branch) !== 0);
    const lower = bytes.readUInt16LE(20);
    const upper = bytes.readUInt16LE(22);
    const room = this.#pageSize - HEADER;
    if (!right || lower % 2 !== 0 || lower > upper || upper > room)
      throw this.#damaged(`its page ${number} is none`);
    for (let k = 0; k < lower / 2; k++) {
      const node = bytes.readUInt16LE(HEADER + 2 * k);
      if (node < upper || node + NODE_HEADER > room) throw this.#damaged(`page ${number} is damaged`);
      this.#node(bytes.subarray(HEADER + node), isLeaf, depth);
    }
  }

  #node(node: Buffer, isLeaf: boolean, depth: number): void {
    const low = node.readUInt32LE(0);
    const flags = node.readUInt16LE(4);
    const data = NODE_HEADER + node.readUInt16LE(6);
    if (data > node.length) throw this.#damaged('a key leads out of its page');
    if (!isLeaf) {
      this.#page(BigInt(low) + (BigInt(flags) << 32n), depth + 1);
      return;
    }
    const inPage = (flags & NODE.big) !== 0 ? 8 : low;
    if (data + inPage > node.length || (flags & ~(NODE.big | NODE.tree)) !== 0)
      throw this.#damaged('a value leads out of its page');
    if ((flags & NODE.big) !== 0) this.#overflow(node.readBigUInt64LE(data), low);
    else if ((flags & NODE.tree) !== 0) {
      if (low !== TREE_BYTES) throw this.#damaged('a database has no root');
      this.#tree(node, data);
    }
  }

  #overflow(number: bigint, bytes: number): void {
    const needed = BigInt(Math.ceil((HEADER + bytes) / this.#pageSize));
    const page = this.#take(number, needed);
    const header = this.#read(page * this.#pageSize, HEADER);
    const right = header.readBigUInt64LE(0) === number && (header.readUInt16LE(18) & PAGE.overflow) !== 0;
    if (!right || BigInt(header.readUInt32LE(20)) !== needed)
      throw this.#damaged(`its page ${number} is none`);
  }

  /** A page that lies in the file and that nothing else uses. */
  #take(number: bigint, count: bigint): number {
    if (number < 2n || number + count > BigInt(this.#pages)) throw this.#damaged('it is cut off');
    for (let page = Number(number); page < Number(number + count); page++) {
      if (this.#seen.has(page)) throw this.#damaged(`its page ${page} is used twice`);
      this.#seen.add(page);
    }
    return Number(number);
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (readSync(this.#descriptor, bytes, 0, length, position) !== length)
      throw this.#damaged('it is cut off');
    return bytes;
  }

  #damaged(what: string): AzaleaError {
    return new AzaleaError('LMDB_DAMAGED', `${this.#file} is damaged: ${what}`, { file: this.#file });
  }
}

/**
 * The state that LMDB resumes from (`mdb_pick_meta`): the newest one. After a crash of the machine a state that was not flushed
 * is left out.
 */
function usedState(metas: readonly Buffer[]): Buffer {
  const [a, b] = metas.map((meta) => meta.readBigUInt64LE(META.transaction));
  const [newest, oldest] = a >= b ? metas : metas.toReversed();
  const isFlushed = (newest.readUInt16LE(META.pageSize + 4) & STATE_FLAG) === 0;
  if (b === 0n || isFlushed || newest.readBigInt64LE(META.boot) === bootId()) return newest;
  return oldest;
}

/** As LMDB reads it: the first part of the UUID. */
function bootId(): bigint {
  try {
    const [first] = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').split('-');
    return BigInt(`0x${first}`);
  } catch {
    return -1n;
  }
}
