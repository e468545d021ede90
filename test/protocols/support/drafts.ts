import type { EventDraft } from "../../../src/event/event.ts";
import { Platform } from "../../../src/event/ids.ts";
import { findDataSchema } from "../../../src/event/schemas.ts";
import type { Message } from "../../../src/event/shapes.ts";
import { isBetweenCharacters } from "../../../src/lib/characters.ts";
import { isTime } from "../../../src/lib/time.ts";

/** Everything that is wrong with a draft, whatever it is of; empty for a good one. */
export function faultsOf(draft: EventDraft): string[] {
  const read = findDataSchema(draft.type).safeParse(draft.data);
  const said = (draft.data as { message?: unknown }).message;
  return [
    ...(read.success ? [] : [`${draft.type}: ${read.error.message}`]),
    ...(Platform.safeParse(draft.platform).success ? [] : [`platform ${draft.platform}`]),
    ...(draft.connectionId === undefined || draft.connectionId !== "" ? [] : ["connectionId"]),
    ...(draft.time === undefined || isTime(draft.time) ? [] : [`time ${draft.time}`]),
    ...(draft.key === undefined || draft.key !== "" ? [] : ["key"]),
    ...(draft.raw === undefined ? ["no raw"] : []),
    ...(isMessage(said) && sumOf(said) !== said.text ? ["fragments are not the text"] : []),
    ...(isMessage(said) && isCut(said) ? ["half a character in a fragment"] : []),
    ...(JSON.stringify(draft.data).includes("[object Object]") ? ["an object as text"] : []),
  ];
}

export function sumOf({ fragments }: Message): string {
  return fragments.map((fragment) => fragment.text).join("");
}

function isCut({ text, fragments }: Message): boolean {
  let at = 0;
  return fragments.some((each) => !isBetweenCharacters(text, (at += each.text.length)));
}

/** The message a draft holds; throws where it holds none. */
export function messageIn({ data }: EventDraft): Message {
  const { message } = data as { message?: unknown };
  if (!isMessage(message)) throw new Error("no message");
  return message;
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "fragments" in value;
}

/** Is `part` the value, or in it? Compared as JSON. */
export function isIn(part: unknown, value: unknown): boolean {
  if (JSON.stringify(part) === JSON.stringify(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((each) => isIn(part, each));
}
