/** The checker: from a syntax tree to a checked program, or the first fault with its place. */
import { checkFunction } from './check-function.ts';
import { checkTypes, failIn } from './check-types.ts';
import type { CheckedFunction, CheckedProgram, ProgramWarning } from './checked.ts';
import { positionAt, type SourceFile, type Span } from './source.ts';
import type { FunctionNode, ProgramNode } from './syntax/ast.ts';

/**
 * Checks names, types, visibility, registers and the limits that do not depend on lowering.
 * @throws ProgramError
 */
export function checkProgram(source: SourceFile, node: ProgramNode): CheckedProgram {
  const fail = failIn(source);
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
        'only l1.aleo can be imported',
      );
    }
  }
  const types = checkTypes(node, fail);
  const warnings: ProgramWarning[] = [];
  const warn = (span: Span, message: string): void => {
    const { line, column } = positionAt(source, span.start);
    warnings.push({ line, column, message });
  };
  const declared = (kind: FunctionNode['kind']): FunctionNode[] =>
    node.declarations.filter((declaration): declaration is FunctionNode => declaration.kind === kind);
  const closures = new Map<string, CheckedFunction>();
  const context = {
    types,
    closures,
    functions: new Set(declared('function').map(({ name }) => name.name)),
    imports,
    fail,
    warn,
  };
  for (const closure of declared('closure')) {
    closures.set(closure.name.name, checkFunction(closure, { ...context, kind: 'closure' }));
  }
  const functions = declared('function').map((fn) => checkFunction(fn, { ...context, kind: 'function' }));
  return {
    source,
    node,
    name: node.name.name,
    types,
    functions,
    closures: [...closures.values()],
    warnings,
  };
}
