/** Random values of types, the edges often, and values outside them. */
import { isLeafOf } from '../../../program/values/literal.ts';
import {
  INTEGER_WIDTH,
  isIntegerType,
  isSignedType,
  type LiteralType,
  type Typed,
  type TypeTable,
  type ValueType,
} from '../../../program/values/types.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { addPoints, G, mulPoint } from '../../../protocol/curve/point.ts';
import { toField } from '../../../protocol/field.ts';
import { torsionPoints } from '../attack/torsion.ts';
import type { Random } from '../avm/functions.ts';
import { ALICE, BOB } from './programs.ts';

const GROUPS = [0n, 1n, 2n, 3n, SUBGROUP_ORDER - 1n, 12345678901234567890n].map((k) =>
  k === 0n ? 0n : mulPoint(G, k).x,
);

/** Points of the curve outside the subgroup: of small order, and of the other cosets. */
const OUTSIDE = torsionPoints()
  .slice(1)
  .flatMap((point) => [point.x, addPoints(mulPoint(G, 5n), point).x]);

/** A leaf of a type, the edges often. */
export function drawLeaf(rng: Random, type: LiteralType): bigint {
  if (type === 'boolean') return BigInt(rng.below(2));
  if (type === 'address') return rng.pick([ALICE, BOB]);
  if (type === 'group') return rng.pick(GROUPS);
  const size = isIntegerType(type)
    ? 1n << BigInt(INTEGER_WIDTH[type])
    : type === 'scalar'
      ? SUBGROUP_ORDER
      : FIELD_MODULUS;
  const bits = size.toString(2).length - 1;
  const kind = rng.below(8);
  let value = BigInt(rng.below(12));
  if (kind === 0) value = size - 1n - BigInt(rng.below(3));
  else if (kind === 1) value = rng.field() % size;
  else if (kind === 2) value = 1n << BigInt(rng.below(bits));
  else if (kind === 3) value = (1n << BigInt(rng.below(bits))) - 1n;
  else if (kind === 4) value = size / 2n - 1n + BigInt(rng.below(3));
  else if (kind === 5) value = rng.field() % (1n << BigInt(1 + rng.below(bits)));
  value %= size;
  return isSignedType(type) ? toField(BigInt.asIntN(bits, value)) : value;
}

/** A value outside the type, as a leaf; undefined where every field element is one. */
export function drawWrongLeaf(rng: Random, type: LiteralType): bigint | undefined {
  const size = isIntegerType(type) ? 1n << BigInt(INTEGER_WIDTH[type]) : 2n;
  const list = [
    2n,
    -1n,
    size,
    size + 1n,
    -size,
    size / 2n,
    -size / 2n - 1n,
    -size / 2n,
    2n * size,
    SUBGROUP_ORDER,
  ];
  list.push(
    SUBGROUP_ORDER + 1n,
    rng.field(),
    FIELD_MODULUS / 2n,
    FIELD_MODULUS / size,
    -FIELD_MODULUS / size,
  );
  // An address is any field element until a record is made for it.
  if (type === 'address') return undefined;
  const wrong = [...list.map(toField), ...(type === 'group' ? OUTSIDE : [])].filter(
    (leaf) => !isLeafOf(type, leaf),
  );
  return wrong.length === 0 ? undefined : rng.pick(wrong);
}

export function drawTyped(rng: Random, types: TypeTable, type: ValueType, signer: bigint): Typed<bigint> {
  const leaves = types.flatten(type).map((leaf) => drawLeaf(rng, leaf));
  if (type.kind === 'record') leaves[0] = signer;
  return { type, leaves };
}
