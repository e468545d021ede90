import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { readChatText } from "../../chat-text.ts";
import { readText, readUser } from "../../kick-people.ts";
import { ChatMessage } from "../wire/frames.ts";
import { PLATFORM, setKey, setTime, type KickEnvelope } from "./envelope.ts";

/**
 * A message of the chat. Its key is Kick's own name for it, whoever tells of it. Places of emotes are
 * not read: in which units they count is not known, and the text itself says what is one.
 */
export function draftChat(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(ChatMessage, body);
  if (!decoded.ok) return null;
  const { broadcaster, message_id, replies_to, sender, content, created_at } = decoded.value;
  const id = readText(message_id);
  const replyTo = readText(replies_to?.message_id);
  return {
    ...setKey(setTime(envelope, created_at), "chat", PLATFORM, id),
    type: "chat.message",
    data: {
      user: readUser(sender, readOwner(broadcaster)),
      message: {
        ...readChatText({ id, text: content, platform: PLATFORM }),
        ...(replyTo !== undefined && { replyTo }),
      },
    },
  };
}

/** The id of whose channel it is. */
export function readOwner(
  broadcaster: { readonly user_id?: string | number | null | undefined } | null | undefined,
): string | undefined {
  const id = broadcaster?.user_id;
  return id === null || id === undefined ? undefined : String(id);
}
