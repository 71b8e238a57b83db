/**
 * snarkVM's own WASM build as an oracle: does it accept a program, and what does a call of a function give?
 * A panic inside WASM (how most halts end) leaves the process object locked, so it is dropped afterwards; it also leaves its
 * part of the stack in use, so an instance bears only some dozens.
 */
import { Plaintext, PrivateKey, ProgramImportsBuilder, ProgramManagerBase } from '@provablehq/sdk/testnet.js';

console.log = () => {}; // the WASM build reports its progress there; results go to files and to stderr

const EDITION = 0;
const PROGRAMS_PER_PROCESS = 400;

const key = new PrivateKey();
let process_ = new ProgramImportsBuilder();
let added = 0;
let serial = 0;
let trap;
let panics = 0;

// Panics surface here: the promise of the call never settles.
process.on('uncaughtException', (error) => {
  if (trap === undefined) throw error;
  trap(error);
});

function fresh() {
  process_ = new ProgramImportsBuilder();
  added = 0;
}

function add(source) {
  if (added++ >= PROGRAMS_PER_PROCESS) fresh();
  const unused = `p${serial++}.aleo`;
  const program = source.replaceAll('NAME.aleo', unused);
  // The name that it is added by must be its own; a text without one is refused before that.
  const name = /program\s*(\w+\.aleo)/.exec(program)?.[1] ?? unused;
  process_.addProgram(name, program, EDITION);
  return program;
}

/**
 * Whether snarkVM accepts a program (text with NAME.aleo for its name): undefined if so, else its reason.
 * @returns {string | undefined}
 */
export function refusal(source) {
  try {
    add(source);
    return undefined;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      fresh();
      return `panic: ${error.message}`;
    }
    return String(error);
  }
}

/** Whether this instance should be replaced. */
export function isWorn() {
  return panics >= 30;
}

/** Adds a program; the result runs its function `f`. */
export function load(source) {
  let program = add(source);
  let home = process_;
  /** Outputs as literals, or `halt`. */
  return async (inputs) => {
    if (home !== process_) {
      program = add(source);
      home = process_;
    }
    try {
      const authorization = await new Promise((resolve, reject) => {
        trap = reject;
        ProgramManagerBase.buildAuthorizationUnchecked(
          key,
          program,
          'f',
          inputs,
          undefined,
          EDITION,
          process_.clone(),
        ).then(resolve, reject);
      });
      const [transition] = JSON.parse(authorization.toString()).transitions;
      authorization.free();
      return (transition.outputs ?? []).map(({ value }) => value);
    } catch (error) {
      const panic = error instanceof WebAssembly.RuntimeError && error.message === 'unreachable';
      if (panic) {
        panics++;
        fresh();
      } else if (!/Instruction \(.*\) at index \d+ failed/.test(String(error))) throw error;
      return 'halt';
    } finally {
      trap = undefined;
    }
  };
}

/** The text that snarkVM prints for a literal, null if it reads none. */
export function readLiteral(text) {
  let plaintext;
  try {
    plaintext = Plaintext.fromString(text);
    return plaintext.toString();
  } catch {
    return null;
  } finally {
    plaintext?.free();
  }
}
