import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BASE_FIELD_MODULUS } from '../../../protocol/proof.ts';
import { drawDevSrs, keySecrets, parseDevSrs, serializeDevSrs } from '../../../prover/keys/dev-srs.ts';
import { domainPower } from '../../../prover/keys/qap.ts';
import { decodeProof, encodeProof } from '../../../prover/proof.ts';
import { readR1cs } from '../../../prover/r1cs.ts';
import { encodeWtns, witnessToBigints } from '../../../prover/witness-calculator.ts';

describe('proof bytes', () => {
  it('are the inverse of each other, in EIP-197 order', () => {
    const coordinate = fc.bigInt(0n, BASE_FIELD_MODULUS - 1n);
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 8, maxLength: 8 }), (c) => {
        const bytes = Uint8Array.from(
          c.flatMap((value) => [...Buffer.from(value.toString(16).padStart(64, '0'), 'hex')]),
        );
        const proof = decodeProof(bytes);
        assert.deepEqual(encodeProof(proof), bytes);
        // B.x.c1 comes before B.x.c0.
        assert.deepEqual(proof.pi_b[0], [String(c[3]), String(c[2])]);
        assert.deepEqual(proof.pi_b[1], [String(c[5]), String(c[4])]);
      }),
    );
  });
});

describe('development SRS', () => {
  it('survives its file form; every circuit has its own delta', () => {
    const srs = drawDevSrs();
    assert.deepEqual(parseDevSrs(serializeDevSrs(srs)), srs);
    const [first, again, second] = ['a', 'a', 'b'].map((hash) => keySecrets(srs, hash));
    assert.deepEqual(first, again);
    assert.notEqual(first!.delta, second!.delta);
    assert.equal(new Set(Object.values(first!)).size, 5);
    assert.notEqual(drawDevSrs().id, srs.id);
  });

  it('refuses another format, a changed secret and a secret out of range', () => {
    const text = serializeDevSrs(drawDevSrs());
    const json = JSON.parse(text) as Record<string, string>;
    const changed = [
      { format: 'azalea-dev-srs/0' },
      { tau: `0x${'0'.repeat(64)}` },
      { alpha: `0x${'f'.repeat(64)}` },
      { beta: json.gamma },
      { deltaSeed: json.deltaSeed!.slice(2) },
      { id: '00' },
    ];
    for (const change of changed) {
      assert.throws(() => parseDevSrs(JSON.stringify({ ...json, ...change })), { code: 'DEV_SRS_MALFORMED' });
    }
    assert.throws(() => parseDevSrs('{'), { code: 'DEV_SRS_MALFORMED' });
  });
});

describe('evaluation domain', () => {
  it('holds constraints, public signals and one row for the constant', () => {
    const power = (constraints: number, publicSignals: number) => domainPower({ constraints, publicSignals });
    assert.equal(power(65_507, 28), 16);
    assert.equal(power(65_508, 28), 17);
    assert.equal(power(1, 1), 2);
    assert.equal(power(1, 0), 1);
  });
});

describe('.r1cs reader', () => {
  /** One constraint w1 * w2 = w3 over BN254, with chosen header words. */
  function file(
    change: { prime?: bigint; wire?: number; magic?: number; constraints?: number } = {},
  ): Uint8Array<ArrayBuffer> {
    const prime =
      change.prime ?? 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
    const field = (value: bigint) =>
      Array.from({ length: 32 }, (_, k) => Number((value >> BigInt(8 * k)) & 255n));
    const row = [1, 2, change.wire ?? 3].flatMap((wire) => [...u32(1), ...u32(wire), ...field(1n)]);
    const sizes = [4, 1, 0, 2].flatMap(u32);
    const header = [
      ...u32(32),
      ...field(prime),
      ...sizes,
      ...u32(4),
      ...u32(0),
      ...u32(change.constraints ?? 1),
    ];
    const section = (id: number, body: number[]) => [...u32(id), ...u32(body.length), ...u32(0), ...body];
    const bytes = [
      ...u32(change.magic ?? 0x73633172),
      ...u32(1),
      ...u32(2),
      ...section(1, header),
      ...section(2, row),
    ];
    return Uint8Array.from(bytes);
  }

  it('reads what is well-formed', () => {
    const r1cs = readR1cs(file());
    assert.deepEqual([r1cs.wires, r1cs.constraints, r1cs.publicSignals, r1cs.nonZeros], [4, 1, 1, 3]);
    assert.deepEqual([...r1cs.a.wires, ...r1cs.b.wires, ...r1cs.c.wires], [1, 2, 3]);
  });

  it('refuses what is cut off, of another field or names wires that do not exist', () => {
    const whole = file();
    for (let length = 0; length < whole.length; length += 7) {
      assert.throws(() => readR1cs(whole.slice(0, length)), { code: 'R1CS_MALFORMED' }, `${length} bytes`);
    }
    for (const bad of [{ prime: 7n }, { wire: 4 }, { magic: 1 }, { constraints: 2 }]) {
      assert.throws(() => readR1cs(file(bad)), { code: 'R1CS_MALFORMED' });
    }
  });
});

describe('witness bytes', () => {
  it('are 32 bytes little-endian behind the .wtns header', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, (1n << 254n) - 1n), { maxLength: 5 }), (values) => {
        const bytes = Uint8Array.from(
          values.flatMap((value) =>
            Array.from({ length: 32 }, (_, k) => Number((value >> BigInt(8 * k)) & 255n)),
          ),
        );
        assert.deepEqual(witnessToBigints(bytes), values);
        const wtns = encodeWtns(bytes);
        assert.deepEqual(wtns.slice(-bytes.length || wtns.length), bytes);
        assert.equal(new DataView(wtns.buffer).getUint32(60, true), values.length);
      }),
    );
  });
});
