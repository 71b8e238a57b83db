/**
 * Generated bindings. Those in the repository are the writer's current output. Their types refuse the arguments that the
 * program would refuse (`npm run check` compiles this file, and an unused @ts-expect-error fails it).
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
      assert.equal(bindingsOf(compileProgram(read(program), program), { client }), read(bindings));
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
      const [literal] = /`(?:[^`\\]|\\.)*`(?=,\n {2}\{ file: 'programs\/)/.exec(stripTypeScriptTypes(text))!;
      // The bindings hold the text of the program, comments included: halts show its lines.
      assert.equal(new Function(`return ${literal};`)(), read(program));
      assert.ok(text.includes(`{ file: '${program}' },`));
      for (const name of compiled.functions.keys()) assert.match(text, new RegExp(`^  ${name}\\(`, 'm'));
    });
  }
});

describe('comments', () => {
  const bindings = (source: string): string => bindingsOf(compileProgram(source), { client: 'x' });
  const f = (inputs: string, above = ''): string =>
    `program t.aleo;\n\nrecord coin:\n    owner as address.private;\n    amount as u64.private; // in cents\n\n${above}function f:\n${inputs}    add 1u8 1u8 into r9;\n    output r9 as u8.private;\n`;

  test('of the program, its declarations, members and inputs reach hover', () => {
    const text = bindings(
      `// Coins.\n// For trying.\n${f('    input r0 as u64.private; // amount: how many\n    input r1 as u64.private; // the rest\n', '// Does f.\n// Twice.\n')}`,
    );
    assert.match(text, / \* Coins\.\n \* For trying\.\n \*\n \* `t\.aleo`/);
    assert.match(text, / {2}\/\*\* in cents \*\/\n {2}readonly amount/);
    assert.match(
      text,
      / {3}\* Does f\.\n {3}\* Twice\.\n {3}\*\n {3}\* Takes u64, u64; gives u8\.\n {3}\* @param amount r0: how many\n {3}\* @param r1_u64 r1: the rest\n/,
    );
    assert.match(text, /f\(amount: bigint, r1_u64: bigint\)/);
  });

  test('in a block count, too; those that an empty line or code parts from a declaration do not', () => {
    assert.match(bindings(f('', '/* One\n * two. */\n')), / {3}\* One\n {3}\* two\.\n {3}\*\n {3}\* Takes/);
    assert.match(bindings(f('', '/** One. */\n')), / {3}\* One\.\n {3}\*\n/);
    for (const apart of ['// far\n\n', '/* far */\n\n']) {
      assert.doesNotMatch(bindings(f('', apart)).split('defineBindings<')[0], /far/, apart);
    }
  });

  test('name no argument that TypeScript or another argument has', () => {
    const names = ['class', 'same', 'same', 'r7', 'arguments', 'good'];
    const inputs = names.map((name, k) => `    input r${k} as u8.private; // ${name}\n`).join('');
    assert.match(
      bindings(f(inputs)),
      /f\(\s*r0_u8: bigint,\s*r1_u8: bigint,\s*r2_u8: bigint,\s*r3_u8: bigint,\s*r4_u8: bigint,\s*good: bigint,?\s*\)/,
    );
    assert.match(
      bindings(f('    input r0 as coin.record;\n    input r1 as [u8; 2u32].private;\n')),
      /r0_coin: .*r1_array:/,
    );
  });

  test('end no comment of the bindings and carry no code into them', () => {
    const hostile = `*/ export const hidden = 1; /* \${evil} \` \\\\ \r x`;
    const source = f(`    input r0 as u8.private; // a: ${hostile}\n`, `// ${hostile}\n`);
    const text = bindings(source);
    const stripped = stripTypeScriptTypes(text);
    const [literal] = /`(?:[^`\\]|\\.)*`(?=,\n\);)/.exec(stripped)!;
    assert.equal(new Function(`return ${literal};`)(), source);
    assert.doesNotMatch(stripped.replace(literal, '').replace(/\/\*[\s\S]*?\*\//g, ''), /hidden|evil/);
  });

  test('a path of this machine stays out of the bindings', () => {
    for (const path of ['/home/alice/secret/coins.aleo', '../../secret/coins.aleo', "./it's/coins.aleo"]) {
      assert.doesNotMatch(bindingsOf(compileProgram(f(''), path), { client: 'x' }), /secret|it's/);
    }
    assert.match(
      bindingsOf(compileProgram(f(''), './a b/coins.aleo'), { client: 'x' }),
      /file: 'a b\/coins\.aleo'/,
    );
  });
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
    const text = read('test/unit/cli/bindings/everything.aleo');
    assert.equal(Everything.source, text);
    assert.equal(compileProgram(Everything.source).canonicalSource, compileProgram(text).canonicalSource);
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
