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
 * - what is beside the point and cannot be read is not there
 * - emojis are pairs of first and last index
 * - the unit of emojis is not documented: it is the one in which they are emojis
 * - a chest's type may carry the prefix of its __typename
 * - chest values are hundred-thousandths of a lemon
 * - a BTT or TRX gift's amount is in millionths
 * - a giveaway's start empties the chest
 * - once a ka has come only those count as life
 * - a failure's words are an object, an array of them, or bare text
 * - without the chest there is still the chat
 * - a frame of a type we do not know is kept as provider.event
 * - a field that was not asked for is kept as provider.event
 * - messages are sent by a mutation over HTTP, with the bare token
 *
 * And where we are the server:
 *
 * - the sub-protocol is echoed where it is offered, and none where it is not
 * - neither connection_ack nor ka has a payload
 * - a ka follows the ack at once
 * - a start may come before the ack
 * - a start without an id is answered by frames without one
 * - the streamer stands in the query or in a variable, under any operation name
 * - a start without a text is known by its operation's name
 * - a frame tells of one event, in an array of one
 * - whoever is not of DLive is known by platform and id
 * - that a giveaway empties the chest goes without saying
 * - what is given in another unit than DLive's is a gift by the name of that unit
 * - what DLive told us and we have no word for goes out as it came in
 * - a new moderator has the room's role Moderator, and one who was removed Member
 * - nothing that DLive always has is null
 * - over HTTP a body is read as JSON whatever its type says
 * - the token comes bare, or as a Bearer
 * - a request that holds only the hash of its text is known by its operation's name
 */
import { z } from "zod";

/** DLive's own addresses, for the socket and for mutations, and the sub-protocol it speaks. */
export const DEFAULT_URL = "wss://api-ws.dlive.tv";
export const DEFAULT_HTTP_URL = "https://api.dlive.tv/";
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

// No item is thrown away over a field that is beside the point: what cannot be read is not there.
const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const count = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

// A decimal or a time. What is longer is none, and would cost more to reckon with than it tells.
const figure = z.union([z.string().max(40), z.number()]).nullish();

/** A sender. The username is the id; the display name may change. */
export const Sender = z.looseObject({
  username: text,
  displayname: text,
  avatar: text,
  partnerStatus: text,
  badges: z.array(z.unknown()).nullish().catch(null),
});
export type Sender = z.infer<typeof Sender>;

/** One element of `streamMessageReceived`. Which fields matter depends on its type. */
export const StreamItem = z.looseObject({
  __typename: text,
  type: text,
  id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  createdAt: figure.catch(null),
  sender: Sender.nullish(),
  role: text,
  roomRole: text,
  subscribing: flag,
  content: text,
  emojis: z.array(z.number()).nullish().catch(null),
  gift: text,
  amount: figure,
  message: text,
  month: count.nullish(),
  ids: z.array(z.string()).nullish(),
  viewer: count.nullish(),
  viewers: count.nullish(),
  mode: text,
  add: flag,
  emote: z.unknown().optional(),
  // However long it is, and whoever did it, it hides what somebody said.
  minute: count.nullish().catch(null),
  bannedBy: z.looseObject({ id: text, username: text, displayname: text }).nullish().catch(null),
  count: count.nullish(),
  length: count.nullish(),
  receiver: z.unknown().optional(),
  gifter: z.unknown().optional(),
});
export type StreamItem = z.infer<typeof StreamItem>;

/** The fields of `treasureChestMessageReceived`. Values are hundred-thousandths of a lemon. */
export const ChestItem = z.looseObject({
  __typename: text,
  type: text,
  id: text,
  value: figure,
  pricePool: figure,
  endTime: figure,
  expireAt: figure,
});
export type ChestItem = z.infer<typeof ChestItem>;

/** The payload of a `data` frame: the answers of our two operations, either or both. */
export const DataPayload = z.looseObject({
  data: z
    .looseObject({
      streamMessageReceived: z.unknown().optional(),
      treasureChestMessageReceived: z.unknown().optional(),
    })
    .nullish(),
  errors: z.array(z.unknown()).nullish(),
});

/** The reason of a failure: an object's message, or the bare text. */
export const ErrorWords = z.union([
  z.string(),
  z.looseObject({ message: text }).transform(({ message }) => message),
]);

/** The first frame we send. The token is left out where there is none: reading needs none there. */
export function formatConnectionInit(appToken: string | undefined): string {
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

/** Any frame of a client: enough to know which it is. */
export const ClientFrame = z.looseObject({
  type: z.string(),
  // Longer than any client's: ids are remembered.
  id: z.union([z.string().max(128), z.number()]).nullish(),
  payload: z.unknown().optional(),
});
export type ClientFrame = z.infer<typeof ClientFrame>;

/** An operation's id, as its client wrote it; null for none. */
export const OperationId = z.union([z.string(), z.number()]).nullable();
export type OperationId = z.infer<typeof OperationId>;

/** A credential as it is checked: clients write it bare, or as a Bearer. Null for none. */
export function readToken(authorization: string | null): string | null {
  const token = authorization?.replace(/^bearer\s+/i, "").trim() ?? "";
  return token === "" ? null : token;
}

// No `payload` in these two, not even null: real clients take any frame that has one for data.
export const CONNECTION_ACK = '{"type":"connection_ack"}';
export const KEEP_ALIVE = '{"type":"ka"}';

export function formatConnectionError(message: string): string {
  return JSON.stringify({ payload: { message }, type: "connection_error" });
}

/** Writes a `data` frame, its keys in the order of the documented example. */
export function formatData(id: OperationId, payload: string): string {
  return `{"payload":${payload},${formatId(id)}"type":"data"}`;
}

export function formatOperationError(id: OperationId, message: string): string {
  return `{"payload":${JSON.stringify([{ message }])},${formatId(id)}"type":"error"}`;
}

export function formatOperationComplete(id: OperationId): string {
  return `{${formatId(id)}"type":"complete"}`;
}

/** Writes the id of a frame: none where the client gave none, or an empty one. */
function formatId(id: OperationId): string {
  return id === null || id === "" ? "" : `"id":${JSON.stringify(id)},`;
}

/** Reads an array, one object or null as a list: all three are in the wild. */
export function toList(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
