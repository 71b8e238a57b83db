/**
 * Ends a program whose starter is gone. npm, and the launcher of an older Node, stand between a user and the program. When
 * one of them is killed, nobody could stop the program any more, and it would keep its ports.
 */
import { readFileSync } from 'node:fs';

const POLL_MS = 500;
/** A shell that runs one command for its caller; deeper nesting is not npm's. */
const MOST_SHELLS = 3;

/** A process and the parent that it had at the start. */
interface Link {
  readonly pid: number;
  readonly parent: number;
}

/**
 * Sends this process SIGTERM once a process that started it for npm or for the launcher is gone. Does nothing for a program that
 * was started directly: it may outlive its shell.
 */
export function endWithParent(): void {
  const links = startersOf(process.env);
  if (links.length === 0) return;
  const timer = setInterval(() => {
    if (links.every(({ pid, parent }) => parentOf(pid) === parent)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, POLL_MS);
  timer.unref();
}

function startersOf(environment: NodeJS.ProcessEnv): Link[] {
  const links: Link[] = [];
  const follow = (pid: number): number | undefined => {
    const parent = parentOf(pid);
    if (parent !== undefined) links.push({ pid, parent });
    return parent;
  };
  let top: number | undefined = process.pid;
  if (environment.AZALEA_LAUNCHER === String(process.ppid)) top = follow(top);
  // npm sets npm_command for scripts and for npx alike. It starts a shell, which may have become the program.
  if (environment.npm_command === undefined || top === undefined) return links;
  top = follow(top);
  for (let shells = 0; shells < MOST_SHELLS && top !== undefined && isShellCommand(top); shells++)
    top = follow(top);
  return links;
}

/** Undefined when there is no such process. */
function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; state and parent follow its last parenthesis.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function isShellCommand(pid: number): boolean {
  try {
    const [name, option] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return /(^|\/)[a-z]*sh$/.test(name) && option === '-c';
  } catch {
    return false;
  }
}
