import type { DraftOf, EventDraft } from "../../../event/event.ts";
import type { User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { readAction } from "../../chat-text.ts";
import { readCount, readFields, readText, readWritten, type Fields } from "../wire/fields.ts";
import { draftUnknown, findOrigin, makeKey, readMoney, type Envelope } from "./envelope.ts";
import { draftAnnounced, draftGiven, draftPurchase, draftUpgrade } from "./subscription.ts";
import { isAnonymous, readNamed, readUser } from "./user.ts";

const CHATTER = "chatter_user";

/**
 * A notice of a chat: what somebody did for the channel, in fields and in Twitch's own words. What
 * has no word of ours is told of as the provider has it.
 */
export function toNotice(bare: Envelope, event: Fields): EventDraft | null {
  const kind = readText(event, "notice_type");
  if (kind === undefined) return null;
  const origin = findOrigin(event);
  const envelope = { ...bare, ...(origin !== undefined && makeKey("notice", origin)) };
  const own = readFields(event, kind) ?? {};
  return (
    draftKind(envelope, event, { kind, own }) ??
    draftUnknown(envelope, `channel.chat.notification.${kind}`)
  );
}

interface Noticed {
  readonly kind: string;
  /** The fields of its kind alone. */
  readonly own: Fields;
}

function draftKind(envelope: Envelope, event: Fields, notice: Noticed): EventDraft | null {
  const { kind, own } = notice;
  switch (kind) {
    case "sub":
      return draftAnnounced(envelope, event, "new", own);
    case "resub":
      return draftAnnounced(envelope, event, "renewal", own);
    case "sub_gift":
      return draftGiven(envelope, event, own);
    case "community_sub_gift":
      return draftPurchase(envelope, event, own);
    case "gift_paid_upgrade":
    case "prime_paid_upgrade":
      return draftUpgrade(envelope, event, own);
    case "raid":
      return draftRaid(envelope, own);
    case "charity_donation":
      return draftDonation(envelope, event, own);
    default: {
      const said = lookUp(SAID, kind.replace(/^shared_chat_/, ""));
      // A sub, a gift or a raid of another channel is something that the platform said in this one.
      const isShared = kind.startsWith("shared_chat_");
      const as = said ?? (isShared ? "system" : undefined);
      return as === undefined ? null : draftSaid(envelope, event, as);
    }
  }
}

type Kind = DraftOf<"chat.notice">["data"]["kind"];

/** Notices that are words and nothing else. */
const SAID: Readonly<Record<string, Kind>> = {
  announcement: "announcement",
  bits_badge_tier: "milestone",
  modiversary: "milestone",
  pay_it_forward: "system",
  unraid: "system",
  watch_streak: "milestone",
};

/**
 * An announcement is in its author's words; all else in Twitch's, which name the person. One without
 * words says nothing that could be read: null.
 */
function draftSaid(envelope: Envelope, event: Fields, kind: Kind): EventDraft | null {
  const own = readWritten(event);
  const twitchs = readText(event, "system_message");
  const text = kind === "announcement" ? (own ?? twitchs) : (twitchs ?? own);
  if (text === undefined) return null;
  const data = omitUndefined({ text: readAction(text).text, kind, user: readSayer(event) });
  return { ...envelope, type: "chat.notice", data };
}

function readSayer(event: Fields): User | undefined {
  return isAnonymous(event, CHATTER) ? undefined : readUser(event, CHATTER);
}

function draftRaid(envelope: Envelope, raid: Fields): EventDraft | null {
  if (readText(raid, "user_id") === undefined) return null;
  // The address has a place for the picture's size.
  const avatar = readText(raid, "profile_image_url")?.replace("%s", "300x300");
  const user = omitUndefined({ ...readNamed(raid), avatar });
  const viewers = readCount(raid, "viewer_count") ?? 0;
  const data = { user, viewers, kind: "raid" as const, direction: "in" as const };
  return { ...envelope, type: "channel.raid", data };
}

function draftDonation(envelope: Envelope, event: Fields, own: Fields): EventDraft | null {
  const amount = readMoney(readFields(own, "amount"));
  if (amount === null) return null;
  const data = omitUndefined({ user: readSayer(event), amount, kind: "charity" as const });
  return { ...envelope, type: "channel.tip", data };
}
