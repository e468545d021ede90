import type { EventDraft } from "../../../event/event.ts";
import type { Json } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import type { Delivery } from "../wire/frames.ts";

export const PLATFORM = "kick";

/** The fields that all drafts of a delivery have alike. */
export type KickEnvelope = Pick<EventDraft, "platform" | "connectionId" | "time" | "key" | "raw">;

/**
 * The envelope of a delivery: as of when Kick made it, and known again by its name. What happened has
 * in most cases a time and a name of its own.
 */
export function makeEnvelope(connectionId: string, { id, time, body }: Delivery): KickEnvelope {
  const at = readTime(time);
  return {
    platform: PLATFORM,
    connectionId,
    ...(at !== undefined && { time: at }),
    key: `delivery/${id}`,
    raw: body as Json,
  };
}

/** The same as of a time that the body tells, where it tells one. */
export function setTime(envelope: KickEnvelope, text: string | null | undefined): KickEnvelope {
  const time = readTime(text);
  return time === undefined ? envelope : { ...envelope, time };
}

/**
 * The same under the occurrence's own name, which all deliveries of it have alike; unchanged where a
 * part of the name was not told.
 */
export function setKey(
  envelope: KickEnvelope,
  ...parts: readonly (string | number | null | undefined)[]
): KickEnvelope {
  const isWhole = parts.every((part) => part !== null && part !== undefined && part !== "");
  return isWhole ? { ...envelope, key: parts.join("/") } : envelope;
}

export function readTime(text: string | null | undefined): number | undefined {
  return parseTime(text ?? "") ?? undefined;
}
