/*
 * DLive's socket: the old Apollo protocol `graphql-ws` with two subscriptions. Odd on purpose, each
 * line the name of a test in test/protocols/dlive:
 *
 * - createdAt is nanoseconds in a string, past what a number holds
 * - every event comes with every field, whatever the query selected
 * - a data frame without an id is still a data frame
 * - streamMessageReceived is an array, an object or null
 * - treasureChestMessageReceived is an object, or an array of one
 * - an item is known by its type, and by its __typename only where the type is missing
 * - a host's viewers are called viewer, or viewers
 * - a sticker is a message whose text is :emote/…:
 * - emojis are pairs of first and last index
 * - a frame of a type we do not know is kept as provider.event
 */
import { z } from "zod";

/** DLive's own address, and the sub-protocol it speaks. */
export const DEFAULT_URL = "wss://api-ws.dlive.tv";
export const SUB_PROTOCOL = "graphql-ws";

/** The ids of our two operations. Any string would do. */
export const STREAM_OPERATION = "1";
export const CHEST_OPERATION = "2";

/** Any frame of the server: enough to know which it is. */
export const ServerFrame = z.looseObject({
  type: z.string(),
  id: z.union([z.string(), z.number()]).nullish(),
  payload: z.unknown().optional(),
});
export type ServerFrame = z.infer<typeof ServerFrame>;

const text = z.string().nullish();
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** Who sent something. The username is the id; the display name may change. */
export const Sender = z.looseObject({
  username: text,
  displayname: text,
  avatar: text,
  partnerStatus: text,
  badges: z.array(z.unknown()).nullish(),
});
export type Sender = z.infer<typeof Sender>;

/** One element of `streamMessageReceived`. Which fields matter depends on its type. */
export const StreamItem = z.looseObject({
  __typename: text,
  type: text,
  id: text,
  createdAt: z.union([z.string(), z.number()]).nullish(),
  sender: Sender.nullish(),
  role: text,
  roomRole: text,
  subscribing: z.boolean().nullish(),
  content: text,
  emojis: z.array(z.number()).nullish(),
  gift: text,
  amount: z.union([z.string(), z.number()]).nullish(),
  message: text,
  month: count.nullish(),
  ids: z.array(z.string()).nullish(),
  viewer: count.nullish(),
  viewers: count.nullish(),
  mode: text,
  add: z.boolean().nullish(),
  emote: z.unknown().optional(),
  minute: count.nullish(),
  bannedBy: z.looseObject({ id: text, username: text, displayname: text }).nullish(),
  count: count.nullish(),
  length: count.nullish(),
  receiver: z.unknown().optional(),
  gifter: z.unknown().optional(),
});
export type StreamItem = z.infer<typeof StreamItem>;

/** What `treasureChestMessageReceived` holds. Values are hundred-thousandths of a lemon. */
export const ChestItem = z.looseObject({
  __typename: text,
  type: text,
  id: text,
  value: z.union([z.string(), z.number()]).nullish(),
  pricePool: z.union([z.string(), z.number()]).nullish(),
  endTime: z.union([z.string(), z.number()]).nullish(),
  expireAt: z.union([z.string(), z.number()]).nullish(),
});
export type ChestItem = z.infer<typeof ChestItem>;

/** What a `data` frame carries: the answers of our two operations, either or both. */
export const DataPayload = z.looseObject({
  data: z
    .looseObject({
      streamMessageReceived: z.unknown().optional(),
      treasureChestMessageReceived: z.unknown().optional(),
    })
    .nullish(),
  errors: z.array(z.unknown()).nullish(),
});

/** A failure's payload; `message` where there is one. */
export const ErrorPayload = z.looseObject({ message: text }).nullish();

/** The first frame we send. The token is left out where there is none: reading needs none there. */
export function connectionInit(appToken: string | undefined): string {
  const payload = appToken === undefined ? {} : { authorization: appToken };
  return JSON.stringify({ type: "connection_init", payload });
}

/** Asks for a streamer's events. The selection does not matter: DLive sends every field. */
export function startStream(streamer: string): string {
  return start(STREAM_OPERATION, "streamMessageReceived", streamer);
}

/** Asks for a streamer's treasure chest. */
export function startChest(streamer: string): string {
  return start(CHEST_OPERATION, "treasureChestMessageReceived", streamer);
}

function start(id: string, field: string, streamer: string): string {
  const query = `subscription{${field}(streamer:${JSON.stringify(streamer)}){__typename}}`;
  return JSON.stringify({ id, type: "start", payload: { query } });
}
