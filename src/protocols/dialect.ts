import type { Gap } from "../event/gap.ts";
import type { Connection } from "../event/shapes.ts";
import { countBytes } from "../lib/bytes.ts";

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
  /** The relay's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** A range of the log that a client has now got in full: after `from`, up to `to`. */
export interface Range {
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
  events(range: Range, events: readonly EventText[]): readonly string[];
  gap(gap: Gap): readonly string[];
  /** The socket is about to go away on purpose: come back after so long. */
  handOver(afterMs: number): readonly string[];
  /** Does it take commands? A dialect that does not ignores nothing: each frame is a fault. */
  readonly takesCommands: boolean;
  /** The last frames before the relay closes the socket: not every client hears of the close. */
  closing(code: number, reason: string): readonly string[];
}

/**
 * How many bytes a frame to a client has at most, unless one event alone has more: many programs
 * refuse messages above 1 MiB, and some much smaller ones.
 */
export const SENT_FRAME_MAX_BYTES = 256 * 1024;

// Beside their texts: what a dialect writes around all events, and around each.
const AROUND_ALL_BYTES = 512;
const AROUND_EACH_BYTES = 64;

/** A range and the events in it. */
export interface Part {
  readonly range: Range;
  readonly events: readonly EventText[];
}

/**
 * Cuts a range of the log into parts that fit a frame each, with no hole between them: whoever has
 * got some of them resumes where the last one ended.
 */
export function cutRange(range: Range, events: readonly EventText[]): readonly Part[] {
  if (fitsByFar(events)) return [{ range, events }];
  const parts: Part[] = [];
  let { from } = range;
  let some: EventText[] = [];
  let bytes = AROUND_ALL_BYTES;
  for (const event of events) {
    const own = countEventBytes(event);
    const last = some.at(-1);
    if (last !== undefined && bytes + own > SENT_FRAME_MAX_BYTES) {
      parts.push({ range: { from, to: last.id }, events: some });
      from = last.id;
      some = [];
      bytes = AROUND_ALL_BYTES;
    }
    some.push(event);
    bytes += own;
  }
  return [...parts, { range: { from, to: range.to }, events: some }];
}

/** How many bytes an event takes in a frame, with all that is around it: never fewer. */
function countEventBytes({ id, type, text }: EventText): number {
  return countBytes(text) + id.length + type.length + AROUND_EACH_BYTES;
}

/** Does all of it fit one frame by far? A character takes three bytes at most. */
function fitsByFar(events: readonly EventText[]): boolean {
  let chars = 0;
  for (const { id, type, text } of events) chars += text.length + id.length + type.length;
  const around = AROUND_ALL_BYTES + events.length * AROUND_EACH_BYTES;
  return 3 * chars + around <= SENT_FRAME_MAX_BYTES;
}

/** The first of these texts that fit a frame together, each behind a comma. */
export function takeFitting(texts: readonly string[]): readonly string[] {
  let bytes = 8 * AROUND_ALL_BYTES;
  const end = texts.findIndex((text) => (bytes += countBytes(text) + 1) > SENT_FRAME_MAX_BYTES);
  return end === -1 ? texts : texts.slice(0, end);
}

/** An event's text with the provider's words in it: both are JSON, and stay as they are. */
export function withRaw(text: string, raw: string): string {
  return `${text.slice(0, -1)},"raw":${raw}}`;
}
