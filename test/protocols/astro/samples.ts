import type { Occurrence, Samples } from "../support/samples.ts";
import activities from "./frames/activities.json";
import beyond from "./frames/beyond.json";
import channel from "./frames/channel.json";
import chat from "./frames/chat.json";
import handshake from "./frames/handshake.json";
import moderation from "./frames/moderation.json";
import tips from "./frames/tips.json";

export const ROOM = handshake.granted.data.room;

export const TOKEN = "astr0-t0ken";

/** Every frame there is, by a name that says what it is. */
export const frames: Readonly<Record<string, object>> = {
  ...named("an activity: ", activities),
  ...named("tips: ", tips),
  ...named("chat: ", chat),
  ...named("moderation: ", moderation),
  ...channel,
  ...beyond,
};

/** A frame with its data changed. */
export function changed(frame: { data: object }, data: object): { data: object } {
  return { ...frame, data: { ...frame.data, ...data } };
}

/** An activity with other words in it. */
export function activity(type: string, data: unknown, changes: object = {}): { data: object } {
  return changed(activities.follow, { type, data, ...changes });
}

/** A message on a topic. */
export function messageOn(topic: string, data: unknown): object {
  return { ...activities.follow, topic, data };
}

function named(prefix: string, all: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(all).map(([name, frame]) => [prefix + name, frame]));
}

export const samples: Samples = {
  target: { topics: ["channel.activities"], room: ROOM },
  claims: [`astro:${ROOM}`],
  credentials: [
    { credentials: { token: TOKEN, tokenType: "jwt" }, open: ["jwt"], inAddress: [] },
    { credentials: { token: "0auth-t0ken", tokenType: "oauth2" }, open: ["oauth2"], inAddress: [] },
  ],
  greeting: [handshake.welcome, handshake.granted],
  watchdog: "silence",
  occurrences: Object.fromEntries(
    Object.entries(frames).map(([name, frame]): [string, Occurrence] => [
      name,
      { frame, connectionId: `astro:${ROOM}` },
    ]),
  ),
  keyless: [],
  twins: {
    "two messages of the same words": [
      chat.twitch,
      changed(chat.twitch, { message_id: "c1a70000-0000-4000-8000-000000000002" }),
    ],
    "one message id on two platforms": [
      changed(chat.kick, { message_id: "m-1" }),
      changed(chat.twitch, { message_id: "m-1" }),
    ],
    "two activities of the same person": [
      activities.cheer,
      changed(activities.cheer, { _id: "65f1", activityId: "65f1" }),
    ],
    "one frame id under two topics": [
      { ...tips.tip, id: "01KRIVER", data: { isLive: true }, topic: "channel.stream.status" },
      { ...tips.tip, id: "01KRIVER", data: { action: "mute" }, topic: "channel.overlay.action" },
    ],
    "a tip and its moderation in one frame id": [
      tips.tip,
      { ...tips.tip, topic: "channel.tips.moderation" },
    ],
    "a tip let through and then held back": [tips.allowed, tips.rejected],
  },
};
