import { RECENT_AT_LEAST } from "../../channel/recent.ts";
import type { Seq } from "../../event/ids.ts";
import { pruneErased } from "../../store/journal/erased.ts";
import { pruneGroups } from "../../store/journal/groups.ts";

// The journal keeps what history has for as long as repeats and resumes are likely.
const KEEP_MS = 600_000;
const PRUNE_EVERY_MS = 60_000;

/** Takes away what the journal need not keep any longer, now and then. */
export class JournalPruning {
  readonly #sql: SqlStorage;
  #prunedAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** `fed`: up to there history has everything. */
  prune(fed: Seq, now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    pruneErased(this.#sql, now);
    pruneGroups(this.#sql, fed, now - KEEP_MS, {
      keys: RECENT_AT_LEAST,
      ahead: now + KEEP_MS,
      events: RECENT_AT_LEAST,
    });
  }
}
