/**
 * The templates between the gadgets and the whole circuit: every signal of theirs forged in turn, every constraint of theirs
 * needed by some forgery. Gadgets inside (hashes, curve, paths, comparisons) have tests of their own and are left out here.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TREE_DEPTH } from '../../../protocol/constants.ts';
import { cofactorPreimage, IDENTITY } from '../../../protocol/curve/point.ts';
import { dummyNullifier, nullifierOf } from '../../../protocol/record.ts';
import { runningFunction, transitionInput } from '../../../prover/witness/transition.ts';
import {
  type CircuitInput,
  calculateWitness,
  compileTestCircuit,
  describeConstraint,
  type Forged,
  forge,
  signalValue,
  survivors,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import { singleForgeries } from '../../support/circuit/single-forgeries.ts';
import { xy } from '../../support/transition/forge-call.ts';
import { alice, bob, mintCall, TOKEN, transferCall } from '../../support/transition/transitions.ts';

/** Inside of gadgets that are tested elsewhere. */
const INSIDE =
  /\.block\[|\.permutation\.|\.(strict|bits|limbs|canonical|lower)\.|\.(double|add|triple|digit|step|select|sum|clear|curve|last|correction)(\[\d+\])?\.|\.path\.(indexBits|path)|\.map\.|\.(prf|skPrf|shared)\.|\.negative\[|\.three\[|children\[|parent\[/;

/** Signals that no single forgery is tried on: inside of gadgets, and paths, whose bits are forged below. */
const SKIP = new RegExp(`${INSIDE.source}|\\.(path|group)\\.|\\.inputs\\[|\\.data\\[`);

async function open(main: string): Promise<TestCircuit> {
  return compileTestCircuit(`
    include "account.circom";
    include "input-record.circom";
    include "output-record.circom";
    include "program-id.circom";
    component main = ${main};`);
}

/** No free signal; the constraints of the template's own that neither single forgeries nor `attacks` need. */
async function leftOver(
  circuit: TestCircuit,
  honest: readonly CircuitInput[],
  attacks: readonly Forged[] = [],
): Promise<string[]> {
  const forged: Forged[] = [...attacks];
  for (const input of honest) {
    const { refused, free } = await singleForgeries(circuit, input, SKIP);
    assert.deepEqual(free, []);
    forged.push(...refused);
  }
  const witnesses = honest.map((input) => calculateWitness(circuit, input));
  return survivors(circuit, forged, witnesses)
    .map((index) => describeConstraint(circuit, index))
    .filter((constraint) => !INSIDE.test(constraint));
}

const transfer = transferCall();
const input = transitionInput(transfer) as Record<string, bigint[][]>;
const { authorization } = transfer;

describe('templates of records and programs', () => {
  it('RecordType', async () => {
    const circuit = await open('RecordType()');
    const given = { programId: authorization.programId, name: TOKEN };
    assert.deepEqual(
      await leftOver(circuit, [
        { ...given, used: 1n },
        { ...given, used: 0n },
      ]),
      [],
    );
  });

  it('Nullifier and DummyNullifier agree with their twins', async () => {
    const nullifier = await open('Nullifier()');
    const [slot] = authorization.recordInputs;
    const given = { commitment: slot.commitment, gamma: xy(slot.gamma) };
    const witness = calculateWitness(nullifier, given);
    assert.equal(signalValue(nullifier, witness, 'main.nullifier'), nullifierOf(slot.commitment, slot.gamma));
    assert.deepEqual(await leftOver(nullifier, [given]), []);
    for (const gamma of [
      [0n, 0n],
      [0n, 2n],
      [slot.gamma.x, slot.gamma.y + 1n],
      [slot.gamma.y, slot.gamma.x],
    ]) {
      const { failing } = await forge(nullifier, { ...given, gamma }, {});
      assert.equal(failing.length, 1);
      assert.match(describeConstraint(nullifier, failing[0]), /main\.curve/);
    }
    const dummy = await open('DummyNullifier(1)');
    const dummyWitness = calculateWitness(dummy, { tvk: 5n, signer: 6n });
    assert.equal(signalValue(dummy, dummyWitness, 'main.nullifier'), dummyNullifier(5n, 6n, 1));
  });

  it('InputRecord', async () => {
    const circuit = await open('InputRecord(0)');
    const used: CircuitInput = {
      used: 1n,
      name: TOKEN,
      programId: authorization.programId,
      signer: alice.address.x,
      tvk: authorization.tvk,
      anchorRoot: authorization.signals.anchorRoot,
      rho: authorization.recordInputs[0].record.rho,
      blind: authorization.recordInputs[0].record.blind,
      data: input.recordWords[0],
      gamma: input.gamma[0],
      indexBits: input.noteIndexBits[0],
      siblings: input.noteSiblings[0],
    };
    const unused: CircuitInput = {
      ...used,
      used: 0n,
      name: 0n,
      rho: 0n,
      blind: 0n,
      data: [0n, 0n, 0n, 0n, 0n],
    };
    const attacks = [
      await forge(circuit, { ...unused, rho: 5n }, {}),
      await forge(circuit, { ...unused, blind: 5n }, {}),
      await forge(circuit, { ...used, anchorRoot: 5n }, {}),
      await forge(circuit, unused, { 'main.type.typeId': 5n }),
      await forge(circuit, { ...used, rho: 5n }, {}),
    ];
    calculateWitness(circuit, unused);
    // In an unused slot the path counts for nothing, but its bits must be bits all the same.
    for (let i = 0; i < 2 * TREE_DEPTH; i++) {
      const indexBits = input.noteIndexBits[0].map((bit, k) => (k === i ? 2n : bit));
      attacks.push(await forge(circuit, { ...unused, indexBits }, {}));
    }
    for (const attack of attacks) assert.equal(attack.failing.length, 1);
    assert.deepEqual(await leftOver(circuit, [used], attacks), []);
  });

  it('OutputRecord', async () => {
    const circuit = await open('OutputRecord(0)');
    const scalar = await open('EncryptionScalar()');
    const digits = calculateWitness(scalar, { tvk: authorization.tvk });
    const list = (name: string): bigint[] =>
      Array.from({ length: 125 }, (_, w) => signalValue(scalar, digits, `main.${name}[${w}]`));
    assert.equal(signalValue(scalar, digits, 'main.rX'), authorization.signals.encryptionPoint);
    const honest: CircuitInput = {
      used: 1n,
      name: TOKEN,
      programId: authorization.programId,
      owner: bob.address.x,
      ownerPreimage: input.ownerPreimage[0],
      data: authorization.recordOutputs[0].record.data,
      tvk: authorization.tvk,
      firstNullifier: authorization.signals.nullifiers[0],
      negative: list('negative'),
      three: list('three'),
      even: signalValue(scalar, digits, 'main.even'),
    };
    const witness = calculateWitness(circuit, honest);
    const { commitments, ciphertexts, outgoing } = authorization.signals;
    assert.deepEqual(witness.slice(1, 9), [commitments[0], ...ciphertexts[0], outgoing[0]]);
    // Shown to one owner, encrypted to another: both are one wire, so every use of the point contradicts it.
    const toAnother = xy(cofactorPreimage(alice.address));
    assert.ok((await forge(circuit, { ...honest, ownerPreimage: toAnother }, {})).failing.length > 0);
    // Nobody's record.
    const attacks = [await forge(circuit, { ...honest, owner: 0n, ownerPreimage: xy(IDENTITY) }, {})];
    assert.equal(attacks[0].failing.length, 1);
    assert.deepEqual(await leftOver(circuit, [honest], attacks), []);
    for (const ownerPreimage of [[0n, 0n], [0n, 2n], xy({ x: bob.address.x, y: bob.address.y + 1n })]) {
      const { failing } = await forge(circuit, { ...honest, ownerPreimage }, {});
      assert.ok(failing.some((index) => /ownerPoint\.curve/.test(describeConstraint(circuit, index))));
    }
  });

  it('RunningFunction', async () => {
    const circuit = await open('RunningFunction(1)');
    const { fn } = mintCall();
    const all = transitionInput(mintCall()) as Record<string, bigint[]>;
    const honest: CircuitInput = {
      functionName: fn.name,
      bytecodeHash: fn.bytecode.hash,
      indexBits: all.functionIndexBits,
      siblings: all.functionSiblings,
      loweringVersion: fn.loweringVersion,
      sourceHash: fn.sourceHash,
      programName: fn.programName,
    };
    const ids = runningFunction(fn);
    assert.deepEqual(calculateWitness(circuit, honest).slice(1, 3), [ids.functionId, ids.programId]);
    const attacks: Forged[] = [];
    for (let i = 0; i < 6; i++) {
      const indexBits = all.functionIndexBits.map((bit, k) => (k === i ? 2n : bit));
      attacks.push(await forge(circuit, { ...honest, indexBits }, {}));
    }
    assert.deepEqual(await leftOver(circuit, [honest], attacks), []);
  });

  it('Account', async () => {
    const circuit = await open('Account()');
    const honest: CircuitInput = {
      pkSigPreimage: xy(cofactorPreimage(alice.computeKey.pkSig)),
      prSigPreimage: xy(cofactorPreimage(alice.computeKey.prSig)),
    };
    const witness = calculateWitness(circuit, honest);
    const points = [alice.computeKey.pkSig, alice.computeKey.prSig, alice.address];
    assert.deepEqual(witness.slice(1, 7), points.flatMap(xy));
    assert.deepEqual(await leftOver(circuit, [honest]), []);
  });
});
