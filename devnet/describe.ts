import type { DevnetDescription } from '../host/devnet-file.ts';
import { fieldToHex } from '../protocol/field.ts';
import type { Devnet } from './start.ts';

/** The description of a running devnet. */
export function describeDevnet(net: Devnet): DevnetDescription {
  const { rollup } = net;
  return {
    version: 1,
    rollupId: fieldToHex(rollup.rollupId) as `0x${string}`,
    chainId: rollup.chainId,
    l1Url: net.l1Url,
    sequencerUrl: net.service.url,
    rollup: rollup.rollup,
    bridge: rollup.bridge,
    token: net.token,
    accounts: net.accounts.map(({ address, privateKey }) => ({ address, privateKey })),
    keys: rollup.keys.map(({ id, name, hash }) => ({ id, name, hash })),
    insecureKeys: rollup.insecureKeys,
  };
}
