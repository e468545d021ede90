import type { StreamEvent } from "../../../event/event.ts";
import { parseTime } from "../../../lib/time.ts";

/* Parts that lines of all kinds have alike. */

/** The most characters of a text, as Twitch has it. */
export const TEXT_MAX = 500;

/** The beginning of a text, on one line: a mark of control would end it, or make an action of it. */
export function cutText(text: string, max: number = TEXT_MAX): string {
  const chars = Array.from(text.toWellFormed().slice(0, max * 2)).slice(0, max);
  return chars.join("").replace(/\p{Cc}/gu, " ");
}

/** The room of an event: its channel's. */
export function toRoom({ source }: StreamEvent): string {
  return `#${source.slice(source.lastIndexOf("/") + 1)}`;
}

export function readTime({ time, recordedtime }: StreamEvent): number {
  return Math.floor(parseTime(time ?? recordedtime) ?? 0);
}

export function makeTime(event: StreamEvent): { "tmi-sent-ts": string } {
  return { "tmi-sent-ts": String(readTime(event)) };
}
