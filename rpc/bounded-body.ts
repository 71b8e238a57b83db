import { AzaleaError } from '../protocol/errors.ts';

/** Most bytes of an answer that is not a page of blocks. */
export const SMALL_ANSWER_BYTES = 1 << 20;
/** Most bytes of a page of blocks: 100 full blocks have a third of it. */
export const PAGE_ANSWER_BYTES = 1 << 26;

/**
 * Reads the text of an answer piece by piece. It stops once the text is longer than `limit` bytes, and ignores the headers'
 * length.
 * @throws RESPONSE_TOO_LARGE
 */
export async function boundedText(response: Response, limit: number, path: string): Promise<string> {
  const tooLarge = (): AzaleaError =>
    new AzaleaError(
      'RESPONSE_TOO_LARGE',
      `The answer to ${path} has more than ${limit} bytes; it was not read`,
      {
        path,
        limit,
      },
    );
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel().catch(() => {});
    throw tooLarge();
  }
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      received += value.length;
      if (received > limit) throw tooLarge();
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
