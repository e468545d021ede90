import { toEvent } from "../event/event.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import { formatTime } from "../lib/time.ts";

/** An event as history is given it. */
interface Kept {
  readonly seq: Seq;
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  readonly raw: string | null;
}

/**
 * Makes less and less of an event that the database refuses: first it goes without its provider's
 * words, and then a gap stands in its place and tells that it is missing.
 */
export function reduceEvent(
  { channel, epoch }: { readonly channel: string; readonly epoch: Epoch },
  event: Kept,
): readonly Kept[] {
  const { seq, at } = event;
  const when = formatTime(at);
  const data = { identifier: "history", from: when, to: when, cause: "the database refused it" };
  const place = { channel, epoch, seq, recordedAt: at, provider: "relay" as const };
  const gap = toEvent({ type: "connection.gap", data, platform: "tributary" }, place);
  const { type, provider, platform } = gap;
  return [
    { ...event, raw: null },
    { seq, type, provider, platform, at, text: JSON.stringify(gap), raw: null },
  ];
}
