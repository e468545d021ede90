import type { DraftOf, EventDraft } from "../../../event/event.ts";
import type { Fragment, Message } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { dropUnseen, readChatText, readTwitchFragment, spansOf } from "../../chat-text.ts";
import { readCount, readFields, readList, readText, type Fields } from "../wire/fields.ts";
import {
  draftUnknown,
  findOrigin,
  makeBits,
  makeKey,
  type Envelope,
  type Reader,
  type Told,
} from "./envelope.ts";
import { isAnonymous, readModerator, readNamed, readPerson, readSource, readUser } from "./user.ts";

/**
 * A message, and the bits that were given with it where nothing else tells of them. Bits given in
 * another channel that shares the chat are not counted in this one.
 */
export function toMessageDrafts(
  envelope: Envelope,
  event: Fields,
  told: Told,
): EventDraft[] | null {
  const message = readSaid(event, readText(event, "message_id"));
  if (message === undefined || readText(event, "chatter_user_id") === undefined) return null;
  const user = readUser(event, "chatter_user");
  const origin = findOrigin(event);
  const source = readSource(event);
  const said = {
    ...message,
    highlighted: readText(event, "message_type") === "channel_points_highlighted",
    first: readText(event, "message_type") === "user_intro",
    ...readReply(event),
  };
  const data = omitUndefined({ user, message: said, source });
  const key = origin === undefined ? {} : makeKey("chat", origin);
  const draft: EventDraft = { ...envelope, ...key, type: "chat.message", data };
  const bits = readCount(readFields(event, "cheer") ?? {}, "bits") ?? 0;
  const isToldElsewhere = ["channel.bits.use", "channel.cheer"].some(
    (type) => told.hearingOf(type) !== "refused",
  );
  if (bits === 0 || isToldElsewhere || source !== undefined || origin === undefined) return [draft];
  const giver = isAnonymous(event, "chatter_user") ? {} : { user };
  const cheer = { ...giver, amount: makeBits(bits), message: said };
  return [draft, { ...envelope, ...makeKey("cheer", origin), type: "channel.cheer", data: cheer }];
}

/** Reads the message in an event: its text, with emotes, mentions and cheers in it where they are told. */
export function readSaid(event: Fields, id?: string): Message | undefined {
  const plain = readText(event, "message");
  if (plain !== undefined) {
    return readChatText({ id, text: dropUnseen(plain), platform: "twitch" });
  }
  const said = readFields(event, "message");
  const text = said?.["text"];
  if (said === undefined || typeof text !== "string") return undefined;
  const fragments = readList(said, "fragments").flatMap(readFragment);
  const spans = spansOf(text, fragments);
  return readChatText({ id, text: dropUnseen(text), platform: "twitch", spans });
}

function readFragment(fragment: Fields): Fragment[] {
  const text = fragment["text"];
  if (typeof text !== "string") return [];
  const id = readText(readFields(fragment, "emote") ?? {}, "id");
  return [readTwitchFragment(fragment["type"], text, id)];
}

function readReply(event: Fields): { replyTo?: string } {
  const replyTo = readText(readFields(event, "reply") ?? {}, "parent_message_id");
  return replyTo === undefined ? {} : { replyTo };
}

/** A message that was deleted. */
export const draftDeletion: Reader = (envelope, event) => {
  const id = readText(event, "message_id");
  if (id === undefined) return null;
  const data = omitUndefined({
    messageIds: [id],
    user: readPerson(event, "target_user") ?? readPerson(event, "user"),
    by: readModerator(event),
  });
  return { ...envelope, ...makeKey("deleted", id), type: "chat.message.deleted", data };
};

/** The chat was cleared: of all, or of one person. */
export const draftCleared: Reader = (envelope, event, { type }) => {
  if (type === "channel.chat.clear") {
    return { ...envelope, type: "chat.cleared", data: { scope: "all" } };
  }
  const user = readPerson(event, "target_user");
  return user === undefined
    ? null
    : { ...envelope, type: "chat.cleared", data: { scope: "user", user } };
};

/** A message that waits for a moderator. */
export const draftHeld: Reader = (envelope, event) => {
  const id = readText(event, "message_id");
  const message = readSaid(event, id);
  if (message === undefined) return null;
  const reason =
    readText(readFields(event, "automod") ?? {}, "category") ??
    readText(event, "category", "reason");
  const data = omitUndefined({ user: readNamed(event), message, reason });
  return { ...envelope, type: "chat.message.held", data };
};

type Outcome = DraftOf<"chat.message.reviewed">["data"]["outcome"];
const OUTCOMES: readonly Outcome[] = ["approved", "denied", "expired"];

/** Tells what a moderator made of it. */
export const draftReviewed: Reader = (envelope, event, { type }) => {
  const status = readText(event, "status")?.toLowerCase();
  const outcome = OUTCOMES.find((each) => each === status);
  const messageId = readText(event, "message_id");
  if (outcome === undefined) return draftUnknown(envelope, type);
  if (messageId === undefined) return null;
  const data = omitUndefined({
    messageId,
    outcome,
    user: readText(event, "user_id") === undefined ? undefined : readNamed(event),
    by: readModerator(event),
  });
  return { ...envelope, type: "chat.message.reviewed", data };
};
