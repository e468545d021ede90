import type { Seq } from "../event/ids.ts";

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
