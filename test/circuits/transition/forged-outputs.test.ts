/** Attacks on what a transition makes: outputs, encryption, messages, reserved signals, public signals. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type OutputRecord, sealOutputs } from '../../../protocol/call/seal-outputs.ts';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import {
  addPoints,
  cofactorPreimage,
  IDENTITY,
  mulPoint,
  type Point,
} from '../../../protocol/curve/point.ts';
import { encryptionScalar, encryptWords, outgoingOf } from '../../../protocol/encryption.ts';
import type { Field } from '../../../protocol/field.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { recordTypeId } from '../../../protocol/record.ts';
import { SMALL_SIGNAL_NAMES } from '../../../protocol/transaction/transition.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import type { InputValue } from '../../../prover/witness-calculator.ts';
import { type CircuitInput, loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import {
  assertRefused,
  type ForgeHooks,
  forgeAuthorization,
  forgeCall,
  run,
  xy,
} from '../../support/transition/forge-call.ts';
import {
  alice,
  bob,
  burnCall,
  mintCall,
  output,
  pad,
  program,
  type TestCall,
  TOKEN,
} from '../../support/transition/transitions.ts';

/** Hooks that seal `outputs` in place of the honest ones, consistently. */
function sealing(honest: TestCall, outputs: readonly OutputRecord[]): ForgeHooks {
  const { tvk, signer, signals } = honest.authorization;
  return {
    outputs: (slots) => {
      slots.splice(
        0,
        slots.length,
        ...sealOutputs({
          outputs,
          slots: slots.length,
          signer: signer.x,
          tvk,
          firstNullifier: signals.nullifiers[0],
        }),
      );
    },
  };
}

const PUBLIC_INPUTS = [
  'anchorRoot',
  'nullifiers',
  'commitments',
  'tpkX',
  'rX',
  'ciphertexts',
  'outgoing',
  'finalizeHash',
  'linkIn',
  'message',
  'rollupId',
];

/** Adds `change` to public signal k of the circuit's inputs. */
function changeSignal(input: CircuitInput, k: number, change: bigint): CircuitInput {
  let at = 0;
  const visit = (value: InputValue): InputValue =>
    Array.isArray(value) ? value.map(visit) : at++ === k ? (value as bigint) + change : value;
  return { ...input, ...Object.fromEntries(PUBLIC_INPUTS.map((name) => [name, visit(input[name])])) };
}

describe('transition-small, forged outputs', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  it('refuses a type other than the running program gives', async () => {
    for (const typeId of [0n, recordTypeId(12345n, TOKEN), recordTypeId(program.programId, 7n)]) {
      const honest = mintCall();
      const forged = forgeCall(honest, sealing(honest, [output(bob, 500n, typeId)]));
      assertRefused(circuit, await run(circuit, forged), /main\.(commitments\[0\]|ciphertexts\[0\]\[0\])/);
    }
  });

  it('refuses more value, another owner or other words than the program computes', async () => {
    const others: readonly OutputRecord[] = [
      output(bob, 501n),
      { ...output(bob, 500n), data: pad([500n, 0n, 0n, 0n, 1n], 5) },
      output(alice, 500n),
    ];
    for (const other of others) {
      const honest = mintCall();
      const forged = forgeCall(honest, sealing(honest, [other]));
      assertRefused(
        circuit,
        await run(circuit, forged),
        /main\.(commitments\[0\]|ciphertexts\[0\]|outgoing\[0\])|core\.recordOutputOwner\[0\]/,
      );
    }
  });

  it('refuses a type, an owner or data in an unused output', async () => {
    const others: readonly OutputRecord[] = [output(alice, 0n), output(alice, 5n, 0n), output(bob, 0n, 0n)];
    for (const other of others) {
      const honest = mintCall();
      const forged = forgeCall(honest, sealing(honest, [output(bob, 500n), other]));
      assertRefused(
        circuit,
        await run(circuit, forged),
        /main\.(commitments\[1\]|ciphertexts\[1\]|outgoing\[1\])|core\.recordOutputOwner\[1\]/,
      );
    }
  });

  it('refuses the identity as an owner', async () => {
    const honest = mintCall();
    const { tvk, signals } = honest.authorization;
    const S = mulPoint(IDENTITY, encryptionScalar(tvk)).x;
    const rho = hash(DOMAIN.RHO, [signals.nullifiers[0], 0n]);
    const blind = hash(DOMAIN.BLIND, [S, 0n]);
    const stream = sealedTo(0n, S, rho, blind);
    const forged = forgeCall(honest, {
      request: (request) => {
        request.inputs = pad([0n, 500n]);
      },
      outputs: ([slot]) => Object.assign(slot, stream, { ownerPoint: IDENTITY }),
    });
    assertRefused(circuit, await run(circuit, forged), /output_\[0\]\.(inverse|owner|ownerPoint)/);

    function sealedTo(owner: Field, secret: Field, rho: Field, blind: Field): object {
      const nullifier = signals.nullifiers[0];
      const data = pad([500n], 5);
      const typeId = program.typeId;
      return {
        commitment: hash(DOMAIN.RECORD, [typeId, hash(DOMAIN.OWNER, [owner, blind]), rho, ...data]),
        ciphertext: encryptWords(secret, 0, nullifier, [typeId, ...data]),
        outgoing: outgoingOf(owner, tvk, 0),
      };
    }
  });

  it('refuses to encrypt to somebody else than the owner, or under another rho or blind', async () => {
    const honest = mintCall();
    const { tvk, signals } = honest.authorization;
    const toAlice = forgeAuthorization(honest.authorization, sealing(honest, [output(alice, 500n)]));
    const forgedCiphertext = forgeCall(honest, {
      outputs: ([slot]) => {
        slot.ciphertext = toAlice.recordOutputs[0].ciphertext;
      },
    });
    assertRefused(circuit, await run(circuit, forgedCiphertext), /main\.ciphertexts\[0\]/);

    const secret = mulPoint(bob.address, encryptionScalar(tvk)).x;
    const rho = hash(DOMAIN.RHO, [signals.nullifiers[0], 0n]);
    const blind = hash(DOMAIN.BLIND, [secret, 0n]);
    for (const [otherRho, otherBlind] of [
      [5n, blind],
      [rho, 5n],
      [hash(DOMAIN.RHO, [signals.nullifiers[0], 1n]), blind],
    ]) {
      const forged = forgeCall(honest, {
        outputs: ([slot]) => {
          const owner = hash(DOMAIN.OWNER, [bob.address.x, otherBlind]);
          slot.commitment = hash(DOMAIN.RECORD, [program.typeId, owner, otherRho, ...pad([500n], 5)]);
        },
      });
      assertRefused(circuit, await run(circuit, forged), /main\.commitments\[0\]/);
    }
  });

  it('refuses a message that the bytecode does not send', async () => {
    for (const words of [
      [program.programId, 1n, 2n, 3n],
      [0n, 1n, 0n, 0n],
      [program.programId, 0n, 0n, 0n],
    ]) {
      const forged = forgeCall(mintCall(), {
        signals: (signals) => {
          signals.message = { programId: words[0], words: [words[1], words[2], words[3]] };
        },
      });
      assertRefused(circuit, await run(circuit, forged), /main\.message\[/);
    }
  });

  it('refuses to drop, change or sign for another program the message that the bytecode sends', async () => {
    const { programId } = program;
    for (const message of [
      undefined,
      { programId: 12345n, words: [0xabcdefn, 100n, 3n] as const },
      { programId, words: [0xabcdeen, 100n, 3n] as const },
      { programId, words: [0xabcdefn, 101n, 3n] as const },
      { programId, words: [0xabcdefn, 100n, 2n] as const },
    ]) {
      const forged = forgeCall(burnCall(), {
        signals: (signals) => {
          signals.message = message;
        },
      });
      assertRefused(circuit, await run(circuit, forged), /main\.message\[/);
    }
  });

  it('refuses linkIn and finalizeHash until they exist, signed or not', async () => {
    for (const name of ['linkIn', 'finalizeHash'] as const) {
      const forged = forgeCall(mintCall(), {
        signals: (signals) => {
          signals[name] = 1n;
        },
      });
      assertRefused(circuit, await run(circuit, forged), new RegExp(`main\\.${name}`));
    }
  });

  it('refuses every public signal plus or minus one, dependents recomputed', async () => {
    const honest = burnCall();
    const input = transitionInput(honest);
    for (let k = 0; k < SMALL_SIGNAL_NAMES.length; k++) {
      for (const change of [1n, -1n]) {
        const { failing } = await run(circuit, changeSignal(input, k, change));
        assert.ok(failing.length > 0, `${SMALL_SIGNAL_NAMES[k]} + ${change}`);
      }
    }
  });

  it('keeps the change test honest: unchanged signals pass, and every index changes one', async () => {
    const input = transitionInput(burnCall());
    const honest = await run(circuit, input);
    assert.deepEqual(honest.failing, []);
    for (let k = 0; k < SMALL_SIGNAL_NAMES.length; k += 9) {
      const { publicSignals } = await run(circuit, changeSignal(input, k, 1n));
      // Behind the words stand x, y and c, of which y and c follow.
      const words = publicSignals.slice(0, SMALL_SIGNAL_NAMES.length);
      const changed = words.flatMap((value, i) => (value === honest.publicSignals[i] ? [] : [i]));
      assert.deepEqual(changed, [k]);
    }
  });

  it('takes an owner preimage with torsion, which gives the same owner', async () => {
    const honest = mintCall();
    const input = transitionInput(honest) as Record<string, unknown[]>;
    const torsion: Point = { x: 0n, y: FIELD_MODULUS - 1n };
    const preimage = addPoints(cofactorPreimage(bob.address), torsion);
    const forged = { ...input, ownerPreimage: [xy(preimage), input.ownerPreimage[1]] };
    assert.deepEqual((await run(circuit, forged as CircuitInput)).failing, []);
  });
});
