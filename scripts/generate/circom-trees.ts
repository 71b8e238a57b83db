import { zeroSubtrees } from '../../protocol/tree/zero-subtrees.ts';

const table = (name: string, roots: readonly bigint[]): string =>
  [
    `function ${name}(h) {`,
    `    var root[${roots.length}] = [`,
    roots.map((root) => `        ${root}`).join(',\n'),
    '    ];',
    '    return root[h];',
    '}',
  ].join('\n');

/** Text of circuits/generated/tree-constants.circom: roots of empty subtrees. */
export function circomTreeConstants(): string {
  return `${[
    '// Generated from protocol/tree/zero-subtrees.ts by `npm run generate`. Do not edit.',
    'pragma circom 2.2.0;',
    '',
    '// Root of an empty subtree of 4^h leaves.',
    table('NOTE_ZERO', zeroSubtrees('note')),
    table('NULLIFIER_ZERO', zeroSubtrees('nullifier')),
  ].join('\n')}\n`;
}
