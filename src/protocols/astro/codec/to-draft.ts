import type { EventDraft } from "../../../event/event.ts";
import { findFirst } from "../../../lib/given.ts";
import { decode, isRecord, type Json } from "../../../lib/json.ts";
import {
  OverlayAction,
  OverlayBroadcast,
  SessionUpdate,
  StreamStatus,
  Timeout,
  type Frame,
} from "../wire/frames.ts";
import { toActivity, findActivityPlatform } from "./activity.ts";
import { findChatKind, toChat, findChatPlatform } from "./chat.ts";
import { toTime, type AstroEnvelope, type Translate } from "./envelope.ts";
import { toModeration, toTip, dropPrivate } from "./tips.ts";
import { findAccountPlatform, guessPlatform, HOME, readUser } from "./user.ts";

/** The topics that we have words for. */
const TRANSLATE: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ["channel.activities", toActivity],
  ["channel.tips", toTip],
  ["channel.tips.moderation", toModeration],
  ["channel.chat.message", toChat],
  ["channel.stream.status", toStream],
  ["channel.session.update", toSessionUpdate],
  ["channel.session.reset", toSessionReset],
  ["channel.overlay.action", toOverlayAction],
  ["channel.overlay.broadcast", toOverlayBroadcast],
  ["channel.chatbot.timeout", toTimeout],
  ["channel.chatbot.status", toTimeout],
]);

/** The type within a topic and the platform, for topics whose data says so. */
const CLOSER: ReadonlyMap<
  string,
  { kind: (data: unknown) => unknown; place?: typeof findActivityPlatform }
> = new Map([
  ["channel.activities", { kind: readField("type"), place: findActivityPlatform }],
  ["channel.chat.message", { kind: findChatKind, place: findChatPlatform }],
  ["channel.songrequest", { kind: readField("event") }],
  ["channel.contests", { kind: readField("event") }],
  ["channel.giveaways", { kind: readField("event") }],
]);

/** A `message` in our words, and any other frame kept. Never throws, never drops. */
export function toDraft(frame: Frame, raw: Json, connectionId: string | null): EventDraft {
  const topic = findFirst(frame.topic);
  const name = frame.type.toLowerCase() === "message" ? topic : undefined;
  const draft = makeEnvelope(frame, raw, connectionId, name ?? frame.type);
  if (name === undefined) return draftAsItCame(draft, frame.type, frame.data);
  return TRANSLATE.get(name)?.(draft, frame.data) ?? draftUnknown(draft, name, frame.data);
}

/** The docs show one frame id under two topics: only both together tell frames apart. */
function makeEnvelope(
  frame: Frame,
  raw: Json,
  connectionId: string | null,
  name: string,
): AstroEnvelope {
  const time = toTime(frame.ts);
  const id = findFirst(frame.id);
  return {
    platform: HOME,
    ...(connectionId !== null && { connectionId }),
    ...(time !== null && { time }),
    ...(id !== undefined && { key: `${name}/${id}` }),
    raw,
  };
}

function draftUnknown(draft: AstroEnvelope, topic: string, data: unknown): EventDraft {
  const { kind, place } = CLOSER.get(topic) ?? {};
  const said = kind?.(data);
  const isNamed = (typeof said === "string" && said !== "") || typeof said === "number";
  const payload = topic.startsWith("channel.tips") ? dropPrivate(data) : data;
  const platform = place?.(data) ?? findAccountPlatform(data);
  return draftAsItCame({ ...draft, platform }, isNamed ? `${topic}.${said}` : topic, payload);
}

function draftAsItCame(draft: AstroEnvelope, nativeType: string, data: unknown): EventDraft {
  const payload = data === undefined ? null : data;
  return { ...draft, type: "provider.event", data: { nativeType, payload } };
}

function toStream(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(StreamStatus, data);
  if (!decoded.ok) return null;
  return { ...draft, type: decoded.value.isLive ? "stream.online" : "stream.offline", data: {} };
}

function toSessionUpdate(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(SessionUpdate, data);
  if (!decoded.ok) return null;
  const { key, data: value } = decoded.value;
  return { ...draft, type: "session.updated", data: { key, value: value ?? null } };
}

/** The page shows the figures in the data itself, and says they are in its `session`. */
function toSessionReset(draft: AstroEnvelope, data: unknown): EventDraft | null {
  if (!isRecord(data)) return null;
  const session = isRecord(data["session"]) ? data["session"] : data;
  return { ...draft, type: "session.reset", data: { session } };
}

function toOverlayAction(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(OverlayAction, data);
  if (!decoded.ok) return null;
  return { ...draft, type: "overlay.action", data: { action: decoded.value.action } };
}

function toOverlayBroadcast(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(OverlayBroadcast, data);
  if (!decoded.ok) return null;
  const { target, event, data: payload } = decoded.value;
  return { ...draft, type: "overlay.broadcast", data: { target, event, payload: payload ?? null } };
}

function toTimeout(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(Timeout, data);
  if (!decoded.ok) return null;
  const { user_id, user_name, duration: seconds } = decoded.value;
  const id = String(user_id);
  const platform = guessPlatform(id);
  const user = readUser(platform, id, { name: user_name ?? null });
  return { ...draft, platform, type: "moderation.timeout", data: { user, seconds } };
}

function readField(name: string): (data: unknown) => unknown {
  return (data) => (isRecord(data) ? data[name] : undefined);
}
