/** `mul` of group element and scalar: meaning, slots, and every forged value of the slot. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAvm } from '../../../avm/check.ts';
import { simulate } from '../../../program/run/simulate.ts';
import { FIELD_MODULUS, SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { addPoints, G, mulPoint, subgroupPoint } from '../../../protocol/curve/point.ts';
import {
  avmArguments,
  CARRIER,
  CONTEXT,
  compile,
  evaluationInputs,
  value,
} from '../../support/program/programs.ts';

const carry = (register: number): string =>
  `cast r${register} into r${register + 1} as field;\ncast self.signer r${register + 1} into r${register + 2} as out.record;\noutput r${register + 2} as out.record;`;
const TIMES = `input r0 as group.private;\ninput r1 as scalar.private;\nmul r0 r1 into r2;\n${carry(2)}`;
const OTHER = TIMES.replace('mul r0 r1', 'mul r1 r0');
const SCALARS = [0n, 1n, 2n, SUBGROUP_ORDER - 1n, 0x1234567890abcdefn << 180n];

test('the product, in either order, of generator, identity and others', () => {
  for (const body of [TIMES, OTHER]) {
    const program = compile(body, CARRIER(1));
    const fn = program.functions.get('f')!;
    assert.equal(fn.bytecode.sizeClass, 'large');
    assert.deepEqual(fn.capacity.group, { used: 1, capacity: 3 });
    for (const x of [G.x, 0n, mulPoint(G, 99n).x]) {
      for (const scalar of SCALARS) {
        const inputs = [value('group', x), value('scalar', scalar)];
        const { recordOutputs, trace } = simulate(program, 'f', inputs, CONTEXT);
        assert.equal(recordOutputs[0].data[0], mulPoint(subgroupPoint(x)!, scalar).x);
        const given = evaluationInputs(program, inputs);
        const args = avmArguments(given);
        assert.ok(checkAvm(fn.bytecode, args, trace).ok);
        const [slot] = trace.group!;
        for (const forged of [
          { ...slot, x: FIELD_MODULUS - slot.x },
          { ...slot, y: FIELD_MODULUS - slot.y },
          { ...slot, ...addPoints(slot, G) },
          { ...slot, preimage: addPoints(slot.preimage, G) },
        ]) {
          if (forged.x === slot.x && forged.y === slot.y && forged.preimage === slot.preimage) continue;
          assert.ok(!checkAvm(fn.bytecode, args, { ...trace, group: [forged] }).ok);
        }
      }
    }
  }
});

test('products are group elements: they add without being recovered; equal products take one slot', () => {
  const body = `input r0 as group.private;\ninput r1 as scalar.private;\ninput r2 as scalar.private;\nmul r0 r1 into r3;\nmul group::GEN r2 into r4;\nmul r0 r1 into r5;\nadd r3 r4 into r6;\nadd r6 r5 into r7;\n${carry(7)}`;
  const program = compile(body, CARRIER(1));
  const fn = program.functions.get('f')!;
  assert.equal(fn.capacity.group.used, 2);
  const [a, b, p] = [123n, SUBGROUP_ORDER - 5n, mulPoint(G, 7n)];
  const { recordOutputs } = simulate(
    program,
    'f',
    [value('group', p.x), value('scalar', a), value('scalar', b)],
    CONTEXT,
  );
  const expected = addPoints(mulPoint(p, (2n * a) % SUBGROUP_ORDER), mulPoint(G, b));
  assert.equal(recordOutputs[0].data[0], expected.x);
});

test('constants are multiplied when compiling; four products do not fit', () => {
  const constant = compile(`mul group::GEN 5scalar into r0;\n${carry(0)}`, CARRIER(1));
  assert.equal(constant.functions.get('f')!.bytecode.sizeClass, 'small');
  assert.equal(simulate(constant, 'f', [], CONTEXT).recordOutputs[0].data[0], mulPoint(G, 5n).x);
  const four = [2, 3, 4, 5].map((r) => `mul r0 ${r}scalar into r${r - 1};\n`).join('');
  const sum = 'add r1 r2 into r5;\nadd r5 r3 into r6;\nadd r6 r4 into r7;\n';
  assert.throws(() => compile(`input r0 as group.private;\n${four}${sum}${carry(7)}`, CARRIER(1)), {
    code: 'PROGRAM_CAPACITY',
    message: /it uses 4 group of 3 \(1 too many\)/,
  });
});

test('only a group element and a scalar', () => {
  for (const [a, b] of [
    ['group', 'group'],
    ['scalar', 'scalar'],
    ['group', 'field'],
    ['u8', 'group'],
    ['scalar', 'u64'],
  ]) {
    const body = `input r0 as ${a}.private;\ninput r1 as ${b}.private;\nmul r0 r1 into r2;\n`;
    assert.throws(() => compile(body), { code: 'PROGRAM_TYPE_MISMATCH' });
  }
});
