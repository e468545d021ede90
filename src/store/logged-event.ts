import type { Seq } from "../event/ids.ts";
import { countBytes } from "../lib/bytes.ts";

/**
 * How many bytes of events a page carries at most, unless one event alone has more: pages of journal
 * and history together stay far below what one call or one answer can hold.
 */
export const PAGE_MAX_BYTES = 4 * 1024 * 1024;

/** An event as it is read back from the journal or from history. */
export interface LoggedEvent {
  readonly seq: Seq;
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
  /** The event as JSON. */
  readonly text: string;
  /** The provider's words as JSON; null where there are none, or where they were erased. */
  readonly raw: string | null;
}

/** An event with the time when it was recorded, in milliseconds since 1970. */
export interface RecordedEvent extends LoggedEvent {
  readonly at: number;
}

/** About how many bytes an event takes in a page. */
export function countPageBytes({ text, raw }: LoggedEvent): number {
  return countBytes(text) + (raw === null ? 0 : countBytes(raw));
}
