/** Attacks on who signs, what is signed and which function runs. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bytecodeHash } from '../../program/bytecode/encode.ts';
import { bitLayout } from '../../program/bytecode/sources.ts';
import { challengePreimage } from '../../protocol/challenge.ts';
import {
  AVM_SIZE,
  CHALLENGE_BITS,
  DOMAIN,
  FIELD_MODULUS,
  SIZE_CLASS,
  SUBGROUP_ORDER,
} from '../../protocol/constants.ts';
import { addPoints, type Point } from '../../protocol/curve/point.ts';
import { hash, hashToScalar } from '../../protocol/hash/hash.ts';
import { functionIdOf } from '../../protocol/program-id.ts';
import type { Authorization } from '../../protocol/request.ts';
import { transitionInput } from '../../prover/witness/transition.ts';
import { type CircuitInput, describeConstraint, loadCircuit, type TestCircuit } from '../support/circuits.ts';
import {
  assertRefused,
  type ForgeHooks,
  forgeAuthorization,
  forgeCall,
  holdRecord,
  nonceOf,
  respond,
  run,
  xy,
} from '../support/forge-call.ts';
import {
  alice,
  bob,
  call,
  makeProgram,
  mintCall,
  output,
  pad,
  program,
  ROLLUP_ID,
  TOKEN_FUNCTIONS,
  token,
  transferCall,
} from '../support/transitions.ts';

const CHALLENGE = /request\.strict/;
const PROGRAM = /program\.(program|tree|leaf)|programId/;

describe('transition-small, forged requests', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadCircuit('transition-small');
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
    const aliased = (honest.authorization.response + SUBGROUP_ORDER) % (1n << 251n);
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

  it("refuses code that claims to be another program's", async () => {
    const evil = makeProgram('token', { ...TOKEN_FUNCTIONS, mint: { ...TOKEN_FUNCTIONS.mint, wide: [] } });
    assert.notEqual(evil.programId, program.programId);
    // Signed, typed and hashed as the victim's: all that fails is the way from the bytecode to the id.
    const honest = call({
      fn: 'mint',
      program: { ...evil, programId: evil.programId },
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
    });
    const victim = call({
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
    });
    const forged = forgeCall(
      honest,
      {
        request: (request) => {
          request.programId = program.programId;
        },
        outputs: (slots) => {
          const sealed = forgeAuthorization(
            { ...honest.authorization, recordOutputs: victim.authorization.recordOutputs },
            {},
          );
          slots.splice(0, slots.length, ...sealed.recordOutputs);
        },
      },
      { programId: program.programId },
    );
    await refused(forged, PROGRAM);
  });

  it('refuses a function whose finalize would be skipped', async () => {
    const finalizing = makeProgram('token', TOKEN_FUNCTIONS, 77n);
    const plain = makeProgram('token', TOKEN_FUNCTIONS);
    const honest = call({
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n)],
      trace: { wide: [{ and: 0n, topA: 0n, topB: 0n }] },
    });
    assert.equal(plain.programId, program.programId);
    const real = call({
      program: finalizing,
      fn: 'mint',
      inputs: [bob.address.x, 500n],
      outputs: [output(bob, 500n, finalizing.typeId)],
    });
    const forged = forgeCall(
      honest,
      {
        request: (request) => {
          request.programId = finalizing.programId;
        },
        outputs: (slots) => {
          const sealed = forgeAuthorization(
            { ...honest.authorization, recordOutputs: real.authorization.recordOutputs },
            {},
          );
          slots.splice(0, slots.length, ...sealed.recordOutputs);
        },
      },
      {
        programId: finalizing.programId,
        functionSiblings: real.fn.path.siblings as unknown as bigint[][],
      },
    );
    await refused(forged, PROGRAM);
  });

  it('refuses other bytecode, names or descriptors under the same id', async () => {
    const at = bitLayout(AVM_SIZE.small);
    const input = transitionInput(mintCall()) as Record<string, bigint[]>;
    const { bytecode, name } = mintCall().fn;
    const otherBits = bytecode.bits.slice();
    otherBits[at.rowFlags + 3] = 1;
    const functionId = functionIdOf(SIZE_CLASS.small, name, bytecodeHash({ ...bytecode, bits: otherBits }));
    const withBits = { bytecodeBits: Array.from(otherBits) };
    await refused(forgeCall(mintCall(), signing({ functionId }), withBits), PROGRAM);
    const renamed = functionIdOf(SIZE_CLASS.small, 5n, bytecode.hash);
    await refused(forgeCall(mintCall(), signing({ functionId: renamed }), { functionName: 5n }), PROGRAM);
    await refused({ ...input, loweringVersion: 2n }, PROGRAM);
    await refused({ ...input, sourceHash: 2n }, PROGRAM);
    await refused({ ...input, programName: 2n }, PROGRAM);
    await refused({ ...input, functionIndexBits: [1, 0, 0, 0, 0, 0] }, PROGRAM);
    await refused({ ...input, functionIndexBits: [2, 0, 0, 0, 0, 0] }, /functionIndexBits|program/);
  });

  it('refuses to claim a record input unused that the bytecode uses', async () => {
    const honest = call({
      fn: 'transfer',
      inputs: [bob.address.x, 0n],
      records: [token(alice, 0n, 1n)],
      outputs: [output(bob, 0n), output(alice, 0n)],
      trace: { rows: [0n], wide: [{ and: 0n, topA: 0n, topB: 0n }] },
    });
    const { authorization } = honest;
    const at = bitLayout(AVM_SIZE.small);
    const { bytecode, name } = honest.fn;
    const bits = bytecode.bits.slice();
    bits[at.recordInputUsed] = 0;
    const recordInputNames = [0n, 0n];
    const functionId = functionIdOf(
      SIZE_CLASS.small,
      name,
      bytecodeHash({ ...bytecode, bits, recordInputNames }),
    );
    const unused = authorization.recordInputs[1];
    const forged = forgeCall(
      honest,
      {
        ...signing({ functionId }),
        inputs: ([slot]) => {
          slot.used = false;
          holdRecord(slot, unused.record, nonceOf(authorization, alice), alice);
          slot.nullifier = hash(DOMAIN.DUMMY, [authorization.tvk, alice.address.x, 0n]);
        },
      },
      { bytecodeBits: Array.from(bits), recordInputNames },
    );
    await refused(forged, PROGRAM);
  });
});

/** Hooks that sign other values than the honest ones. */
function signing(changes: Partial<Authorization>): ForgeHooks {
  return { request: (request) => void Object.assign(request, changes) };
}

function pick(input: CircuitInput, names: readonly string[]): CircuitInput {
  return Object.fromEntries(names.map((name) => [name, input[name]]));
}
