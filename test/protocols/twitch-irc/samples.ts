import type { Occurrence, Samples } from "../support/samples.ts";
import chat from "./frames/chat.json";
import deletions from "./frames/deletions.json";
import handshake from "./frames/handshake.json";
import moderation from "./frames/moderation.json";
import money from "./frames/money.json";
import notices from "./frames/notices.json";
import subscriptions from "./frames/subscriptions.json";
import { writeLine } from "./write.ts";

export const CHANNEL = "otterbrook";
export const CONNECTION = `twitch-irc:${CHANNEL}`;

/** A frame's line with other tags; one that is undefined is taken away. */
export function withTags<F extends { tags: object }>(frame: F, changes: object): F {
  const tags = Object.entries({ ...frame.tags, ...changes }).filter(
    ([, each]) => each !== undefined,
  );
  return { ...frame, tags: Object.fromEntries(tags) as F["tags"] };
}

const occurrences = {
  ...chat,
  ...deletions,
  ...moderation,
  ...money,
  ...notices,
  ...subscriptions,
};

export const samples: Samples = {
  target: { channel: CHANNEL },
  claims: [CONNECTION],
  credentials: [
    {
      credentials: {
        clientId: "tw-cl1ent",
        accessToken: "tw-4cc3ss-t0ken",
        refreshToken: "tw-r3fresh-t0ken",
        clientSecret: "tw-s3cret",
      },
      open: ["tw-cl1ent"],
      inAddress: [],
    },
    { credentials: {}, open: [], inAddress: [] },
  ],
  write: writeLine,
  greeting: [handshake.capabilities, handshake.welcome, handshake["room state"]],
  watchdog: "silence",
  occurrences: Object.fromEntries(
    Object.entries(occurrences).map(([name, frame]): [string, Occurrence] => [
      name,
      { frame, connectionId: CONNECTION },
    ]),
  ),
  keyless: ["ROOMSTATE with all on", "ROOMSTATE of what changed"],
  twins: {
    "two messages of the same words": [
      withTags(chat.PRIVMSG, { id: "m-1" }),
      withTags(chat.PRIVMSG, { id: "m-2" }),
    ],
    "one message in two channels that share a chat, and another": [
      withTags(chat["PRIVMSG of another room"], { "source-id": "s-1" }),
      withTags(chat["PRIVMSG of another room"], { "source-id": "s-2" }),
    ],
    "two deletions": [
      withTags(deletions.CLEARMSG, { "target-msg-id": "m-1" }),
      withTags(deletions.CLEARMSG, { "target-msg-id": "m-2" }),
    ],
    "two times for one person": [
      withTags(moderation["CLEARCHAT for a while"], { "tmi-sent-ts": "1732400050001" }),
      withTags(moderation["CLEARCHAT for a while"], { "tmi-sent-ts": "1732400050002" }),
    ],
  },
};
