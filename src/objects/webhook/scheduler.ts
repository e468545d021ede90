import { Timer } from "../timer.ts";
// Waits shorter than this are kept in memory: an alarm is a row to write.
const TIMER_MAX_MS = 1_500;

// While something is under way, this is when it is looked for should the instance be lost.
const GUARD_MS = 20_000;

/**
 * The one physical alarm over everything that has its time. It may go off too early, never too late:
 * whoever is woken looks for what is due.
 */
export class WebhookScheduler {
  readonly #storage: DurableObjectStorage;
  readonly #timer: Timer;
  /** The time of the physical alarm, as far as this instance knows. */
  #armedAt: number | null = null;
  #isIdle = true;
  /** The time for errands, which are also run where there is no endpoint any more. */
  #errandsAt: number | null = null;

  constructor(storage: DurableObjectStorage, look: () => void) {
    this.#storage = storage;
    this.#timer = new Timer(look);
  }

  /**
   * The physical alarm has gone off, and the runtime has taken it away. It is armed again before
   * anything is done: a look that fails must not be the end of all alarms.
   */
  gone(now: number): void {
    this.#armedAt = null;
    this.wakeAt(null, true, now);
  }

  /** Errands wait, or none do any more. */
  keepErrands(isNeeded: boolean, now: number): void {
    this.#errandsAt = isNeeded ? now + GUARD_MS : null;
    if (this.#errandsAt !== null) this.#standAt(this.#errandsAt, now);
  }

  /** Notes that the alarm was handled: it is set again only if something waits. */
  finishLook(): void {
    if (!this.#isIdle || this.#errandsAt !== null) return;
    this.#armedAt = null;
    void this.#storage.deleteAlarm();
  }

  stop(): void {
    this.#timer.cancel();
    this.#armedAt = null;
  }

  wakeAt(at: number | null, isBusy: boolean, now: number): void {
    this.#isIdle = at === null && !isBusy;
    if (this.#isIdle) return;
    const isSoon = at !== null && at - now <= TIMER_MAX_MS;
    // Also what came due while it was decided to wait for it.
    if (isSoon) this.#timer.ringBy(at, now);
    const guard = isBusy || isSoon ? now + GUARD_MS : Number.MAX_SAFE_INTEGER;
    this.#standAt(Math.min(isSoon || at === null ? guard : at, guard), now);
  }

  #standAt(alarmAt: number, now: number): void {
    // One that stands earlier is left: it looks and sets the next.
    if (this.#armedAt !== null && this.#armedAt > now && this.#armedAt <= alarmAt) return;
    this.#armedAt = alarmAt;
    void this.#storage.setAlarm(alarmAt);
  }
}
