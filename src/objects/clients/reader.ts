import type { Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import type { Page } from "../../store/history/pages.ts";

/** The log as replays read it, the same in a channel's object and in a hub. */
export interface Reader {
  /** Finds where to go on after a position, and the gap. */
  resume(after: Position): Promise<{ from: Seq; gap: Gap | null }>;
  /**
   * The place after which the last `count` events that the filter lets through begin, as far back as
   * is looked for one party at a time.
   */
  rewind(count: number, filter: Filter, party: string): Promise<Seq>;
  /** The next events after a place, oldest first, as far as one page goes. */
  next(after: Seq, filter: Filter, raw: boolean): Page | Promise<Page>;
}
