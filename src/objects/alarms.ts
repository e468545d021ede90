import { report } from "../report.ts";
import { dropAlarm, listAlarms, putAlarm } from "../store/object/alarms.ts";
import { hasTables } from "../store/object/migrate.ts";
import { PhysicalAlarm } from "./physical-alarm.ts";

/** The names of alarms: a channel's, and a hub's (`renewal`, `greeting`; both have `heartbeat` and `expiry`). */
export type AlarmName =
  | "watchdog"
  | "history"
  | "retention"
  | "archive"
  | "outbox"
  | "log-ins"
  | "hubs"
  | "webhooks"
  | "heartbeat"
  | "errands"
  | "expiry"
  | "renewal"
  | "greeting";

// An object that cannot be put together is tried again after so long.
const BROKEN_MS = 60_000;

/**
 * Puts an object together. Should that fail, it is woken for another try: an alarm whose handler is
 * not reached is given up on after a few times, and with it all that the object was to do.
 */
export async function keepAwake(
  storage: DurableObjectStorage,
  work: () => Promise<void> | void,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    report("object could not be put together", error);
    // One that has kept nothing has nothing to be woken for.
    if (hasTables(storage.sql)) {
      await storage.setAlarm(Date.now() + BROKEN_MS);
      await storage.sync();
    }
    throw error;
  }
}

/**
 * Named alarms over the one physical alarm. A name has one due time; the physical alarm stands at
 * the first of them.
 */
export class Alarms {
  readonly #sql: SqlStorage;
  readonly #physical: PhysicalAlarm;
  readonly #dueAt: Map<string, number>;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#physical = new PhysicalAlarm(storage);
    this.#dueAt = new Map(listAlarms(storage.sql).map(({ name, dueAt }) => [name, dueAt]));
  }

  dueAt(name: AlarmName): number | null {
    return this.#dueAt.get(name) ?? null;
  }

  set(name: AlarmName, dueAt: number): void {
    if (this.#dueAt.get(name) === dueAt) return;
    this.#dueAt.set(name, dueAt);
    putAlarm(this.#sql, { name, dueAt });
    this.#arm();
  }

  clear(name: AlarmName): void {
    if (!this.#dueAt.delete(name)) return;
    dropAlarm(this.#sql, name);
    this.#arm();
  }

  /**
   * The physical alarm has gone off. It is armed again before anything else is done: a handler that
   * fails or never ends must not be the end of all alarms. Answers the names that are due.
   */
  wake(now: number, againAt: number): AlarmName[] {
    const due: AlarmName[] = [];
    for (const [name, dueAt] of this.#dueAt) if (dueAt <= now) due.push(name as AlarmName);
    for (const name of due) {
      this.#dueAt.set(name, againAt);
      putAlarm(this.#sql, { name, dueAt: againAt });
    }
    this.#physical.gone();
    this.#arm();
    return due;
  }

  /** Sets the physical alarm where it stands nowhere, or later than it has to. */
  settle(): Promise<void> {
    return this.#physical.settle(() => this.#next);
  }

  /**
   * Sets the physical alarm anew where it is lost: the object has been in memory all the time. Cheap:
   * called at every sign of life.
   */
  heed(now: number): void {
    if (!this.#physical.isLost(now)) return;
    this.#physical.gone();
    this.#arm();
  }

  /** All names were taken away with everything else. */
  reset(): void {
    this.#dueAt.clear();
    this.#physical.forget();
    this.#arm();
  }

  get #next(): number | null {
    return this.#dueAt.size === 0 ? null : Math.min(...this.#dueAt.values());
  }

  #arm(): void {
    this.#physical.set(this.#next);
  }
}
