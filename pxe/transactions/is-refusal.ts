import { httpStatus } from '../../rpc/error-codes.ts';

/**
 * Returns whether the sequencer refused the transaction itself (400, 409 of rpc/error-codes.ts). After any other failure it
 * may hold the transaction all the same: a first attempt may have reached it before it stopped.
 */
export function isRefusal(code: string): boolean {
  return [400, 409].includes(httpStatus(code));
}
