import { compileProgram, type Program, type ProgramRecord } from '../../program/artifact.ts';
import { AzaleaError } from '../../protocol/errors.ts';
import { type Field, fieldToHex } from '../../protocol/field.ts';
import type { EncryptedStore } from '../store/encrypted-store.ts';

const COLLECTION = 'programs';

/** A record type with the program that makes it. */
export interface KnownRecordType {
  readonly program: Program;
  readonly record: ProgramRecord;
}

/** The programs that a PXE knows. Which ones a user runs is nobody else's business: their sources are sealed. */
export class ProgramStore {
  readonly #store: EncryptedStore;
  readonly #programs = new Map<Field, Program>();
  readonly #types = new Map<Field, KnownRecordType>();

  private constructor(store: EncryptedStore) {
    this.#store = store;
  }

  static async open(store: EncryptedStore): Promise<ProgramStore> {
    const programs = new ProgramStore(store);
    for (const source of await store.list<string>(COLLECTION)) programs.#index(compileProgram(source));
    return programs;
  }

  /**
   * Compiles and keeps a program. Another text of a known one, which differs in comments and white space, takes its place: errors
   * show the lines that their reader has. `fileName` is shown in errors. Throws what `compileProgram` throws.
   */
  async add(source: string, fileName?: string): Promise<Program> {
    const program = compileProgram(source, fileName);
    if (this.#programs.get(program.programId)?.source !== source) {
      const id = fieldToHex(program.programId);
      await this.#store.write([{ collection: COLLECTION, id, value: source }]);
    }
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

  /** What a record's typeId stands for, if its program is loaded. */
  recordType(typeId: Field): KnownRecordType | undefined {
    return this.#types.get(typeId);
  }

  #index(program: Program): void {
    this.#programs.set(program.programId, program);
    for (const record of program.records.values()) this.#types.set(record.typeId, { program, record });
  }
}
