import activities from "../../../protocols/astro/frames/activities.json";
import astroChat from "../../../protocols/astro/frames/chat.json";
import restream from "../../../protocols/restream/frames/events.json";
import chat from "../../../protocols/youtube/frames/chat.json";
import memberships from "../../../protocols/youtube/frames/memberships.json";
import moderation from "../../../protocols/youtube/frames/moderation.json";
import money from "../../../protocols/youtube/frames/money.json";
import { sayByRestream, tellByRestream, toAuthor, toChannel } from "./chats.ts";
import { formatTime, MINUTE, SECOND, type Happening, type Told } from "./happening.ts";

/*
 * What YouTube, StreamElements and Restream tell of what happens on YouTube.
 */

interface Page {
  readonly items: readonly { readonly id: string; readonly snippet: object }[];
}

function makeItem(page: Page, { no, at, who }: Happening, snippet: object): object {
  const [item] = page.items;
  const channelId = toChannel(who.id);
  return {
    ...item,
    id: `LCC.${no}`,
    snippet: {
      ...item?.snippet,
      authorChannelId: channelId,
      publishedAt: formatTime(at),
      ...snippet,
    },
    authorDetails: { channelId, displayName: `@${who.name}` },
  };
}

/** The same item from YouTube, and passed on by StreamElements where it passes such a thing on. */
function youtube(page: Page, happening: Happening, snippet: object, named: string[]): Told {
  const frame = { ...page, items: [makeItem(page, happening, snippet)] };
  return { by: "youtube", frame, late: 6 * SECOND, named };
}

function passed(page: Page, happening: Happening, snippet: object, named: string[]): Told {
  const data = makeItem(page, happening, snippet);
  const frame = { ...astroChat.youtube, id: `A-y${happening.no}`, data };
  return { by: "astro", frame, late: 6 * SECOND, named };
}

function astro(
  frame: { data: object },
  { no, at, who }: Happening,
  more: object,
  late: number,
): Told {
  const said = {
    username: who.name,
    displayName: who.name,
    providerId: toChannel(who.id),
    ...more,
  };
  const data = {
    ...frame.data,
    _id: `y${no}`,
    activityId: `y${no}`,
    createdAt: formatTime(at),
    data: said,
  };
  return { by: "astro", frame: { ...frame, id: `A-y${no}`, data }, late, named: [] };
}

/** All that is told of what happened on YouTube. */
export function tellOfYouTube(happening: Happening): Told[] {
  const { deed, text, count, no, who } = happening;
  const author = toAuthor(happening);
  const both = (page: Page, snippet: object, type: string): Told[] => [
    youtube(page, happening, snippet, [type]),
    passed(page, happening, snippet, [type]),
  ];
  switch (deed) {
    case "deletion": {
      const messageDeletedDetails = { deletedMessageId: `LCC.gone-${no}` };
      return both(moderation["a deletion"], { messageDeletedDetails }, "chat.message.deleted");
    }
    case "ban":
    case "timeout": {
      const bannedUserDetails = { channelId: toChannel(who.id), displayName: who.name };
      const banDurationSeconds = String(count * 300);
      return deed === "ban"
        ? both(
            moderation["a ban"],
            { userBannedDetails: { bannedUserDetails, banType: "permanent" } },
            "moderation.ban",
          )
        : both(
            moderation["a ban for a while"],
            { userBannedDetails: { bannedUserDetails, banType: "temporary", banDurationSeconds } },
            "moderation.timeout",
          );
    }
    case "superchat": {
      const superChatDetails = {
        amountMicros: `${count}500000`,
        currency: "EUR",
        userComment: text,
      };
      const amount = count + 0.5;
      const donation = { amount: amount.toFixed(2), currencyString: "EUR", tier: 1 };
      return [
        youtube(money["a Super Chat"], happening, { superChatDetails }, ["channel.tip"]),
        astro(activities.superchat, happening, { amount, currency: "EUR" }, 50 * SECOND),
        tellByRestream(restream["7"], happening, { author, donation, text }, 7 * SECOND),
      ];
    }
    case "sub":
    case "upgrade":
      return [
        youtube(
          memberships[deed === "sub" ? "a new member" : "a member who goes up"],
          happening,
          {},
          ["channel.subscription"],
        ),
        astro(activities.sponsor, happening, { amount: 1 }, 14 * MINUTE),
        tellByRestream(restream["28"], happening, { author, membership: {} }, 7 * SECOND),
      ];
    case "resub": {
      const memberMilestoneChatDetails = { memberMonth: count, userComment: text };
      const words = { author, memberMilestone: { months: count }, text };
      return [
        youtube(memberships["a milestone"], happening, { memberMilestoneChatDetails }, [
          "channel.subscription",
        ]),
        astro(activities.sponsor, happening, { amount: count }, 14 * MINUTE),
        tellByRestream(restream["23"], happening, words, 7 * SECOND),
      ];
    }
    case "bomb": {
      const membershipGiftingDetails = { giftMembershipsCount: count };
      const words = { author, giftMemberships: { count } };
      return [
        youtube(memberships["gifts that were bought"], happening, { membershipGiftingDetails }, [
          "channel.subscription.gift",
        ]),
        astro(activities.sponsorshipPassive, happening, { amount: count }, 50 * SECOND),
        tellByRestream(restream["29"], happening, words, 7 * SECOND),
      ];
    }
    default: {
      const snippet = { displayMessage: text, textMessageDetails: { messageText: text } };
      return [...both(chat["a text"], snippet, "chat.message"), sayByRestream(happening, text)];
    }
  }
}
