import {
  type CompileOptions,
  compileProgram,
  type Program,
  type ProgramRecord,
} from '../../program/compile/artifact.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { DocumentWrite, EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'programs';

/**
 * A stored program: its source, and the lowering that compiled it. The lowering is part of the program's id, and so of its
 * records' types. Stores of the first versions hold the source alone; there was one lowering then.
 */
type StoredProgram = { readonly source: string; readonly lowering: number } | string;
const FIRST_LOWERING = 1;

/** A record type with the program that makes it. */
export interface KnownRecordType {
  readonly program: Program;
  readonly record: ProgramRecord;
}

/** The programs that a PXE knows. Their sources are sealed: the user's choice of programs is private. */
export class ProgramStore {
  readonly #store: EncryptedStore;
  readonly #compile: typeof compileProgram;
  readonly #programs = new Map<Field, Program>();
  readonly #types = new Map<Field, KnownRecordType>();

  private constructor(store: EncryptedStore, compile: typeof compileProgram) {
    this.#store = store;
    this.#compile = compile;
  }

  /**
   * Compiles each program with the lowering it was added with, even if there is a newer one.
   * @throws LOWERING_UNKNOWN when a newer version of this software has added one that this version cannot compile
   */
  static async open(
    store: EncryptedStore,
    compile: typeof compileProgram = compileProgram,
  ): Promise<ProgramStore> {
    const programs = new ProgramStore(store, compile);
    const old: Program[] = [];
    for (const entry of await store.list<StoredProgram>(COLLECTION)) {
      const isOld = typeof entry === 'string';
      const { source, lowering } = isOld ? { source: entry, lowering: FIRST_LOWERING } : entry;
      const program = compile(source, undefined, { lowering, isKnown: true });
      programs.#index(program);
      if (isOld) old.push(program);
    }
    if (old.length > 0) await store.write(old.map(document));
    return programs;
  }

  /**
   * Compiles and keeps a program. Another text of a known one, which differs in comments and white space, takes its place: errors
   * show the lines that their reader has. With another lowering it is another program. `fileName` is shown in errors. Throws
   * what `compileProgram` throws.
   */
  async add(source: string, fileName?: string, options?: CompileOptions): Promise<Program> {
    const program = this.#compile(source, fileName, options);
    if (this.#programs.get(program.programId)?.source !== source)
      await this.#store.write([document(program)]);
    this.#index(program);
    return program;
  }

  list(): Program[] {
    return [...this.#programs.values()];
  }

  /** By id. Throws PROGRAM_UNKNOWN. */
  get(programId: Field): Program {
    const program = this.#programs.get(programId);
    if (program === undefined) {
      throw new AzaleaError(
        'PROGRAM_UNKNOWN',
        `The program ${fieldToHex(programId)} is not loaded. Load its source first.`,
      );
    }
    return program;
  }

  /** Resolves a record's typeId, if its program is loaded. */
  recordType(typeId: Field): KnownRecordType | undefined {
    return this.#types.get(typeId);
  }

  #index(program: Program): void {
    this.#programs.set(program.programId, program);
    for (const record of program.records.values()) this.#types.set(record.typeId, { program, record });
  }
}

function document(program: Program): DocumentWrite {
  const value: StoredProgram = { source: program.source, lowering: program.loweringVersion };
  return { collection: COLLECTION, id: fieldToHex(program.programId), value };
}
