// One that has not gone off by then is taken to be lost: set again, it is one at the most.
const LATE_MS = 30_000;

/**
 * The one alarm that the platform gives an object, and where it stands as far as this instance knows.
 * The platform gives up on one whose handler has failed too often, and says nothing of it.
 */
export class PhysicalAlarm {
  readonly #storage: DurableObjectStorage;
  /** Null for none; unknown until this instance has set it. */
  #standsAt: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Has it stand at a time, or nowhere. */
  set(at: number | null): void {
    if (at === this.#standsAt) return;
    this.#standsAt = at;
    if (at === null) void this.#storage.deleteAlarm();
    else void this.#storage.setAlarm(at);
  }

  /** Has it go off by a time. One that goes off earlier is left: its handler sets the next. */
  setBy(at: number, now: number): void {
    if (this.#standsAt == null || this.#standsAt <= now || this.#standsAt > at) this.set(at);
  }

  /** Notes that it has gone off: the runtime has taken it away. */
  gone(): void {
    this.#standsAt = null;
  }

  /** Notes that it was taken away with everything else, or may have been. */
  forget(): void {
    this.#standsAt = undefined;
  }

  /** Says if it should have gone off a while ago: the platform has given up on it. */
  isLost(now: number): boolean {
    return this.#standsAt != null && this.#standsAt <= now - LATE_MS;
  }

  /** Sets it where it stands nowhere, or later than it has to. `next`: asked when that is known. */
  async settle(next: () => number | null): Promise<void> {
    if (next() === null) return;
    const standsAt = await this.#storage.getAlarm();
    const at = next();
    if (at === null || (standsAt !== null && standsAt <= at)) return;
    this.forget();
    this.set(at);
  }
}
