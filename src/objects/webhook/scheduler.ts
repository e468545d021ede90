import { PhysicalAlarm } from "../physical-alarm.ts";
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
  readonly #alarm: PhysicalAlarm;
  readonly #timer: Timer;
  #isIdle = true;
  /** The time for errands, which are also run where there is no endpoint any more. */
  #errandsAt: number | null = null;

  constructor(storage: DurableObjectStorage, look: () => void) {
    this.#alarm = new PhysicalAlarm(storage);
    this.#timer = new Timer(look);
  }

  /**
   * The physical alarm has gone off, and the runtime has taken it away. It is armed again before
   * anything is done: a look that fails must not be the end of all alarms.
   */
  gone(now: number): void {
    this.#alarm.gone();
    this.wakeAt(null, true, now);
  }

  /** Errands wait, or none do any more. */
  keepErrands(isNeeded: boolean, now: number): void {
    this.#errandsAt = isNeeded ? now + GUARD_MS : null;
    if (this.#errandsAt !== null) this.#alarm.setBy(this.#errandsAt, now);
  }

  /** Notes that the alarm was handled: it is set again only if something waits. */
  finishLook(): void {
    if (!this.#isIdle || this.#errandsAt !== null) return;
    this.#alarm.set(null);
  }

  stop(): void {
    this.#timer.cancel();
    this.#alarm.forget();
  }

  wakeAt(at: number | null, isBusy: boolean, now: number): void {
    this.#isIdle = at === null && !isBusy;
    if (this.#isIdle) return;
    const isSoon = at !== null && at - now <= TIMER_MAX_MS;
    // Also what came due while it was decided to wait for it.
    if (isSoon) this.#timer.ringBy(at, now);
    const guard = isBusy || isSoon ? now + GUARD_MS : Number.MAX_SAFE_INTEGER;
    this.#alarm.setBy(Math.min(isSoon || at === null ? guard : at, guard), now);
  }
}
