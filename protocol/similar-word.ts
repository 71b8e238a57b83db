/** Finds the probable intention of a mistyped word. */

/** Edits that are taken for a slip. */
const MAX_EDITS = 2;

/**
 * Returns the candidate nearest to a mistyped word, or undefined when none is near.
 * Near means: at most two letters inserted, dropped or replaced, and less than half of the word.
 */
export function similarWord(word: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(MAX_EDITS, Math.ceil(word.length / 2) - 1) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** Levenshtein distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
