/** Attacks on who signs and what is signed. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { challengePreimage } from '../../../protocol/call/challenge.ts';
import {
  CHALLENGE_BITS,
  DOMAIN,
  FIELD_MODULUS,
  SCALAR_BITS,
  SUBGROUP_ORDER,
} from '../../../protocol/constants.ts';
import { addPoints, type Point } from '../../../protocol/curve/point.ts';
import { hash, hashToScalar } from '../../../protocol/hash/hash.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import {
  type CircuitInput,
  describeConstraint,
  loadStatementCircuit,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import {
  assertRefused,
  type ForgeHooks,
  forgeAuthorization,
  forgeCall,
  nonceOf,
  respond,
  run,
  xy,
} from '../../support/transition/forge-call.ts';
import {
  alice,
  bob,
  call,
  mintCall,
  output,
  pad,
  ROLLUP_ID,
  transferCall,
} from '../../support/transition/transitions.ts';

const CHALLENGE = /request\.strict/;

describe('transition-small, forged requests', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  const refused = async (input: CircuitInput, because: RegExp): Promise<void> =>
    assertRefused(circuit, await run(circuit, input), because);

  it('refuses a prover who changes what was signed and keeps the signature', async () => {
    const more: ForgeHooks = {
      sign: false,
      trace: mintCall().trace,
      request: (request) => {
        request.inputs = pad([bob.address.x, 600n]);
      },
    };
    const richer = call({ fn: 'mint', inputs: [bob.address.x, 600n], outputs: [output(bob, 600n)] });
    const reseal: ForgeHooks = {
      ...more,
      outputs: (slots) => {
        const { recordOutputs } = forgeAuthorization(
          { ...mintCall().authorization, recordOutputs: richer.authorization.recordOutputs },
          {},
        );
        slots.splice(0, slots.length, ...recordOutputs);
      },
    };
    await refused(forgeCall(mintCall(), reseal), CHALLENGE);
    // Each changed alone, everything that follows from it recomputed.
    await refused(forgeCall(mintCall(), { sign: false, tvk: 12345n }), CHALLENGE);
    const signals: ForgeHooks['signals'][] = [
      (s): void => void (s!.rollupId = ROLLUP_ID + 1n),
      (s): void => void (s!.anchorRoot = 5n),
    ];
    for (const change of signals)
      await refused(forgeCall(mintCall(), { sign: false, signals: change }), CHALLENGE);
  });

  it('accepts the same changes once they are signed: only the signature stood against them', async () => {
    const signals: ForgeHooks['signals'] = (s) => {
      s.rollupId = ROLLUP_ID + 1n;
      s.anchorRoot = 5n;
    };
    assert.deepEqual((await run(circuit, forgeCall(mintCall(), { tvk: 12345n, signals }))).failing, []);
  });

  it('refuses another caller, a call that claims not to be the root, another program or function id', async () => {
    for (const request of [
      { caller: bob.address.x },
      { isRoot: false },
      { programId: 5n },
      { functionId: 5n },
      { signer: bob.address },
    ]) {
      const input = forgeCall(mintCall(), { request: (r) => void Object.assign(r, request) });
      // Only what is signed changes; the run stays that of the honest call.
      await refused({ ...transitionInput(mintCall()), ...pick(input, ['challenge', 'response']) }, CHALLENGE);
    }
  });

  it('refuses a challenge or response that is not the signed one', async () => {
    const input = transitionInput(mintCall());
    await refused({ ...input, challenge: (input.challenge as bigint) ^ 1n }, /request\.strict|main\.tpkX/);
    await refused({ ...input, response: (input.response as bigint) + 1n }, /request\.strict|main\.tpkX/);
  });

  it('takes s + l for s: the same public signals, so nothing is gained', async () => {
    const honest = transferCall();
    const input = transitionInput(honest);
    const aliased = (honest.authorization.response + SUBGROUP_ORDER) % (1n << BigInt(SCALAR_BITS));
    const { failing, publicSignals } = await run(circuit, { ...input, response: aliased });
    if (aliased > SUBGROUP_ORDER) assert.deepEqual(failing, []);
    else assert.ok(failing.length > 0);
    assert.deepEqual(publicSignals, (await run(circuit, input)).publicSignals);
  });

  it('refuses the other binary form of the challenge hash, signed for', async () => {
    let seed = 0;
    let honest = transferCall();
    let value = 0n;
    do {
      honest = transferCall(new Uint8Array(32).fill(seed++));
      value = hash(DOMAIN.CHALLENGE, challengePreimage(honest.authorization)) + FIELD_MODULUS;
    } while (value >= 1n << 254n);
    const challenge = value & ((1n << BigInt(CHALLENGE_BITS)) - 1n);
    assert.notEqual(challenge, honest.authorization.challenge);
    const response = respond(challenge, nonceOf(honest.authorization, alice), alice);
    const bits = Array.from({ length: 254 }, (_, i) => [
      `main.request.strict.bits.out[${i}]`,
      (value >> BigInt(i)) & 1n,
    ]);
    const forged = await run(
      circuit,
      { ...transitionInput(honest), challenge, response },
      Object.fromEntries(bits),
    );
    assertRefused(circuit, forged, /request\.strict\.canonical/);
  });

  it('refuses the other binary form of r_out', async () => {
    let tvk = 0n;
    let value = 0n;
    do value = hash(DOMAIN.R_OUT, [++tvk]) + FIELD_MODULUS;
    while (value >= 1n << 254n);
    assert.notEqual(value & ((1n << 250n) - 1n), hashToScalar(DOMAIN.R_OUT, [tvk]));
    const bits = Array.from({ length: 254 }, (_, i) => [
      `main.encryption.scalar.strict.bits.out[${i}]`,
      (value >> BigInt(i)) & 1n,
    ]);
    // The signature covers what the honest scalar gives, so outputs differ as well: only the canonical form matters here.
    const forged = await run(circuit, forgeCall(mintCall(), { tvk }), Object.fromEntries(bits));
    assert.ok(forged.failing.some((k) => /strict\.canonical/.test(describeConstraint(circuit, k))));
    assertRefused(
      circuit,
      forged,
      /encryption\.scalar\.strict\.canonical|main\.(rX|commitments|ciphertexts)|output_/,
    );
  });

  it('refuses bits of s that are not boolean', async () => {
    const honest = transferCall();
    const input = transitionInput(honest);
    const low = honest.authorization.response & 1n;
    const next = (honest.authorization.response >> 1n) & 1n;
    const forged = await run(circuit, input, {
      'main.request.sBits.out[0]': low + 2n,
      'main.request.sBits.out[1]': next - 1n,
    });
    assert.ok(forged.failing.some((k) => /sBits/.test(describeConstraint(circuit, k))));
  });

  it('takes key preimages with torsion, which give the same account, and refuses any other', async () => {
    const input = transitionInput(transferCall()) as Record<string, bigint[]>;
    const torsion: Point = { x: 0n, y: FIELD_MODULUS - 1n };
    for (const name of ['pkSigPreimage', 'prSigPreimage']) {
      const [x, y] = input[name];
      const shifted = addPoints({ x, y }, torsion);
      assert.deepEqual((await run(circuit, { ...input, [name]: xy(shifted) })).failing, []);
      for (const other of [[x, y + 1n], [0n, 0n], [0n, 1n], xy(bob.address)]) {
        const { failing } = await run(circuit, { ...input, [name]: other });
        assert.ok(failing.length > 0);
      }
    }
  });
});

function pick(input: CircuitInput, names: readonly string[]): CircuitInput {
  return Object.fromEntries(names.map((name) => [name, input[name]]));
}
