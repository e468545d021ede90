/** One timer in memory: what it is set for is done once, at the earliest time it was set to. */
export class Timer {
  readonly #ring: () => void;
  #set: { readonly at: number; readonly id: ReturnType<typeof setTimeout> } | null = null;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at this time, at once where it has passed, unless it rings earlier anyway. */
  ringBy(at: number, now: number): void {
    if (this.#set !== null && this.#set.at <= at) return;
    this.cancel();
    const ring = (): void => {
      this.#set = null;
      this.#ring();
    };
    this.#set = { at, id: setTimeout(ring, Math.max(0, at - now)) };
  }

  cancel(): void {
    if (this.#set !== null) clearTimeout(this.#set.id);
    this.#set = null;
  }
}
