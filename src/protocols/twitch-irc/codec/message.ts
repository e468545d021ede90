import type { EventDraft } from "../../../event/event.ts";
import type { Message, Person } from "../../../event/shapes.ts";
import type { Span } from "../../../event/spans.ts";
import { dropUnseen, makeTwitchEmote, readChatText } from "../../chat-text.ts";
import type { Line } from "../wire/line.ts";
import { parseEmotes } from "../wire/lists.ts";
import {
  isFromElsewhere,
  isSet,
  makeBits,
  makeKey,
  PLATFORM,
  readCount,
  readMoney,
  readTag,
  type IrcEnvelope,
} from "./fields.ts";
import { isAnonymous, readAuthor } from "./user.ts";

/** A line that somebody wrote, and what was given with it. None where it has no text. */
export function toMessageDrafts(envelope: IrcEnvelope, line: Line): EventDraft[] {
  const text = line.params[1];
  if (text === undefined) return [];
  const user = readAuthor(line);
  const message = readMessage(line, text);
  const data = { user, message, ...readSource(line) };
  return [
    { ...envelope, ...makeKey("chat", line), type: "chat.message", data },
    ...draftCheer(envelope, line, message),
    ...draftTip(envelope, line, message),
  ];
}

/** Bits that were given in another room are not counted in this one. */
function draftCheer(envelope: IrcEnvelope, line: Line, message: Message): EventDraft[] {
  const bits = readCount(line, "bits") ?? 0;
  if (bits === 0 || isFromElsewhere(line)) return [];
  const user = isAnonymous(line) ? {} : { user: readAuthor(line) };
  const data = { ...user, amount: makeBits(bits), message };
  return [{ ...envelope, ...makeKey("cheer", line), type: "channel.cheer", data }];
}

/** A Hype Chat. Nobody wrote the text of one that came without. */
function draftTip(envelope: IrcEnvelope, line: Line, message: Message): EventDraft[] {
  const paid = "pinned-chat-paid";
  const amount = readMoney(line, `${paid}-amount`, `${paid}-currency`, `${paid}-exponent`);
  if (amount === null || isFromElsewhere(line)) return [];
  const said = isSet(line, `${paid}-is-system-message`) ? {} : { message };
  const data = { user: readAuthor(line), amount, ...said, kind: "superchat" as const };
  return [{ ...envelope, ...makeKey("tip", line), type: "channel.tip", data }];
}

function readMessage(line: Line, text: string): Message {
  const replyTo = readTag(line, "reply-parent-msg-id");
  const plain = readChatText({
    id: readTag(line, "id"),
    text: dropUnseen(text),
    platform: PLATFORM,
    spans: readSpans(line),
    units: ["code-point"],
  });
  return {
    ...plain,
    highlighted: readTag(line, "msg-id") === "highlighted-message",
    first: isSet(line, "first-msg"),
    ...(replyTo !== undefined && { replyTo }),
  };
}

function readSpans(line: Line): Span[] {
  return parseEmotes(readTag(line, "emotes") ?? "").map(({ id, first, last }) => {
    return { start: first, end: last + 1, fragment: makeTwitchEmote(id) };
  });
}

/** The channel that it was written in, where that is another one. */
function readSource(line: Line): { source?: Person } {
  const id = readTag(line, "source-room-id");
  if (id === undefined || !isFromElsewhere(line)) return {};
  return { source: { key: `${PLATFORM}:${id}`, id } };
}
