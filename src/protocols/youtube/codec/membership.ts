import type { EventDraft } from "../../../event/event.ts";
import type { Subscription } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import type { Item } from "../wire/items.ts";
import { makeEnvelope, PLATFORM, readCount, readText, readUser } from "./fields.ts";

/** Somebody became a member, or went up a level. */
export function draftNewMember(connectionId: string, item: Item): EventDraft {
  const details = item.snippet.newSponsorDetails;
  return draftMember(connectionId, item, {
    kind: details?.isUpgrade === true ? "upgrade" : "new",
    tier: readText(details?.memberLevelName),
  });
}

/** A member told the chat of a month. */
export function draftMilestone(connectionId: string, item: Item): EventDraft {
  const details = item.snippet.memberMilestoneChatDetails;
  return draftMember(connectionId, item, {
    kind: "renewal",
    tier: readText(details?.memberLevelName),
    months: readCount(details?.memberMonth),
    message: readText(details?.userComment),
  });
}

/** Somebody was given a membership. */
export function draftReceived(connectionId: string, item: Item): EventDraft {
  const details = item.snippet.giftMembershipReceivedDetails;
  const giver = readText(details?.gifterChannelId);
  const from = giver === undefined ? undefined : { key: `${PLATFORM}:${giver}`, id: giver };
  return draftMember(connectionId, item, {
    kind: "new",
    tier: readText(details?.memberLevelName),
    gift: omitUndefined({ id: readText(details?.associatedMembershipGiftingMessageId), from }),
  });
}

type Said = { readonly [K in keyof Subscription]: Subscription[K] | undefined } & {
  readonly kind: Subscription["kind"];
};

function draftMember(connectionId: string, item: Item, said: Said): EventDraft {
  const subscription: Subscription = omitUndefined(said);
  return {
    ...makeEnvelope(connectionId, item, "member"),
    type: "channel.subscription",
    data: { user: readUser(item), subscription },
  };
}

/** Somebody bought memberships for others. Who gets them is told one by one. */
export function draftGifting(connectionId: string, item: Item): EventDraft {
  const details = item.snippet.membershipGiftingDetails;
  const tier = readText(details?.giftMembershipsLevelName);
  return {
    ...makeEnvelope(connectionId, item, "member"),
    type: "channel.subscription.gift",
    data: {
      user: readUser(item),
      count: readCount(details?.giftMembershipsCount) ?? 1,
      recipients: [],
      gift: { id: item.id },
      ...(tier !== undefined && { tier }),
    },
  };
}
