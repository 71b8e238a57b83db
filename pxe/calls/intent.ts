import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { functionOf } from '../../program/run/simulate.ts';
import { encodeValue, type GivenValue } from '../../program/values/values.ts';
import type { PlanOptions } from './plan-call.ts';

/**
 * Returns the intent of a call: its function and its arguments beside records, as 64 hex digits. A repeated payment has the same
 * intent, with any record that pays. Errors: PROGRAM_NO_SUCH_FUNCTION, those of `encodeValue`.
 */
export function intentOf({
  program,
  functionName,
  args,
  signer,
}: Pick<PlanOptions, 'program' | 'functionName' | 'args' | 'signer'>): string {
  const { inputs } = functionOf(program, functionName).checked;
  const words = inputs.flatMap(({ type }, k) =>
    type.kind === 'record'
      ? ['record']
      : encodeValue(args[k] as GivenValue, type, program.types, `argument ${k + 1}`).leaves.map(String),
  );
  return bytesToHex(sha256(utf8ToBytes([signer, program.programId, functionName, ...words].join(' '))));
}
