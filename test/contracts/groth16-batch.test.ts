import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { type Address, bytesToHex, encodeFunctionData, type Hex, hexToBigInt, sliceHex } from 'viem';
import { type DevelopmentChain, startChain } from '../../devnet/chain.ts';
import { revertName } from '../../fixtures/rollup.ts';
import { developmentAccounts } from '../../l1/account.ts';
import { type ContractArtifact, loadArtifact } from '../../l1/artifacts.ts';
import { connectL1, type L1Client, type L1Wallet, l1Wallet } from '../../l1/client.ts';
import { deployContract } from '../../l1/deploy/deploy.ts';
import { l1Call } from '../../l1/failure.ts';
import { type ContractKey, contractKeys, keyTableHash, type SharedKey } from '../../l1/verification-key.ts';
import { FIELD_MODULUS, KEY_ID } from '../../protocol/constants.ts';
import { BASE_FIELD_MODULUS } from '../../protocol/proof.ts';
import { type StandInName, type StandInProver, standInProver } from '../support/rollup/stand-in-prover.ts';

interface Claim {
  keyId: number;
  proof: bigint[];
  inputs: [bigint, bigint, bigint];
}

const G1 = bn254.G1.Point;
type Point = InstanceType<typeof G1>;
const point = (x: bigint, y: bigint): Point => G1.fromAffine({ x, y });
const coordinates = (p: Point): [bigint, bigint] => [p.toAffine().x, p.toAffine().y];

describe('Groth16Batch', () => {
  let chain: DevelopmentChain;
  let client: L1Client;
  let wallet: L1Wallet;
  let artifact: ContractArtifact;
  let prover: StandInProver;
  let shared: SharedKey;
  let keys: readonly ContractKey[];
  let harness: Address;
  let honest: Claim[];

  const claim = async (name: StandInName, first: bigint): Promise<Claim> => {
    const inputs: Claim['inputs'] = [first, first + 1n, first + 2n];
    const proof = bytesToHex(await prover.prove(name, inputs));
    return {
      keyId: KEY_ID[name],
      proof: Array.from({ length: 8 }, (_, k) => hexToBigInt(sliceHex(proof, 32 * k, 32 * k + 32))),
      inputs,
    };
  };
  const verify = (claims: readonly Claim[]): Promise<Hex | undefined> =>
    l1Call('verify', async () => {
      const data = encodeFunctionData({ abi: artifact.abi, functionName: 'verify', args: [claims] });
      return (await client.call({ to: harness, data })).data;
    });
  const deploy = (s: SharedKey, k: readonly ContractKey[]): Promise<Address> =>
    deployContract({ client, wallet }, artifact, [s, k]);
  const changed = (edit: (claims: Claim[]) => void): Claim[] => {
    const copy = structuredClone(honest);
    edit(copy);
    return copy;
  };
  const outcome = (claims: readonly Claim[]): Promise<string> => revertName(verify(claims));

  before(async () => {
    chain = await startChain();
    client = await connectL1({ l1: chain.provider, pollingInterval: 10 });
    wallet = l1Wallet(client, developmentAccounts(1)[0]);
    artifact = await loadArtifact('Groth16BatchHarness');
    prover = await standInProver();
    ({ shared, keys } = contractKeys(prover.keys));
    harness = await deploy(shared, keys);
    honest = [
      await claim('transition-small', 1000n),
      await claim('transition-small', 2000n),
      await claim('transition-large', 5000n),
      await claim('state-update-small', 3000n),
      await claim('state-update-large', FIELD_MODULUS - 20n),
    ];
  });
  after(async () => {
    await prover?.close();
    await chain?.close();
  });

  it('accepts every batch of right proofs: one, several of one key, several keys, in any order', async () => {
    for (const claims of [
      ...honest.map((one) => [one]),
      honest.slice(0, 2),
      honest,
      [...honest].reverse(),
      [honest[0], honest[0], honest[0]],
    ]) {
      assert.equal(await outcome(claims), 'no error');
    }
  });

  it('refuses a batch when any one public input of any proof is one more or one less', async () => {
    for (const [i, { inputs }] of honest.entries()) {
      for (let j = 0; j < inputs.length; j++) {
        for (const change of [1n, FIELD_MODULUS - 1n]) {
          const claims = changed((copy) => {
            copy[i].inputs[j] = (inputs[j] + change) % FIELD_MODULUS;
          });
          assert.equal(await outcome(claims), 'InvalidProof', `proof ${i}, input ${j}`);
        }
      }
    }
  });

  it('refuses swapped inputs, swapped proofs, and a proof under the key of another circuit', async () => {
    assert.equal(
      await outcome(
        changed((copy) => {
          [copy[0].inputs[1], copy[0].inputs[2]] = [copy[0].inputs[2], copy[0].inputs[1]];
        }),
      ),
      'InvalidProof',
    );
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
      [3, 4],
    ]) {
      const claims = changed((copy) => {
        [copy[a].proof, copy[b].proof] = [copy[b].proof, copy[a].proof];
      });
      assert.equal(await outcome(claims), 'InvalidProof');
    }
    assert.equal(
      await outcome(
        changed((copy) => {
          copy[3].keyId = KEY_ID['state-update-large'];
        }),
      ),
      'InvalidProof',
    );
  });

  it('refuses errors that cancel out in a plain sum of the equations', async () => {
    const shift = G1.BASE.multiply(123456789n);
    // Three proofs of one key: every two of them, so that no two coefficients may be the same.
    const three = [honest[0], honest[1], await claim('transition-small', 5000n)];
    assert.equal(await outcome(three), 'no error');
    for (const [plus, minus] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 0],
    ]) {
      // C of one gets +P, C of another -P: the sum of both is what it was.
      const shifted = structuredClone(three);
      const a = point(shifted[plus].proof[6], shifted[plus].proof[7]).add(shift);
      const b = point(shifted[minus].proof[6], shifted[minus].proof[7]).subtract(shift);
      shifted[plus].proof.splice(6, 2, ...coordinates(a));
      shifted[minus].proof.splice(6, 2, ...coordinates(b));
      assert.equal(await outcome(shifted), 'InvalidProof');
      // The same with a public input: +1 in one proof, -1 in the other.
      const inputs = structuredClone(three);
      inputs[plus].inputs[1] += 1n;
      inputs[minus].inputs[1] -= 1n;
      assert.equal(await outcome(inputs), 'InvalidProof');
    }
  });

  it('accepts a re-randomised proof: proof bytes identify nothing', async () => {
    // (A, B, C) -> (-A, -B, C) satisfies the same equation.
    const claims = changed((copy) => {
      for (const k of [1, 4, 5]) copy[1].proof[k] = BASE_FIELD_MODULUS - copy[1].proof[k];
    });
    assert.equal(await outcome(claims), 'no error');
  });

  it('refuses points off the curve, coordinates at or above q, points outside the subgroup, infinity', async () => {
    for (const i of [0, 1, 2, 4]) {
      for (let word = 0; word < 8; word++) {
        const flipped = await outcome(
          changed((copy) => {
            copy[i].proof[word] = (copy[i].proof[word] + 1n) % BASE_FIELD_MODULUS;
          }),
        );
        assert.ok(['InvalidProof', 'InvalidProofPoint'].includes(flipped), `${i}/${word}: ${flipped}`);
        const aliased = await outcome(
          changed((copy) => {
            copy[i].proof[word] += BASE_FIELD_MODULUS;
          }),
        );
        assert.ok(['InvalidProof', 'InvalidProofPoint'].includes(aliased), `${i}/${word}: ${aliased}`);
      }
      for (const [from, to] of [
        [0, 2],
        [2, 6],
        [6, 8],
        [0, 8],
      ]) {
        const zeroed = changed((copy) => copy[i].proof.fill(0n, from, to));
        assert.equal(await outcome(zeroed), 'InvalidProof');
      }
      const outside = changed((copy) => copy[i].proof.splice(2, 4, ...outsideSubgroup()));
      assert.equal(await outcome(outside), 'InvalidProof');
    }
  });

  describe('keys', () => {
    const edit = (change: (s: any, k: any[]) => void): Promise<string> => {
      const [s, k] = [structuredClone(shared), structuredClone([...keys])];
      change(s, k);
      return revertName(deploy(s, k));
    };

    it('are stored as they are given', async () => {
      const hash = await client.readContract({
        address: harness,
        abi: artifact.abi,
        functionName: 'tableHash',
      });
      assert.equal(hash, keyTableHash(shared, keys));
      const table = (await client.readContract({
        address: harness,
        abi: artifact.abi,
        functionName: 'table',
      })) as Hex;
      const code = await client.getCode({ address: table });
      const words = [
        shared.alpha,
        shared.beta,
        shared.gamma,
        ...keys.flatMap((key) => [key.delta, key.ic]),
      ].flat();
      assert.equal(code, `0x00${words.map((word) => word.toString(16).padStart(64, '0')).join('')}`);
      // The code begins with STOP: a call does nothing and returns nothing.
      assert.equal((await client.call({ to: table, data: '0x12345678' })).data, undefined);
    });

    it('with a point at infinity, off the curve, aliased or outside the subgroup are refused', async () => {
      const g1: [string, (s: any, k: any[]) => bigint[], number][] = [
        ['alpha', (s) => s.alpha, 0],
        ...[0, 1, 2, 3].flatMap((key) =>
          Array.from(
            { length: 4 },
            (_, j) => [`ic[${j}]`, (_s: any, k: any[]) => k[key].ic, 2 * j] as [string, any, number],
          ),
        ),
      ];
      for (const [name, array, from] of g1) {
        assert.equal(await edit((s, k) => array(s, k).fill(0n, from, from + 2)), 'InvalidKeyPoint', name);
      }
      for (const [name, array] of [
        ['beta', (s: any) => s.beta],
        ['gamma', (s: any) => s.gamma],
        ['delta', (_: any, k: any[]) => k[1].delta],
      ] as [string, (s: any, k: any[]) => bigint[]][]) {
        assert.equal(await edit((s, k) => array(s, k).fill(0n)), 'InvalidKeyPoint', name);
        assert.equal(
          await edit((s, k) => {
            array(s, k)[0] += 1n;
          }),
          'InvalidKeyPoint',
        );
        assert.equal(
          await edit((s, k) => {
            array(s, k)[2] += BASE_FIELD_MODULUS;
          }),
          'InvalidKeyPoint',
        );
        assert.equal(await edit((s, k) => array(s, k).splice(0, 4, ...outsideSubgroup())), 'InvalidKeyPoint');
      }
      assert.equal(
        await edit((s) => {
          s.alpha[0] += 1n;
        }),
        'InvalidKeyPoint',
      );
      assert.equal(
        await edit((_, k) => {
          k[2].ic[5] += BASE_FIELD_MODULUS;
        }),
        'InvalidKeyPoint',
      );
    });

    it('with a delta equal or opposite to another delta or to gamma are refused', async () => {
      const opposite = ([a, b, c, d]: readonly bigint[]): bigint[] => [
        a,
        b,
        BASE_FIELD_MODULUS - c,
        BASE_FIELD_MODULUS - d,
      ];
      for (const form of [(p: readonly bigint[]) => [...p], opposite]) {
        assert.equal(
          await edit((_, k) => {
            k[2].delta = form(k[0].delta);
          }),
          'DependentKeys',
        );
        assert.equal(
          await edit((s, k) => {
            k[1].delta = form(s.gamma);
          }),
          'DependentKeys',
        );
      }
    });

    it('out of order, doubled, unknown, or without a role are refused', async () => {
      assert.equal(await edit((_, k) => k.reverse()), 'InvalidKeyList');
      assert.equal(await edit((_, k) => k.splice(1, 0, structuredClone(k[0]))), 'InvalidKeyList');
      assert.equal(await edit((_, k) => k.splice(2, 2)), 'InvalidKeyList');
      assert.equal(await edit((_, k) => k.splice(0, 2)), 'InvalidKeyList');
      assert.equal(await edit((_, k) => k.splice(0, 4)), 'InvalidKeyList');
      // One transition key is enough, of either size.
      assert.equal(await edit((_, k) => k.splice(0, 1)), 'no error');
      assert.equal(await edit((_, k) => k.splice(1, 1)), 'no error');
      for (const id of [4, 255]) {
        assert.equal(
          await edit((_, k) => {
            k[k.length - 1].id = id;
            k.sort((a, b) => a.id - b.id);
          }),
          'UnknownKey',
        );
      }
    });
  });
});

/** A point on the twist's curve that is not in the subgroup of order r, EIP-197 order: most points are. */
function outsideSubgroup(): bigint[] {
  const { Fp2 } = bn254.fields;
  for (let c0 = 1n; ; c0++) {
    const x = Fp2.create({ c0, c1: 0n });
    const rhs = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b);
    try {
      const y = Fp2.sqrt(rhs);
      const p = bn254.G2.Point.fromAffine({ x, y });
      if (!p.isTorsionFree()) return [x.c1, x.c0, y.c1, y.c0];
    } catch {
      // No square root: not the x of a point.
    }
  }
}
