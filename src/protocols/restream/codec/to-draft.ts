import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { makeMessage } from "../../../event/message.ts";
import type { Message } from "../../../event/shapes.ts";
import { ANY_UNIT, type Span } from "../../../event/spans.ts";
import { toDecimal } from "../../../lib/decimal.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { findFirst } from "../../../lib/given.ts";
import { decode, isRecord, type Json } from "../../../lib/json.ts";
import { readChatText } from "../../chat-text.ts";
import {
  EventPayload,
  KICK_SUBSCRIPTION,
  MEMBER_MILESTONE,
  MEMBERSHIP,
  MEMBERSHIP_GIFT,
  Replace,
  SaidPayload,
  STICKER_TYPES,
  SUPER_CHAT,
  SUPER_STICKER,
  TEXT_TYPES,
  type Frame,
} from "../wire/frames.ts";
import { toUser } from "./author.ts";
import { makeEnvelope, readId, toPlatform, toTime, type RestreamEnvelope } from "./envelope.ts";

/** An `event` frame in our words. Never throws, never drops; null where it is no event frame. */
export function toDraft(frame: Frame): EventDraft | null {
  const decoded = decode(EventPayload, frame.payload);
  if (!decoded.ok) return null;
  const event = decoded.value;
  const said = decode(SaidPayload, event.eventPayload);
  return (said.ok ? translate(frame, event, said.value) : null) ?? draftUnknown(frame, event);
}

function translate(frame: Frame, event: EventPayload, said: SaidPayload): EventDraft | null {
  const platform = toPlatform(event.connectionIdentifier, event.eventSourceId);
  const draft = makeEnvelope(frame, event);
  const user = toUser(platform, said.author, said.bot === true);
  const type = event.eventTypeId;
  if (TEXT_TYPES.has(type) && said.text != null) {
    return {
      ...draft,
      type: "chat.message",
      data: { user, message: toMessage(platform, event, said) },
    };
  }
  if (STICKER_TYPES.has(type) && said.link) {
    const sticker = { type: "sticker" as const, text: said.text ?? "", image: said.link };
    return {
      ...draft,
      type: "chat.message",
      data: { user, message: makeMessage(readId(event), [sticker]) },
    };
  }
  if ((type === SUPER_CHAT || type === SUPER_STICKER) && said.donation != null) {
    return toTip(draft, event, said, user);
  }
  if (type === MEMBERSHIP || type === KICK_SUBSCRIPTION) {
    return {
      ...draft,
      type: "channel.subscription",
      data: { user, subscription: { kind: "new" } },
    };
  }
  if (type === MEMBER_MILESTONE) {
    return toMilestone(draft, event, said, user);
  }
  if (type === MEMBERSHIP_GIFT) {
    const count = readGiftCount(event.eventPayload["giftMemberships"]);
    return { ...draft, type: "channel.subscription.gift", data: { user, count, recipients: [] } };
  }
  return null;
}

function draftUnknown(frame: Frame, event: EventPayload): EventDraft {
  return {
    ...makeEnvelope(frame, event),
    type: "provider.event",
    data: { nativeType: `event.${event.eventTypeId}`, payload: event.eventPayload },
  };
}

function toMessage(platform: string, event: EventPayload, said: SaidPayload): Message {
  const message = readChatText({
    id: readId(event),
    text: said.text ?? "",
    platform,
    spans: toSpans(said),
    units: ANY_UNIT,
    isAction: said.contentModifiers?.me === true,
  });
  // A whisper is for the streamer alone; who that is, Restream does not repeat here.
  return said.contentModifiers?.whisper === true ? { ...message, to: {} } : message;
}

/** The ranges that are pictures. In what they are counted is not documented. */
function toSpans(said: SaidPayload): Span[] {
  return (said.replaces ?? []).flatMap((each) => {
    const decoded = decode(Replace, each);
    if (!decoded.ok) return [];
    const { from, to, payload } = decoded.value;
    const image = findFirst(payload?.url);
    const fragment = { type: "emote" as const, ...(image !== undefined && { image }) };
    return [{ start: from, end: to + 1, fragment }];
  });
}

function toTip(
  draft: RestreamEnvelope,
  event: EventPayload,
  said: SaidPayload,
  user: DraftOf<"chat.message">["data"]["user"],
): EventDraft | null {
  const value = toDecimal(said.donation?.amount);
  if (value === null) return null;
  const isSticker = event.eventTypeId === SUPER_STICKER;
  const words = toMessage(draft.platform, event, said);
  return {
    ...draft,
    type: "channel.tip",
    data: {
      user,
      amount: { value, currency: findFirst(said.donation?.currencyString) ?? "XXX", kind: "fiat" },
      kind: isSticker ? "supersticker" : "superchat",
      ...(words.text !== "" && { message: words }),
    },
  };
}

/** The inner fields of a milestone are not documented: months are taken where they can be found. */
function toMilestone(
  draft: RestreamEnvelope,
  event: EventPayload,
  { text }: SaidPayload,
  user: DraftOf<"chat.message">["data"]["user"],
): EventDraft {
  const milestone = event.eventPayload["memberMilestone"];
  const months = isRecord(milestone)
    ? readCount(milestone["memberMonth"] ?? milestone["months"])
    : undefined;
  return {
    ...draft,
    type: "channel.subscription",
    data: {
      user,
      subscription: {
        kind: "renewal",
        ...(months !== undefined && { months }),
        ...(text && { message: text }),
      },
    },
  };
}

function readGiftCount(gift: unknown): number {
  const said = isRecord(gift)
    ? (gift["giftMembershipsCount"] ?? gift["count"] ?? gift["amount"])
    : gift;
  return readCount(said) ?? 1;
}

/** Reads a number of something, of which there is one at least; undefined for none. */
function readCount(said: unknown): number | undefined {
  const count = typeof said === "object" ? NaN : Number(said);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

/** A frame with an action that nobody has told us of, kept as it is. */
export function draftUnknownAction(frame: Frame): EventDraft {
  return {
    type: "provider.event",
    platform: "restream",
    ...toTime(frame),
    key: [frame.action, frame.timestamp ?? "", computeFingerprint(JSON.stringify(frame))].join("/"),
    raw: frame as Json,
    data: { nativeType: frame.action, payload: frame.payload },
  };
}
