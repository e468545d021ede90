import { provider } from "../../../src/protocols/multistreamer/index.ts";
import type { SendContent } from "../../../src/protocols/session.ts";
import { greeted, type Driven } from "../support/drive.ts";
import { linkTo, type Occurrence, type Samples } from "../support/samples.ts";
import chat from "./frames/chat.json";
import other from "./frames/other.json";
import status from "./frames/status.json";

/** The stream of all frames, and those of its accounts that tests are about. */
export const STREAM = "8";
export const ROOM = "multistreamer:0";
export const TWITCH = "multistreamer:31";
export const YOUTUBE = "multistreamer:32";
export const FACEBOOK = "multistreamer:33";
/** The user's own, on Twitch, and not the stream's. */
export const BOT = "multistreamer:47";

export const onAir = status["on air"];
export const offAir = status["off air"];

type Listed = Readonly<Record<string, unknown>>;

/** A status with some of its accounts changed; `null` takes one away. */
export function listing(
  changes: Readonly<Record<string, object | null>>,
  frame: { readonly accounts: Listed } = onAir,
): object {
  const accounts: Record<string, unknown> = { ...frame.accounts };
  for (const [id, change] of Object.entries(changes)) {
    if (change === null) delete accounts[id];
    else accounts[id] = { ...(accounts[id] as object | undefined), ...change };
  }
  return { ...frame, accounts };
}

/** A session that has its first status. */
export function started(...greeting: readonly object[]): Driven {
  return greeted(provider.open(linkTo(samples)), greeting.length === 0 ? [onAir] : greeting);
}

/** Something to say. */
export function words(
  text: string,
  more: { readonly style?: "text" | "emote"; readonly as?: string } = {},
): SendContent {
  return { kind: "chat", style: "text", text, ...more };
}

const told: readonly (readonly [string, { readonly account_id?: number }])[] = [
  ...Object.entries(chat),
  ["viewers", other.viewers],
];

export const samples: Samples = {
  target: { streamId: STREAM },
  url: "wss://multistreamer.example/multi",
  path: `/ws/${STREAM}`,
  claims: [],
  credentials: [
    {
      credentials: { token: "0A1B2C3D4E5F60718293" },
      open: [],
      inAddress: ["0A1B2C3D4E5F60718293"],
    },
  ],
  greeting: [onAir],
  watchdog: "silence",
  occurrences: {
    ...Object.fromEntries(
      told.map(([name, frame]): [string, Occurrence] => [
        name,
        { frame, connectionId: `multistreamer:${frame.account_id}` },
      ]),
    ),
    "a type nobody knows": { frame: other["a type nobody knows"], connectionId: null },
  },
  keyless: [
    "internal, of the document's days",
    "twitch, without markdown and timestamp",
    "viewers",
    "a type nobody knows",
  ],
  twins: {
    "the same words, a millisecond apart": [
      chat.twitch,
      { ...chat.twitch, timestamp: chat.twitch.timestamp + 1 },
    ],
    "the same words in the same millisecond, by somebody else": [
      chat.twitch,
      { ...chat.twitch, from: { ...chat.twitch.from, id: "70772" } },
    ],
    "the same words in the same millisecond, by nobody with an id": [
      { ...chat.twitch, from: { name: "pike" } },
      { ...chat.twitch, from: { name: "perch" } },
    ],
    "the same words in the same millisecond, in another chat": [
      chat.twitch,
      { ...chat.twitch, account_id: 32 },
    ],
    "other words in the same millisecond": [chat.twitch, { ...chat.twitch, text: "bye" }],
    "the same words as an emote": [chat.twitch, { ...chat.twitch, type: "emote" }],
    "the same words to two people": [
      chat.private,
      { ...chat.private, to: { id: 3, name: "millrace" } },
    ],
    "the same words twice, with no time": [
      chat["twitch, without markdown and timestamp"],
      chat["twitch, without markdown and timestamp"],
    ],
  },
};
