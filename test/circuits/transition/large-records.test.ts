/** Attacks on the third and fourth record slots of the large circuit: what it consumes, makes, and leaves unused. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type OutputRecord, sealOutputs } from '../../../protocol/call/seal-outputs.ts';
import { DOMAIN } from '../../../protocol/constants.ts';
import { addPoints, mulPoint, negatePoint, type Point } from '../../../protocol/curve/point.ts';
import { encryptionScalar } from '../../../protocol/encryption.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { nullifierOf, recordTypeId } from '../../../protocol/record.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import {
  assertRefused,
  type ForgeHooks,
  forgeAuthorization,
  forgeCall,
  holdRecord,
  nonceOf,
  run,
} from '../../support/transition/forge-call.ts';
import {
  largeOutput,
  largeProgram,
  largeToken,
  someCall,
  turnCall,
} from '../../support/transition/large-transitions.ts';
import {
  alice,
  bob,
  pad,
  type TestCall,
  TOKEN,
  token,
  treeWith,
} from '../../support/transition/transitions.ts';

const CHALLENGE = /request\.strict/;

/** Hooks that seal `changes` by slot in place of the honest outputs, consistently. */
function sealing(honest: TestCall, changes: Readonly<Record<number, OutputRecord>>): ForgeHooks {
  const { tvk, signer, signals, recordOutputs } = honest.authorization;
  return {
    outputs: (slots) => {
      const outputs = recordOutputs.map(({ record }, k) => changes[k] ?? record);
      const firstNullifier = signals.nullifiers[0];
      slots.splice(0, 4, ...sealOutputs({ outputs, slots: 4, signer: signer.x, tvk, firstNullifier }));
    },
  };
}

describe('transition-large, record slots 2 and 3', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-large');
  });

  it('accepts what this file forges, unforged and signed again', async () => {
    for (const honest of [turnCall(), someCall()]) {
      assert.deepEqual((await run(circuit, forgeCall(honest, {}))).failing, []);
      assert.deepEqual((await run(circuit, forgeCall(honest, sealing(honest, {})))).failing, []);
    }
  });

  it('refuses a record in slot 2 or 3 that the tree does not hold', async () => {
    const records = [10n, 20n, 30n, 40n].map((value, k) => largeToken(value, BigInt(k)));
    for (const slot of [2, 3]) {
      for (const real of [
        largeToken(30n, 99n),
        { ...records[slot], typeId: recordTypeId(12345n, TOKEN) },
        token(bob, records[slot].data[0], BigInt(slot), largeProgram.typeId),
      ]) {
        const { tree, paths } = treeWith(records.with(slot, real));
        const honest = turnCall();
        const forged = forgeCall(
          honest,
          {
            signals: (signals) => {
              signals.anchorRoot = tree.root();
            },
          },
          { noteSiblings: paths.map(({ siblings }) => siblings) },
        );
        // The other three are members under this root.
        assertRefused(circuit, await run(circuit, forged), new RegExp(`input_\\[${slot}\\]\\.path\\.root`));
      }
    }
  });

  it('refuses another nullifier for slot 2 or 3: other multiples of H, gamma = (0, 0), a dummy', async () => {
    for (const slot of [2, 3]) {
      const others: readonly ((gamma: Point, H: Point) => Point)[] = [
        (gamma) => addPoints(gamma, gamma),
        negatePoint,
        (_, H) => mulPoint(H, bob.skSig),
      ];
      for (const other of others) {
        const forged = forgeCall(turnCall(), {
          inputs: (slots) => {
            slots[slot].gamma = other(slots[slot].gamma, slots[slot].H);
            slots[slot].nullifier = nullifierOf(slots[slot].commitment, slots[slot].gamma);
          },
        });
        assertRefused(circuit, await run(circuit, forged), CHALLENGE);
      }
      const absorbing = forgeCall(turnCall(), {
        inputs: (slots) => {
          slots[slot].gamma = { x: 0n, y: 0n };
          slots[slot].h = { x: 0n, y: 0n };
          slots[slot].nullifier = hash(DOMAIN.NULL, [slots[slot].commitment, 0n]);
        },
      });
      assertRefused(circuit, await run(circuit, absorbing), new RegExp(`input_\\[${slot}\\]\\.real\\.curve`));
      const honest = turnCall();
      const hidden = forgeCall(honest, {
        inputs: (slots) => {
          const { tvk } = honest.authorization;
          slots[slot].nullifier = hash(DOMAIN.DUMMY, [tvk, alice.address.x, BigInt(slot)]);
        },
      });
      assertRefused(circuit, await run(circuit, hidden), new RegExp(`main\\.nullifiers\\[${slot}\\]`));
    }
  });

  it('refuses a free dummy nullifier, or that of another slot or call, in the unused slot 3', async () => {
    const honest = someCall();
    const { tvk } = honest.authorization;
    for (const nullifier of [
      1n,
      0n,
      hash(DOMAIN.DUMMY, [tvk, alice.address.x, 2n]),
      hash(DOMAIN.DUMMY, [tvk + 1n, alice.address.x, 3n]),
      hash(DOMAIN.DUMMY, [tvk, bob.address.x, 3n]),
    ]) {
      const forged = forgeCall(honest, {
        inputs: (slots) => {
          slots[3].nullifier = nullifier;
        },
      });
      assertRefused(circuit, await run(circuit, forged), /main\.nullifiers\[3\]/);
    }
  });

  it('refuses to fill the unused slot 3: with rho, blind, data, or a whole record that the tree holds', async () => {
    for (const change of [{ rho: 5n }, { blind: 5n }, { data: [5n, 0n, 0n, 0n, 0n] }]) {
      const honest = someCall();
      const forged = forgeCall(honest, {
        inputs: (slots) => {
          holdRecord(
            slots[3],
            { ...slots[3].record, ...change },
            nonceOf(honest.authorization, alice),
            alice,
          );
        },
      });
      assertRefused(circuit, await run(circuit, forged), /recordRho\[3\]|recordBlind\[3\]|recordWords\[3\]/);
    }
    // `used` is a bytecode bit: claiming it changes the bytecode, hence the program.
    const honest = someCall();
    const input = transitionInput(honest) as Record<string, number[]>;
    const at = input.bytecodeBits.length - 1 - 4 - 4 + 3;
    assert.deepEqual(input.bytecodeBits.slice(at - 3, at + 1), [1, 1, 1, 0]);
    const claimed = { ...input, bytecodeBits: input.bytecodeBits.with(at, 1) };
    const { failing } = await run(circuit, claimed as never);
    assert.ok(failing.length > 0);
  });

  it('shows one nullifier when one record fills slots 2 and 3, so that it is inserted once', async () => {
    const honest = turnCall();
    const input = transitionInput(honest) as Record<string, unknown[]>;
    const forged = forgeCall(
      honest,
      {
        inputs: (slots) => {
          holdRecord(slots[3], slots[2].record, nonceOf(honest.authorization, alice), alice);
        },
      },
      {
        noteIndexBits: input.noteIndexBits.with(3, input.noteIndexBits[2]) as bigint[][],
        noteSiblings: input.noteSiblings.with(3, input.noteSiblings[2]) as bigint[][],
      },
    );
    const { publicSignals } = await run(circuit, forged);
    assert.equal(publicSignals[3], publicSignals[4]);
  });

  it('refuses another type, owner or value in outputs 2 and 3 than the program computes', async () => {
    for (const slot of [2, 3]) {
      const value = slot === 2 ? 30n : 40n;
      const others: readonly OutputRecord[] = [
        { ...largeOutput(bob, value), typeId: 0n },
        { ...largeOutput(bob, value), typeId: recordTypeId(12345n, TOKEN) },
        largeOutput(bob, value + 1n),
        { ...largeOutput(bob, value), data: pad([value, 0n, 0n, 0n, 1n], 5) },
        largeOutput(alice, value),
      ];
      for (const other of others) {
        const honest = turnCall();
        const forged = forgeCall(honest, sealing(honest, { [slot]: other }));
        assertRefused(
          circuit,
          await run(circuit, forged),
          new RegExp(
            `main\\.(commitments\\[${slot}\\]|ciphertexts\\[${slot}\\]|outgoing\\[${slot}\\])|recordOutputOwner\\[${slot}\\]`,
          ),
        );
      }
    }
  });

  it('refuses to encrypt outputs 2 and 3 to another, under the key stream, rho or blind of another slot', async () => {
    const honest = turnCall();
    const { tvk, signals } = honest.authorization;
    const swapped = forgeAuthorization(
      honest.authorization,
      sealing(honest, { 2: largeOutput(bob, 40n), 3: largeOutput(bob, 30n) }),
    );
    for (const slot of [2, 3]) {
      const other = 5 - slot;
      const ciphertext = forgeCall(honest, {
        outputs: (slots) => {
          // The same words under the other slot's key stream.
          slots[slot].ciphertext = swapped.recordOutputs[other].ciphertext;
        },
      });
      assertRefused(circuit, await run(circuit, ciphertext), new RegExp(`main\\.ciphertexts\\[${slot}\\]`));
      const outgoing = forgeCall(honest, {
        outputs: (slots) => {
          slots[slot].outgoing = swapped.recordOutputs[other].outgoing;
        },
      });
      assertRefused(circuit, await run(circuit, outgoing), new RegExp(`main\\.outgoing\\[${slot}\\]`));

      const secret = mulPoint(bob.address, encryptionScalar(tvk)).x;
      const rho = (k: number): bigint => hash(DOMAIN.RHO, [signals.nullifiers[0], BigInt(k)]);
      const blind = (k: number): bigint => hash(DOMAIN.BLIND, [secret, BigInt(k)]);
      const value = slot === 2 ? 30n : 40n;
      for (const [r, b] of [
        [rho(other), blind(slot)],
        [rho(slot), blind(other)],
        [hash(DOMAIN.RHO, [signals.nullifiers[3], BigInt(slot)]), blind(slot)],
      ]) {
        const commitment = forgeCall(honest, {
          outputs: (slots) => {
            const owner = hash(DOMAIN.OWNER, [bob.address.x, b]);
            slots[slot].commitment = hash(DOMAIN.RECORD, [largeProgram.typeId, owner, r, ...pad([value], 5)]);
          },
        });
        assertRefused(circuit, await run(circuit, commitment), new RegExp(`main\\.commitments\\[${slot}\\]`));
      }
    }
  });

  it('refuses a type, an owner or data in the unused output 3', async () => {
    const others: readonly OutputRecord[] = [
      largeOutput(alice, 0n),
      { ...largeOutput(alice, 5n), typeId: 0n },
      { ...largeOutput(bob, 0n), typeId: 0n },
    ];
    for (const other of others) {
      const honest = someCall();
      const forged = forgeCall(honest, sealing(honest, { 3: other }));
      assertRefused(
        circuit,
        await run(circuit, forged),
        /main\.(commitments\[3\]|ciphertexts\[3\]|outgoing\[3\])|recordOutputOwner\[3\]/,
      );
    }
  });
});
