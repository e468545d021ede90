/*
 * StreamElements' Astro gateway: topics are subscribed to one by one, on one socket. The gateway has
 * changed since its document; both generations are read. Odd on purpose, each line the name of a
 * test in test/protocols/astro:
 *
 * - the first frame is a welcome, or there is none
 * - a token of type oauth is sent as oauth2
 * - a response may spell its type in capitals
 * - a response's data is an object, or the bare text
 * - a response may name no room, or another than was asked for
 * - answers come in any order, and once is enough
 * - a rate refusal carries no nonce: it may be meant for any command that waits
 * - what refuses without naming anything is meant for the command that waits longest
 * - a token refused out of the blue has every topic asked for again
 * - a topic that is refused leaves the others as they are
 * - with a reconnect token the subscriptions come back by themselves, with a welcome
 * - there is no heartbeat: after a silence a topic is asked for again, and the answer is one
 * - the same frame id comes under two topics
 * - an activity is one event however often it is sent
 * - a tip is told of by two topics, and is one event
 * - a tip and what moderation makes of it are two events
 * - a tip holds the tipper's e-mail address and country: neither gets into the data
 * - what activities hold is hardly documented: fields are taken where they are found
 * - a subscriber on YouTube pays nothing: it is a follow
 * - a timeout may come under the topic of the chat bot's status
 * - the chat bot does not say where it sits: a user's id tells
 * - a reset session is the data, or the session in it
 * - chat comes in the words of its platform, which is known by its shape
 * - YouTube tells of deletions and bans by chat messages that nobody wrote
 * - a topic or an activity we have no word for is kept as provider.event
 * - a frame of a type we do not know is kept as provider.event
 * - a client is welcomed at once, and may have asked before it knows
 * - a subscription without a room is to the token's own
 * - an answer names the room by its own name, however it was asked for
 * - a client may leave out the nonce and the type of its token
 * - an error has the published word, and the document's for who speaks as it does
 * - a command each 100 ms is taken, with bursts up to 100, and a refusal over it names none
 * - what two topics have is told under the newer one
 * - a tip that is held back is told to those who moderate only
 * - chat of any other platform comes in Twitch's words, with its name
 * - /me comes between control characters, in the text and maybe in the fragments
 * - a fragment that cuts a character in two is none
 * - a shared chat's message names the channel where it was written
 * - a gift bomb's purchase and each of its receivers carry one id
 * - whoever gives on Twitch without a name is told of by an account that stands for nobody
 */
import { z } from "zod";

import { isRecord } from "../../../lib/json.ts";

/** Astro's own address. */
export const DEFAULT_URL = "wss://astro.streamelements.com";

/** A frame as it came, to be kept as it is. */
export const RawFrame = z.custom<Readonly<Record<string, unknown>>>(isRecord, "not an object");

// No frame is thrown away over a field that is beside the point: what cannot be read is not there.
const text = z.string().nullish().catch(null);
const figure = z
  // What is longer is no decimal, and would cost more to reckon with than it tells.
  .union([z.string().max(40), z.number()])
  .nullish()
  .catch(null);
const flag = z.boolean().nullish().catch(null);

/** Any frame of the server. Which fields there are depends on its type. */
export const Frame = z.looseObject({
  type: z.string(),
  id: text,
  ts: text,
  nonce: text,
  topic: text,
  room: text,
  error: z.unknown().optional(),
  data: z.unknown().optional(),
});
export type Frame = z.infer<typeof Frame>;

/** The data of a response: in 2023 just the words. */
export const ResponseData = z
  .union([
    z.string().transform((message) => ({ message, topic: null, room: null })),
    z.looseObject({ message: text, topic: text, room: text }),
  ])
  .catch({ message: null, topic: null, room: null });

/** The data of a `reconnect`. */
export const ReconnectData = z.looseObject({ reconnect_token: text }).catch({});

/** An activity, by its own type. */
export const Activity = z.looseObject({
  type: text,
  provider: text,
  _id: text,
  activityId: text,
  activityGroup: text,
  createdAt: text,
  data: z
    .looseObject({
      username: text,
      displayName: text,
      providerId: z.union([z.string(), z.number()]).nullish().catch(null),
      avatar: text,
      amount: figure,
      currency: text,
      message: text,
      tier: z.union([z.string(), z.number()]).nullish().catch(null),
      streak: figure,
      gifted: flag,
      sender: text,
      tipId: text,
      status: text,
    })
    .nullish()
    .catch(null),
});
export type Activity = z.infer<typeof Activity>;

/** A tip, and the state its moderation is in. */
export const Tip = z.looseObject({
  _id: text,
  approved: text,
  approvedBy: text,
  createdAt: text,
  updatedAt: text,
  // What becomes of a tip is told beside it.
  donation: z
    .looseObject({
      user: z.looseObject({ username: text }).nullish().catch(null),
      message: text,
      amount: figure,
      currency: text,
    })
    .nullish()
    .catch(null),
});

/** The chat bot's words when it times somebody out. */
export const Timeout = z.looseObject({
  user_id: z.union([z.string().min(1), z.number()]),
  user_name: text,
  duration: z.union([
    z.number().nonnegative(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ]),
});

export const StreamStatus = z.looseObject({ isLive: z.boolean() });
export const SessionUpdate = z.looseObject({ key: z.string(), data: z.unknown().optional() });
export const OverlayAction = z.looseObject({ action: z.string() });
export const OverlayBroadcast = z.looseObject({
  target: z.string(),
  event: z.string(),
  data: z.unknown().optional(),
});

/** The kinds of tokens that a client may name: the third has two words. */
export const TOKEN_TYPES: readonly string[] = ["jwt", "apikey", "oauth2", "oauth"];

const Nonce = z.union([z.string().max(256), z.number()]);

/** A client's command. */
export const Command = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  nonce: Nonce.nullish(),
  data: z.object({
    topic: z.string(),
    room: z.string().max(100).nullish(),
    token: z.string().max(8192).nullish(),
    token_type: z.string().nullish(),
  }),
});

/** The parts of an unreadable command that are needed to refuse it. */
export const LooseCommand = z.looseObject({
  type: z.unknown().optional(),
  nonce: Nonce.nullish().catch(null),
});

/** Asks for a topic. Without a room it is the room of the token's channel. */
export function subscribe(about: {
  readonly nonce: string;
  readonly topic: string;
  readonly room: string | undefined;
  readonly token: string;
  readonly tokenType: string;
}): string {
  const { nonce, topic, room, token, tokenType: token_type } = about;
  return JSON.stringify({ type: "subscribe", nonce, data: { topic, room, token, token_type } });
}
