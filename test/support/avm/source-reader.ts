/** Values of sources in the traces of a function. */

import type { EvaluationInputs } from '../../../avm/evaluate.ts';
import type { AvmFunction, AvmTrace, Source } from '../../../avm/function.ts';

export type SourceReader = (trace: AvmTrace, source: Source | undefined) => bigint;

/** Reads sources of a call of a function, in any of its traces; a missing one reads zero. */
export function sourceReader(fn: AvmFunction, given: EvaluationInputs): SourceReader {
  return (trace, source) => {
    switch (source?.kind) {
      case undefined:
      case 'zero':
        return 0n;
      case 'one':
        return 1n;
      case 'input':
        return given.inputs[source.index];
      case 'constant':
        return fn.constants[source.index];
      case 'record':
        return given.recordWords[source.record][source.word];
      case 'context':
        return given[source.name];
      case 'wide':
        return trace.wide[source.index][source.output];
      case 'row':
        return trace.rows[source.index];
      case 'hash':
        return trace.hash[source.index];
      case 'group':
        return trace.group![source.index][source.output];
      case 'advice':
        return trace.advice[source.index];
    }
  };
}
