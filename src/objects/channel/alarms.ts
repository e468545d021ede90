import { Alarms, type AlarmName } from "../alarms.ts";

// Keep-alive, watchdog and restart in one: an object with an outbound socket is put away after 70 s
// without an event, and what comes in by that socket is none.
const WATCHDOG_MS = 30_000;

/** The alarms of a channel, for the case that the object is evicted before its work is done. */
export class ChannelAlarms {
  readonly named: Alarms;

  constructor(storage: DurableObjectStorage) {
    this.named = new Alarms(storage);
  }

  /** The physical alarm has gone off: what is due. */
  wake(now: number): AlarmName[] {
    return this.named.wake(now, now + WATCHDOG_MS);
  }

  /** Keeps an alarm while work is under way, so that it goes on after an eviction. */
  keep(name: "errands" | "outbox" | "watchdog" | "webhooks", isNeeded: boolean, now: number): void {
    if (!isNeeded) this.named.clear(name);
    else if (this.named.dueAt(name) === null) this.named.set(name, now + WATCHDOG_MS);
  }

  /** Should the object go before history has what was published, this is what brings it back. */
  keepHistory(now: number): void {
    const dueAt = this.named.dueAt("watchdog") ?? this.named.dueAt("history");
    if (dueAt === null) this.named.set("history", now + WATCHDOG_MS);
  }

  /** A hub that has not been heard of is let go of in time; `expiresAt`: the first of them. */
  keepHubs(expiresAt: number | null): void {
    if (expiresAt === null) this.named.clear("hubs");
    // Renewed in the meantime, it is looked at again when it goes off.
    else if (this.named.dueAt("hubs") === null) this.named.set("hubs", expiresAt);
  }

  /** Log-ins with providers are asked about at a time of the provider's. */
  setLogIns(at: number | null): void {
    if (at === null) this.named.clear("log-ins");
    else this.named.set("log-ins", at);
  }

  /** It has gone off, and those that had expired are let go of. */
  resetHubs(expiresAt: number | null): void {
    if (expiresAt === null) this.named.clear("hubs");
    else this.named.set("hubs", expiresAt);
  }
}
