import { accountFromSeed } from '../../../protocol/account.ts';
import { type Authorization, type AuthorizeOptions, authorize } from '../../../protocol/call/request.ts';

export const alice = accountFromSeed(new Uint8Array(32).fill(1));
export const bob = accountFromSeed(new Uint8Array(32).fill(2));

/** A transfer by Alice of one record to Bob with change, over fixed randomness; `changes` replace options. */
export function sampleOptions(changes: Partial<AuthorizeOptions> = {}): AuthorizeOptions {
  return {
    account: alice,
    programId: 1001n,
    functionId: 1002n,
    inputs: [bob.address.x, 30n, ...Array<bigint>(14).fill(0n)],
    recordInputs: [{ typeId: 5n, owner: alice.address.x, blind: 6n, rho: 7n, data: [100n, 0n, 0n, 0n, 0n] }],
    recordOutputs: [
      { typeId: 5n, owner: bob.address.x, data: [30n, 0n, 0n, 0n, 0n] },
      { typeId: 5n, owner: alice.address.x, data: [70n, 0n, 0n, 0n, 0n] },
    ],
    anchorRoot: 1003n,
    rollupId: 1004n,
    randomness: new Uint8Array(32).fill(9),
    ...changes,
  };
}

export function sampleAuthorization(changes: Partial<AuthorizeOptions> = {}): Authorization {
  return authorize(sampleOptions(changes));
}
