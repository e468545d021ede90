import { report } from "../report.ts";
import { dropAlarm, listAlarms, putAlarm } from "../store/object/alarms.ts";
import { hasTables } from "../store/object/migrate.ts";

/** The names of alarms: a channel's, and a hub's (`renewal`, `greeting`; both have `heartbeat` and `expiry`). */
export type AlarmName =
  | "watchdog"
  | "history"
  | "retention"
  | "archive"
  | "outbox"
  | "hubs"
  | "webhooks"
  | "heartbeat"
  | "errands"
  | "expiry"
  | "renewal"
  | "greeting";

// An object that cannot be put together is tried again after so long.
const BROKEN_MS = 60_000;

// An alarm that has not gone off by then is taken to be lost: set again, it is one at the most.
const LATE_MS = 30_000;

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
  readonly #storage: DurableObjectStorage;
  readonly #dueAt: Map<string, number>;
  /** The time of the physical alarm, null for none; unknown until this instance has set it. */
  #armedAt: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#dueAt = new Map(listAlarms(storage.sql).map(({ name, dueAt }) => [name, dueAt]));
  }

  dueAt(name: AlarmName): number | null {
    return this.#dueAt.get(name) ?? null;
  }

  set(name: AlarmName, dueAt: number): void {
    if (this.#dueAt.get(name) === dueAt) return;
    this.#dueAt.set(name, dueAt);
    putAlarm(this.#storage.sql, { name, dueAt });
    this.#arm();
  }

  clear(name: AlarmName): void {
    if (!this.#dueAt.delete(name)) return;
    dropAlarm(this.#storage.sql, name);
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
      putAlarm(this.#storage.sql, { name, dueAt: againAt });
    }
    // The runtime has taken the physical alarm away.
    this.#armedAt = null;
    this.#arm();
    return due;
  }

  /**
   * Sets the physical alarm where it stands nowhere, or later than it has to: the platform gives up on
   * one that has failed too often, and says nothing of it.
   */
  async settle(): Promise<void> {
    if (this.#next === null) return;
    const standsAt = await this.#storage.getAlarm();
    const next = this.#next;
    if (next === null || (standsAt !== null && standsAt <= next)) return;
    this.#armedAt = next;
    void this.#storage.setAlarm(next);
  }

  /**
   * Sets the physical alarm anew where it should have gone off a while ago: the object has been in
   * memory all the time, and the platform has given up on it. Cheap: called at every sign of life.
   */
  heed(now: number): void {
    if (this.#armedAt == null || this.#armedAt > now - LATE_MS) return;
    this.#armedAt = null;
    this.#arm();
  }

  /** All names were taken away with everything else. */
  reset(): void {
    this.#dueAt.clear();
    this.#armedAt = undefined;
    this.#arm();
  }

  get #next(): number | null {
    return this.#dueAt.size === 0 ? null : Math.min(...this.#dueAt.values());
  }

  #arm(): void {
    const next = this.#next;
    if (next === this.#armedAt) return;
    this.#armedAt = next;
    if (next === null) void this.#storage.deleteAlarm();
    else void this.#storage.setAlarm(next);
  }
}
