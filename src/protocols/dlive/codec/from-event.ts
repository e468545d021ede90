import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { isEmptyRecord, isRecord } from "../../../lib/json.ts";
import { memoizePer } from "../../../lib/once.ts";
import { parseTime } from "../../../lib/time.ts";
import type { Field } from "../wire/fields.ts";
import { formatData, type OperationId } from "../wire/frames.ts";
import { toChestItem } from "./from-chest.ts";
import { toItem } from "./items.ts";

/** An event in DLive's words: the subscription that tells of it, and what it says. */
export interface Saying {
  readonly field: Field;
  readonly payload: string;
}

/** An event in DLive's words; null where it has none. Made once, for however many clients. */
export function toSaying(event: StreamEvent): Saying | null {
  return saying(event, null);
}

const saying = memoizePer((event: StreamEvent, _also: null): Saying | null => {
  const at = parseTime(event.time ?? event.recordedtime) ?? 0;
  const kept = findOwnWords(event);
  if (kept !== null) return kept;
  const item = toItem(event, at);
  if (item !== null) return say("streamMessageReceived", [item]);
  const chest = toChestItem(event, at);
  return chest === null ? null : say("treasureChestMessageReceived", chest);
});

/**
 * Is it told? A giveaway's start says by itself that the chest is empty, as our provider reads it.
 */
export function isSaid(event: StreamEvent, before: StreamEvent | undefined): boolean {
  if (event.type !== "chest.value.updated" || before?.type !== "chest.giveaway.started")
    return true;
  const { value } = (event.data as DataOf<"chest.value.updated">).amount;
  return value !== "0" || before.connectionid !== event.connectionid;
}

/** The frame that tells of an event to an operation of this id; null where there is none. */
export const toFrame = memoizePer((event: StreamEvent, id: OperationId): string | null => {
  const said = toSaying(event);
  return said === null ? null : formatData(id, said.payload);
});

/** Passes on what DLive told us and we have no word for, as it came. */
function findOwnWords({ type, provider, data }: StreamEvent): Saying | null {
  if (type !== "provider.event" || provider !== "dlive") return null;
  const { nativeType, payload } = data;
  // Of what was erased there is nothing left to say.
  if (typeof nativeType !== "string" || !isRecord(payload) || isEmptyRecord(payload)) return null;
  if (nativeType.startsWith("streamMessageReceived.")) {
    return say("streamMessageReceived", [payload]);
  }
  return nativeType.startsWith("treasureChestMessageReceived.")
    ? say("treasureChestMessageReceived", payload)
    : null;
}

function say(field: Field, told: unknown): Saying {
  return { field, payload: JSON.stringify({ data: { [field]: told } }) };
}
