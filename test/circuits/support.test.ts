import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { G } from '../../protocol/curve/point.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { accelerateGenerator } from '../../prover/witness/accelerate-generator.ts';
import { WitnessCalculator } from '../../prover/witness-calculator.ts';
import {
  calculateWitness,
  checkR1cs,
  compileTestCircuit,
  describeConstraint,
  forge,
  passesWithout,
  signalIndex,
  signalValue,
  survivors,
} from '../support/circuit/circuits.ts';

/** Sound: `inverse` is advice, pinned by two constraints. */
const IS_ZERO = `
  template IsZero() {
    signal input in;
    signal output out;
    signal inverse <-- in != 0 ? 1 / in : 0;
    out <== 1 - in * inverse;
    in * out === 0;
  }`;

describe('circuit test support', () => {
  it('calculates and checks witnesses', async () => {
    const circuit = await compileTestCircuit(`${IS_ZERO}\ncomponent main = IsZero();`);
    const witness = calculateWitness(circuit, { in: 5n });
    assert.equal(signalValue(circuit, witness, 'main.out'), 0n);
    assert.deepEqual(checkR1cs(circuit, witness), []);
    const broken = witness.with(signalIndex(circuit, 'main.out'), 1n);
    assert.deepEqual(checkR1cs(circuit, broken).length, 2);
    assert.throws(() => calculateWitness(circuit, { other: 1n }), { code: 'WITNESS_INPUT' });
    assert.throws(() => calculateWitness(circuit, { in: [1n, 2n] }), { code: 'WITNESS_INPUT' });
  });

  it('recomputes what depends on a forged advice and finds the constraint that stops it', async () => {
    const circuit = await compileTestCircuit(`${IS_ZERO}\ncomponent main = IsZero();`);
    const forged = await forge(circuit, { in: 5n }, { 'main.inverse': 0n });
    // out was computed from the forged inverse: only in * out = 0 is left to object.
    assert.equal(signalValue(circuit, forged.witness, 'main.out'), 1n);
    assert.equal(forged.failing.length, 1);
    assert.ok(passesWithout(forged, forged.failing[0]!));
    assert.match(describeConstraint(circuit, forged.failing[0]!), /main\.in.*main\.out/);
  });

  it('shows an unsound circuit to be unsound', async () => {
    const circuit = await compileTestCircuit(`
      template Unsound() {
        signal input in;
        signal output out;
        signal inverse <-- in != 0 ? 1 / in : 0;
        out <== 1 - in * inverse;
      }
      component main = Unsound();`);
    const forged = await forge(circuit, { in: 5n }, { 'main.inverse': 0n });
    assert.deepEqual(forged.failing, []);
    assert.equal(forged.publicSignals[0], 1n);
  });

  it('computes the witnesses that the unchanged generator computes', async () => {
    const circuit = await compileTestCircuit(`
      include "hash/poseidon.circom";
      include "curve/edwards.circom";
      include "field/strict-bits.circom";
      template Main() {
        signal input x;
        signal input p[2];
        signal output y;
        signal quotient <-- (x - 3) / (x + 5);
        quotient * (x + 5) === x - 3;
        signal power <-- x ** 7 - x \\ 3 + x % 1000;
        signal bits <-- ((x >> 100) & 1023) ^ (x << 3);
        component hash = Permutation(5, 1);
        hash.state <== [x, quotient, power, bits, -x];
        component double = DoublePoint();
        double.p <== p;
        component add = AddPoints();
        add.p <== double.out;
        add.q <== p;
        y <== hash.out[0] * add.out[0] + add.out[1];
      }
      component main = Main();`);
    const fast = accelerateGenerator(circuit.wasm);
    assert.notDeepEqual(fast, circuit.wasm);
    const unchanged = await WitnessCalculator.create(await WebAssembly.compile(circuit.wasm));
    const accelerated = await WitnessCalculator.create(circuit.wasm);
    for (const x of [0n, 1n, -1n, -4n, 7n, 1n << 31n, -(1n << 31n), 1n << 253n, G.x, G.y]) {
      const input = { x, p: [G.x, G.y] };
      assert.deepEqual(accelerated.calculate(input), unchanged.calculate(input), `x = ${x}`);
    }
  });

  it('leaves alone a generator whose functions have other names', async () => {
    const { wasm } = await compileTestCircuit(`${IS_ZERO}\ncomponent main = IsZero();`);
    const renamed = wasm.slice();
    const at = Buffer.from(renamed.buffer).indexOf('Fr_F1m_mul');
    renamed[at] = 'G'.charCodeAt(0);
    assert.equal(accelerateGenerator(renamed), renamed);
    assert.equal((await WitnessCalculator.create(renamed)).size > 0, true);
    const none = Uint8Array.of(1, 2, 3);
    assert.equal(accelerateGenerator(none), none);
  });

  it('forges through components, arrays and later hints', async () => {
    const circuit = await compileTestCircuit(`
      template Half() {
        signal input in[2];
        signal output out[2];
        for (var i = 0; i < 2; i++) { out[i] <-- in[i] / 2; }
        out[0] * 2 === in[0];
      }
      template Main() {
        signal input x;
        signal output y;
        component first = Half();
        first.in <== [x, 2 * x];
        component second = Half();
        second.in <== first.out;
        y <== second.out[0] * second.out[1];
      }
      component main = Main();`);
    const honest = calculateWitness(circuit, { x: 8n });
    assert.equal(signalValue(circuit, honest, 'main.y'), 8n);
    // out[1] is unconstrained, the hint of the second component follows the forged first.
    const forged = await forge(circuit, { x: 8n }, { 'main.first.out[1]': (value) => value + 92n });
    assert.deepEqual(forged.failing, []);
    assert.equal(forged.publicSignals[0], 2n * 50n);
    const caught = await forge(circuit, { x: 8n }, { 'main.first.out[0]': 400n });
    assert.equal(caught.publicSignals[0], 200n * 4n);
    assert.equal(caught.failing.length, 1);
    // A large and a negative value survive the generator's number formats.
    for (const value of [1n << 200n, -1n, (1n << 31n) - 1n, 1n << 31n, -(1n << 31n), -(1n << 31n) - 1n]) {
      assert.equal((await forge(circuit, { x: 8n }, { 'main.first.out[1]': value })).failing.length, 0);
    }
  });

  it('goes on after a failing constraint, honest runs do not', async () => {
    const circuit = await compileTestCircuit(`
      template Bits() {
        signal input in;
        signal output out[4];
        var sum = 0;
        for (var i = 0; i < 4; i++) {
          out[i] <-- (in >> i) & 1;
          out[i] * (out[i] - 1) === 0;
          sum += out[i] * (1 << i);
        }
        sum === in;
      }
      component main = Bits();`);
    assert.throws(
      () => calculateWitness(circuit, { in: 16n }),
      (error) =>
        error instanceof AzaleaError && error.code === 'WITNESS_UNSATISFIED' && /Bits/.test(error.message),
    );
    const forged = await forge(circuit, { in: 16n }, { 'main.out[3]': 2n });
    assert.equal(forged.failing.length, 1);
  });

  it('divides as the unchanged generator does, by zero too', async () => {
    const circuit = await compileTestCircuit(`
      template Ratio() {
        signal input a;
        signal input b;
        signal output out;
        out <-- a / b;
        signal inverse <-- 1 / b;
        out * (b - b) === 0 * inverse;
      }
      component main = Ratio();`);
    // The second round meets values that are known.
    for (const b of [1n, 2n, 0n, 12345n, -1n, 1n << 200n, 2n, 0n, 12345n]) {
      for (const a of [0n, 1n, -7n, 1n << 250n]) {
        const forged = await forge(circuit, { a, b }, {});
        assert.deepEqual(forged.witness, calculateWitness(circuit, { a, b }), `${a} / ${b}`);
      }
    }
  });

  it('refuses a forgery that cannot fail', async () => {
    const circuit = await compileTestCircuit(`${IS_ZERO}\ncomponent main = IsZero();`);
    await assert.rejects(forge(circuit, { in: 0n }, { 'main.inverse': 0n }), /changed no wire/);
    await assert.rejects(forge(circuit, { in: 0n }, { 'main.inverze': 0n }), /no signal/);
  });

  it('meta-test: names the constraints that no forgery needs', async () => {
    const circuit = await compileTestCircuit(`${IS_ZERO}\ncomponent main = IsZero();`);
    const honest = [calculateWitness(circuit, { in: 5n }), calculateWitness(circuit, { in: 0n })];
    const first = await forge(circuit, { in: 5n }, { 'main.inverse': 0n });
    assert.equal(survivors(circuit, [first], honest).length, 1);
    const second = await forge(circuit, { in: 0n }, { 'main.out': 0n });
    assert.deepEqual(survivors(circuit, [first, second], honest), []);
  });
});
