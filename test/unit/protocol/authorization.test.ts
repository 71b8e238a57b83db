import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { challengeOf } from '../../../protocol/call/challenge.ts';
import { type Authorization, authorize } from '../../../protocol/call/request.ts';
import { verifyAuthorization } from '../../../protocol/call/verify-authorization.ts';
import { COFACTOR, DOMAIN, FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { hashToGroup } from '../../../protocol/curve/hash-to-group.ts';
import { addPoints, G, IDENTITY, mulPoint, type Point } from '../../../protocol/curve/point.ts';
import { hash } from '../../../protocol/hash/hash.ts';
import { dummyNullifier, gammaOf, nullifierOf } from '../../../protocol/record.ts';
import { parseTransitionSignals, transitionSignals } from '../../../protocol/transaction/transition.ts';
import { torsionPoints } from '../../support/attack/torsion.ts';
import { alice, bob, sampleAuthorization, sampleOptions } from '../../support/transition/authorizations.ts';

const honest = sampleAuthorization();
const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

/** Replaces input 0's gamma by `gamma` and signs afresh as an owner would who knows all secrets. */
function resigned(gamma: Point, nullifier: bigint, h?: Point): Authorization {
  const t = 987654321n;
  const [input, ...rest] = honest.recordInputs;
  const H = hashToGroup(input.commitment);
  const recordInputs = [
    { ...input, gamma, h: h ?? mulPoint(H, t), nullifier },
    ...rest.map((other) => ({ ...other, h: mulPoint(other.H, t) })),
  ];
  const unsigned = {
    ...honest,
    recordInputs,
    signals: {
      ...honest.signals,
      tpk: mulPoint(G, t).x,
      nullifiers: [nullifier, honest.signals.nullifiers[1]],
    },
  };
  const challenge = challengeOf(unsigned);
  return { ...unsigned, challenge, response: mod(t - challenge * alice.skSig, SUBGROUP_ORDER) };
}

describe('authorize', () => {
  it('signs what verifyAuthorization accepts, with any use of the slots', () => {
    const [record] = sampleOptions().recordInputs;
    const second = { ...record!, rho: 8n };
    const output = sampleOptions().recordOutputs[0];
    for (const recordInputs of [[], [record], [undefined, record], [record, second]]) {
      for (const recordOutputs of [[], [output], [undefined, output], [output, output]]) {
        const request = sampleAuthorization({ recordInputs, recordOutputs });
        assert.equal(verifyAuthorization(request), undefined);
        assert.deepEqual(
          request.recordInputs.map(({ used }) => used),
          [0, 1].map((slot) => recordInputs[slot] !== undefined),
        );
        assert.deepEqual(
          request.recordOutputs.map(({ used }) => used),
          [0, 1].map((slot) => recordOutputs[slot] !== undefined),
        );
      }
    }
    assert.equal(
      verifyAuthorization(sampleAuthorization({ message: { programId: 1001n, words: [1n, 2n, 3n] } })),
      undefined,
    );
  });

  it('shows the nullifiers of section 4: real in used slots, dummy in others', () => {
    const [input, unused] = honest.recordInputs;
    assert.equal(
      honest.signals.nullifiers[0],
      nullifierOf(input.commitment, gammaOf(alice.skSig, input.commitment)),
    );
    assert.equal(honest.signals.nullifiers[1], dummyNullifier(honest.tvk, alice.address.x, 1));
    assert.equal(unused.record.typeId, 0n);
    assert.deepEqual(unused.gamma, gammaOf(alice.skSig, unused.commitment));
  });

  it('keeps the nullifier of a record whatever the call, and everything else fresh', () => {
    const again = sampleAuthorization({ randomness: new Uint8Array(32).fill(10) });
    const [a, b] = [honest, again].map(({ signals }) => transitionSignals(signals));
    const same = a.flatMap((signal, k) => (signal === b[k] ? [k] : []));
    // anchorRoot, the real nullifier, finalizeHash, linkIn, no message, rollupId.
    assert.deepEqual(same, [0, 1, 21, 22, 23, 24, 25, 26, 27]);
  });

  it('draws another nonce for any other call, even when the randomness repeats', () => {
    const [record] = sampleOptions().recordInputs;
    const variants = [
      {},
      { programId: 7n, message: undefined },
      { functionId: 7n },
      { inputs: [bob.address.x, 31n, ...Array<bigint>(14).fill(0n)] },
      { recordInputs: [] },
      { recordInputs: [undefined, record] },
      { recordInputs: [{ ...record!, rho: 8n }] },
      { recordOutputs: [] },
      { recordOutputs: sampleOptions().recordOutputs.slice(0, 1) },
      { message: { programId: 1001n, words: [1n, 2n, 3n] as const } },
      { anchorRoot: 7n },
      { rollupId: 7n },
      { randomness: new Uint8Array(32).fill(8) },
    ];
    const nonces = variants.map((changes) => sampleAuthorization(changes).signals.tpk);
    assert.equal(new Set(nonces).size, variants.length);
    const account = bob;
    const recordInputs = [{ ...record!, owner: bob.address.x }];
    assert.ok(!nonces.includes(sampleAuthorization({ account, recordInputs }).signals.tpk));
  });

  it('takes fresh randomness by default', () => {
    const draw = (): bigint => authorize({ ...sampleOptions(), randomness: undefined }).signals.tpk;
    assert.notEqual(draw(), draw());
  });

  it('holds no secret of the account', () => {
    const secrets = [alice.skSig, alice.rSig, alice.viewKey];
    const walk = (value: unknown): void => {
      if (typeof value === 'bigint') {
        for (const secret of secrets) assert.ok(value !== secret && value !== SUBGROUP_ORDER - secret);
      } else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
    };
    walk(honest);
  });

  it('refuses bad calls by name', () => {
    const [record] = sampleOptions().recordInputs;
    const output = sampleOptions().recordOutputs[0]!;
    const refused: [Parameters<typeof sampleOptions>[0], string][] = [
      [{ recordInputs: [{ ...record!, owner: bob.address.x }] }, 'RECORD_NOT_OWNED'],
      [{ recordInputs: [record, record] }, 'RECORD_DUPLICATE'],
      [{ recordInputs: [undefined, undefined, record] }, 'TOO_MANY_RECORDS'],
      [{ recordOutputs: [output, output, output] }, 'TOO_MANY_RECORDS'],
      [{ recordInputs: [{ ...record!, data: [1n] }] }, 'RECORD_WORDS'],
      [{ recordOutputs: [{ ...output, data: [1n] }] }, 'RECORD_WORDS'],
      [{ recordOutputs: [{ ...output, data: [FIELD_MODULUS, 0n, 0n, 0n, 0n] }] }, 'FIELD_OUT_OF_RANGE'],
      [{ recordOutputs: [{ ...output, owner: 0n }] }, 'POINT_NOT_IN_SUBGROUP'],
      [{ inputs: [1n] }, 'INPUT_COUNT'],
      [{ inputs: [FIELD_MODULUS, ...Array<bigint>(15).fill(0n)] }, 'FIELD_OUT_OF_RANGE'],
      [{ message: { programId: 1n, words: [0n, 0n, 0n] } }, 'MESSAGE_FOREIGN'],
      [{ anchorRoot: -1n }, 'FIELD_OUT_OF_RANGE'],
      [{ rollupId: FIELD_MODULUS }, 'FIELD_OUT_OF_RANGE'],
      [{ randomness: new Uint8Array(31) }, 'NONCE_RANDOMNESS'],
    ];
    for (const [changes, code] of refused) assert.throws(() => sampleAuthorization(changes), { code });
  });
});

describe('verifyAuthorization', () => {
  it('refuses every single change', () => {
    const bump = (value: bigint): bigint => (value + 1n) % FIELD_MODULUS;
    let changes = 0;
    /** Every copy of `value` with one leaf changed. */
    function* mutations(value: unknown): Generator<unknown> {
      if (typeof value === 'bigint') {
        yield bump(value);
        yield value + FIELD_MODULUS;
      } else if (typeof value === 'boolean') yield !value;
      else if (value !== null && typeof value === 'object') {
        for (const key of Object.keys(value)) {
          for (const changed of mutations((value as Record<string, unknown>)[key])) {
            yield Array.isArray(value)
              ? value.map((item, k) => (String(k) === key ? changed : item))
              : { ...value, [key]: changed };
          }
        }
      }
    }
    const request = sampleAuthorization({ message: { programId: 1001n, words: [1n, 2n, 3n] } });
    for (const changed of mutations(request)) {
      assert.notEqual(
        verifyAuthorization(changed as Authorization),
        undefined,
        inspect(changed, { depth: 5 }),
      );
      changes++;
    }
    assert.ok(changes > 200);
  });

  it('refuses s + l: one signature has one form', () => {
    assert.equal(verifyAuthorization({ ...honest, response: honest.response + SUBGROUP_ORDER }), 'shape');
  });

  it('refuses missing and additional slots', () => {
    const [input] = honest.recordInputs;
    assert.equal(verifyAuthorization({ ...honest, recordInputs: [input] }), 'shape');
    assert.equal(verifyAuthorization({ ...honest, recordInputs: [input, input, input] }), 'shape');
    assert.equal(verifyAuthorization({ ...honest, inputs: honest.inputs.slice(1) }), 'shape');
  });

  it('refuses a gamma of (0,0), signed by the owner: it would be a second nullifier', () => {
    const { commitment } = honest.recordInputs[0];
    const zero = { x: 0n, y: 0n };
    // Under the complete law (0,0) absorbs everything: 8 * (0,0) = (0,0) and s*H + c*(0,0) = (0,0).
    const second = hash(DOMAIN.NULL, [commitment, 0n]);
    assert.equal(verifyAuthorization(resigned(zero, second, zero)), 'record input 0: gamma');
  });

  it('refuses a gamma off the curve', () => {
    const { commitment, gamma } = honest.recordInputs[0];
    const off = { x: gamma.x, y: mod(gamma.y + 1n, FIELD_MODULUS) };
    assert.equal(verifyAuthorization(resigned(off, 1n)), 'record input 0: gamma');
    assert.equal(verifyAuthorization(resigned(gamma, nullifierOf(commitment, gamma))), undefined);
  });

  it('gains nothing from torsion in gamma: the nullifier stays', () => {
    const { commitment, gamma } = honest.recordInputs[0];
    const nullifier = nullifierOf(commitment, gamma);
    const H = hashToGroup(commitment);
    for (const twist of torsionPoints().slice(1)) {
      const twisted = addPoints(gamma, twist);
      assert.equal(nullifierOf(commitment, twisted), nullifier);
      // The signature may hold (h absorbs c * torsion) or not; with another nullifier it never does.
      const t = 987654321n;
      const other = nullifierOf(commitment, addPoints(twisted, G));
      for (let k = 0n; k < COFACTOR; k++) {
        const h = addPoints(mulPoint(H, t), mulPoint(twist, k));
        const forged = verifyAuthorization(resigned(twisted, other, h));
        assert.ok(forged === 'record input 0: signature' || forged === 'record input 0: nullifier');
      }
    }
  });

  it("refuses another key's gamma, the neutral gamma and the dummy nullifier in a used slot", () => {
    const { commitment } = honest.recordInputs[0];
    const foreign = gammaOf(bob.skSig, commitment);
    assert.equal(
      verifyAuthorization(resigned(foreign, nullifierOf(commitment, foreign))),
      'record input 0: signature',
    );
    assert.equal(
      verifyAuthorization(resigned(IDENTITY, nullifierOf(commitment, IDENTITY))),
      'record input 0: signature',
    );
    const gamma = gammaOf(alice.skSig, commitment);
    const dummy = dummyNullifier(honest.tvk, alice.address.x, 0);
    assert.equal(verifyAuthorization(resigned(gamma, dummy)), 'record input 0: nullifier');
  });

  it('refuses keys outside the subgroup', () => {
    for (const twist of torsionPoints().slice(1)) {
      for (const part of ['pkSig', 'prSig'] as const) {
        const computeKey = { ...honest.computeKey, [part]: addPoints(honest.computeKey[part], twist) };
        assert.equal(verifyAuthorization({ ...honest, computeKey }), 'compute key');
      }
    }
  });
});

describe('public signals', () => {
  it('are 28 and round-trip', () => {
    for (const message of [undefined, { programId: 1001n, words: [1n, 2n, 3n] as const }]) {
      const { signals } = sampleAuthorization({ message });
      const flat = transitionSignals(signals);
      assert.equal(flat.length, 28);
      assert.deepEqual(parseTransitionSignals(flat), signals);
    }
  });

  it('stand in the order of section 6', () => {
    const numbered = parseTransitionSignals(Array.from({ length: 28 }, (_, k) => BigInt(k + 1)));
    assert.deepEqual(numbered, {
      anchorRoot: 1n,
      nullifiers: [2n, 3n],
      commitments: [4n, 5n],
      tpk: 6n,
      encryptionPoint: 7n,
      ciphertexts: [
        [8n, 9n, 10n, 11n, 12n, 13n],
        [14n, 15n, 16n, 17n, 18n, 19n],
      ],
      outgoing: [20n, 21n],
      finalizeHash: 22n,
      linkIn: 23n,
      linkOut: [],
      message: { programId: 24n, words: [25n, 26n, 27n] },
      rollupId: 28n,
    });
  });

  it('of a large transition stand in the order of section 6', () => {
    const flat = Array.from({ length: 50 }, (_, k) => BigInt(k + 1));
    const numbered = parseTransitionSignals(flat);
    assert.deepEqual(transitionSignals(numbered), flat);
    assert.deepEqual(numbered.nullifiers, [2n, 3n, 4n, 5n]);
    assert.deepEqual(numbered.commitments, [6n, 7n, 8n, 9n]);
    assert.deepEqual([numbered.tpk, numbered.encryptionPoint], [10n, 11n]);
    assert.deepEqual(numbered.ciphertexts[3], [30n, 31n, 32n, 33n, 34n, 35n]);
    assert.deepEqual(numbered.outgoing, [36n, 37n, 38n, 39n]);
    assert.deepEqual([numbered.finalizeHash, numbered.linkIn], [40n, 41n]);
    assert.deepEqual(numbered.linkOut, [42n, 43n, 44n, 45n]);
    assert.deepEqual(numbered.message, { programId: 46n, words: [47n, 48n, 49n] });
    assert.equal(numbered.rollupId, 50n);
    const zeros = Array<bigint>(50).fill(0n);
    assert.equal(parseTransitionSignals(zeros).message, undefined);
    for (const k of [46, 47, 48]) {
      assert.throws(() => parseTransitionSignals(zeros.with(k, 1n)), { code: 'TRANSITION_SIGNALS' });
    }
    assert.throws(() => parseTransitionSignals(flat.with(44, FIELD_MODULUS)), {
      code: 'TRANSITION_SIGNALS',
      message: /linkOut\[3\]/,
    });
  });

  it('are refused in another number, at or above r, or with half a message', () => {
    const flat = transitionSignals(honest.signals);
    const code = 'TRANSITION_SIGNALS';
    assert.throws(() => parseTransitionSignals(flat.slice(1)), { code });
    assert.throws(() => parseTransitionSignals([...flat, 0n]), { code });
    for (let k = 0; k < 28; k++) {
      assert.throws(() => parseTransitionSignals(flat.with(k, FIELD_MODULUS)), { code });
      assert.throws(() => parseTransitionSignals(flat.with(k, -1n)), { code });
    }
    for (const k of [24, 25, 26]) assert.throws(() => parseTransitionSignals(flat.with(k, 1n)), { code });
  });
});
