import { formatConnectionId } from "../../../event/ids.ts";
import type { Sending } from "../../../event/sending.ts";
import { lookUp } from "../../../lib/json.ts";
import type { SendContent, SendFailure, SendRequest } from "../../session.ts";
import { INTERNAL, PROTOCOL, type Account, type Accounts } from "../codec/status.ts";
import { FRAME_MAX_BYTES, formatChat, type SaidFrame } from "../wire/frames.ts";

type Chat = Extract<SendContent, { kind: "chat" }>;

/** The content that can be sent through multistreamer, and how fast. */
export const sending: Sending = {
  kinds: ["chat"],
  // The server has no limit. Twitch takes 20 messages within 30 s from an account that is no
  // moderator (https://dev.twitch.tv/docs/chat/#rate-limits), and drops what is beyond.
  paceMs: 1_500,
  latestOnly: false,
  check(content) {
    if (content.kind !== "chat") {
      return {
        reason: "kind_unsupported",
        detail: "Only chat can be sent here.",
        pointer: "/kind",
      };
    }
    if (content.replyTo !== undefined) {
      const detail = "There are no answers to a message here.";
      return { reason: "reply_unsupported", detail, pointer: "/replyTo" };
    }
    const flaw = findFlaw(content);
    return flaw === null ? null : { ...flaw, pointer: "/text" };
  },
};

const LONGEST_ROUTE = { sender: "9".repeat(15), target: "9".repeat(15) };

function findFlaw(content: Chat): { reason: string; detail: string } | null {
  const { text } = content;
  if (text.trim() === "") return { reason: "empty", detail: "There is nothing to say." };
  // What follows a line's end would be a command to the chat of the network.
  if (/[\r\n]/.test(text) || text.includes("\0")) {
    return { reason: "line_break", detail: "A message is one line." };
  }
  const { type, words, command } = formatSpoken(content);
  if (command !== null && (command.words.trim() === "" || command.to === "")) {
    const detail = "/msg needs a name and words, /irc needs words.";
    return { reason: "command_incomplete", detail };
  }
  const bytes = new TextEncoder().encode(formatChat(type, LONGEST_ROUTE, words)).length;
  return bytes > FRAME_MAX_BYTES
    ? { reason: "too_long", detail: `A frame of ${bytes} bytes is not read.` }
    : null;
}

/** Something to be said, as it goes out and as it is to come back. */
export interface OutgoingMessage {
  readonly job: string;
  /** The accounts that say it, and to whose chat. */
  readonly sender: string;
  readonly target: string;
  readonly senderName: string | undefined;
  readonly type: SaidFrame["type"];
  readonly words: string;
  readonly echo: { readonly words: string; readonly to: string | null };
}

/** The message that a request becomes, or why it cannot be one. */
export function toOutgoingMessage(
  { job, identifier, content }: SendRequest,
  accounts: Accounts,
): OutgoingMessage | SendFailure {
  const flaw = sending.check(content);
  if (content.kind !== "chat" || flaw !== null) {
    return { reason: flaw?.reason ?? "kind_unsupported", retryable: false };
  }
  const target = findAccount(identifier, accounts);
  const sender = content.as === undefined ? target : findAccount(content.as, accounts);
  if (target === undefined || sender === undefined) return NOT_WRITABLE;
  const { type, words, command } = formatSpoken(content);
  const outgoing: OutgoingMessage = {
    job,
    sender: sender.id,
    target: target.id,
    senderName: sender.name,
    type,
    words,
    echo: { words: command?.words ?? words, to: command?.to ?? null },
  };
  return findObstacle(outgoing, accounts) ?? outgoing;
}

const NOT_WRITABLE: SendFailure = { reason: "not_writable", retryable: false };

/** Finds the reason why a message cannot be sent now; null for none. */
export function findObstacle(outgoing: OutgoingMessage, accounts: Accounts): SendFailure | null {
  const target = lookUp(accounts, outgoing.target);
  const sender = lookUp(accounts, outgoing.sender);
  if (target?.writable !== true || sender?.writable !== true) return NOT_WRITABLE;
  // The internal room hears its own account alone, and that one is heard nowhere else.
  if ((sender.id === INTERNAL) !== (target.id === INTERNAL)) return NOT_WRITABLE;
  if (target.id === INTERNAL) return null;
  if (findCommand(outgoing.words) !== null) return { reason: "wrong_target", retryable: false };
  // Only what the stream goes to has a chat.
  const hasChat = target.ready || target.live !== false;
  return hasChat ? null : { reason: "not_live", retryable: true };
}

function findAccount(identifier: string, accounts: Accounts): Account | undefined {
  const prefix = formatConnectionId(PROTOCOL, "");
  const id = identifier.startsWith(prefix) ? identifier.slice(prefix.length) : "";
  return lookUp(accounts, id);
}

interface Command {
  /** The receiver of a private message. */
  readonly to: string | null;
  readonly words: string;
}

/**
 * Reads a message's style and words, with `/me` as the server's own page does it, and the command
 * that the server will see in it.
 */
function formatSpoken({ style, text }: Chat): {
  type: SaidFrame["type"];
  words: string;
  command: Command | null;
} {
  const action = text.startsWith("/me ") ? text.slice(4).trim() : "";
  const words = action === "" ? text : action;
  return {
    type: style === "emote" || action !== "" ? "emote" : "text",
    words,
    command: findCommand(words),
  };
}

/** The server looks at what is before the first blank, and takes `/msg`'s name up to the second. */
function findCommand(text: string): Command | null {
  const [command, ...rest] = text.split(" ");
  if (command === "/irc") return { to: null, words: rest.join(" ") };
  if (command === "/msg") return { to: rest[0] ?? "", words: rest.slice(1).join(" ") };
  return null;
}

/** Is it the message, come back? */
export function isEcho(said: SaidFrame, outgoing: OutgoingMessage): boolean {
  return (
    said.account_id === outgoing.target &&
    isBy(said, outgoing) &&
    isSameText(said.to?.name ?? null, outgoing.echo.to) &&
    (said.type === outgoing.type
      ? isSameText(said.text, outgoing.echo.words)
      : // YouTube has no /me: there the server writes asterisks around it.
        outgoing.type === "emote" && isSameText(said.text, `*${outgoing.echo.words}*`))
  );
}

/** The stream's own account comes back without an id, and maybe by another form of its name. */
function isBy({ from }: SaidFrame, { sender, target, senderName }: OutgoingMessage): boolean {
  if (from?.id == null && sender === target) return true;
  return senderName === undefined || isSameText(from?.name ?? null, senderName, true);
}

/** Networks trim what is said and squeeze its blanks; names differ in their capitals. */
function isSameText(a: string | null, b: string | null, isName = false): boolean {
  if (a === null || b === null) return a === b;
  const plain = (text: string): string => {
    const words = text.trim().replaceAll(/\s+/g, " ");
    return isName ? words.toLowerCase() : words;
  };
  return plain(a) === plain(b);
}
