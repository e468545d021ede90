import type { Cost } from "../../../event/quota.ts";
import type { HttpExchange } from "../../session.ts";
import { API_URL, DAILY_SEARCHES, UNITS } from "../wire/frames.ts";
import { makeUrl, type Access } from "./credentials.ts";

/** Whom to ask, and how. */
export interface Asking {
  /** The address set by hand, or null for Google's own. */
  readonly url: string | null;
  readonly access: Access;
}

/** The buckets of the ledger: Google's units, its searches, and the messages that the relay allows itself. */
export const UNITS_BUCKET = "units";
export const SEARCH_BUCKET = "searches";
export const MESSAGES_BUCKET = "messages";

// Each costs as much as ten streams: of a day's units at most three tenths are for writing.
const MESSAGES_SHARE = 0.3;

/** Messages that an account may write a day. */
export function countDailyMessages({ dailyUnits }: Access): number {
  return Math.max(1, Math.floor((dailyUnits * MESSAGES_SHARE) / UNITS.insert));
}

// A page of as few as it takes: what is larger could not be kept as one.
const PAGE_SIZE = "200";

/** Asks for a video, with its chat where it is live. */
export function lookAtVideo(asking: Asking, videoId: string): HttpExchange {
  const query = { part: "snippet,liveStreamingDetails", id: videoId };
  return read(asking, "videos", query, UNITS.look);
}

/** Asks for the broadcasts of whoever the token is of. */
export function lookAtOwn(asking: Asking): HttpExchange {
  // Of five, as they come unasked, the one that is live may be the sixth.
  const all = { broadcastType: "all", maxResults: "50" };
  return read(
    asking,
    "liveBroadcasts",
    { part: "snippet,status", mine: "true", ...all },
    UNITS.look,
  );
}

/** Asks for the channel that goes by a handle. */
export function lookAtHandle(asking: Asking, handle: string): HttpExchange {
  return read(asking, "channels", { part: "id", forHandle: handle }, UNITS.look);
}

/** Searches for what is live on a channel. There are few searches a day, and they count apart. */
export function search(asking: Asking, channelId: string): HttpExchange {
  const query = { part: "id", channelId, eventType: "live", type: "video" };
  const costs = [{ ...ofSearches(asking.access), units: UNITS.search }];
  return { ...address(asking, "search", query), method: "GET", costs };
}

/** Opens a chat, from a token on or from what it holds of the past. */
export function streamChat(asking: Asking, chatId: string, token: string | null): HttpExchange {
  return read(asking, "liveChat/messages/stream", askChat(chatId, token), UNITS.stream);
}

/** Asks for a page of a chat. */
export function listChat(asking: Asking, chatId: string, token: string | null): HttpExchange {
  return read(asking, "liveChat/messages", askChat(chatId, token), UNITS.list);
}

function askChat(chatId: string, token: string | null): Record<string, string> {
  return {
    liveChatId: chatId,
    part: "id,snippet,authorDetails",
    maxResults: PAGE_SIZE,
    ...(token !== null && { pageToken: token }),
  };
}

/** Says something in a chat. */
export function insertMessage(asking: Asking, chatId: string, text: string): HttpExchange {
  const { access } = asking;
  const messages: Cost = {
    account: access.account,
    bucket: MESSAGES_BUCKET,
    units: 1,
    limit: countDailyMessages(access),
  };
  const { url, headers } = address(asking, "liveChat/messages", { part: "snippet" });
  return {
    url,
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({
      snippet: {
        liveChatId: chatId,
        type: "textMessageEvent",
        textMessageDetails: { messageText: text },
      },
    }),
    costs: [messages, units(access, UNITS.insert)],
  };
}

function read(
  asking: Asking,
  path: string,
  query: Record<string, string>,
  cost: number,
): HttpExchange {
  return {
    ...address(asking, path, query),
    method: "GET",
    costs: [units(asking.access, cost)],
  };
}

function units(access: Access, count: number): Cost {
  return { ...ofUnits(access), units: count };
}

/** A project's units of a day. */
export function ofUnits({ account, dailyUnits }: Access): Omit<Cost, "units"> {
  return { account, bucket: UNITS_BUCKET, limit: dailyUnits };
}

/** A project's searches of a day. */
export function ofSearches({ account }: Access): Omit<Cost, "units"> {
  return { account, bucket: SEARCH_BUCKET, limit: DAILY_SEARCHES };
}

function address(
  { url, access }: Asking,
  path: string,
  query: Record<string, string>,
): Pick<HttpExchange, "url" | "headers"> {
  const made = makeUrl(url, API_URL, `/youtube/v3/${path}`);
  for (const [name, value] of Object.entries(query)) made.searchParams.set(name, value);
  const { key, token } = access;
  if (key !== null) made.searchParams.set("key", key);
  return {
    url: made.toString(),
    headers: {
      accept: "application/json",
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
  };
}
