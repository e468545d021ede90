import { keep } from "../kit/keep.ts";
import type { Channel } from "./channels.ts";
import type { Interface } from "./interface.ts";
import type { InteractiveSyncReport, MessageCounts, MessageReport, ViewerCall } from "./report.ts";
import type { Session } from "./session.ts";

const keptReports = 10_000;

type Entries<Name extends "messages" | "interfaces" | "broadcasts" | "calls"> =
  InteractiveSyncReport[Name][number][];

/** What this service writes down beside what every service does. */
export class Books {
  readonly #messages: Entries<"messages"> = [];
  readonly #interfaces: Entries<"interfaces"> = [];
  readonly #broadcasts: Entries<"broadcasts"> = [];
  readonly #calls: Entries<"calls"> = [];
  readonly #counts = { interfaces: 0, warnings: 0, lost: 0, failures: 0, ended: 0 };
  #broadcastCount = 0;
  #callCount = 0;

  message(socket: number, outcome: MessageReport["outcome"], { warnings }: Session): void {
    keep(this.#messages, { socket, outcome, warnings, at: Date.now() }, keptReports);
  }

  count(what: keyof MessageCounts): void {
    this.#counts[what] += 1;
  }

  accepted(socket: number, { channelId }: Channel, shown: Interface | null): void {
    this.#counts.interfaces += 1;
    const entry = { socket, channelId, interface: shown, at: Date.now() };
    keep(this.#interfaces, entry, keptReports);
  }

  /** Null or nothing leaves the data out, as the service does when there is no interface. */
  broadcast({ channelId }: Channel, type: string, data: unknown): void {
    this.#broadcastCount += 1;
    const message = { type, ...(data === null || data === undefined ? {} : { data }) };
    keep(this.#broadcasts, { channelId, message, at: Date.now() }, keptReports);
  }

  call(call: Omit<ViewerCall, "at">): void {
    this.#callCount += 1;
    keep(this.#calls, { ...call, at: Date.now() }, keptReports);
  }

  counts(): Record<string, number> {
    return { ...this.#counts, broadcasts: this.#broadcastCount, calls: this.#callCount };
  }

  report(): Omit<InteractiveSyncReport, "channels"> {
    return structuredClone({
      messages: this.#messages,
      interfaces: this.#interfaces,
      broadcasts: this.#broadcasts,
      calls: this.#calls,
      counts: this.#counts,
    });
  }
}
