/** The documents against the source: error codes, links, commands. */
import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { environmentName, SequencerConfig } from '../../sequencer/process/config.ts';
import { ROOT, readText, SOURCES, scriptFiles } from '../support/source-files.ts';

const sourceFiles = scriptFiles();
const documents = globSync(
  ['*.md', 'docs/**/*.md', '{circuits,contracts,test,tools}/*.md', ...SOURCES.map((name) => `${name}/*.md`)],
  {
    cwd: ROOT,
  },
).sort();

const CODE = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;
/** Literals that look like codes and are none. */
const NOT_CODES = new Set([
  // environment variables
  'AZALEA_L1_LOG_RANGE',
  'AZALEA_L1_URL',
  'AZALEA_SEQUENCER_URL',
  // prefixes and parts of codes
  'NOT_YET',
  'OUT_OF_RANGE',
  // codes of Fastify and Node's HTTP parser, mapped to ours
  'ERR_HTTP_REQUEST_TIMEOUT',
  'FST_ERR_BAD_URL',
  'FST_ERR_CTP_EMPTY_JSON_BODY',
  'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
  'FST_ERR_CTP_INVALID_JSON_BODY',
  'FST_ERR_MAX_PARAM_LENGTH',
  'HPE_HEADER_OVERFLOW',
]);

const errorRows = readText('docs/errors.md')
  .split('\n')
  .filter((line) => /^\| [A-Z0-9_]+ \|/.test(line));
const documented = new Set(errorRows.map((line) => line.split('|')[1].trim()));

/** Every literal in the source that has the form of a code and is raised, or compared with one that is. */
function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].map(([, code]) => code).filter((code) => !NOT_CODES.has(code));
}

describe('docs/errors.md', () => {
  it('has every code that the source raises', () => {
    const missing = new Set<string>();
    let raised = 0;
    for (const file of sourceFiles) {
      const text = readText(file);
      // The first argument: a literal, a choice between two, or a longer expression.
      for (const [, argument] of text.matchAll(/new AzaleaError\(\s*([^,]+),/g)) {
        for (const code of codesIn(argument)) {
          raised++;
          if (!documented.has(code)) missing.add(`${code} (${file})`);
        }
      }
    }
    assert.ok(raised > 200, `only ${raised} found: the pattern is out of date`);
    assert.deepEqual([...missing], []);
  });

  it('has every code that a type, a table or a function of the source names', () => {
    const unknown = new Set<string>();
    for (const file of sourceFiles) {
      for (const code of codesIn(readText(file))) {
        const isConstant = new RegExp(`(?:const|readonly|env(?:ironment)?\\.)\\s*${code}\\b`).test(allSource);
        const isGenerated = file.includes('/generated/');
        if (!documented.has(code) && !isConstant && !isGenerated) unknown.add(`${code} (${file})`);
      }
    }
    assert.deepEqual([...unknown], []);
  });

  it('has no code that is gone from the source', () => {
    const prefixes = ['PROGRAM_LITERAL_'];
    const gone = [...documented].filter((code) => {
      const prefix = prefixes.find((start) => code.startsWith(start));
      const parts = prefix === undefined ? [code] : [prefix, `'${code.slice(prefix.length)}'`];
      return !parts.every((part) =>
        prefix === undefined ? wordIn(allSource, part) : allSource.includes(part),
      );
    });
    assert.deepEqual(gone, []);
  });

  it('has four filled columns and each code once', () => {
    for (const row of errorRows) {
      const cells = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      assert.equal(cells.length, 4, row);
      assert.ok(
        cells.every((cell) => cell.length > 0),
        row,
      );
      assert.match(cells[1], /^(-|[45]\d\d)$/, row);
    }
    assert.equal(documented.size, errorRows.length, 'a code stands twice');
  });
});

const allSource = sourceFiles.map(readText).join('\n');
const wordIn = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);

describe('documents', () => {
  for (const document of documents) {
    it(`${document}: relative links lead somewhere`, () => {
      const text = readText(document);
      for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path, anchor] = link.split('#');
        const target = path === '' ? document : join(dirname(document), path);
        assert.ok(existsSync(join(ROOT, target)), `${link} in ${document}`);
        if (anchor === undefined) continue;
        const anchors = [...readText(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
        assert.ok(anchors.includes(anchor), `${link} in ${document}`);
      }
    });

    it(`${document}: files named in code exist`, () => {
      const folders = [
        ...SOURCES,
        'circuits',
        'contracts',
        'test',
        'docs',
        'programs',
        'scripts',
        'tools',
        'fixtures',
      ];
      const named = [...readText(document).matchAll(/`([\w./-]+\/[\w./-]*)`/g)].map(([, path]) => path);
      for (const path of named) {
        if (!folders.includes(path.split('/')[0]) || /[<>*]/.test(path)) continue;
        if (BUILT.some((prefix) => path.startsWith(prefix))) continue;
        assert.ok(existsSync(join(ROOT, path)), `${path} in ${document}`);
      }
    });

    it(`${document}: its commands exist`, () => {
      const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
      for (const [, name] of readText(document).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)) {
        assert.ok(name in scripts, `npm run ${name} in ${document}`);
      }
      for (const [, file] of readText(document).matchAll(/(?:^|[ `])node (?:--test )?([\w/-]+\.ts)/gm)) {
        assert.ok(existsSync(join(ROOT, file)), `node ${file} in ${document}`);
      }
    });
  }

  it('of the npm scripts name files that exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    for (const [name, script] of Object.entries(scripts)) {
      const file = /^node (\S+)/.exec(script)?.[1];
      if (file !== undefined) assert.ok(existsSync(join(ROOT, file)), `${name}: ${file}`);
    }
  });
});

describe('docs/azalea-sequencer.service', () => {
  it('starts the program that is installed, with settings that there are', () => {
    const unit = readText('docs/azalea-sequencer.service');
    const { bin } = JSON.parse(readText('package.json')) as { bin: Record<string, string> };
    assert.match(unit, new RegExp(`^ExecStart=/opt/azalea/${bin['azalea-sequencer'].slice(2)}$`, 'm'));
    const known = [...Object.keys(SequencerConfig.properties), 'proposerKeyFile', 'cacheDir'].map(
      environmentName,
    );
    const set = [...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => name);
    assert.ok(set.length >= 5);
    for (const name of set) assert.ok(known.includes(name), name);
    assert.match(unit, /^Environment=AZALEA_PROPOSER_KEY_FILE=/m);
  });
});

/** Paths in the cache or in a build, which documents describe. */
const BUILT = ['circuits/<', 'keys/'];

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
}

describe('README.md', () => {
  const text = readText('README.md');

  it('shows the example line by line: nothing is left out but comments, imports and the reporting of errors', () => {
    const main = /async function main\(\).*?\n {2}}\n(.*?)\n}\n/s.exec(
      readText('examples/private-transfer.ts'),
    )?.[1];
    assert.ok(main !== undefined);
    const lines = main.split('\n').map((line) => line.replace(/^ {2}/, ''));
    const code = lines.filter((line) => line !== '' && !line.startsWith('//'));
    const shown = [...text.matchAll(/```ts\n([\s\S]*?)\n```/g)].flatMap(([, block]) => block.split('\n'));
    assert.deepEqual(shown, code);
  });

  it('lists every folder of the source', () => {
    const table = text.slice(text.indexOf('## Folders'), text.indexOf('## Licence'));
    for (const folder of [
      ...SOURCES,
      'circuits',
      'contracts',
      'programs',
      'scripts',
      'test',
      'docs',
      'tools',
      'fixtures',
    ]) {
      assert.ok(table.includes(`\`${folder}/\``), folder);
    }
  });

  it('names the wallet commands that exist', () => {
    const commands = globSync('cli/**/*.ts', { cwd: ROOT }).map(readText).join('\n');
    for (const [, name] of text.matchAll(/^ {4}npx azalea (\w+)/gm)) {
      assert.match(commands, new RegExp(`command\\('${name}\\b`), name);
    }
  });

  it('has the committed number of constraints, to the nearest thousand', () => {
    const { 'transition-small': small } = JSON.parse(readText('circuits/constraints.json')) as Record<
      string,
      { constraints: number }
    >;
    assert.ok(text.includes(`about ${Math.round(small.constraints / 1000)},000 constraints`));
  });
});
