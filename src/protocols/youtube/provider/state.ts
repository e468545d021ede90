import { z } from "zod";

import type { Balance } from "../../../event/quota.ts";
import type { Json } from "../../../lib/json.ts";
import { decodeJson } from "../../../lib/json.ts";
import type { ProviderEffect } from "../../session.ts";
import type { Asking } from "./requests.ts";
import type { Target } from "./target.ts";

/** A link to YouTube, as its session needs it. */
export interface YouTubeLink extends Asking {
  readonly dialId: string;
  /** The connection's key in the map. */
  readonly identifier: string;
  readonly target: Target;
  readonly place: Place | null;
  readonly handOver: HandOver | null;
}

const Live = z.object({
  videoId: z.string(),
  chatId: z.string(),
  title: z.string().nullable(),
  isLive: z.boolean(),
});

/** A broadcast with a chat that can be read. Its chat may be open before it begins. */
export type Live = z.infer<typeof Live>;

const Place = z.object({
  /** The link's connection: a place is of no use to another. */
  identifier: z.string(),
  broadcast: Live,
  token: z.string().nullable(),
  /** When the chat was last heard. */
  at: z.number(),
});

/** The place of a link in a chat, with which the next session goes on. */
export type Place = z.infer<typeof Place>;

/** Reads a place that was kept; null where it is none, or another link's. */
export function readPlace(kept: string | null, identifier: string): Place | null {
  const place = kept === null ? null : decodeJson(Place, kept);
  return place?.ok === true && place.value.identifier === identifier ? place.value : null;
}

const HandOver = z.object({
  /** The uuid goes over: it is the same connection. */
  uuid: z.string(),
  place: Place.nullable(),
  channelId: z.string().nullable(),
  /** The token has just been renewed: refused again, it is of no use. */
  isRenewed: z.boolean(),
});

/** State that a session leaves to the one that takes over from it. */
export type HandOver = z.infer<typeof HandOver>;

export function readHandOver(left: string | null): HandOver | null {
  const read = left === null ? null : decodeJson(HandOver, left);
  return read?.ok === true ? read.value : null;
}

/** How a link finds its broadcast: a video is known, own ones are listed, others' are searched for. */
export type Finder = "video" | "handle" | "own" | "search";

export interface YouTubeState {
  readonly uuid: string;
  readonly startedAt: number;
  /** The session has said that it is ready. */
  readonly isReady: boolean;
  readonly finder: Finder;
  /** The channel's id, once it is known. */
  readonly channelId: string | null;
  /** Looks without a broadcast, and since when. */
  readonly waits: number;
  readonly waitingSince: number;
  /** The video that was looked at is over. */
  readonly isOver: boolean;
  /** The broadcast that ended last: for a while it is still told of as if it were there. */
  readonly ended: { readonly videoId: string; readonly at: number } | null;
  readonly broadcast: Live | null;
  /** The video as it was told: the raw words of what is told of its stream. */
  readonly video: Json;
  readonly token: string | null;
  /** When the chat was last heard; null where it never was. */
  readonly heardAt: number | null;
  /** Its chat has answered. */
  readonly isReading: boolean;
  /** The token was taken up within the time for which it is good: nothing is missed. */
  readonly isResumed: boolean;
  /** It is known to the log that the stream is on. */
  readonly isOnlineTold: boolean;
  /** The next page is of what the chat holds of the past. */
  readonly isPastNext: boolean;
  /** A token was refused in the middle of it: from when on something may be missing. */
  readonly missingSince: number | null;
  /** There is no stream to be had: pages are asked for. */
  readonly isPolling: boolean;
  readonly pollAfterMs: number;
  /** When the last streams were opened. */
  readonly openedAt: readonly number[];
  /** The answer under way has told something. */
  readonly isAnswered: boolean;
  /** Requests in a row that came to nothing. */
  readonly faults: number;
  readonly balances: Readonly<Record<string, Balance>>;
  /** The connection as it was last told of, to tell it again only where it is another. */
  readonly told: string;
  readonly isRenewing: boolean;
}

export interface YouTubeReaction {
  readonly state: YouTubeState;
  readonly effects: readonly ProviderEffect[];
}

/** Timers, and the requests that they ask for again. */
export const LOOK = "look";
export const READ = "read";
export const VIEWERS = "viewers";
export const STALE = "stale";
export const RENEW = "renew";
export const SILENCE = "silence";

/** Goes on from a reaction. */
export function goOn(
  { state, effects }: YouTubeReaction,
  next: (state: YouTubeState) => YouTubeReaction,
): YouTubeReaction {
  const after = next(state);
  return { state: after.state, effects: [...effects, ...after.effects] };
}
