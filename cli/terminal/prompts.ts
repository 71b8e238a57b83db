/** Questions to the user. Secrets are typed without echo, or come from the environment or standard input; never from argv. */
import { confirm, password } from '@inquirer/prompts';
import { AzaleaError } from '../../protocol/errors.ts';

export interface Prompts {
  /** The store's passphrase; a new store asks for it twice. Throws PASSPHRASE_MISSING, PASSPHRASE_MISMATCH. */
  passphrase(isNew: boolean): Promise<string>;
  /** A seed to restore: typed, or the first line of standard input. Throws SEED_MISSING. */
  seed(): Promise<string>;
  /** Throws CONFIRMATION_REQUIRED where there is no terminal to ask on, NOT_CONFIRMED when the answer is no. */
  confirm(question: string, skipOption: string): Promise<void>;
}

export interface PromptSources {
  readonly environment: NodeJS.ProcessEnv;
  readonly input: NodeJS.ReadStream;
}

export function createPrompts({ environment, input }: PromptSources): Prompts {
  // Questions go to standard error: standard output carries results only.
  const context = { input, output: process.stderr, clearPromptOnDone: true };
  const hidden = (message: string): Promise<string> =>
    password({ message, mask: false, toggleMask: false }, context);
  return {
    async passphrase(isNew) {
      const given = environment.AZALEA_PASSPHRASE;
      if (given !== undefined) return given;
      if (!input.isTTY) {
        throw new AzaleaError(
          'PASSPHRASE_MISSING',
          'There is no terminal to ask for the passphrase: set AZALEA_PASSPHRASE.',
        );
      }
      if (!isNew) return hidden('Passphrase of the wallet');
      const passphrase = await hidden('New passphrase: it encrypts the wallet on this machine');
      if (passphrase !== '' && passphrase !== (await hidden('The same again'))) {
        throw new AzaleaError(
          'PASSPHRASE_MISMATCH',
          'The two passphrases differ. Nothing was made; try again.',
        );
      }
      return passphrase;
    },
    async seed() {
      const text = input.isTTY ? await hidden('Seed (azseed1...)') : await firstLine(input);
      if (text.trim() !== '') return text.trim();
      throw new AzaleaError('SEED_MISSING', 'No seed was given: type it, or send it on standard input.');
    },
    async confirm(question, skipOption) {
      if (!input.isTTY) {
        throw new AzaleaError(
          'CONFIRMATION_REQUIRED',
          `There is no terminal to confirm on: give ${skipOption} if you mean it.`,
        );
      }
      if (await confirm({ message: question, default: false }, context)) return;
      throw new AzaleaError('NOT_CONFIRMED', 'Not confirmed: nothing was done.');
    },
  };
}

async function firstLine(input: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk;
    if (text.includes('\n') || text.length > 4096) break;
  }
  return text.split('\n')[0];
}
