import type { Demand } from "../../channel/demand.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { DemandMark } from "./meta.ts";

/** How many listen to a channel; when the last one left is written down. */
export class Listeners {
  readonly #sql: SqlStorage;
  #now: Demand;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#now = {
      listeners: 0,
      lastLeftAt: readMeta(sql, "demand", DemandMark)?.lastLeftAt ?? null,
    };
  }

  get now(): Demand {
    return this.#now;
  }

  /** So many are there as the object comes back: they had come before. */
  begin(listeners: number): void {
    this.#now = { ...this.#now, listeners };
  }

  /** Somebody has come or left. Answers whether they are the first. */
  count(listeners: number, at: number): boolean {
    const isFirst = listeners > 0 && this.#now.listeners === 0;
    // Nobody has come, so somebody has left.
    const lastLeftAt = listeners === 0 ? at : this.#now.lastLeftAt;
    this.#now = { listeners, lastLeftAt };
    if (listeners === 0) writeMeta(this.#sql, "demand", { lastLeftAt });
    return isFirst;
  }
}
