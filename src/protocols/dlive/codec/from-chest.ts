import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { parseTime } from "../../../lib/time.ts";
import { toChestValue } from "./gifts.ts";

/** Puts an event of the treasure chest into DLive's words; null for any other event. */
export function toChestItem(event: StreamEvent, at: number): object | null {
  switch (event.type as CatalogueType) {
    case "chest.giveaway.started":
      return makeStart(event, at);
    case "chest.giveaway.ended":
      return makeItem("GiveawayEnded", { nextGiveawayThresholdAt: null });
    case "chest.value.updated": {
      const value = toChestValue((event.data as DataOf<"chest.value.updated">).amount);
      return value === null ? null : makeItem("ValueUpdated", { value });
    }
    case "chest.value.expired": {
      const value = toChestValue((event.data as DataOf<"chest.value.expired">).amount);
      return value === null ? null : makeItem("ValueExpired", { expireAt: String(at), value });
    }
    default:
      return null;
  }
}

function makeStart(event: StreamEvent, at: number): object {
  const { value, endsAt } = event.data as DataOf<"chest.giveaway.started">;
  const end = endsAt === undefined ? null : parseTime(endsAt);
  const pricePool =
    value === undefined ? null : toChestValue({ value, currency: "dlive:lemon", kind: "virtual" });
  return makeItem("GiveawayStarted", {
    endTime: end === null ? null : String(end),
    pricePool,
    durationInSeconds: end === null ? 0 : Math.max(0, Math.round((end - at) / 1000)),
  });
}

function makeItem(type: string, own: object): object {
  return { __typename: `TreasureChest${type}`, type, ...own };
}
