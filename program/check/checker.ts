/** The checker: from a syntax tree to a checked program, or the faults with their places. */

import { type Diagnostic, diagnosticAt } from '../diagnostics/diagnostic.ts';
import type { ProgramError } from '../diagnostics/errors.ts';
import type { FunctionNode, ProgramNode } from '../syntax/ast.ts';
import type { SourceFile, Span } from '../syntax/source.ts';
import { checkFunction } from './check-function.ts';
import { warnOfMessage } from './check-message.ts';
import { checkTypes, type Fail, failIn } from './check-types.ts';
import type { CheckedFunction, CheckedProgram } from './checked.ts';

/** Receives a fault. If it returns, checking continues. */
export type OnFault = (fault: ProgramError) => void;

/** Stops at the first fault. */
export const stopAtFault: OnFault = (fault) => {
  throw fault;
};

/**
 * Checks names, types, visibility, registers and the limits that do not depend on lowering. With an `onFault` that returns,
 * all is checked that one fault does not hide, and the result lacks the functions that have a fault.
 * @throws ProgramError for the first fault, unless `onFault` takes it; faults in types always
 */
export function checkProgram(
  source: SourceFile,
  node: ProgramNode,
  onFault: OnFault = stopAtFault,
): CheckedProgram {
  const fail = failIn(source);
  const imports = checkImports(node, fail);
  const types = checkTypes(node, fail);
  const warnings: Diagnostic[] = [];
  const declared = (kind: FunctionNode['kind']): FunctionNode[] =>
    node.declarations.filter((declaration): declaration is FunctionNode => declaration.kind === kind);
  const closures = new Map<string, CheckedFunction>();
  const faultyClosures = new Set<string>();
  const context = {
    types,
    closures,
    faultyClosures,
    functions: new Set(declared('function').map(({ name }) => name.name)),
    imports,
    fail,
    warn: (code: string, span: Span, problem: string, hint?: string): void => {
      warnings.push(diagnosticAt(source, span, { severity: 'warning', code, problem, hint }));
    },
  };
  const check = (each: FunctionNode): CheckedFunction[] => {
    const checked = checkFunction(each, { ...context, kind: each.kind }, onFault);
    if (checked === undefined) {
      if (each.kind === 'closure') faultyClosures.add(each.name.name);
      return [];
    }
    for (const instruction of each.instructions) warnOfMessage(node.name.name, instruction, context.warn);
    return [checked];
  };
  for (const closure of declared('closure').flatMap(check)) closures.set(closure.name, closure);
  return {
    source,
    node,
    name: node.name.name,
    types,
    functions: declared('function').flatMap(check),
    closures: [...closures.values()],
    warnings,
  };
}

function checkImports(node: ProgramNode, fail: Fail): Set<string> {
  const imports = new Set<string>();
  for (const { name, span } of node.imports) {
    if (imports.has(name))
      fail('PROGRAM_DUPLICATE_NAME', span, `${name}.aleo is imported already`, 'drop this import');
    imports.add(name);
    if (name !== 'l1') {
      fail(
        'PROGRAM_NOT_YET',
        span,
        `importing ${name}.aleo is not supported yet`,
        `only l1.aleo can be imported: copy what this program needs of ${name}.aleo into it`,
      );
    }
  }
  return imports;
}
