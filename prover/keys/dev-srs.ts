/**
 * The secrets of INSECURE development keys. Anybody who knows them can prove anything. They exist so that a first run takes
 * seconds instead of a ceremony.
 * tau, alpha, beta and gamma are shared by all keys of a deployment: one pairing check serves all proofs of a block.
 * delta is independent for every key: a shared delta would let the prover of one circuit use the wires of another.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { FIELD_MODULUS } from '../../protocol/constants.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import type { QapSecrets } from './qap.ts';

const FORMAT = 'azalea-dev-srs/1';
const WARNING =
  'INSECURE: development only. Whoever reads this file can forge proofs for every key made from it.';

/** A structured reference string whose secrets are known. */
export interface DevSrs {
  /** Names the SRS without telling its secrets; 32 hex digits. */
  readonly id: string;
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  /** 32 bytes hex from which every key's own delta is derived. */
  readonly deltaSeed: string;
}

/** Draws fresh secrets. */
export function drawDevSrs(): DevSrs {
  const draw = (): bigint => wideScalar(crypto.getRandomValues(new Uint8Array(64)));
  return withId({
    tau: draw(),
    alpha: draw(),
    beta: draw(),
    gamma: draw(),
    deltaSeed: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  });
}

/**
 * The secrets of one circuit's key. delta is derived from the seed and the circuit, so a rebuilt key is the same key.
 * SHA-512 makes deltas of different circuits independent.
 */
export function keySecrets(srs: DevSrs, circuitHash: string): QapSecrets {
  const delta = wideScalar(
    sha512(
      concatBytes(utf8ToBytes('azalea/dev-delta/1'), hexToBytes(srs.deltaSeed), utf8ToBytes(circuitHash)),
    ),
  );
  return { tau: srs.tau, alpha: srs.alpha, beta: srs.beta, gamma: srs.gamma, delta };
}

export function serializeDevSrs(srs: DevSrs): string {
  const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`;
  const { id, tau, alpha, beta, gamma, deltaSeed } = srs;
  const fields = { tau: hex(tau), alpha: hex(alpha), beta: hex(beta), gamma: hex(gamma), deltaSeed };
  return `${JSON.stringify({ format: FORMAT, warning: WARNING, id, ...fields }, null, 2)}\n`;
}

/**
 * Reads what `serializeDevSrs` wrote.
 * @throws DEV_SRS_MALFORMED (never with the file's content)
 */
export function parseDevSrs(text: string): DevSrs {
  try {
    const json = JSON.parse(text) as Record<string, string>;
    const scalar = (name: string): bigint => {
      const value = BigInt(json[name]!);
      if (value <= 1n || value >= FIELD_MODULUS) throw new RangeError(name);
      return value;
    };
    const srs = withId({
      tau: scalar('tau'),
      alpha: scalar('alpha'),
      beta: scalar('beta'),
      gamma: scalar('gamma'),
      deltaSeed: bytesToHex(hexToBytes(json.deltaSeed!)),
    });
    if (json.format !== FORMAT || json.id !== srs.id || srs.deltaSeed.length !== 64)
      throw new RangeError('id');
    return srs;
  } catch {
    throw new AzaleaError(
      'DEV_SRS_MALFORMED',
      'dev-srs.json is damaged; delete it (all development keys are then built again)',
    );
  }
}

function withId(secrets: Omit<DevSrs, 'id'>): DevSrs {
  const { tau, alpha, beta, gamma, deltaSeed } = secrets;
  const text = [FORMAT, tau, alpha, beta, gamma, deltaSeed].join('/');
  return { id: bytesToHex(sha512(utf8ToBytes(text))).slice(0, 32), ...secrets };
}

/** 512 bits modulo r: bias below 2^-250. Never 0 or 1. */
function wideScalar(bytes: Uint8Array): bigint {
  const value = BigInt(`0x${bytesToHex(bytes)}`) % FIELD_MODULUS;
  if (value <= 1n) throw new Error('the random source is broken');
  return value;
}
