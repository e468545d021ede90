import type { EventDraft } from "../../../event/event.ts";
import type { Amount } from "../../../event/shapes.ts";
import { divideByTen } from "../../../lib/decimal.ts";
import { lookUp } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import type { Line } from "../wire/line.ts";

export const PLATFORM = "twitch";

/** The fields that all drafts of a line have alike. */
export type IrcEnvelope = Pick<EventDraft, "platform" | "connectionId" | "time" | "key" | "raw">;

/** The envelope of a line's drafts, without what names the occurrence. */
export function makeEnvelope(connectionId: string, line: Line): IrcEnvelope {
  const time = readCount(line, "tmi-sent-ts");
  const { tags, prefix, command, params } = line;
  return {
    platform: PLATFORM,
    connectionId,
    ...(time !== undefined && isTime(time) && { time }),
    raw: { tags, prefix, command, params },
  };
}

/** The value of a tag; undefined where there is none, or an empty one. */
export function readTag({ tags }: Line, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = lookUp(tags, name);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/** A tag that holds a whole number, not below 0. */
export function readCount(line: Line, ...names: readonly string[]): number | undefined {
  const value = readTag(line, ...names);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Is a tag set? Some say so by a number, some by a word. */
export function isSet(line: Line, name: string): boolean {
  const value = readTag(line, name);
  return value === "1" || value === "true";
}

/** The key of a line that tells of something that has an id: the one it has in every room. */
export function makeKey(kind: string, line: Line): { key?: string } {
  const id = readTag(line, "source-id", "id");
  return id === undefined ? {} : { key: `${kind}/${PLATFORM}/${id}` };
}

/** Was it written in another room that shares its chat with this one? */
export function isFromElsewhere(line: Line): boolean {
  const source = readTag(line, "source-room-id");
  return source !== undefined && source !== readTag(line, "room-id");
}

export function makeBits(count: number): Amount {
  return { value: String(count), currency: "bits", kind: "virtual" };
}

/** Money in a currency's small units, by three tags that begin alike; null where they are not there. */
export function readMoney(
  line: Line,
  amount: string,
  currency: string,
  exponent: string,
): Amount | null {
  const units = readTag(line, amount);
  const code = readTag(line, currency);
  const places = readCount(line, exponent);
  if (units === undefined || !/^\d{1,30}$/.test(units)) return null;
  if (code === undefined || places === undefined || places > 10) return null;
  const value = divideByTen(units, places);
  return value === null ? null : { value, currency: code, kind: "fiat" };
}
