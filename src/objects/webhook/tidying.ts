import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { forgetDeliveries } from "../../store/queue/tidying.ts";
import { Tidying } from "./meta.ts";

// How long settled deliveries can be looked at, and how many of them.
const KEEP_MS = 7 * 86_400_000;
const KEEP_DELIVERIES = 50_000;
const TIDY_EVERY_MS = 600_000;

/** Forgets settled deliveries, a little at a time, so that nothing waits for it. */
export class WebhookTidying {
  readonly #sql: SqlStorage;
  #dueAt: number;

  constructor(sql: SqlStorage, now: number) {
    this.#sql = sql;
    this.#dueAt = Math.min(readMeta(sql, "tidying", Tidying)?.dueAt ?? 0, now + TIDY_EVERY_MS);
  }

  /** Does what is due. */
  tidy(now: number): void {
    if (now < this.#dueAt) return;
    const forgotten = forgetDeliveries(this.#sql, {
      settledBefore: now - KEEP_MS,
      keep: KEEP_DELIVERIES,
    });
    // There may be more.
    this.#dueAt = forgotten > 0 ? now + 1_000 : now + TIDY_EVERY_MS;
    writeMeta(this.#sql, "tidying", { dueAt: this.#dueAt });
  }
}
