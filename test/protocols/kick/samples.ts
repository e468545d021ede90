import type { Occurrence, Samples } from "../support/samples.ts";
import { answerAsKick } from "./answers.ts";
import channel from "./frames/channel.json";
import chat from "./frames/chat.json";
import support from "./frames/support.json";

export const CHANNEL = "otter-brook";
export const CONNECTION = `kick:${CHANNEL}`;
export const BROADCASTER = "700100";

/** A delivery with some of its body's fields changed. */
export function withBody<D extends { body: object }>(delivery: D, changes: object): D {
  return { ...delivery, body: { ...delivery.body, ...changes } };
}

export const DEPLOYMENT = {
  KICK_CLIENT_ID: "kick-cl1ent",
  KICK_CLIENT_SECRET: "kick-s3cret",
};

export const samples: Samples = {
  target: { channel: CHANNEL },
  claims: [CONNECTION],
  credentials: [
    {
      credentials: { accessToken: "kick-4cc3ss", refreshToken: "kick-r3fresh" },
      open: [],
      inAddress: [],
    },
    { credentials: { accessToken: "kick-4cc3ss" }, open: [], inAddress: [] },
    { credentials: {}, open: [], inAddress: [] },
  ],
  deployment: DEPLOYMENT,
  greeting: [],
  answer: answerAsKick,
  watchdog: null,
  occurrences: Object.fromEntries(
    Object.entries({ ...chat, ...support, ...channel }).map(
      ([name, frame]): [string, Occurrence] => [name, { frame, connectionId: CONNECTION }],
    ),
  ),
  keyless: [],
  twins: {
    "two messages of the same words": [
      withBody(chat["chat.message.sent"], { message_id: "m-1" }),
      withBody(chat["chat.message.sent"], { message_id: "m-2" }),
    ],
    "two gifts of nobody within a second": [
      support["channel.subscription.gifts of nobody"],
      withBody(support["channel.subscription.gifts of nobody"], {
        giftees: support["channel.subscription.gifts"].body.giftees,
      }),
    ],
    "two states of one redemption": [
      channel["channel.reward.redemption.updated pending"],
      channel["channel.reward.redemption.updated accepted"],
    ],
    "a start and an end": [
      channel["livestream.status.updated on"],
      channel["livestream.status.updated off"],
    ],
    "two months of one subscriber": [
      support["channel.subscription.renewal"],
      withBody(support["channel.subscription.renewal"], { created_at: "2026-11-02T19:30:04Z" }),
    ],
  },
};
