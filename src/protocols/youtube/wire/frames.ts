/*
 * YouTube's live chat over the Data API v3, as it is on the wire. Odd on purpose:
 *
 * - numbers come as text: micros, seconds, votes, viewers
 * - an amount is in millionths, also of a currency without smaller coins
 * - a streamed answer is an array that grows, cut anywhere, and may lack its end
 * - a message may be deleted that nobody has seen
 * - the same item may come in two answers
 * - the words shown of a payment repeat its amount: the payer's own are elsewhere
 * - an item without anything to show is still one
 * - a given membership may come before its purchase
 * - emoji are names between colons, side by side, and a time of day is none
 * - the author of an item is in its details, and the id in its snippet may be another's
 * - the author of a deletion or a ban means nothing
 * - a gift's details go by two names, and how often it came in a row is no factor
 * - a sticker's language goes by two names, and its words are nobody's
 * - a member of a channel without levels has an empty one
 * - a poll comes beside the items as well, with its votes
 * - the first answer holds what was said before
 * - errors are told apart by their reason, not by their number
 */
import { z } from "zod";

/** The root of YouTube's Data API. */
export const API_URL = "https://youtube.googleapis.com";

/** The host where tokens are got and renewed. */
export const TOKEN_URL = "https://oauth2.googleapis.com";

/** The host where somebody consents. */
export const CONSENT_URL = "https://accounts.google.com";

/**
 * Units of the day that a call costs (YouTube's Quota Calculator, and the pages of the methods). The
 * table leaves the chat's list out; its own page says 5. Refused calls cost as well.
 */
export const UNITS = { look: 1, search: 1, list: 5, stream: 5, insert: 50 } as const;

/** Units that a project has each day unless Google gave it more, and searches, which count apart. */
export const DAILY_UNITS = 10_000;
export const DAILY_SEARCHES = 100;

const text = z.string().nullish().catch(null);
const list = z.array(z.unknown()).nullish().catch(null);

/** The fields that all answers have alike: they are lists. An empty list may be left out. */
export const Answer = z.looseObject({
  kind: z.string(),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});

/** Kinds of answers. */
export const KINDS = {
  chat: "youtube#liveChatMessageListResponse",
  videos: "youtube#videoListResponse",
  broadcasts: "youtube#liveBroadcastListResponse",
  search: "youtube#searchListResponse",
  channels: "youtube#channelListResponse",
} as const;

/** A page of a chat: by itself, or an element of a streamed answer. */
export const ChatPage = z.looseObject({
  nextPageToken: text,
  pollingIntervalMillis: z.number().nullish().catch(null),
  offlineAt: text,
  items: z.array(z.unknown()),
  activePollItem: z.unknown().optional(),
});
export type ChatPage = z.infer<typeof ChatPage>;

export const Video = z.looseObject({
  id: z.string().min(1),
  snippet: z
    .looseObject({ channelId: text, title: text, liveBroadcastContent: text })
    .nullish()
    .catch(null),
  liveStreamingDetails: z
    .looseObject({
      activeLiveChatId: text,
      actualStartTime: text,
      actualEndTime: text,
      concurrentViewers: z.union([z.string(), z.number()]).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
export type Video = z.infer<typeof Video>;

export const Broadcast = z.looseObject({
  id: z.string().min(1),
  snippet: z.looseObject({ channelId: text, title: text, liveChatId: text, actualStartTime: text }),
  status: z.looseObject({ lifeCycleStatus: text }).nullish().catch(null),
});
export type Broadcast = z.infer<typeof Broadcast>;

export const Found = z.looseObject({ id: z.looseObject({ videoId: z.string().min(1) }) });
export const Channel = z.looseObject({ id: z.string().min(1) });

/** A refusal. `errors` say why; `details` of Google's common form say it of keys. */
export const Refusal = z.looseObject({
  error: z.looseObject({
    message: text,
    status: text,
    errors: list,
    details: list,
  }),
});

export const Reason = z.looseObject({ reason: z.string() });

/** An answer with an access token. The refresh token stays as it was, and is not told again. */
export const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.union([z.number(), z.string()]).nullish().catch(null),
  refresh_token: text,
  scope: text,
});

/** A refusal of Google's token endpoint. */
export const TokenRefusal = z.looseObject({ error: z.string() });
