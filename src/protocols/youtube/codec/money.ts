import type { EventDraft } from "../../../event/event.ts";
import { readYouTubeText } from "../../chat-text.ts";
import type { Item } from "../wire/items.ts";
import { makeEnvelope, readCount, readMoney, readText, readUser } from "./fields.ts";

/** A payment: a Super Chat, a Super Sticker, or what came before both. Null where no amount is told. */
export function draftTip(
  connectionId: string,
  item: Item,
  kind: "superchat" | "supersticker" | "tip",
): EventDraft | null {
  const { superChatDetails, superStickerDetails, fanFundingEventDetails } = item.snippet;
  const details = superChatDetails ?? superStickerDetails ?? fanFundingEventDetails;
  const amount = readMoney(details);
  if (amount === null) return null;
  const words = readText(details?.userComment);
  return {
    ...makeEnvelope(connectionId, item, "tip"),
    type: "channel.tip",
    data: {
      tipId: item.id,
      user: readUser(item),
      amount,
      kind,
      ...(words !== undefined && { message: readYouTubeText(item.id, words) }),
    },
  };
}

/** A gift that was bought with jewels. */
export function draftGift(connectionId: string, item: Item): EventDraft | null {
  const { giftDetails, giftEventDetails } = item.snippet;
  const told = [
    giftDetails,
    giftDetails?.giftMetadata,
    giftEventDetails,
    giftEventDetails?.giftMetadata,
  ];
  const jewels = readFirst(told.map((each) => readCount(each?.jewelsAmount)));
  if (jewels === undefined) return null;
  const name = readFirst(told.map((each) => readText(each?.giftName)));
  return {
    ...makeEnvelope(connectionId, item, "cheer"),
    type: "channel.cheer",
    data: {
      user: readUser(item),
      amount: { value: String(jewels), currency: "youtube:jewel", kind: "virtual" },
      ...(name !== undefined && { gift: { name, count: 1 } }),
    },
  };
}

function readFirst<T>(told: readonly (T | undefined)[]): T | undefined {
  return told.find((each) => each !== undefined);
}
