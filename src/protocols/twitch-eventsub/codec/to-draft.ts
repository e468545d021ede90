import type { EventDraft } from "../../../event/event.ts";
import { lookUp } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import { readText, type Fields } from "../wire/fields.ts";
import type { Notification } from "../wire/frames.ts";
import { draftGoal, draftPoll, draftPrediction, draftTrain } from "./campaign.ts";
import {
  draftAd,
  draftFollow,
  draftOffline,
  draftOnline,
  draftRaid,
  draftShoutout,
  draftUpdate,
} from "./channel.ts";
import { draftUnknown, makeEnvelope, type Reader, type Told } from "./envelope.ts";
import {
  draftCleared,
  draftDeletion,
  draftHeld,
  draftReviewed,
  toMessageDrafts,
} from "./message.ts";
import { draftBan, draftDeed, draftModerated, draftSettings, MODES } from "./moderation.ts";
import { draftBits, draftDonation, draftRedemption } from "./money.ts";
import { toNotice } from "./notice.ts";
import { draftGifts, draftRenewed, draftSubscribed, draftSubscriptionEnd } from "./subscription.ts";

/** The types that have a word of ours. Of every other the payload is told. */
const READERS: Readonly<Record<string, Reader>> = {
  "automod.message.hold": draftHeld,
  "automod.message.update": draftReviewed,
  "channel.ad_break.begin": draftAd,
  "channel.ban": draftBan,
  "channel.bits.use": draftBits,
  "channel.channel_points_automatic_reward_redemption.add": draftRedemption,
  "channel.channel_points_custom_reward_redemption.add": draftRedemption,
  "channel.channel_points_custom_reward_redemption.update": draftRedemption,
  "channel.charity_campaign.donate": draftDonation,
  "channel.chat.clear": draftCleared,
  "channel.chat.clear_user_messages": draftCleared,
  "channel.chat.message_delete": draftDeletion,
  "channel.chat.notification": toNotice,
  "channel.chat_settings.update": draftSettings,
  "channel.cheer": draftBits,
  "channel.custom_power_up_redemption.add": draftRedemption,
  "channel.follow": draftFollow,
  "channel.goal.begin": draftGoal,
  "channel.goal.end": draftGoal,
  "channel.goal.progress": draftGoal,
  "channel.hype_train.begin": draftTrain,
  "channel.hype_train.end": draftTrain,
  "channel.hype_train.progress": draftTrain,
  "channel.moderate": draftModerated,
  "channel.moderator.add": draftDeed,
  "channel.moderator.remove": draftDeed,
  "channel.poll.begin": draftPoll,
  "channel.poll.end": draftPoll,
  "channel.poll.progress": draftPoll,
  "channel.prediction.begin": draftPrediction,
  "channel.prediction.end": draftPrediction,
  "channel.prediction.lock": draftPrediction,
  "channel.prediction.progress": draftPrediction,
  "channel.raid": draftRaid,
  "channel.shoutout.create": draftShoutout,
  "channel.shoutout.receive": draftShoutout,
  "channel.subscribe": draftSubscribed,
  "channel.subscription.end": draftSubscriptionEnd,
  "channel.subscription.gift": draftGifts,
  "channel.subscription.message": draftRenewed,
  "channel.unban": draftDeed,
  "channel.update": draftUpdate,
  "channel.vip.add": draftDeed,
  "channel.vip.remove": draftDeed,
  "channel.warning.send": draftDeed,
  "stream.offline": draftOffline,
  "stream.online": draftOnline,
};

/** Private, or of an application and of no channel: nothing of them is told. */
const SILENT = /^(?:user\.|extension\.bits_transaction\.|drop\.entitlement\.|conduit\.shard\.)/;

/**
 * A notification in our words. None where it is no matter of the channel, or where another type that
 * is heard tells of the same.
 */
export function toDrafts(
  connectionId: string,
  notification: Notification,
  hearingOf: Told["hearingOf"],
): EventDraft[] {
  const { id, sentAt, subscription, event } = notification;
  const { type, condition } = subscription;
  if (SILENT.test(type) || isToldElsewhere(type, event, hearingOf)) return [];
  const envelope = makeEnvelope(connectionId, notification);
  const at = sentAt === null ? null : parseTime(sentAt);
  const told: Told = { type, frameId: id, sentAt: at ?? undefined, condition, hearingOf };
  if (type === "channel.chat.message") {
    return toMessageDrafts(envelope, event, told) ?? [draftUnknown(envelope, type)];
  }
  const draft = lookUp(READERS, type)?.(envelope, event, told) ?? draftUnknown(envelope, type);
  return [isPrivate(type, condition) ? withoutPayload(draft) : draft];
}

/**
 * Is it shown to moderators alone, or to the one who wrote it? A log may be public: what we have no
 * word for is told of there by its type, and read where the provider's own words are. A type that is
 * known to be so is that whatever its frame says of the condition.
 */
function isPrivate(type: string, condition: Fields): boolean {
  return condition["moderator_user_id"] !== undefined || PRIVATE.test(type);
}

const PRIVATE =
  /^(?:automod\.|channel\.(?:chat\.user_message_|guest_star_|moderate$|shield_mode\.|suspicious_user\.|unban_request\.|warning\.))/;

function withoutPayload(draft: EventDraft): EventDraft {
  if (draft.type !== "provider.event") return draft;
  return { ...draft, data: { ...draft.data, payload: null } };
}

function isToldElsewhere(type: string, event: Fields, hearingOf: Told["hearingOf"]): boolean {
  const is = (other: string): boolean => hearingOf(other) === "heard";
  switch (type) {
    case "channel.chat.notification": {
      const kind = readText(event, "notice_type");
      if (kind === "raid") return is("channel.raid:in");
      return kind === "charity_donation" && is("channel.charity_campaign.donate");
    }
    // Who cleared it is said there only.
    case "channel.chat.clear":
      return is("channel.moderate");
    case "channel.moderate": {
      const action = readText(event, "action") ?? "";
      if (action === "raid") return is("channel.raid:out");
      return MODES.includes(action) && is("channel.chat_settings.update");
    }
    default:
      return false;
  }
}
