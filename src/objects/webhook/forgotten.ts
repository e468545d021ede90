import { z } from "zod";

import type { HandedEvent } from "../../calls/webhook.ts";
import { Erasure } from "../../event/erasure.ts";
import { Erasures } from "../../event/tombstone.ts";
import { maskOne } from "../../store/mask.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";

// No call between two objects takes as long: what was read before is here by then, or never will be.
const REMEMBER_MS = 600_000;

// Nobody is asked to forget as many within that time; the oldest have long been carried out.
const KEPT_MAX = 50;

/** `forgotten`: who was to be forgotten a short while ago. */
const Forgotten = z.array(z.object({ erasure: Erasure, until: z.number() }));

/**
 * People whom the channel was asked to forget a short while ago: events that were read before, and
 * come after, are without them as well.
 */
export class RecentlyForgotten {
  readonly #sql: SqlStorage;
  #kept: z.infer<typeof Forgotten>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#kept = readMeta(sql, "forgotten", Forgotten) ?? [];
  }

  /** Remembers them. Belongs into the transaction of what is done about it. */
  add(erasures: readonly Erasure[], now: number): void {
    const until = now + REMEMBER_MS;
    const recent = this.#kept.filter((each) => each.until > now);
    this.#kept = [...recent, ...erasures.map((erasure) => ({ erasure, until }))].slice(-KEPT_MAX);
    writeMeta(this.#sql, "forgotten", this.#kept);
  }

  /** Events as they may be taken. */
  mask(events: readonly HandedEvent[], now: number): readonly HandedEvent[] {
    const recent = this.#kept.filter(({ until }) => until > now);
    if (recent.length === 0) return events;
    const all = new Erasures(recent.map(({ erasure }) => erasure));
    return events.map((event) => maskOne({ ...event, raw: null }, all) ?? event);
  }
}
