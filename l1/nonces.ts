/** The sender and nonce of a signed transaction that is still open. */
interface Open {
  readonly from: string;
  readonly nonce: number;
}

const ofClients = new WeakMap<object, Nonces>();

/** Nonces of signed transactions whose outcome is not known: no other transaction gets them. */
export class Nonces {
  readonly #open = new Map<string, Set<number>>();
  readonly #queues = new Map<string, Promise<unknown>>();

  /** Those of a client. */
  static of(client: object): Nonces {
    const known = ofClients.get(client);
    if (known !== undefined) return known;
    const made = new Nonces();
    ofClients.set(client, made);
    return made;
  }

  open({ from, nonce }: Open): void {
    const key = from.toLowerCase();
    this.#open.set(key, (this.#open.get(key) ?? new Set()).add(nonce));
  }

  close({ from, nonce }: Open): void {
    this.#open.get(from.toLowerCase())?.delete(nonce);
  }

  /** The first free one, from the node's count of pending transactions on. */
  next(from: string, pending: number): number {
    const open = this.#open.get(from.toLowerCase());
    let nonce = pending;
    while (open?.has(nonce)) nonce++;
    return nonce;
  }

  /** Runs works of one account one after the other. */
  exclusive<T>(from: string, work: () => Promise<T>): Promise<T> {
    const key = from.toLowerCase();
    const result = (this.#queues.get(key) ?? Promise.resolve()).then(work, work);
    this.#queues.set(
      key,
      result.catch(() => {}),
    );
    return result;
  }
}
