import { dropAlarm, listAlarms, putAlarm } from "../store/object/alarms.ts";

/** What an object can be woken for: a channel's, and a hub (`renewal`; both for `beat`). */
export type AlarmName =
  | "watchdog"
  | "history"
  | "outbox"
  | "hubs"
  | "webhooks"
  | "beat"
  | "renewal";

/**
 * Named alarms over the one physical alarm. A name has one due time; the physical alarm stands at
 * the first of them.
 */
export class Alarms {
  readonly #storage: DurableObjectStorage;
  readonly #dueAt: Map<string, number>;
  /** Where the physical alarm stands, null for nowhere; unknown until this instance has set it. */
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

  #arm(): void {
    const next = this.#dueAt.size === 0 ? null : Math.min(...this.#dueAt.values());
    if (next === this.#armedAt) return;
    this.#armedAt = next;
    if (next === null) void this.#storage.deleteAlarm();
    else void this.#storage.setAlarm(next);
  }
}
