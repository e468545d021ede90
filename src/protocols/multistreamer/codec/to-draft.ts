import type { EventDraft } from "../../../event/event.ts";
import { formatConnectionId } from "../../../event/ids.ts";
import { identify } from "../../../event/nobody.ts";
import type { Message, Person, User } from "../../../event/shapes.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { decode, type Json, lookUp } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import { readAction, readChatText } from "../../chat-text.ts";
import { SaidFrame, ViewCountResult, type ServerFrame } from "../wire/frames.ts";
import { findEmotes } from "./emotes.ts";
import { findPlatform, PROTOCOL, type Accounts } from "./status.ts";

/** A frame that is about no account's state, in our words. Never throws, never drops. */
export function toDraft(frame: ServerFrame, accounts: Accounts): EventDraft {
  const said = decode(SaidFrame, frame);
  if (said.ok) return draftMessage(said.value, frame, accounts);
  if (frame.type === "viewcountresult") {
    const viewers = decode(ViewCountResult, frame);
    if (viewers.ok) {
      const { account_id: account, viewer_count: count } = viewers.value;
      return {
        type: "stream.viewers",
        platform: lookUp(accounts, account)?.platform ?? "unknown",
        connectionId: formatConnectionId(PROTOCOL, account),
        raw: frame as Json,
        data: { count, account },
      };
    }
  }
  return {
    type: "provider.event",
    platform: PROTOCOL,
    raw: frame as Json,
    data: { nativeType: frame.type, payload: frame },
  };
}

function draftMessage(said: SaidFrame, frame: ServerFrame, accounts: Accounts): EventDraft {
  const { account_id: account, network } = said;
  const platform =
    network == null ? (lookUp(accounts, account)?.platform ?? "unknown") : findPlatform(network);
  const time = toTime(said.timestamp);
  return {
    type: "chat.message",
    platform,
    connectionId: formatConnectionId(PROTOCOL, account),
    ...(time !== null && { time, key: toKey(said, time) }),
    raw: frame as Json,
    data: { user: toUser(platform, said.from), message: toMessage(platform, said) },
  };
}

/**
 * A message has no id. Without a timestamp it has no key either: a word said twice would be taken
 * for a repeat, and the server repeats nothing.
 */
function toKey({ type, account_id: account, from, to, text }: SaidFrame, time: number): string {
  const words = [type, from?.id ?? from?.name ?? null, to?.id ?? to?.name ?? null, text];
  return `${account}/${time}/${computeFingerprint(JSON.stringify(words))}`;
}

function toTime(timestamp: number | null | undefined): number | null {
  return timestamp != null && isTime(timestamp) && timestamp > 0 ? Math.floor(timestamp) : null;
}

function toMessage(platform: string, said: SaidFrame): Message {
  const { text } = said;
  const spans = findEmotes(readAction(text).text, said.markdown ?? "");
  return {
    ...readChatText({ text, platform, spans, isAction: said.type === "emote" }),
    ...(said.to != null && { to: toPerson(platform, said.to) }),
  };
}

/**
 * Reads the author. Without an id the name identifies the author; without either, the author is
 * anonymous.
 */
function toUser(platform: string, from: SaidFrame["from"]): User {
  const { id, name } = toPerson(platform, from);
  return {
    ...identify(platform, id),
    name: name ?? id ?? "Anonymous",
    ...(from?.picture != null && from.picture !== "" && { avatar: from.picture }),
    roles: [],
    badges: [],
  };
}

function toPerson(platform: string, said: SaidFrame["to"]): Person {
  const name = toText(said?.name);
  const id = toText(said?.id) ?? name;
  return omitUndefined({ key: id === undefined ? undefined : `${platform}:${id}`, id, name });
}

function toText(value: string | number | null | undefined): string | undefined {
  return value == null || value === "" ? undefined : String(value);
}
