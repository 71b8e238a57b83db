/**
 * Generated bindings: those in the repository are what the generator writes; their types refuse what the program would
 * (`npm run check` compiles this file, and an unused @ts-expect-error fails it).
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bindingsOf } from '../../../cli/codegen/bindings.ts';
import { pascalCase } from '../../../cli/codegen/type-names.ts';
import type { TokenProgram } from '../../../examples/bindings/token.ts';
import { compileProgram } from '../../../program/compile/artifact.ts';
import type { EverythingProgram } from './bindings/everything.ts';
import { EverythingProgram as Everything } from './bindings/everything.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('committed bindings are what the generator writes', () => {
  const committed = globSync('examples/bindings/*.ts', { cwd: ROOT }).sort();
  test('and there are some', () => assert.ok(committed.includes('examples/bindings/token.ts')));
  for (const bindings of [...committed, 'test/unit/cli/bindings/everything.ts']) {
    const name = basename(bindings, '.ts');
    const program = bindings.startsWith('test/') ? bindings.replace('.ts', '.aleo') : `programs/${name}.aleo`;
    test(`${bindings} (if not: npx azalea codegen ${program} --out ${bindings})`, () => {
      const client = relative(dirname(bindings), 'pxe/client');
      assert.equal(bindingsOf(compileProgram(read(program)), { client }), read(bindings));
    });
  }
});

test('bindings name the lowering of their program, unless it is the first', () => {
  const first = compileProgram(read('programs/token.aleo'));
  assert.doesNotMatch(bindingsOf(first, { client: 'x' }), /lowering/);
  assert.match(
    bindingsOf({ ...first, loweringVersion: 2 }, { client: 'x' }),
    /`,\n {2}\{ lowering: 2 \},\n\);\n$/,
  );
});

describe('every program has bindings that are TypeScript', () => {
  for (const program of globSync('programs/*.aleo', { cwd: ROOT }).sort()) {
    test(program, () => {
      const compiled = compileProgram(read(program), program);
      const text = bindingsOf(compiled, { client: 'x' });
      const [{ source }] = [...stripTypeScriptTypes(text).matchAll(/`(?<source>[^`]*)`,\n\);/g)].map(
        ({ groups }) => groups!,
      );
      assert.equal(source, compiled.canonicalSource);
      for (const name of compiled.functions.keys()) assert.match(text, new RegExp(`^  ${name}\\(`, 'm'));
    });
  }
});

describe('names', () => {
  test('become those of types', () => {
    assert.equal(pascalCase('my_token'), 'MyToken');
    assert.equal(pascalCase('a'), 'A');
    assert.equal(pascalCase('a__b_1'), 'AB1');
  });

  test('of a generated file are never declared twice', () => {
    const text = read('test/unit/cli/bindings/everything.ts');
    const names = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
    assert.equal(new Set(names).size, names.length);
    for (const used of ['Promise', 'Record', 'TypedCall', 'Array']) assert.ok(!names.includes(used), used);
  });

  test('and source survive the template literal', () => {
    assert.equal(
      Everything.source,
      compileProgram(read('test/unit/cli/bindings/everything.aleo')).canonicalSource,
    );
    assert.equal(Everything.programId, compileProgram(Everything.source).programId);
  });
});

test('types refuse what the program would', () => {
  // Never called: it is here to be compiled.
  const typed = async (program: EverythingProgram, token: TokenProgram): Promise<void> => {
    const { functions } = program;
    const point = { at: { x: -1n, y: 2n }, on: true };
    const [other] = program.records('typed_call');
    const [record] = program.records('Record');
    functions.delete(other, record, point);
    functions.delete(other, { atLeast: 5n, member: 'toString' }, point);
    // @ts-expect-error: a record of another type
    functions.delete(record, record, point);
    // @ts-expect-error: a record of another program
    functions.delete(token.records('token')[0], record, point);
    // @ts-expect-error: no member of the record
    functions.delete(other, { atLeast: 5n, member: 'amount' }, point);
    // @ts-expect-error: a member is missing
    functions.delete(other, record, { on: true });
    // @ts-expect-error: too few arguments
    functions.delete(other, record);
    const pairs = [
      [true, true],
      [true, true],
    ] as const;
    functions.toString([1n, 2n, 3n, 4n], pairs, { at: [point.at, point.at] });
    // @ts-expect-error: an array of another length
    functions.toString([1n, 2n, 3n], pairs, { at: [point.at, point.at] });
    // @ts-expect-error: a number is not exact
    token.functions.mint('azalea1', 5);
    // @ts-expect-error: no such function
    token.functions.steal();
    // @ts-expect-error: no such record
    token.records('coin');
    const { outputs } = await token.functions.mint('azalea1', 5n).simulate();
    const amount: bigint = outputs[0].amount;
    // @ts-expect-error: there is one output
    outputs[1];
    const settled: { status: string } = await token.functions.mint('azalea1', amount).send().wait('settled');
    void settled;
  };
  assert.equal(typeof typed, 'function');
});
