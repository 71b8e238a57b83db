/** Text from outside as a terminal may show it. */

/** Control characters, line and paragraph separators, and characters that turn the direction of writing. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const REPLACEMENT = '\ufffd';

/**
 * One line of text without characters that steer a terminal or hide the text: each becomes U+FFFD; tabs and line ends become
 * spaces. Messages of a sequencer, of L1 and of files pass through here before they are printed.
 */
export function printable(text: string): string {
  return text.replace(/\s*\n\s*|\t/g, ' ').replace(STEERING, REPLACEMENT);
}

/** Text of several lines without such characters; line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(STEERING, (found) => (found === '\n' || found === '\t' ? found : REPLACEMENT));
}

/** JSON text with such characters as `\u` escapes: the value that it stands for is the same. Line feeds, which JSON escapes in texts, stay. */
export function printableJson(json: string): string {
  return json.replace(STEERING, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
