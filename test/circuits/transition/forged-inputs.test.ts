/** Attacks on what a transition consumes: membership, ownership, types, nullifiers, unused slots. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DOMAIN, FIELD_MODULUS } from '../../../protocol/constants.ts';
import { addPoints, mulPoint, negatePoint, type Point } from '../../../protocol/curve/point.ts';
import { fieldDiv, fieldSqrt } from '../../../protocol/field.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { nullifierOf, type RecordPreimage, recordTypeId } from '../../../protocol/record.ts';
import { indexBits, type TreePath } from '../../../protocol/tree/path.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { type CircuitInput, loadStatementCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import {
  assertRefused,
  forgeAuthorization,
  forgeCall,
  holdRecord,
  nonceOf,
  run,
} from '../../support/transition/forge-call.ts';
import {
  alice,
  bob,
  joinCall,
  mintCall,
  TOKEN,
  token,
  transferCall,
  treeWith,
} from '../../support/transition/transitions.ts';

const CHALLENGE = /request\.strict/;
const MEMBERSHIP = /input_\[0\]\.path\.root/;
const ORDER_2: Point = { x: 0n, y: FIELD_MODULUS - 1n };
const ORDER_4: Point = { x: fieldSqrt(fieldDiv(1n, 168700n)) as bigint, y: 0n };

describe('transition-small, forged record inputs', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadStatementCircuit('transition-small');
  });

  /** Spends alice's honest record while the tree holds `real` instead, at the place that the path shows. */
  const spendAgainst = (
    real: readonly RecordPreimage[],
    place?: (path: TreePath[]) => TreePath,
  ): CircuitInput => {
    const { tree, paths } = treeWith(real);
    const path = place?.(paths) ?? paths[0];
    const honest = transferCall();
    const input = transitionInput(honest) as Record<string, readonly unknown[]>;
    return forgeCall(
      honest,
      {
        signals: (signals) => {
          signals.anchorRoot = tree.root();
        },
      },
      {
        noteIndexBits: [indexBits(path), input.noteIndexBits[1] as bigint[]],
        noteSiblings: [path.siblings, input.noteSiblings[1] as bigint[][]],
      },
    );
  };

  it('accepts the record when the tree does hold it', async () => {
    assert.deepEqual((await run(circuit, spendAgainst([token(alice, 100n, 1n)]))).failing, []);
  });

  it('refuses a record that is not in the tree', async () => {
    assertRefused(circuit, await run(circuit, spendAgainst([token(alice, 100n, 9n)])), MEMBERSHIP);
  });

  it("refuses a record of another program's type with the same content", async () => {
    const foreign = token(alice, 100n, 1n, recordTypeId(12345n, TOKEN));
    assertRefused(circuit, await run(circuit, spendAgainst([foreign])), MEMBERSHIP);
  });

  it("refuses another record type of the same program, and somebody else's record", async () => {
    const other = token(alice, 100n, 1n, 0n);
    assertRefused(circuit, await run(circuit, spendAgainst([other])), MEMBERSHIP);
    assertRefused(circuit, await run(circuit, spendAgainst([token(bob, 100n, 1n)])), MEMBERSHIP);
  });

  it('refuses the empty leaf', async () => {
    const { tree } = treeWith([token(alice, 100n, 1n)]);
    const empty = tree.path(7);
    assert.equal(tree.leaf(7), 0n);
    assertRefused(
      circuit,
      await run(
        circuit,
        spendAgainst([token(alice, 100n, 1n)], () => empty),
      ),
      MEMBERSHIP,
    );
  });

  it('refuses an index bit that is not boolean, with the root recomputed by nobody', async () => {
    const input = transitionInput(transferCall()) as Record<string, bigint[][]>;
    const bits = input.noteIndexBits.map((row) => [...row]);
    bits[0][5] = 2n;
    assertRefused(
      circuit,
      await run(circuit, { ...input, noteIndexBits: bits }),
      /input_\[0\]\.path\.root|noteIndexBits\[0\]\[5\]/,
    );
  });

  it('refuses a second nullifier from gamma = (0, 0), which absorbs every addition', async () => {
    const forged = forgeCall(transferCall(), {
      inputs: ([slot]) => {
        slot.gamma = { x: 0n, y: 0n };
        slot.h = { x: 0n, y: 0n };
        slot.nullifier = hash(DOMAIN.NULL, [slot.commitment, 0n]);
      },
    });
    assertRefused(circuit, await run(circuit, forged), /input_\[0\]\.real\.curve/);
  });

  it('refuses nullifiers from other multiples of H', async () => {
    for (const other of [
      (gamma: Point) => addPoints(gamma, gamma),
      negatePoint,
      (_: Point, H: Point) => mulPoint(H, bob.skSig),
      () => ({ x: 0n, y: 1n }),
    ]) {
      const forged = forgeCall(transferCall(), {
        inputs: ([slot]) => {
          slot.gamma = other(slot.gamma, slot.H);
          slot.nullifier = nullifierOf(slot.commitment, slot.gamma);
        },
      });
      assertRefused(circuit, await run(circuit, forged), CHALLENGE);
    }
  });

  it('gives one nullifier to gamma and gamma + torsion, whenever the latter can be proven at all', async () => {
    const attempts = { accepted: 0, refused: 0 };
    const honestNullifier = transferCall().authorization.signals.nullifiers[0];
    for (let seed = 0; seed < 40 && (attempts.accepted === 0 || attempts.refused === 0); seed++) {
      const honest = transferCall(new Uint8Array(32).fill(seed));
      const hooks = {
        inputs: ([slot]: { gamma: Point; nullifier: bigint; commitment: bigint }[]): void => {
          slot.gamma = addPoints(slot.gamma, ORDER_2);
          slot.nullifier = nullifierOf(slot.commitment, slot.gamma);
        },
      };
      const { challenge, signals } = forgeAuthorization(honest.authorization, hooks);
      assert.equal(signals.nullifiers[0], honestNullifier);
      // c * torsion vanishes exactly when c is even.
      const even = challenge % 2n === 0n;
      if (attempts[even ? 'accepted' : 'refused'] > 0) continue;
      attempts[even ? 'accepted' : 'refused']++;
      const forged = await run(circuit, forgeCall(honest, hooks));
      if (even) assert.deepEqual(forged.failing, []);
      else assertRefused(circuit, forged, CHALLENGE);
    }
    assert.deepEqual(attempts, { accepted: 1, refused: 1 });
  });

  it('refuses a nullifier from gamma before the cofactor is cleared', async () => {
    for (const torsion of [{ x: 0n, y: 1n }, ORDER_2, ORDER_4]) {
      const forged = forgeCall(transferCall(), {
        inputs: ([slot]) => {
          slot.nullifier = hash(DOMAIN.NULL, [slot.commitment, addPoints(slot.gamma, torsion).y]);
        },
      });
      assertRefused(circuit, await run(circuit, forged), /main\.nullifiers\[0\]/);
    }
  });

  it('refuses a free or foreign dummy nullifier in an unused slot', async () => {
    for (const make of [transferCall, mintCall]) {
      const slot = make === mintCall ? 0 : 1;
      for (const nullifier of [1n, hash(DOMAIN.DUMMY, [5n, alice.address.x, BigInt(slot)])]) {
        const forged = forgeCall(make(), {
          inputs: (slots) => {
            slots[slot].nullifier = nullifier;
          },
        });
        assertRefused(circuit, await run(circuit, forged), new RegExp(`main\\.nullifiers\\[${slot}\\]`));
      }
    }
  });

  it('refuses to hide a consumed record behind a dummy nullifier', async () => {
    const honest = transferCall();
    const { tvk } = honest.authorization;
    const forged = forgeCall(honest, {
      inputs: ([slot]) => {
        slot.nullifier = hash(DOMAIN.DUMMY, [tvk, alice.address.x, 0n]);
      },
    });
    assertRefused(circuit, await run(circuit, forged), /main\.nullifiers\[0\]/);
  });

  it('refuses rho, blind or data in an unused slot', async () => {
    for (const change of [{ rho: 5n }, { blind: 5n }, { data: [5n, 0n, 0n, 0n, 0n] }]) {
      const honest = transferCall();
      const forged = forgeCall(honest, {
        inputs: (slots) => {
          const record = { ...slots[1].record, ...change };
          holdRecord(slots[1], record, nonceOf(honest.authorization, alice), alice);
        },
      });
      assertRefused(circuit, await run(circuit, forged), /recordRho\[1\]|recordBlind\[1\]|recordWords\[1\]/);
    }
  });

  it('does not let one record fill two slots with two nullifiers', async () => {
    const honest = joinCall();
    const input = transitionInput(honest) as Record<string, bigint[][]>;
    const forged = forgeCall(
      honest,
      {
        inputs: (slots) => {
          holdRecord(slots[1], slots[0].record, nonceOf(honest.authorization, alice), alice);
        },
      },
      {
        noteIndexBits: [input.noteIndexBits[0], input.noteIndexBits[0]],
        noteSiblings: [input.noteSiblings[0], input.noteSiblings[0]] as unknown as bigint[],
      },
    );
    const { publicSignals } = await run(circuit, forged);
    // The circuit leaves this to the nullifier tree: both slots show the same nullifier, so it is inserted once.
    assert.equal(publicSignals[1], publicSignals[2]);
  });
});
