import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { readToldId } from "../../../event/nobody.ts";
import { isEmptyRecord, isRecord } from "../../../lib/json.ts";
import { memoizePer } from "../../../lib/once.ts";
import { parseTime } from "../../../lib/time.ts";
import { findTopic } from "../wire/topics.ts";
import { makeActivity } from "./from-activity.ts";
import { makeChat } from "./from-chat.ts";
import { countSeconds, makeYouTubeModeration } from "./from-moderation.ts";
import { makeModeration, makeTip } from "./from-tip.ts";
import { formatSeconds, makeUlid } from "./ids.ts";

/** An event under one of the topics that tell of it. */
export interface Told {
  readonly topic: string;
  /** Not for those who hear of it under this topic already. */
  readonly unless?: string;
  readonly frame: string;
}

/** A message under a topic. */
interface Said {
  readonly topic: string;
  readonly unless?: string;
  readonly data: unknown;
}

/**
 * An event in a channel's room, under each topic that has a word for it. A frame is the same for all
 * sockets and for good, its id included: what comes by two of them can be told to be the same.
 */
export const fromEvent = memoizePer((event: StreamEvent, room: string): readonly Told[] =>
  toSayings(event, room).map(({ data, ...rest }) => ({
    ...rest,
    frame: formatMessage(event, rest.topic, room, data),
  })),
);

function formatMessage(event: StreamEvent, topic: string, room: string, data: unknown): string {
  const { id, time, recordedtime } = event;
  return JSON.stringify({
    id: makeUlid(Math.max(0, parseTime(recordedtime) ?? 0), `${room} ${id} ${topic}`),
    ts: formatSeconds(time ?? recordedtime),
    type: "message",
    topic,
    room,
    data,
  });
}

function toSayings(event: StreamEvent, room: string): Said[] {
  const { type } = event;
  switch (type as CatalogueType) {
    case "chat.message":
      return only("channel.chat.message", makeChat(event));
    case "channel.follow": {
      const data = makeActivity(event, room);
      return [
        ...only("channel.activities", data),
        // The document's own topic for it, of which it says no more than its name.
        { topic: "channel.follow", unless: "channel.activities", data },
      ];
    }
    case "channel.subscription":
    case "channel.subscription.gift":
    case "channel.cheer":
    case "channel.raid":
    case "channel.redemption":
      return only("channel.activities", makeActivity(event, room));
    case "channel.tip":
      return encodeTip(event, room);
    case "channel.tip.moderated":
      return only("channel.tips.moderation", makeModeration(event, room));
    case "chat.message.deleted":
    case "moderation.ban":
      return tellModeration(event);
    case "moderation.timeout":
      return encodeTimeout(event);
    case "stream.online":
    case "stream.offline":
      return only("channel.stream.status", { isLive: type === "stream.online" });
    case "session.updated": {
      const { key, value } = event.data as DataOf<"session.updated">;
      return only("channel.session.update", { key, data: value });
    }
    case "session.reset": {
      const { session } = event.data as DataOf<"session.reset">;
      // The page shows the figures in the data itself; its samples read them from its `session`.
      const flat = isRecord(session) ? session : {};
      return only("channel.session.reset", { ...flat, session });
    }
    case "overlay.action":
      return only("channel.overlay.action", event.data);
    case "overlay.broadcast": {
      const { target, event: name, payload } = event.data as DataOf<"overlay.broadcast">;
      return only("channel.overlay.broadcast", { target, event: name, data: payload });
    }
    case "provider.event":
      return encodeAsItCame(event);
    default:
      return [];
  }
}

/** Money that moderation holds back is for those who moderate: others would show it. */
function encodeTip(event: StreamEvent, room: string): Said[] {
  const { kind, amount, moderation = "allowed" } = event.data as DataOf<"channel.tip">;
  // What is paid on a platform, or in its units, goes by no moderation of StreamElements.
  if (kind !== "tip" || amount.kind === "virtual")
    return only("channel.activities", makeActivity(event, room));
  const data = makeTip(event, room);
  if (moderation !== "allowed") return only("channel.tips.moderation", data);
  return [
    { topic: "channel.tips", data },
    ...only("channel.activities", makeActivity(event, room)),
  ];
}

/** The document has it under a topic of its own, its examples under the chat bot's status. */
function encodeTimeout(event: StreamEvent): Said[] {
  const { user } = event.data as DataOf<"moderation.timeout">;
  const onYouTube = tellModeration(event);
  if (onYouTube.length > 0) return onYouTube;
  const data = {
    msg_id: event.id,
    user_id: readToldId(user),
    user_name: user.name,
    duration: countSeconds(event),
  };
  return [
    { topic: "channel.chatbot.timeout", data },
    { topic: "channel.chatbot.status", unless: "channel.chatbot.timeout", data },
  ];
}

function tellModeration(event: StreamEvent): Said[] {
  return makeYouTubeModeration(event).map((data) => ({ topic: "channel.chat.message", data }));
}

/** Passes on, as it was, what another Astro said and we have no word for, unless it was erased. */
function encodeAsItCame(event: StreamEvent): Said[] {
  if (event.provider !== "astro") return [];
  const { nativeType, payload } = event.data as DataOf<"provider.event">;
  if (isEmptyRecord(payload)) return [];
  const topic = findTopic(nativeType);
  return topic === undefined ? [] : [{ topic, data: payload }];
}

function only(topic: string, data: unknown): Said[] {
  return data === null ? [] : [{ topic, data }];
}
