/** Looks for secrets in what leaves a wallet, in every form in which software writes numbers and bytes. */
import { bech32m } from '@scure/base';

/** One way in which a secret might be written. */
export interface Needle {
  readonly secret: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** Something that others, or a thief of the disk, can see. */
export interface Haystack {
  readonly name: string;
  readonly bytes: Buffer;
}

const PREFIXES = ['azseed', 'azview', 'azalea', 'azcompute'];

/** Every encoding of a number of at most 32 bytes. Small numbers are no secrets: they are anywhere by chance. */
export function numberNeedles(secret: string, value: bigint): Needle[] {
  if (value < 1n << 64n) throw new Error(`${secret} is too small to be searched for`);
  const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
  const text = (encoding: string, form: string): Needle => ({ secret, encoding, bytes: Buffer.from(form) });
  return [
    ...byteNeedles(secret, bytes),
    text('hex without leading zeros', value.toString(16)),
    text('HEX without leading zeros', value.toString(16).toUpperCase()),
    text('decimal', value.toString(10)),
  ];
}

/** Every encoding of some bytes. */
export function byteNeedles(secret: string, bytes: Uint8Array): Needle[] {
  const forward = Buffer.from(bytes);
  const backward = Buffer.from(bytes).reverse();
  const orders = [
    ['big-endian', forward],
    ['little-endian', backward],
  ] as const;
  const needles = orders.flatMap(([order, ordered]): Needle[] => {
    const text = (encoding: string, form: string): Needle => ({
      secret,
      encoding: `${encoding}, ${order}`,
      bytes: Buffer.from(form),
    });
    return [
      { secret, encoding: `raw, ${order}`, bytes: ordered },
      text('hex', ordered.toString('hex')),
      text('HEX', ordered.toString('hex').toUpperCase()),
      text('list of bytes', [...ordered].join(',')),
      ...base64Forms(ordered).map((form) => text('base64', form)),
      ...base64Forms(ordered).map((form) => text('base64url', urlForm(form))),
    ];
  });
  const words = bech32m.toWords(forward);
  for (const prefix of PREFIXES) {
    // Without prefix and checksum too: the data part is the same in all of them.
    const encoded = bech32m.encode(prefix, words, 1000);
    needles.push({ secret, encoding: `bech32m ${prefix}`, bytes: Buffer.from(encoded) });
  }
  const data = bech32m.encode('x', words, 1000).slice(2, -6);
  needles.push({ secret, encoding: 'bech32m data', bytes: Buffer.from(data) });
  needles.push({ secret, encoding: 'BECH32M data', bytes: Buffer.from(data.toUpperCase()) });
  return needles;
}

/** Every encoding of a text. */
export function textNeedles(secret: string, text: string): Needle[] {
  return [
    ...byteNeedles(secret, Buffer.from(text, 'utf8')),
    { secret, encoding: 'URL', bytes: Buffer.from(encodeURIComponent(text)) },
    { secret, encoding: 'UTF-16', bytes: Buffer.from(text, 'utf16le') },
  ];
}

/** The findings: `secret (encoding) in haystack`, each once. */
export function findNeedles(haystacks: readonly Haystack[], needles: readonly Needle[]): string[] {
  const found = new Set<string>();
  for (const { name, bytes } of haystacks) {
    for (const needle of needles) {
      if (bytes.includes(needle.bytes)) found.add(`${needle.secret} (${needle.encoding}) in ${name}`);
    }
  }
  return [...found];
}

/** Base64 of the bytes inside of something longer: three alignments, without the characters that neighbours change. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor((padded.length * 8) / 6);
    return padded.toString('base64').slice(first, whole);
  });
}

function urlForm(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
