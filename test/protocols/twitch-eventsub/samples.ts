import type { Occurrence, Samples } from "../support/samples.ts";
import campaigns from "./frames/campaigns.json";
import channel from "./frames/channel.json";
import chat from "./frames/chat.json";
import moderation from "./frames/moderation.json";
import money from "./frames/money.json";
import notices from "./frames/notices.json";
import session from "./frames/session.json";

export const CHANNEL = "otterbrook";
export const CONNECTION = `twitch-eventsub:${CHANNEL}`;

interface Notified {
  readonly metadata: object;
  readonly payload: { readonly event: object };
}

/** A frame with other fields in its event, and perhaps another name. */
export function withEvent<F extends Notified>(frame: F, changes: object, id?: string): F {
  const metadata = { ...frame.metadata, ...(id !== undefined && { message_id: id }) };
  const event = { ...frame.payload.event, ...changes };
  return { ...frame, metadata, payload: { ...frame.payload, event } };
}

const files = { campaigns, channel, chat, moderation, money, notices };

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
    {
      credentials: { clientId: "tw-cl1ent", accessToken: "tw-4cc3ss-t0ken" },
      open: ["tw-cl1ent"],
      inAddress: [],
    },
  ],
  greeting: [session.welcome],
  watchdog: "silence",
  faultCodes: [4001],
  occurrences: Object.fromEntries(
    Object.entries(files).flatMap(([file, frames]) =>
      Object.entries(frames).map(([name, frame]): [string, Occurrence] => [
        `${file}: ${name}`,
        { frame, connectionId: CONNECTION },
      ]),
    ),
  ),
  keyless: [],
  twins: {
    "two messages of the same words": [
      withEvent(chat.message, { message_id: "m-1" }),
      withEvent(chat.message, { message_id: "m-2" }),
    ],
    "one message in two channels that share a chat, and another": [
      withEvent(chat["message of another channel"], { source_message_id: "s-1" }),
      withEvent(chat["message of another channel"], { source_message_id: "s-2" }),
    ],
    "two follows of one person": [
      withEvent(channel.follow, {}, "frame-1"),
      withEvent(channel.follow, {}, "frame-2"),
    ],
    "one redemption before and after": [money.redemption, money["redemption that is done"]],
    "a poll twice on its way": [
      withEvent(campaigns["poll goes on"], {}, "frame-1"),
      withEvent(campaigns["poll goes on"], {}, "frame-2"),
    ],
  },
};
