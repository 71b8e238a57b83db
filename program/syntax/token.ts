import type { Span } from './source.ts';

/**
 * `word`: a name, keyword, register or address literal; `number`: digits with an optional sign and suffix;
 * `symbol`: one of `: ; . /`; `end`: end of the text.
 */
export interface Token {
  readonly kind: 'word' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly span: Span;
}
