import type { SendContent, SendFlaw, Sending } from "../event/sending.ts";

/*
 * What is written to chats that take one line, of so many characters at most.
 */

type Chat = Extract<SendContent, { kind: "chat" }>;

/** A chat, as far as what may be written to it goes. */
interface LineChat {
  /** As a person calls it: `Kick's chat`. */
  readonly name: string;
  /** The least time between two messages, in milliseconds. */
  readonly paceMs: number;
  /** In code points. */
  readonly maxChars: number;
  readonly hasReplies: boolean;
  /** Writes what leaves for the chat, on one line. */
  readonly write: (content: Chat) => string;
}

/** Makes the rules for writing to a chat. */
export function makeLineSending(chat: LineChat): Sending {
  return {
    kinds: ["chat"],
    paceMs: chat.paceMs,
    latestOnly: false,
    check: (content) => findFlaw(chat, content),
  };
}

function findFlaw({ name, maxChars, hasReplies, write }: LineChat, content: SendContent) {
  if (content.kind !== "chat") {
    return makeFlaw("kind_unsupported", `${name} shows no interfaces`);
  }
  if (content.text.trim() === "") return makeFlaw("empty", "must say something", "/text");
  if (!hasReplies && content.replyTo !== undefined) {
    return makeFlaw("reply_unsupported", `${name} has no replies`, "/replyTo");
  }
  return Array.from(write(content)).length > maxChars
    ? makeFlaw("too_long", `may have ${maxChars} characters`, "/text")
    : null;
}

function makeFlaw(reason: string, detail: string, pointer?: string): SendFlaw {
  return { reason, detail, ...(pointer !== undefined && { pointer }) };
}

/** Writes a text on one line. */
export function joinLines(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}
