import { matches, type Filter, type Filterable } from "../event/filter.ts";
import type { Seq } from "../event/ids.ts";

/** A range of the log that was taken already, with the filter of its time. */
export interface Taken {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly filter: Filter;
}

/** The selection of a recovery. */
export interface Selection {
  readonly only: "failed" | "missing" | "all";
  readonly filter: Filter;
  readonly taken: readonly Taken[];
  /** The places of what failed and was not brought since. */
  readonly failed: ReadonlySet<Seq>;
  /** The places of what waits in the queue anyhow. */
  readonly pending: ReadonlySet<Seq>;
}

/** Is this event to be brought again? What is still waiting is not: it would come twice. */
export function isSelected(
  selection: Selection,
  event: Filterable & { readonly seq: Seq },
): boolean {
  if (selection.pending.has(event.seq)) return false;
  switch (selection.only) {
    case "failed":
      return selection.failed.has(event.seq);
    case "missing":
      return matches(selection.filter, event) && !wasTaken(selection.taken, event);
    case "all":
      return matches(selection.filter, event);
  }
}

function wasTaken(taken: readonly Taken[], event: Filterable & { readonly seq: Seq }): boolean {
  return taken.some(
    ({ after, upTo, filter }) => event.seq > after && event.seq <= upTo && matches(filter, event),
  );
}
