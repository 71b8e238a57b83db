import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMAIN, FIELD_MODULUS } from '../../protocol/constants.ts';
import { hash } from '../../protocol/hash/hash.ts';
import {
  calculateWitness,
  compileTestCircuit,
  type Forged,
  forge,
  signalValue,
  survivors,
} from '../support/circuit/circuits.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });

describe('Hash', () => {
  it('equals its twin for one block, exact blocks and padded blocks', async () => {
    const lengths = [1, 2, 3, 4, 8, 15, 16, 17, 32, 33, 50];
    const circuit = await compileTestCircuit(`
      include "hash/hash.circom"; include "generated/constants.circom";
      template All() {
        signal input in[50];
        ${lengths
          .map(
            (n) => `signal output out${n}; component h${n} = Hash(DOMAIN_SOURCE(), ${n});
              for (var i = 0; i < ${n}; i++) { h${n}.inputs[i] <== in[i]; }
              out${n} <== h${n}.out;`,
          )
          .join('\n')}
      }
      component main = All();`);
    fc.assert(
      fc.property(fc.array(field, { minLength: 50, maxLength: 50 }), (values) => {
        const witness = calculateWitness(circuit, { in: values });
        for (const n of lengths) {
          assert.equal(
            signalValue(circuit, witness, `main.out${n}`),
            hash(DOMAIN.SOURCE, values.slice(0, n)),
            `${n}`,
          );
        }
      }),
      { numRuns: 10, examples: [[Array<bigint>(50).fill(0n)], [Array<bigint>(50).fill(FIELD_MODULUS - 1n)]] },
    );
  });

  it('needs every constraint: each inner value follows from the one before', async () => {
    const circuit = await compileTestCircuit(`
      include "hash/hash.circom"; include "generated/constants.circom";
      component main = Hash(DOMAIN_NULLIFIER_LEAF(), 2);`);
    const forged: Forged[] = [];
    // The steps of the permutation; its other wires follow from the outputs y and v, see poseidon.test.ts.
    const steps = /\.rounds\.(?:x\[0\]\[|(?:x2|x4|y|u2|u4|v)\[)/;
    for (const name of circuit.symbols.keys()) {
      if (steps.test(name))
        forged.push(await forge(circuit, { inputs: [3n, 4n] }, { [name]: (value) => value + 1n }));
    }
    // A forged value breaks its own definition alone, and moves the hash.
    for (const { failing, publicSignals } of forged) {
      assert.equal(failing.length, 1);
      assert.notEqual(publicSignals[0], hash(DOMAIN.NULLIFIER_LEAF, [3n, 4n]));
    }
    assert.deepEqual(survivors(circuit, forged), []);
  });
});
