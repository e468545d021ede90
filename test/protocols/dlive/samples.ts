import type { Occurrence, Samples } from "../support/samples.ts";
import beyond from "./frames/beyond.json";
import chat from "./frames/chat.json";
import chest from "./frames/chest.json";
import gifts from "./frames/gifts.json";
import handshake from "./frames/handshake.json";
import moderation from "./frames/moderation.json";
import people from "./frames/people.json";
import stream from "./frames/stream.json";

export const STREAMER = "otterbrook";

/** What a frame's items are, in the provider's own words; the frame is to be changed freely. */
export function item(
  frame: { payload: { data: { streamMessageReceived: readonly object[] } } },
  changes: object = {},
): Record<string, unknown> {
  return { ...frame.payload.data.streamMessageReceived[0], ...changes };
}

/** A `data` frame of the first operation. */
export function dataFrame(...items: readonly unknown[]): object {
  return { type: "data", id: "1", payload: { data: { streamMessageReceived: items } } };
}

/** A `data` frame of the second operation. */
export function chestFrame(received: unknown): object {
  return { type: "data", id: "2", payload: { data: { treasureChestMessageReceived: received } } };
}

const all = { ...chat, ...gifts, ...people, ...moderation, ...stream, ...beyond, ...chest };

export const samples: Samples = {
  target: { streamer: STREAMER },
  claims: [`dlive:${STREAMER}`],
  credentials: [
    { credentials: { appToken: "dl-4pp-t0ken" }, open: [], inAddress: [] },
    { credentials: {}, open: [], inAddress: [] },
  ],
  greeting: [handshake.ack, handshake.ka],
  watchdog: "silence",
  occurrences: Object.fromEntries(
    Object.entries(all).map(([name, frame]): [string, Occurrence] => [
      name,
      { frame, connectionId: `dlive:${STREAMER}` },
    ]),
  ),
  keyless: [
    "GiveawayEnded",
    "ReadyToCollect",
    "ValueUpdated",
    "a field nobody asked for",
    "a frame of a type nobody knows",
  ],
  twins: {
    "two messages of the same words": [
      dataFrame(item(chat.Message, { id: "m-1" })),
      dataFrame(item(chat.Message, { id: "m-2" })),
    ],
    "a stream that begins twice, without ids": [
      dataFrame({ type: "Live", createdAt: "1732400050000000001" }),
      dataFrame({ type: "Live", createdAt: "1732400050000000002" }),
    ],
    "two deletions of other messages": [
      dataFrame({ type: "Delete", id: "d-1", ids: ["m-1"] }),
      dataFrame({ type: "Delete", id: "d-1", ids: ["m-2"] }),
    ],
    "two giveaways": [
      chestFrame({ type: "GiveawayStarted", endTime: 1_732_400_660_000 }),
      chestFrame({ type: "GiveawayStarted", endTime: 1_732_400_990_000 }),
    ],
    "two giveaways that say nothing of themselves": [
      chestFrame({ type: "GiveawayStarted" }),
      chestFrame({ type: "GiveawayStarted" }),
    ],
    "two values that expire, none of which says when": [
      chestFrame({ type: "ValueExpired", value: "100000" }),
      chestFrame({ type: "ValueExpired", value: "100000" }),
    ],
  },
};
