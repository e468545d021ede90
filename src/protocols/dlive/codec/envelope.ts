import type { DraftOf } from "../../../event/event.ts";
import { formatConnectionId } from "../../../event/ids.ts";
import { divideByTen } from "../../../lib/decimal.ts";
import type { Json } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import type { StreamItem } from "../wire/frames.ts";
import { PLATFORM } from "./user.ts";

/** The parts of a draft that every event of a stream has alike: whose, when, and known by what. */
export type DLiveEnvelope = Pick<
  DraftOf<"chat.message">,
  "platform" | "connectionId" | "time" | "key" | "raw"
>;

/** An item that cannot be read is known by nothing. */
export function makeEnvelope(
  streamer: string,
  type: string,
  raw: unknown,
  item?: StreamItem,
): DLiveEnvelope {
  const time = toTime(item?.createdAt);
  const key = toKey(type, item);
  return {
    platform: PLATFORM,
    connectionId: formatConnectionId("dlive", streamer),
    ...(time !== null && { time }),
    ...(key !== null && { key }),
    raw: raw as Json,
  };
}

/**
 * An item's id is its own; Live and Offline may have none, and then their time tells them apart.
 */
function toKey(type: string, item: StreamItem | undefined): string | null {
  if (item?.id != null && item.id !== "") return `${type}:${item.id}`;
  if (item?.createdAt != null) return `${type}@${item.createdAt}`;
  return null;
}

/** Nanoseconds in a string, past 2^53: cut to milliseconds before it becomes a number. */
function toTime(createdAt: string | number | null | undefined): number | null {
  if (createdAt == null) return null;
  const [milliseconds] = divideByTen(String(createdAt), 6)?.split(".") ?? [];
  const time = Number(milliseconds);
  return isTime(time) && time > 0 ? time : null;
}
