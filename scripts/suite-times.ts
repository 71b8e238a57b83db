/** What a run of the tests took, by suite (the folder under test/), and the spec reporter with that before its summary. */
import { relative } from 'node:path';
import { spec } from 'node:test/reporters';

/** The events of node:test, as far as they matter here. The test that stands for a file has the file's path as its name. */
interface TestEvent {
  readonly type: string;
  readonly data: object & {
    readonly name?: string;
    readonly file?: string;
    readonly nesting?: number;
    readonly success?: boolean;
    readonly details?: { readonly type?: string };
  };
}

interface Spent {
  files: number;
  tests: number;
  ms: number;
}

const SLOWEST = 10;

/** Adds up the times of files, from the start of their process to its end. */
export class SuiteTimes {
  /** True if the whole run passed; undefined until its end. */
  passed: boolean | undefined;
  readonly #root: string;
  readonly #started = new Map<string, number>();
  readonly #suites = new Map<string, Spent>();
  readonly #files: { readonly file: string; readonly ms: number }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  add({ type, data: { name, file, success, details } }: TestEvent): void {
    if (type === 'test:summary' && file === undefined) this.passed = success;
    if (file === undefined) return;
    const path = relative(this.#root, file);
    const [, suite = path] = path.split('/');
    const spent = this.#suites.get(suite) ?? { files: 0, tests: 0, ms: 0 };
    this.#suites.set(suite, spent);
    if (name !== file) {
      if ((type === 'test:pass' || type === 'test:fail') && details?.type !== 'suite') spent.tests++;
      return;
    }
    if (type === 'test:dequeue') this.#started.set(file, performance.now());
    const started = this.#started.get(file);
    if (type === 'test:complete' && started !== undefined) {
      const ms = performance.now() - started;
      spent.files++;
      spent.ms += ms;
      this.#files.push({ file: path, ms });
    }
  }

  /** Lines: each suite, then the slowest files. Seconds are those of the files, of which several run at a time. */
  toString(): string {
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(8)} s`;
    // Tests that suites share (test/support/) are counted where they stand, which is no suite of its own.
    const suites = [...this.#suites]
      .filter(([, { files }]) => files > 0)
      .map(([suite, { files, tests, ms }]) => `${seconds(ms)}  ${suite}: ${tests} tests in ${files} files`);
    const slowest = this.#files.toSorted((x, y) => y.ms - x.ms).slice(0, SLOWEST);
    return ['', ...suites, 'slowest files', ...slowest.map(({ file, ms }) => `${seconds(ms)}  ${file}`), '']
      .map((line) => `${line}\n`)
      .join('');
  }
}

/** The spec reporter's text; the times stand before its closing summary. */
export async function* specWithTimes(
  events: AsyncIterable<TestEvent>,
  times: SuiteTimes,
): AsyncGenerator<string> {
  const reporter = new spec();
  const written = (): string => String(reporter.read() ?? '');
  let closing = '';
  for await (const event of events) {
    times.add(event);
    reporter.write(event);
    const text = written();
    // The totals are the diagnostics that belong to no file.
    const { file, nesting } = event.data;
    if (event.type === 'test:diagnostic' && file === undefined && nesting === 0) closing += text;
    else yield text;
  }
  yield `${times}${closing}`;
  reporter.end();
  for (let text = written(); text !== ''; text = written()) yield text;
}
