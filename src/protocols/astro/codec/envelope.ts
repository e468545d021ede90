import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { isTime, parseTime } from "../../../lib/time.ts";

/** The parts of a draft that every Astro event has alike. */
export type AstroEnvelope = Pick<
  DraftOf<"chat.message">,
  "platform" | "connectionId" | "time" | "key" | "raw"
>;

/** A topic's data in our words; null for what we have no word for. */
export type Translate = (draft: AstroEnvelope, data: unknown) => EventDraft | null;

/** The same with the time that the data itself gives, which is finer than its frame's. */
export function setTime(
  draft: AstroEnvelope,
  ...said: (string | null | undefined)[]
): AstroEnvelope {
  const times = said.flatMap((each) => toTime(each) ?? []);
  return times[0] === undefined ? draft : { ...draft, time: times[0] };
}

/** RFC 3339 text as a time. */
export function toTime(said: string | null | undefined): number | null {
  const time = said == null ? null : parseTime(said);
  return time !== null && isTime(time) && time > 0 ? time : null;
}
