import { httpStatus } from '../../rpc/error-codes.ts';

/**
 * Whether the sequencer refused the transaction itself (400, 409 of rpc/error-codes.ts). After anything else it may have the
 * transaction all the same: a first attempt may have reached it before it stopped.
 */
export function isRefusal(code: string): boolean {
  return [400, 409].includes(httpStatus(code));
}
