/**
 * Who waits for whom. Walks share their work: whoever needs what another walk is already finding out waits for it, so
 * that an equal question is never twice in flight (RFC 5452 §5: duplicates multiply a forger's chance). Two zones that
 * are each other's servers would then wait for each other for ever; so before a walk waits, it looks whether the other
 * already waits for it, however indirectly.
 */

export class Waiter {
  readonly #on = new Set<Waiter>();
  #hasMetLoop = false;

  /** True when `this` waits for `other`, itself or through others. */
  waitsFor(other: Waiter): boolean {
    if (this === other) return true;
    for (const next of this.#on) if (next.waitsFor(other)) return true;
    return false;
  }

  /** It needed what waits for it; what it could not find for that reason, another may well find. */
  meetLoop(): void {
    this.#hasMetLoop = true;
  }
  get hasMetLoop(): boolean {
    return this.#hasMetLoop;
  }

  /** Waits for what `other` is working on; the caller has seen that `other` does not wait for this one. */
  async during<T>(other: Waiter, work: Promise<T>): Promise<T> {
    this.#on.add(other);
    try {
      return await work;
    } finally {
      this.#on.delete(other);
      this.#hasMetLoop ||= other.#hasMetLoop;
    }
  }
}
