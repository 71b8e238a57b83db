/** Text for terminals of any width. */

/** Narrowest and widest layout, in columns. A terminal that does not say has 80. */
const NARROWEST = 24;
const WIDEST = 100;

/** Columns to lay out for; a line that reaches the last column would break on some terminals. */
export function layoutWidth(columns: number | undefined): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns || 80)) - 1;
}

/** Exactly so many columns: padded, or cut with an ellipsis. */
export function fitTo(text: string, width: number): string {
  if (text.length <= width) return text.padEnd(width);
  return width <= 1 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 1)}…`;
}

/** Words broken into lines of at most that width; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `████░░░░` of so many columns for a fraction from 0 to 1. */
export function bar(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
