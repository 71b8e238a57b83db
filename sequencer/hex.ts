/** Wire form of bytes: `0x` and lower-case hex digits. Field elements: `fieldToHex`. */

export const bytesHex = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;

/** Bytes of a string that the schema BytesHex already accepted. */
export const hexBytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
