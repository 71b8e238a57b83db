/** The files of a starter program (`azalea new`). */
import { formatAddress } from '../../program/address.ts';
import { G, mulPoint } from '../../protocol/curve/point.ts';

export interface StarterOptions {
  /** Name of the program, without `.aleo`. */
  readonly name: string;
  /** The directory as commands name it from the checkout's root. */
  readonly path: string;
  /** The checkout as the directory's TypeScript imports it. */
  readonly root: string;
}

/** Texts by path in the program's directory. */
export function starterFiles(options: StarterOptions): ReadonlyMap<string, string> {
  // The address of the view key 2: whose it is does not matter for trying.
  const receiver = formatAddress(mulPoint(G, 2n).x);
  const { name } = options;
  return new Map([
    [`${name}.aleo`, sourceText(name)],
    [`${name}.test.ts`, testText(options, receiver)],
    ['inputs/give.json', '["self.signer", "100u64"]\n'],
    ['inputs/transfer.json', transferInputs(receiver)],
    ['README.md', readmeText(options)],
  ]);
}

const transferInputs = (receiver: string): string => `[
  { "owner": "self.signer", "amount": "100u64" },
  "${receiver}",
  "30u64"
]
`;

const sourceText = (
  name: string,
): string => `// Points that a shop gives to its customers. Change it into what you need.
program ${name}.aleo;

// Only its owner can see a record, and spend it.
record points:
    owner as address.private;
    amount as u64.private;

// Gives r1 points to r0. Whoever calls it can make points: in this example that is the purpose.
function give:
    input r0 as address.private;
    input r1 as u64.private;
    assert.neq r1 0u64;
    cast r0 r1 into r2 as points.record;
    output r2 as points.record;

// Sends r2 points to r1; the rest returns to the sender. Halts when there are not as many.
function transfer:
    input r0 as points.record;
    input r1 as address.private;
    input r2 as u64.private;
    sub r0.amount r2 into r3;
    cast r1 r2 into r4 as points.record;
    cast r0.owner r3 into r5 as points.record;
    output r4 as points.record;
    output r5 as points.record;
`;

const testText = (
  { name, root }: StarterOptions,
  receiver: string,
): string => `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileProgram } from '${root}/program/artifact.ts';
import { runFunction } from '${root}/program/run.ts';
import { G } from '${root}/protocol/curve/point.ts';

const program = compileProgram(readFileSync(new URL('${name}.aleo', import.meta.url), 'utf8'), '${name}.aleo');
/** The address that calls: any will do, nothing is signed here. */
const signer = G.x;
const receiver = '${receiver}';

test('give makes a record of the receiver', () => {
  const { outputs } = runFunction(program, 'give', [receiver, 100n], signer);
  assert.deepEqual(outputs, [{ type: 'points.record', value: { owner: receiver, amount: '100u64' } }]);
});

test('transfer splits what is there', () => {
  const points = { owner: 'self.signer', amount: 100n };
  const { outputs } = runFunction(program, 'transfer', [points, receiver, 30n], signer);
  const amounts = outputs.map(({ value }) => (value as { amount: string }).amount);
  assert.deepEqual(amounts, ['30u64', '70u64']);
});

test('transfer halts when there are not as many', () => {
  const points = { owner: 'self.signer', amount: 10n };
  assert.throws(() => runFunction(program, 'transfer', [points, receiver, 30n], signer), {
    code: 'HALT_OVERFLOW',
  });
});
`;

const readmeText = ({ name, path }: StarterOptions): string => `# ${name}.aleo

A program for Azalea. Commands are run in the directory of the Azalea checkout, because the package is not published:
elsewhere \`npx azalea\` would ask the registry for a package of that name.

| step | command |
|---|---|
| find mistakes | \`npx azalea check ${path}\` |
| run a function, without proof | \`npx azalea run ${path} give self.signer 100u64\` |
| the same, inputs from a file | \`npx azalea run ${path} transfer --inputs ${path}/inputs/transfer.json\` |
| test | \`npx node --test ${path}/${name}.test.ts\` |
| ids, size and ABI | \`npx azalea build ${path} --out ${path}/build\` |
| TypeScript bindings | \`npx azalea codegen ${path} --out ${path}/${name}.ts\` |
| call it, with proof, on a devnet | \`npx azalea call ${path}/${name}.aleo give alice 100\` |

The guide is docs/programs.md of the checkout, the language is docs/language.md.
`;
