import { isRecord, parseJson, type Json } from "../../../lib/json.ts";
import { MAX_FRAME_CHARS, texts } from "../wire/frames.ts";
import { readInterface } from "../wire/interface.ts";
import { toDump } from "./validation-dump.ts";

/** A message that comes sooner than this ends the connection. */
const SPAM_MS = 100;

/** A message that comes sooner than this is ignored. */
const PACE_MS = 1000;

/** The result of checking a game's message, before the shown interface is known. */
export type FrameCheck =
  | { readonly type: "show"; readonly interface: Json }
  | {
      readonly type: "warning";
      readonly text: string;
      readonly data: Json;
      readonly isPaced: boolean;
    }
  | { readonly type: "spam" };

/**
 * The rules for a game's message, in the real server's own order: the first that is broken is told.
 * `sinceMs`: since the last message that kept the first rule; null for none.
 */
export function checkFrame(frame: string | null, sinceMs: number | null): FrameCheck {
  // A clock that was put back says nothing of a pace.
  const pace = sinceMs === null || sinceMs < 0 ? PACE_MS : sinceMs;
  if (pace < SPAM_MS) return { type: "spam" };
  if (pace < PACE_MS) return { ...makeWarning(texts.tooSoon), isPaced: false };
  if (frame !== null && frame.length > MAX_FRAME_CHARS) return makeWarning(texts.tooBig);
  const parsed = parseJson(frame ?? "");
  if (!parsed.ok) return makeWarning(texts.unparsable);
  const { value } = parsed;
  if (!isRecord(value) || value["context"] !== "user_interface" || !value["data"]) {
    return makeWarning(texts.incomplete);
  }
  const { data } = value;
  if (readInterface(data).ok) return { type: "show", interface: data as Json };
  return makeWarning(texts.invalid, toDump(data) as unknown as Json);
}

/** The last rule: an interface is not to have the id of the one that is shown. */
export function findTwin(given: Json, shown: Json | null): Json | null {
  if (shown === null) return null;
  const [previousID, newID] = [readId(shown), readId(given)];
  return previousID === newID ? { previousID, newID } : null;
}

function readId(shown: Json): Json | undefined {
  return isRecord(shown) ? shown["id"] : undefined;
}

function makeWarning(text: string, data: Json = null): Extract<FrameCheck, { type: "warning" }> {
  return { type: "warning", text, data, isPaced: true };
}
