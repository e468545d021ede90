import type { Gap } from "../event/gap.ts";
import type { Connection } from "../event/shapes.ts";

/** An event as a client is to get it. */
export interface EventText {
  /** Its id, which is its position. */
  readonly id: string;
  readonly type: string;
  /** The whole event as JSON, with the provider's words in it where they were asked for. */
  readonly text: string;
}

/** The first thing that a client is told. */
export interface Welcome {
  readonly session: string;
  readonly channel: string;
  /** The newest event's. */
  readonly position: string;
  readonly connections: readonly Connection[];
}

/** A stretch of the log that a client has now got in full: after `from`, up to `to`. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * A language for native clients: it puts what the relay has to say into frames, in the order to be
 * sent, or into none where it has no word for it.
 */
export interface Dialect {
  /** Can it say that something was left out? One that cannot must not have anything left out. */
  readonly tellsGaps: boolean;
  welcome(welcome: Welcome): readonly string[];
  /** Says where it begins, once that is known: everything after this position will come. */
  begin(position: string): readonly string[];
  events(stretch: Stretch, events: readonly EventText[]): readonly string[];
  gap(gap: Gap): readonly string[];
  /** The socket is about to go away on purpose: come back after so long. */
  handOver(afterMs: number): readonly string[];
  /** Does it take commands? A dialect that does not ignores nothing: each frame is a fault. */
  readonly takesCommands: boolean;
}

/** An event's text with the provider's words in it: both are JSON, and stay as they are. */
export function withRaw(text: string, raw: string): string {
  return `${text.slice(0, -1)},"raw":${raw}}`;
}
