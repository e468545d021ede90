import type { EventDraft } from "../../../event/event.ts";
import type { Amount } from "../../../event/shapes.ts";
import { divideByTen } from "../../../lib/decimal.ts";
import { formatTime, parseTime } from "../../../lib/time.ts";
import { readCount, readText, type Fields } from "../wire/fields.ts";
import type { Notification } from "../wire/frames.ts";

export const PLATFORM = "twitch";

/** The fields that all drafts of a notification have alike. */
export type Envelope = Pick<EventDraft, "platform" | "connectionId" | "time" | "key" | "raw">;

/** The facts about an event that are not in its own fields. */
export interface Told {
  /** The name of the subscription's type. */
  readonly type: string;
  /** The id of the frame, which a repeat of it has as well. */
  readonly frameId: string;
  /** When the frame was sent, in milliseconds since 1970. */
  readonly sentAt: number | undefined;
  readonly condition: Fields;
  /** How it is with another type, whose events may tell of the same; raids are two, `:in` and `:out`. */
  hearingOf(type: string): Hearing;
}

/** Is a type of event heard? `unknown` while it has not been asked for, or not been answered. */
export type Hearing = "heard" | "refused" | "unknown";

/** Makes one draft of an event; null where it lacks what makes it what it is. */
export type Reader = (envelope: Envelope, event: Fields, told: Told) => EventDraft | null;

/** The envelope of a notification's drafts. Without an id of what happened, the frame's names it. */
export function makeEnvelope(connectionId: string, { id, sentAt, raw }: Notification): Envelope {
  const time = sentAt === null ? null : parseTime(sentAt);
  return {
    platform: PLATFORM,
    connectionId,
    key: `es/${id}`,
    ...(time !== null && { time }),
    raw,
  };
}

/** A key of Twitch's own: whoever tells of it says the same. */
export function makeKey(kind: string, ...ids: readonly string[]): { key: string } {
  return { key: [kind, PLATFORM, ...ids].join("/") };
}

/** The id that a message or a notice has in every channel that shares its chat. */
export function findOrigin(event: Fields): string | undefined {
  return readText(event, "source_message_id", "message_id");
}

/** A time in a field, as events have it; undefined for none. */
export function readTime(fields: Fields, ...names: readonly string[]): string | undefined {
  const text = readText(fields, ...names);
  const at = text === undefined ? null : parseTime(text);
  return at === null ? undefined : formatTime(at);
}

export function makeBits(count: number): Amount {
  return { value: String(count), currency: "bits", kind: "virtual" };
}

/** Money in a currency's small units; null where it is not there. */
export function readMoney(fields: Fields | undefined): Amount | null {
  if (fields === undefined) return null;
  const units = readCount(fields, "value");
  const places = readCount(fields, "decimal_places", "decimal_place");
  const currency = readText(fields, "currency");
  if (units === undefined || currency === undefined) return null;
  if (places === undefined || places > 10) return null;
  const value = divideByTen(String(units), places);
  return value === null ? null : { value, currency, kind: "fiat" };
}

/** Something of the provider's that we have no word for. */
export function draftUnknown(envelope: Envelope, nativeType: string): EventDraft {
  return { ...envelope, type: "provider.event", data: { nativeType, payload: envelope.raw } };
}
