/**
 * Properties of any bytecode, tested on bytecode that no compiler makes (test/support/avm/hostile-bytecode.ts). Its author
 * can run it, and gains nothing beyond their own program. The attacker signs every forgery, with everything that follows
 * from it recomputed.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type OutputRecord, sealOutputs } from '../../../protocol/call/seal-outputs.ts';
import { AVM_SIZE, FIELD_MODULUS, type SizeClass } from '../../../protocol/constants.ts';
import { recordTypeId } from '../../../protocol/record.ts';
import { transitionInput } from '../../../prover/witness/transition.ts';
import { type Random, random } from '../../support/avm/functions.ts';
import { type HostileCall, hostileCall } from '../../support/avm/hostile-bytecode.ts';
import { settle } from '../../support/avm/settle.ts';
import {
  type CircuitInput,
  describeConstraint,
  loadStatementCircuit,
  type TestCircuit,
} from '../../support/circuit/circuits.ts';
import { assertRefused, type ForgeHooks, forgeCall, run } from '../../support/transition/forge-call.ts';
import { alice, call, output, pad, TOKEN, program as victim } from '../../support/transition/transitions.ts';

const OUTPUT = /main\.(commitments|ciphertexts|outgoing)\[/;
const MESSAGE = /main\.message\[/;
/** Constraints of the core, or of a source that it pins. (Outputs that follow from the value fail too.) */
const CORE = /main\.(core\.|rowOut\[|copy\[|advice\[|hashOut\[|wide(And|TopA|TopB)\[)/;

/** Seals other outputs, consistently, and signs them. */
function sealing(hostile: HostileCall, change: (outputs: OutputRecord[]) => void): ForgeHooks {
  const { authorization } = hostile.call;
  const { tvk, signer, signals } = authorization;
  const outputs = [...(hostile.options.outputs ?? [])];
  change(outputs);
  const slots = authorization.recordOutputs.length;
  return {
    outputs: (sealed) => {
      const made = sealOutputs({
        outputs,
        slots,
        signer: signer.x,
        tvk,
        firstNullifier: signals.nullifiers[0],
      });
      sealed.splice(0, sealed.length, ...made);
    },
  };
}

/** One determined value changed, everything else recomputed around it. */
function withForgedValue(hostile: HostileCall, rng: Random, sizeClass: SizeClass): CircuitInput {
  const { witness } = hostile;
  const size = AVM_SIZE[sizeClass];
  const lists = ['hashOut', 'wideAnd', 'wideTopA', 'wideTopB'] as const;
  const list = rng.pick(lists);
  const i = rng.below(witness[list].length);
  const forged = {
    ...witness,
    [list]: witness[list].map((value, k) => (k === i ? (value + 1n) % FIELD_MODULUS : value)),
  };
  const { bits: _, context: __, inputs: ___, ...values } = settle(forged, size, new Set([`${list}[${i}]`]));
  return { ...transitionInput(hostile.call), ...values };
}

describe('hostile bytecode', () => {
  for (const [sizeClass, wanted] of [
    ['small', 10],
    ['large', 2],
  ] as const) {
    describe(sizeClass, () => {
      let circuit: TestCircuit;
      const hostile: HostileCall[] = [];
      before(async () => {
        circuit = await loadStatementCircuit(`transition-${sizeClass}`);
        for (let seed = 1; hostile.length < wanted; seed++) {
          assert.ok(seed < 20 * wanted, 'hardly any draw can be satisfied');
          const drawn = hostileCall(random(seed), sizeClass);
          if (drawn !== undefined) hostile.push(drawn);
        }
      });
      const refused = async (input: CircuitInput, because: RegExp): Promise<void> =>
        assertRefused(circuit, await run(circuit, input), because);

      it('runs for its author', async () => {
        for (const each of hostile) {
          assert.deepEqual((await run(circuit, transitionInput(each.call))).failing, []);
        }
      });

      it("makes no record of another program's type, nor any in an unused slot", async () => {
        let used = 0;
        for (const each of hostile) {
          const stolen = sealing(each, (outputs) => {
            const first = outputs[0] ?? output(alice, 5n);
            outputs.splice(0, 1, { ...first, typeId: recordTypeId(victim.programId, TOKEN) });
          });
          await refused(forgeCall(each.call, stolen), OUTPUT);
          used += each.options.outputs?.length ?? 0;
          const slots = AVM_SIZE[sizeClass].recordOutputs;
          if ((each.options.outputs?.length ?? 0) === slots) continue;
          const typeId = recordTypeId(each.program.programId, TOKEN);
          const more = sealing(each, (outputs) => outputs.push({ ...output(alice, 5n), typeId }));
          await refused(forgeCall(each.call, more), OUTPUT);
          const data = sealing(each, (outputs) =>
            outputs.push({ typeId: 0n, owner: alice.address.x, data: pad([9n], 5) }),
          );
          await refused(forgeCall(each.call, data), OUTPUT);
        }
        assert.ok(used > 0);
      });

      it("consumes no record of another program's type", async () => {
        let tried = 0;
        for (const each of hostile) {
          const { records = [] } = each.options;
          if (records.length === 0) continue;
          tried++;
          const typeId = recordTypeId(victim.programId, TOKEN);
          const theirs = call({ ...each.options, records: records.map((held) => ({ ...held, typeId })) });
          const { failing } = await run(circuit, transitionInput(theirs));
          assert.ok(failing.length > 0, "a victim's record is consumed");
        }
        assert.ok(tried > 0);
      });

      it("sends no message in another program's name, none unasked, and none other than it computes", async () => {
        let sent = 0;
        for (const each of hostile) {
          const { message } = each.call.authorization.signals;
          const words = message?.words ?? ([1n, 2n, 3n] as const);
          if (message !== undefined) sent++;
          const forgeries = [
            { programId: victim.programId, words },
            { programId: each.program.programId, words: [words[0], words[1] + 1n, words[2]] as const },
          ];
          for (const forged of forgeries) {
            const signals: ForgeHooks['signals'] = (all) => {
              all.message = forged;
            };
            await refused(forgeCall(each.call, { signals }), MESSAGE);
          }
        }
        if (wanted > 5) assert.ok(sent > 0 && sent < hostile.length);
      });

      it('determines what slots compute, whatever their flags and wherever they read', async () => {
        const rng = random(3);
        for (const each of hostile) {
          const { failing } = await run(circuit, withForgedValue(each, rng, sizeClass));
          const names = failing.map((constraint) => describeConstraint(circuit, constraint));
          assert.ok(
            names.some((name) => CORE.test(name)),
            names.join('; '),
          );
        }
      });

      it('is bound by the signature in inputs that nothing reads', async () => {
        const [each] = hostile;
        const input = transitionInput(each.call) as Record<string, bigint[]>;
        const { inputs } = input;
        const free = each.witness.inputs.findIndex((value) => value !== 0n);
        assert.ok(free >= 0);
        const forged = inputs.map((value, i) => (i === free ? value + 1n : value));
        assert.ok((await run(circuit, { ...input, inputs: forged })).failing.length > 0);
      });
    });
  }
});
