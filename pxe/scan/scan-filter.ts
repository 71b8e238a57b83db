import {
  CIPHERTEXT_WORDS,
  DOMAIN,
  HASH_TO_SCALAR_BITS,
  initialState,
  RECORD_WORDS,
} from '../../protocol/constants.ts';
import { CURVE_A, CURVE_D } from '../../protocol/curve/point.ts';
import { ladderScalar } from '../../protocol/curve/x-ladder.ts';
import type { Field } from '../../protocol/field.ts';
import type { ScanKeys } from '../sync/account-search.ts';
import { HEAD_WORDS, OUTPUT_WORDS, type PackedTransitions, WORD_BYTES } from './pack-transitions.ts';
import { type Place, ScanMachine } from './scan-machine.ts';

/** Transitions, and outgoing words, that share an inversion. */
const CHUNK = 32;
const SCALAR_MASK = (1n << BigInt(HASH_TO_SCALAR_BITS)) - 1n;

/** An output of a transition. */
interface Shown {
  readonly transition: number;
  /** Position in its transition. */
  readonly output: number;
  /** Offsets of its transition's first nullifier and of its own words. */
  readonly nullifier: number;
  readonly words: number;
}

/**
 * Says which transitions may hold something of an account: all in which the full rules (pxe/sync/discovery.ts) find something, and
 * hardly any other. Time depends on how many outputs it finds, and on how many outgoing words give an x that may have an owner.
 */
export class ScanFilter {
  readonly #machine: ScanMachine;
  readonly #initial: Readonly<
    Record<'out' | 'encryption' | 'keyStream' | 'blind' | 'owner' | 'rho' | 'record', Place>
  >;
  readonly #one: Place;
  readonly #a: Place;
  readonly #d: Place;
  /** Positions of outputs: those of the sizes there are, and one for any other. */
  readonly #positions: readonly Place[];
  readonly #position: Place;
  readonly #points: readonly Place[];
  readonly #pairs: readonly Place[];
  readonly #owners: readonly Place[];
  readonly #nullifier: Place;
  readonly #rho: Place;
  readonly #own: Place;
  readonly #stream: readonly Place[];
  readonly #secrets: readonly Place[];
  readonly #blind: Place;
  readonly #made: Place;
  /** Outputs whose outgoing words may name an owner, with their encryption scalars. */
  readonly #outgoing: (Shown & { readonly scalar: bigint })[] = [];

  private constructor(machine: ScanMachine) {
    this.#machine = machine;
    const initial = (domain: bigint, length: number): Place => machine.constant(initialState(domain, length));
    this.#initial = {
      out: initial(DOMAIN.OUT, 2),
      encryption: initial(DOMAIN.R_OUT, 1),
      keyStream: initial(DOMAIN.KEYSTREAM, 3),
      blind: initial(DOMAIN.BLIND, 2),
      owner: initial(DOMAIN.OWNER, 2),
      rho: initial(DOMAIN.RHO, 2),
      record: initial(DOMAIN.RECORD, 3 + RECORD_WORDS),
    };
    this.#one = machine.constant(1n);
    this.#positions = Array.from({ length: 4 }, (_, k) => machine.constant(BigInt(k)));
    this.#a = machine.constant(CURVE_A);
    this.#d = machine.constant(CURVE_D);
    this.#points = machine.elements(2 * CHUNK);
    this.#pairs = machine.elements(4 * CHUNK);
    this.#owners = machine.elements(CHUNK);
    this.#stream = machine.elements(CIPHERTEXT_WORDS);
    this.#secrets = machine.elements(CHUNK);
    [this.#nullifier, this.#rho, this.#own, this.#blind, this.#made, this.#position] = machine.elements(6);
  }

  static async create(): Promise<ScanFilter> {
    return new ScanFilter(await ScanMachine.create());
  }

  /** Of each transition, 1 if it may concern the account, 0 if it does not. */
  filter(keys: ScanKeys, packed: PackedTransitions): Uint8Array<ArrayBuffer> {
    const verdicts = new Uint8Array(packed.outputs.length);
    const scalar = ladderScalar(keys.viewKey);
    let offset = 0;
    for (let from = 0; from < packed.outputs.length; from += CHUNK) {
      const outputs = packed.outputs.slice(from, from + CHUNK);
      offset = this.#filterChunk(
        keys.owner,
        scalar,
        { outputs, words: packed.words },
        offset,
        verdicts,
        from,
      );
    }
    return verdicts;
  }

  #filterChunk(
    owner: Field,
    scalar: bigint,
    { outputs, words }: PackedTransitions,
    start: number,
    verdicts: Uint8Array,
    from: number,
  ): number {
    const machine = this.#machine;
    let offset = start;
    outputs.forEach((count, k) => {
      machine.read(this.#points[2 * k], words, offset);
      machine.read(this.#points[2 * k + 1], words, offset + WORD_BYTES);
      offset += (HEAD_WORDS + count * OUTPUT_WORDS) * WORD_BYTES;
    });
    machine.multiply(this.#points.slice(0, 2 * outputs.length), [scalar], this.#pairs);
    machine.set(this.#own, owner);

    offset = start;
    outputs.forEach((count, k) => {
      const [secret, tvk] = [this.#points[2 * k], this.#points[2 * k + 1]];
      const nullifier = offset + 2 * WORD_BYTES;
      offset += HEAD_WORDS * WORD_BYTES;
      let encryption: bigint | undefined;
      for (let output = 0; output < count; output++, offset += OUTPUT_WORDS * WORD_BYTES) {
        const shown = { transition: from + k, output, nullifier, words: offset };
        if (verdicts[shown.transition] === 1) continue;
        if (this.#opens(words, shown, this.#own, secret)) {
          verdicts[shown.transition] = 1;
          continue;
        }
        if (!this.#mayHaveOwner(this.#owners[this.#outgoing.length], words, shown, tvk)) continue;
        encryption ??= this.#encryptionScalar(tvk);
        this.#outgoing.push({ ...shown, scalar: encryption });
        if (this.#outgoing.length === CHUNK) this.#openOutgoing(words, verdicts);
      }
    });
    this.#openOutgoing(words, verdicts);
    return offset;
  }

  /** `openOutput` of protocol/encryption.ts: whether the secret opens an output of this owner. */
  #opens(words: Uint8Array, shown: Shown, owner: Place, secret: Place): boolean {
    const machine = this.#machine;
    const { wasm } = machine;
    const position = this.#positionOf(shown.output);
    machine.read(this.#nullifier, words, shown.nullifier);
    machine.permute(this.#stream, [this.#initial.keyStream, secret, position, this.#nullifier], 1);
    this.#stream.forEach((key, k) => {
      machine.read(this.#made, words, shown.words + (2 + k) * WORD_BYTES);
      wasm.fr_sub(key, this.#made, key);
    });
    const [typeId, ...data] = this.#stream;
    machine.hash(this.#rho, this.#initial.rho, this.#nullifier, position);
    machine.hash(this.#made, this.#initial.blind, secret, position);
    machine.hash(this.#made, this.#initial.owner, owner, this.#made);
    const preimage = [typeId, this.#made, this.#rho, ...data.slice(0, RECORD_WORDS)];
    machine.permute([this.#made], [this.#initial.record, ...preimage], 0);
    return machine.equals(this.#made, words, shown.words);
  }

  /** Reads an outgoing word's owner; false if it surely names none (docs/proofs/x-ladder.md). */
  #mayHaveOwner(owner: Place, words: Uint8Array, shown: Shown, tvk: Place): boolean {
    const machine = this.#machine;
    const { wasm } = machine;
    machine.hash(this.#made, this.#initial.out, tvk, this.#positionOf(shown.output));
    machine.read(owner, words, shown.words + WORD_BYTES);
    wasm.fr_sub(owner, owner, this.#made);
    return [this.#d, this.#a].every((coefficient) => {
      wasm.fr_square(this.#made, owner);
      wasm.fr_mul(this.#made, this.#made, coefficient);
      wasm.fr_sub(this.#made, this.#one, this.#made);
      return machine.isSquare(this.#made);
    });
  }

  /** `encryptionScalar` of protocol/encryption.ts, for the ladder. */
  #encryptionScalar(tvk: Place): bigint {
    this.#machine.hash(this.#made, this.#initial.encryption, tvk);
    return ladderScalar(this.#machine.valueOf(this.#made) & SCALAR_MASK);
  }

  /** Opens the outputs collected in #outgoing, for the owners in #owners. */
  #openOutgoing(words: Uint8Array, verdicts: Uint8Array): void {
    const machine = this.#machine;
    const outgoing = this.#outgoing.splice(0);
    if (outgoing.length === 0) return;
    const secrets = this.#secrets.slice(0, outgoing.length);
    secrets.forEach((secret, k) => {
      machine.copy(secret, this.#owners[k]);
    });
    machine.multiply(
      secrets,
      outgoing.map(({ scalar }) => scalar),
      this.#pairs,
    );
    outgoing.forEach((shown, k) => {
      if (this.#opens(words, shown, this.#owners[k], secrets[k])) verdicts[shown.transition] = 1;
    });
  }

  #positionOf(output: number): Place {
    if (output < this.#positions.length) return this.#positions[output];
    this.#machine.set(this.#position, BigInt(output));
    return this.#position;
  }
}
