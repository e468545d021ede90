import { computePaceMs } from "../../../event/quota.ts";
import { decode, type Json } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import { clearTimer, failSession, rejectFrame, setTimer } from "../../effects.ts";
import type { HttpExchange } from "../../session.ts";
import { Broadcast, Channel, Found, Video } from "../wire/frames.ts";
import { tell } from "./connection.ts";
import { NO_CHANNEL } from "./failures.ts";
import {
  lookAtHandle,
  lookAtOwn,
  lookAtVideo,
  search,
  SEARCH_BUCKET,
  UNITS_BUCKET,
} from "./requests.ts";
import {
  LOOK,
  READ,
  SILENCE,
  STALE,
  VIEWERS,
  type Finder,
  type Live,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";

const MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

// Who has just linked an account, or ended a broadcast, may be about to begin one.
const SOON_MS = 20_000;
const SOON_TIMES = 3;

// For so long after its end a broadcast may be told of as if it went on.
const ENDING_MS = MINUTE_MS;

// An answer that does not come, and a look that is late, are noticed after so long.
const LATE_MS = 10 * MINUTE_MS;

const DAY_MS = 86_400_000;
const SEARCH_AT_LEAST_EVERY_MS = 180 * MINUTE_MS;
const STRETCH_MAX = 6;

/** How a link finds its broadcast, before anything is known. */
export function chooseFinder({ target, access }: YouTubeLink): Finder {
  if ("video" in target) return "video";
  if (target.channel.startsWith("@")) return "handle";
  return access.token === null ? "search" : "own";
}

/** Looks whether there is a broadcast. */
export function look(link: YouTubeLink, state: YouTubeState): YouTubeReaction {
  return {
    state: { ...state, isAnswered: false },
    effects: [
      { type: "stream-open", request: LOOK, exchange: chooseLook(link, state) },
      setTimer(SILENCE, LATE_MS),
    ],
  };
}

function chooseLook(link: YouTubeLink, { finder, channelId }: YouTubeState): HttpExchange {
  const { target } = link;
  if ("video" in target) return lookAtVideo(link, target.video);
  if (finder === "own") return lookAtOwn(link);
  if (finder === "handle") return lookAtHandle(link, target.channel);
  return search(link, channelId ?? target.channel);
}

/** Nothing is live: it waits, and looks again. */
export function wait(link: YouTubeLink, before: YouTubeState, at: number): YouTubeReaction {
  const isFirst = before.waits === 0;
  const state: YouTubeState = {
    ...before,
    broadcast: null,
    isReading: false,
    waits: before.waits + 1,
    waitingSince: isFirst ? at : before.waitingSince,
  };
  const told = tell(link, state);
  return {
    state: told.state,
    effects: [
      { type: "stream-close", request: READ },
      ...[READ, STALE, VIEWERS].map(clearTimer),
      ...told.effects,
      ...lookLater(told.state, at),
    ],
  };
}

/** Looks again when it is due. */
export function lookLater(
  state: YouTubeState,
  at: number,
  atLeastMs = 0,
): YouTubeReaction["effects"] {
  const afterMs = Math.max(atLeastMs, computeWaitMs(state, at));
  return [setTimer(LOOK, afterMs), setTimer(SILENCE, afterMs + LATE_MS)];
}

/** How long to wait until the next look: each costs, and all the account's links share the day. */
function computeWaitMs({ balances, ...state }: YouTubeState, at: number): number {
  if (state.finder === "search") {
    const searches = balances[SEARCH_BUCKET];
    const plan = { units: 1, reserve: 2, forMs: DAY_MS };
    const paceMs = searches === undefined ? 0 : computePaceMs(searches, plan, at);
    return Math.max(FIVE_MINUTES_MS, Math.min(paceMs, SEARCH_AT_LEAST_EVERY_MS));
  }
  const units = balances[UNITS_BUCKET];
  if (units !== undefined && units.emptyAt !== null) {
    // As it goes on they do not last: as much slower as it takes.
    const stretch = (units.resetsAt - at) / Math.max(1, units.emptyAt - at);
    return Math.round(FIVE_MINUTES_MS * Math.min(stretch, STRETCH_MAX));
  }
  if (state.waits <= SOON_TIMES) return SOON_MS;
  // One that is over seldom comes back.
  if (state.isOver) return FIVE_MINUTES_MS;
  // The longer nothing comes, the less it matters when it does.
  const waited = at - state.waitingSince;
  return Math.round(Math.min(FIVE_MINUTES_MS, Math.max(MINUTE_MS, waited / 30)));
}

/** Google answered with videos: with the one that was asked for, or none of this id. */
export function onVideos(
  link: YouTubeLink,
  state: YouTubeState,
  items: readonly unknown[],
  at: number,
): YouTubeReaction {
  const video = decode(Video, items[0]);
  if (!video.ok) return items.length === 0 ? wait(link, state, at) : refuse(state, at, "video");
  const live = readVideo(video.value);
  const isOver = video.value.liveStreamingDetails?.actualEndTime != null;
  return onFound(link, { ...state, isOver }, live, items[0] as Json, at);
}

/** Reads the live broadcast that a video is; null where it is none. */
export function readVideo({ id, snippet, liveStreamingDetails }: Video): Live | null {
  const { activeLiveChatId, actualStartTime, actualEndTime } = liveStreamingDetails ?? {};
  if (activeLiveChatId == null || activeLiveChatId === "" || actualEndTime != null) return null;
  const isBegun = parseTime(actualStartTime ?? "") !== null;
  return {
    videoId: id,
    chatId: activeLiveChatId,
    title: snippet?.title ?? null,
    isLive: snippet?.liveBroadcastContent === "live" || isBegun,
  };
}

/** Google answered with the broadcasts of the account. */
export function onBroadcasts(
  link: YouTubeLink,
  state: YouTubeState,
  items: readonly unknown[],
  at: number,
): YouTubeReaction {
  const { target } = link;
  const known = items.flatMap((each) => {
    const read = decode(Broadcast, each);
    return read.ok ? [{ ...read.value, raw: each as Json }] : [];
  });
  if (known.length === 0 && items.length > 0) return refuse(state, at, "broadcast");
  const channelId = state.channelId ?? ("channel" in target ? target.channel : null);
  const own = known.filter(({ snippet }) => (snippet.channelId ?? channelId) === channelId);
  // The account is of another channel: that one's broadcasts can only be searched for.
  if (own.length === 0 && known.length > 0) return look(link, { ...state, finder: "search" });
  const found = own.find(({ status }) => LIVE.test(status?.lifeCycleStatus ?? ""));
  const chatId = found?.snippet.liveChatId;
  const live =
    found === undefined || chatId == null || chatId === ""
      ? null
      : { videoId: found.id, chatId, title: found.snippet.title ?? null, isLive: true };
  return onFound(link, state, live, found?.raw ?? null, at);
}

const LIVE = /^(?:live|liveStarting)$/;

/** Google answered a search: what it found is looked at. */
export function onSearch(
  link: YouTubeLink,
  state: YouTubeState,
  items: readonly unknown[],
  at: number,
): YouTubeReaction {
  const found = items.flatMap((each) => {
    const read = decode(Found, each);
    return read.ok ? [read.value.id.videoId] : [];
  });
  const [videoId] = found.filter((each) => !isEnding(state, each, at));
  if (videoId === undefined) return wait(link, state, at);
  const exchange = lookAtVideo(link, videoId);
  return { state, effects: [{ type: "stream-open", request: LOOK, exchange }] };
}

/** Google answered whose a handle is. */
export function onChannels(
  link: YouTubeLink,
  state: YouTubeState,
  items: readonly unknown[],
): YouTubeReaction {
  const channel = decode(Channel, items[0]);
  if (!channel.ok) return { state, effects: [failSession(NO_CHANNEL)] };
  const finder = link.access.token === null ? "search" : "own";
  return look(link, { ...state, channelId: channel.value.id, finder });
}

function onFound(
  link: YouTubeLink,
  state: YouTubeState,
  live: Live | null,
  video: Json,
  at: number,
): YouTubeReaction {
  if (live === null || isEnding(state, live.videoId, at)) return wait(link, state, at);
  return { state: { ...state, broadcast: live, video, waits: 0, isOver: false }, effects: [] };
}

function isEnding({ ended }: YouTubeState, videoId: string, at: number): boolean {
  return ended !== null && ended.videoId === videoId && at - ended.at < ENDING_MS;
}

function refuse(state: YouTubeState, at: number, what: string): YouTubeReaction {
  return {
    state,
    effects: [rejectFrame(`unreadable ${what}`), ...lookLater(state, at, MINUTE_MS)],
  };
}
