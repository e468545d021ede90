import type { StreamEvent } from "../../../event/event.ts";
import { formatFrame, readData, toSource, toTime } from "./frame.ts";
import { toIdentifier } from "./identifier.ts";

/** How a reply or a relayed message fares. An interface that was sent is nothing to Restream. */
export function encodeSend(event: StreamEvent, user: number, at: number): string[] {
  const { sendId, kind, reason } = readData<"send.failed">(event);
  if (kind === "ui") return [];
  // Restream tells by itself that what it created was accepted; of ours nobody else does.
  if (isCreation(event) && event.provider === "restream") return [];
  const action = `${kind === "relay" ? "relay" : "reply"}_${event.type.slice("send.".length)}`;
  const name = kind === "relay" ? { sourceEventIdentifier: sendId } : { replyUuid: sendId };
  const why = event.type === "send.failed" ? { reason: reason ?? "internal" } : {};
  return listTargets(event, user).map((connectionIdentifier) =>
    formatFrame(action, { connectionIdentifier, ...name, ...why }, at),
  );
}

/** Is it the taking on of a reply whose words are known? */
function isCreation({ type, data }: StreamEvent): boolean {
  return type === "send.accepted" && data["kind"] === "chat" && data["text"] !== undefined;
}

/**
 * The creation of a reply, told once for all the connections that it goes to: before the first of
 * `events` that takes it on, and none for the others.
 */
export function toReplyCreated(
  events: readonly StreamEvent[],
  index: number,
  user: number,
): string | null {
  const event = events[index];
  if (event === undefined || !isCreation(event)) return null;
  const { sendId, text } = readData<"send.accepted">(event);
  const isSame = (other: StreamEvent): boolean =>
    isCreation(other) && other.data["sendId"] === sendId;
  if (events.findIndex(isSame) < index) return null;
  const identifiers = events.filter(isSame).flatMap((each) => listTargets(each, user));
  const created = {
    clientReplyUuid: sendId,
    connectionIdentifiers: [...new Set(identifiers)],
    eventSourceId: toSource("restream"),
    replyUuid: sendId,
    showId: null,
    text,
    userId: user,
  };
  return formatFrame("reply_created", created, toTime(event));
}

/** The connections that a send goes to, in Restream's form. */
function listTargets(event: StreamEvent, user: number): string[] {
  return readData<"send.accepted">(event).targets.map((each) => {
    const second = each.startsWith("restream:") ? each.split("-")[1] : undefined;
    return toIdentifier(user, second ?? event.platform, each);
  });
}
