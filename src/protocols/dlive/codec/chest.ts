import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { formatConnectionId } from "../../../event/ids.ts";
import type { Amount } from "../../../event/shapes.ts";
import { toDecimal } from "../../../lib/decimal.ts";
import { findFirst } from "../../../lib/given.ts";
import { isRecord, type Json } from "../../../lib/json.ts";
import { formatTime, isTime } from "../../../lib/time.ts";
import { ChestItem } from "../wire/frames.ts";
import { readChestValue } from "./gifts.ts";
import { PLATFORM } from "./user.ts";

const NO_LEMONS: Amount = { value: "0", currency: "dlive:lemon", kind: "virtual" };

/**
 * Says in our words what `treasureChestMessageReceived` holds. A giveaway empties the chest, so its
 * start is two events. Never throws, never drops.
 */
export function toChestDrafts(streamer: string, raw: unknown): EventDraft[] {
  const parsed = ChestItem.safeParse(raw);
  if (!parsed.success) return [draftUnknown(streamer, readTypeName(raw), raw)];
  const item = parsed.data;
  const type = (findFirst(item.type, item.__typename) ?? "unknown").replace(/^TreasureChest/, "");
  return translate(streamer, type, item, raw) ?? [draftUnknown(streamer, type, raw)];
}

function translate(
  streamer: string,
  type: string,
  item: ChestItem,
  raw: unknown,
): EventDraft[] | null {
  switch (type) {
    case "GiveawayStarted": {
      const value = readLemons(item.pricePool)?.value;
      const endsAt = toTime(item.endTime);
      const id = item.id || item.endTime;
      return [
        {
          ...makeEnvelope(streamer, raw, type, id),
          type: "chest.giveaway.started",
          data: { ...(value !== undefined && { value }), ...(endsAt !== null && { endsAt }) },
        },
        {
          ...makeEnvelope(streamer, raw, "GiveawayStarted.emptied", id),
          type: "chest.value.updated",
          data: { amount: NO_LEMONS },
        },
      ];
    }
    case "GiveawayEnded":
      return [
        { ...makeEnvelope(streamer, raw, type, item.id), type: "chest.giveaway.ended", data: {} },
      ];
    case "ValueUpdated": {
      const amount = readLemons(item.value);
      if (amount === null) return null;
      return [
        {
          ...makeEnvelope(streamer, raw, type, item.id),
          type: "chest.value.updated",
          data: { amount },
        },
      ];
    }
    case "ValueExpired": {
      const amount = readLemons(item.value);
      if (amount === null) return null;
      return [
        {
          ...makeEnvelope(streamer, raw, type, item.id || item.expireAt),
          type: "chest.value.expired",
          data: { amount },
        },
      ];
    }
    default:
      return null;
  }
}

/** `id`: what tells one occurrence from another, where there is such a thing. */
function makeEnvelope(
  streamer: string,
  raw: unknown,
  type: string,
  id: string | number | null | undefined,
): Pick<DraftOf<"chest.giveaway.ended">, "platform" | "connectionId" | "key" | "raw"> {
  return {
    platform: PLATFORM,
    connectionId: formatConnectionId("dlive", streamer),
    // The times that serve as ids are not one streamer's own.
    ...(id != null && id !== "" && { key: `chest:${streamer}:${type}:${id}` }),
    raw: raw as Json,
  };
}

function draftUnknown(streamer: string, type: string, raw: unknown): EventDraft {
  return {
    ...makeEnvelope(streamer, raw, type, null),
    type: "provider.event",
    data: { nativeType: `treasureChestMessageReceived.${type}`, payload: raw },
  };
}

function readLemons(value: unknown): Amount | null {
  const decimal = toDecimal(value);
  return decimal === null ? null : readChestValue(decimal);
}

/** Milliseconds since 1970, as a number or its text. */
function toTime(value: unknown): string | null {
  const ms = Number(value ?? NaN);
  return isTime(ms) && ms > 0 ? formatTime(ms) : null;
}

function readTypeName(raw: unknown): string {
  return isRecord(raw) && typeof raw["type"] === "string" ? raw["type"] : "unreadable";
}
