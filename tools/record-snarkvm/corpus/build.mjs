/** Puts programs together. `NAME.aleo` stands for the name of the program. */

/** A program of some declarations. */
export const program = (...declarations) => `program NAME.aleo;\n${declarations.join('\n')}`;

/** A function, closure, struct or record with its lines. */
export const block = (head, ...lines) => `${head}:\n${lines.map((line) => `    ${line}\n`).join('')}`;

/** A program of declarations and a function `f` of some lines. */
export const withF = (declarations, ...lines) => program(...declarations, block('function f', ...lines));

/** A program of a function `f` alone. */
export const onlyF = (...lines) => withF([], ...lines);

/** Cases that differ in the lines of `f`; the lines are the name. */
export const linesOf = (declarations, cases) =>
  cases.map((lines) => {
    const list = [lines].flat();
    return [list.join(' '), withF(declarations, ...list)];
  });

export const POINT = block('struct point', 'x as u8;', 'y as u8;');
export const OTHER = block('struct other', 'x as u8;', 'y as u8;');
export const LINE = block('struct line', 'from as point;', 'to as point;', 'tags as [u16; 2u32];');
export const TOKEN = block('record token', 'owner as address.private;', 'amount as u64.private;');
export const COIN = block('record coin', 'owner as address.private;', 'amount as u64.private;');
export const CLOSURE = block('closure g', 'input r0 as u8;', 'add r0 1u8 into r1;', 'output r1 as u8;');
