/*
 * Restream Chat's socket: the server speaks, whatever a client says is ignored. Odd on purpose, each
 * line the name of a test in test/protocols/restream:
 *
 * - timestamps are seconds
 * - exactly the same connection_info may come again
 * - connection_closed names a uuid that may already be gone
 * - on a change the new connection is announced before the old one is closed
 * - reply_confirmed may come before reply_accepted, or never
 * - clientReplyUuid is missing when the reply was written on the official page
 * - eventIdentifier alone does not tell events apart
 * - replaces come in reverse order
 * - the unit of replaces is not documented: it is the one in which the picture is a word
 * - /me of Twitch may come between control characters, with its emotes
 * - an emote of Kick is in brackets in the text
 * - the socket can be open, with heartbeats, and yet be dead: every connection replaced
 * - the first frame proves that the token was taken
 * - a connection that has nothing to connect to is idle
 * - a platform without a known source is the second part of its identifier
 * - a sticker has a link where others have a text
 * - what is beside the point and cannot be read is not there
 * - numbers may come as text, and the names of events as numbers
 * - what memberships hold is not documented: months and counts are taken where they are found
 * - an answer with tokens may spell its fields in two ways, and its numbers as text
 * - an event of a type we do not know is kept as provider.event
 * - an action we do not know is kept as provider.event
 *
 * And where we are the server:
 *
 * - everything a client sends is swallowed
 * - an identifier is user, platform and channel, for clients read the platform from it
 * - a connection is announced before the first event that is told under it
 * - a reply is told of as created only where its words are known
 * - a token that does not hold is closed with 1008
 */
import { z } from "zod";

/** Restream's own address, where its tokens are renewed, and where somebody consents. */
export const DEFAULT_URL = "wss://chat.api.restream.io/ws";
export const DEFAULT_LOGIN_URL = "https://api.restream.io/login";
export const DEFAULT_TOKEN_URL = "https://api.restream.io/oauth/token";

// No frame is thrown away over a field that is beside the point: what cannot be read is not there.
const text = z.string().nullish().catch(null);
const id = z.union([z.string(), z.number()]).nullish().catch(null);
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const figure = number.nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const list = z.array(z.unknown()).nullish().catch(null);

/** Every frame: what it is, its payload, and when, in seconds. */
export const Frame = z.looseObject({
  action: z.string(),
  payload: z.unknown().optional(),
  timestamp: figure,
});
export type Frame = z.infer<typeof Frame>;

export const ConnectionInfo = z.looseObject({
  connectionIdentifier: z.string().min(1),
  connectionUuid: z.string().min(1),
  eventSourceId: figure,
  reason: text,
  status: z.enum(["connecting", "connected", "error"]),
  target: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export type ConnectionInfo = z.infer<typeof ConnectionInfo>;

export const ConnectionClosed = z.looseObject({ connectionUuid: z.string(), reason: text });

export const EventPayload = z.looseObject({
  connectionIdentifier: z.string().min(1),
  eventIdentifier: id,
  eventId: id,
  eventPayload: z.record(z.string(), z.unknown()),
  eventSourceId: figure,
  eventTypeId: number,
});
export type EventPayload = z.infer<typeof EventPayload>;

/** The seven `reply_*` and `relay_*` frames; which fields there are depends on the action. */
export const OutcomePayload = z.looseObject({
  clientReplyUuid: text,
  replyUuid: text,
  sourceEventIdentifier: text,
  connectionIdentifier: text,
  connectionIdentifiers: z.array(z.string()).nullish(),
  text,
  reason: text,
});
export type OutcomePayload = z.infer<typeof OutcomePayload>;

/** The author of an event. Every source has its own subset of these. */
export const Author = z.looseObject({
  id,
  name: text,
  username: text,
  displayName: text,
  nickname: text,
  avatar: text,
  avatarUrl: text,
  picture: text,
  color: text,
  nicknameColor: text,
  badges: list,
  roles: list,
  subscribedFor: figure,
  subscribing: flag,
  isChatModerator: flag,
  isChatOwner: flag,
  isChatSponsor: flag,
  isVerified: flag,
  partnerStatus: text,
  role: text,
  roomRole: text,
  discriminator: text,
});
export type Author = z.infer<typeof Author>;

/** The fields of `eventPayload`, over all event types. */
export const SaidPayload = z.looseObject({
  author: Author.nullish(),
  bot: flag,
  text,
  link: text,
  // Of what may have been whispered nothing is guessed.
  contentModifiers: z.looseObject({ me: flag, whisper: z.boolean().nullish() }).nullish(),
  replaces: list,
  donation: z
    .looseObject({
      // What is longer is no decimal, and would cost more to reckon with than it tells.
      amount: z.union([z.string().max(40), z.number()]).nullish(),
      currencyString: text,
      tier: figure,
      stickerId: text,
    })
    .nullish(),
});
export type SaidPayload = z.infer<typeof SaidPayload>;

/** One range of a text that is a picture: `from` and `to` are its first and last index. */
export const Replace = z.looseObject({
  from: z.number(),
  to: z.number(),
  type: text,
  payload: z.looseObject({ url: text }).nullish(),
});

/** The platform behind each event source. Those not listed are read from the identifier. */
export const SOURCES: Readonly<Record<number, string>> = {
  1: "restream",
  2: "twitch",
  13: "youtube",
  19: "facebook",
  20: "facebook",
  21: "facebook",
  24: "dlive",
  25: "discord",
  26: "linkedin",
  27: "trovo",
  28: "x",
  29: "kick",
  33: "rumble",
};

/** The same the other way round: the source that a platform of ours is told of under. */
export const SOURCE_OF: Readonly<Record<string, number>> = {
  restream: 1,
  twitch: 2,
  youtube: 13,
  facebook: 20,
  dlive: 24,
  discord: 25,
  linkedin: 26,
  trovo: 27,
  x: 28,
  kick: 29,
  rumble: 33,
};

/** The type of a text, by platform. */
export const TEXT_TYPE_OF: Readonly<Record<string, number>> = {
  twitch: 4,
  youtube: 5,
  facebook: 13,
  dlive: 2,
  discord: 1,
  linkedin: 21,
  trovo: 22,
  x: 24,
  kick: 25,
  rumble: 32,
};

/** The type of a text of any other platform: the plainest there is, which every client can show. */
export const OTHER_TEXT = 4;
export const DLIVE_STICKER = 3;

/** Event types by what they are; a type that is not listed becomes `provider.event`. */
export const TEXT_TYPES: ReadonlySet<number> = new Set([
  1, 2, 4, 5, 11, 13, 19, 21, 22, 24, 25, 32,
]);
export const STICKER_TYPES: ReadonlySet<number> = new Set([3, 12, 14, 20]);
export const SUPER_CHAT = 7;
export const SUPER_STICKER = 8;
export const MEMBER_MILESTONE = 23;
export const KICK_SUBSCRIPTION = 26;
export const MEMBERSHIP = 28;
export const MEMBERSHIP_GIFT = 29;

/** A credential: printable ASCII (RFC 6749, appendix A), which a header can carry. */
export const Secret = z
  .string()
  .regex(/^[\x20-\x7e]+$/, "must be printable ASCII")
  .max(4096);

// An answer whose refresh token has been used up is not thrown away over a field beside it.
const token = Secret.nullish().catch(null);

/** Refusal of the token endpoint. */
export const TokenError = z.looseObject({ error: z.looseObject({ name: z.string() }) });

/** Answer of the token endpoint. Both spellings are in the wild. */
export const TokenAnswer = z.looseObject({
  access_token: token,
  accessToken: token,
  refresh_token: token,
  refreshToken: token,
  expires_in: figure,
  expiresIn: figure,
});
