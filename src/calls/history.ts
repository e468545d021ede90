import type { Erasure } from "../event/erasure.ts";
import type { Filter } from "../event/filter.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import type { Sighting } from "../event/sighting.ts";
import type { Page } from "../store/history/pages.ts";
import type { LoggedEvent } from "../store/logged-event.ts";

/** A range of the log: after one place, up to another. */
export interface FrontierQuery {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly filter: Filter;
  readonly limit: number;
}

/** The newest end of the log, for a page of history. */
export interface Frontier {
  readonly epoch: Epoch;
  readonly head: Seq;
  /** Up to where the database has everything. */
  readonly fed: Seq;
  /** A read of the database that carries this sees all of that. */
  readonly bookmark: string | null;
  /** The pending erasures: what the database still has in full and must not show. */
  readonly erasures: readonly Erasure[];
  /** The later tellings of events that the database does not have yet: the oldest of them. */
  readonly sightings: readonly Sighting[];
  /** The part of the page that the database does not have yet. */
  readonly tail: Page;
}

/**
 * How many bytes of pending erasures an answer carries at most. There are as many only while the
 * database takes none on, and then nothing is read from it either.
 */
export const ERASURES_MAX_BYTES = 8 * 1024 * 1024;

/** The place of one event. */
export interface EventPlace {
  /** Null if the journal does not have it, or no longer. */
  readonly event: LoggedEvent | null;
  /** As in a `Frontier`. */
  readonly bookmark: string | null;
  readonly erasures: readonly Erasure[];
}
