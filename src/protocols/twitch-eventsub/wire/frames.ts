import { z } from "zod";

import { decode, type Json } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import type { Fields } from "./fields.ts";

/*
 * Twitch EventSub over WebSocket, as it is on the wire. Odd on purpose:
 *
 * - a client says nothing: its first frame would end the socket
 * - what is to be heard is asked for over HTTP, within ten seconds of the welcome
 * - the address to reconnect by is dialled as it is, with nothing added
 * - what was subscribed moves with a reconnect, and is gone after any other end
 * - a subscription that somebody left behind is in the way of the same one
 * - the places of a sum are called decimal_place in the chat and decimal_places in campaigns
 * - /me keeps its control characters
 * - login and name may be exchanged, and a login may have capitals
 * - a number may come as its digits, and a flag as its word
 * - a message may be its text alone
 * - a stand-in account and no account at all are both nobody
 * - a sub's tier never says Prime: a flag does
 * - a message of a shared chat comes with an id of its own, and the id it has everywhere
 * - a notice of another channel is never a subscription, a gift or a raid of this one
 * - only a stream of the type live is a broadcast
 * - a campaign names its broadcaster by other fields
 * - the reward of Twitch's own has a type and no title, and its price has two names
 * - what is redeemed for bits is in a field of its own
 * - an id of what happened is there for some kinds; for the others only that of the frame
 */

export const DEFAULT_URL = "wss://eventsub.wss.twitch.tv/ws";

/** How often the server gives a sign of life, as we ask for it. */
export const KEEPALIVE_SECONDS = 30;

/** Adds how often a sign of life is wanted: to a first address only. */
export function askForKeepalive(address: string): string {
  const url = new URL(address);
  url.searchParams.set("keepalive_timeout_seconds", String(KEEPALIVE_SECONDS));
  return url.toString();
}

const text = z.string().nullish().catch(null);

const Metadata = z.looseObject({
  message_id: z.string().min(1),
  message_type: z.string().min(1),
  message_timestamp: text,
});

const Frame = z.looseObject({
  metadata: Metadata,
  payload: z.record(z.string(), z.unknown()).catch({}),
});

const Session = z.looseObject({
  session: z.looseObject({
    id: z.string().min(1),
    keepalive_timeout_seconds: z.number().positive().max(3600).nullish().catch(null),
    reconnect_url: text,
  }),
});

const Subscription = z.looseObject({
  id: text,
  type: z.string().min(1),
  version: text,
  status: text,
  condition: z.record(z.string(), z.unknown()).catch({}),
});
export type Subscription = z.infer<typeof Subscription>;

const Notified = z.looseObject({
  subscription: Subscription,
  // Some types have a list of them: `events`.
  event: z.record(z.string(), z.unknown()).default({}),
});

/** Something that happened, with the subscription by which we hear of it. */
export interface Notification {
  /** The message's own id: another for each subscription that tells of it. */
  readonly id: string;
  readonly sentAt: string | null;
  readonly subscription: Subscription;
  readonly event: Fields;
  readonly raw: Json;
}

/** A frame of the server's, by what it means. */
export type Message =
  | {
      readonly type: "welcome";
      readonly sessionId: string;
      /** How long it may be silent, as it says; null where it does not say. */
      readonly keepaliveSeconds: number | null;
    }
  | { readonly type: "keepalive" }
  | { readonly type: "reconnect"; readonly url: string | null }
  | { readonly type: "notification"; readonly notification: Notification }
  | { readonly type: "revocation"; readonly subscription: Subscription }
  /** Of a type that nobody knows. */
  | { readonly type: "other"; readonly word: string; readonly id: string; readonly raw: Json };

export type Read =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** Reads a frame. Never throws. */
export function readMessage(frame: string): Read {
  const read = readFrame(z.unknown(), frame);
  if (!read.ok) return read;
  const decoded = decode(Frame, read.value);
  if (!decoded.ok) return decoded;
  const raw = read.value as Json;
  const { metadata, payload } = decoded.value;
  const word = metadata.message_type;
  switch (word) {
    case "session_welcome":
      return readWelcome(payload);
    case "session_keepalive":
      return { ok: true, message: { type: "keepalive" } };
    case "session_reconnect": {
      const session = decode(Session, payload);
      if (!session.ok) return session;
      return { ok: true, message: { type: "reconnect", url: readAddress(session.value) } };
    }
    case "notification": {
      const notified = decode(Notified, payload);
      if (!notified.ok) return notified;
      const { message_id: id, message_timestamp: sentAt = null } = metadata;
      const notification = { ...notified.value, id, sentAt, raw };
      return { ok: true, message: { type: "notification", notification } };
    }
    case "revocation": {
      const revoked = decode(Subscription, payload["subscription"]);
      if (!revoked.ok) return revoked;
      return { ok: true, message: { type: "revocation", subscription: revoked.value } };
    }
    default:
      return { ok: true, message: { type: "other", word, id: metadata.message_id, raw } };
  }
}

function readWelcome(payload: Fields): Read {
  const decoded = decode(Session, payload);
  if (!decoded.ok) return decoded;
  const { id: sessionId, keepalive_timeout_seconds: seconds = null } = decoded.value.session;
  return { ok: true, message: { type: "welcome", sessionId, keepaliveSeconds: seconds } };
}

function readAddress({ session }: z.infer<typeof Session>): string | null {
  const { reconnect_url: url } = session;
  return typeof url === "string" && URL.canParse(url) && /^wss?:/.test(url) ? url : null;
}
