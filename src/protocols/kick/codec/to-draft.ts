import type { EventDraft } from "../../../event/event.ts";
import { lookUp } from "../../../lib/json.ts";
import type { Delivery, KickEvent } from "../wire/frames.ts";
import { draftBan, draftMetadata, draftRedemption, draftStatus } from "./channel.ts";
import { draftChat } from "./chat.ts";
import { makeEnvelope, type KickEnvelope } from "./envelope.ts";
import { draftFollow, draftGifts, draftKicks, draftSubscription } from "./support.ts";

/** Reads one kind's body; null where it lacks what makes it what it says it is. */
type Reader = (envelope: KickEnvelope, body: unknown) => EventDraft | null;

const READERS: Readonly<Record<KickEvent, Reader>> = {
  "chat.message.sent": draftChat,
  "channel.followed": draftFollow,
  "channel.subscription.new": draftSubscription("new"),
  "channel.subscription.renewal": draftSubscription("renewal"),
  "channel.subscription.gifts": draftGifts,
  "channel.reward.redemption.updated": draftRedemption,
  "livestream.status.updated": draftStatus,
  "livestream.metadata.updated": draftMetadata,
  "moderation.banned": draftBan,
  "kicks.gifted": draftKicks,
};

/**
 * A delivery in our words. It never throws and never drops: what has no word, or cannot be read as what
 * it says it is, is told as it came. Of whichever version it is: what can be read of it is.
 */
export function toDraft(connectionId: string, delivery: Delivery): EventDraft {
  const envelope = makeEnvelope(connectionId, delivery);
  const read = lookUp<Reader>(READERS, delivery.event)?.(envelope, delivery.body) ?? null;
  return (
    read ?? {
      ...envelope,
      type: "provider.event",
      data: { nativeType: delivery.event, payload: envelope.raw },
    }
  );
}
