import { clearTimer, setTimer } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import type { ChatPage } from "../wire/frames.ts";
import { tell } from "./connection.ts";
import { observeInParts, readPage } from "./page.ts";
import { listChat, streamChat } from "./requests.ts";
import {
  READ,
  SILENCE,
  STALE,
  goOn,
  VIEWERS,
  type YouTubeLink,
  type YouTubeReaction,
  type YouTubeState,
} from "./state.ts";
import { draftStream } from "./stream-events.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

// A quiet chat and a dead stream look alike. Each opening costs, and where the other end is still there
// nothing is gained: seldom.
const STALE_MS = FIVE_MINUTES_MS;
const SILENCE_MS = 3 * FIVE_MINUTES_MS;

const POLL_MS = 5_000;

/** Goes into a chat that was found, or that a session before this one was in. */
export function beginReading(link: YouTubeLink, state: YouTubeState, at: number): YouTubeReaction {
  const anew = {
    isReading: false,
    isPolling: false,
    pollAfterMs: POLL_MS,
    faults: 0,
    openedAt: [],
  };
  return read(link, { ...state, ...anew, isPastNext: state.token === null }, at);
}

/** Asks for what is next in the chat. */
export function read(link: YouTubeLink, before: YouTubeState, at: number): YouTubeReaction {
  const { broadcast, isPolling, token } = before;
  if (broadcast === null) return { state: before, effects: [] };
  const openedAt = [...before.openedAt.filter((each) => each > at - HOUR_MS), at].slice(-60);
  const exchange = (isPolling ? listChat : streamChat)(link, broadcast.chatId, token);
  return {
    state: { ...before, isAnswered: false, ...(!isPolling && { openedAt }) },
    effects: [
      { type: "stream-open", request: READ, exchange, ...(!isPolling && { mayBeQuiet: true }) },
      isPolling ? clearTimer(STALE) : setTimer(STALE, STALE_MS),
      // A chat that says nothing proves nothing: only what was really answered puts it off.
      ...(before.isReading ? [] : [setTimer(SILENCE, SILENCE_MS)]),
    ],
  };
}

/** The chat answers: whether it says anything or not, it can be heard. */
export function onOpened(link: YouTubeLink, before: YouTubeState, at: number): YouTubeReaction {
  // A page that is asked for says more than that it comes.
  if (before.isPolling) return { state: before, effects: [] };
  const heard = onHeard(link, before, at);
  return { state: heard.state, effects: [...heard.effects, ...keepPlace(link, heard.state)] };
}

function onHeard(link: YouTubeLink, before: YouTubeState, at: number): YouTubeReaction {
  const state = { ...before, heardAt: before.isPastNext ? before.heardAt : at, faults: 0 };
  if (before.isReading) return { state, effects: [] };
  const told = tell(link, { ...state, isReading: true });
  return {
    state: { ...told.state, isOnlineTold: state.broadcast?.isLive === true },
    effects: [
      ...told.effects,
      ...observeInParts(draftStream(link, state)),
      setTimer(VIEWERS, FIVE_MINUTES_MS),
    ],
  };
}

/** YouTube has answered something. */
export function stayAlive(): ProviderEffect[] {
  return [setTimer(SILENCE, SILENCE_MS)];
}

function keepPlace({ identifier }: YouTubeLink, state: YouTubeState): ProviderEffect[] {
  const { broadcast, heardAt, token } = state;
  if (broadcast === null || heardAt === null) return [];
  const place = { identifier, broadcast, token, at: heardAt };
  return [{ type: "place-keep", place: JSON.stringify(place) }];
}

/** A page of the chat has come, by itself or in a stream. */
export function onPage(
  link: YouTubeLink,
  before: YouTubeState,
  page: ChatPage,
  at: number,
): YouTubeReaction | null {
  const videoId = (before.broadcast ?? before.ended)?.videoId;
  if (videoId === undefined) return null;
  const { effects, isEnd } = readPage(link, before, page, { videoId, at });
  // It was on its way when the chat ended.
  if (before.broadcast === null) return { state: before, effects };
  const { nextPageToken, pollingIntervalMillis } = page;
  const state: YouTubeState = {
    ...before,
    isAnswered: true,
    isPastNext: false,
    missingSince: null,
    token: nextPageToken ?? before.token,
    pollAfterMs: pollingIntervalMillis ?? POLL_MS,
  };
  const heard = onHeard(link, state, at);
  const alive = [...stayAlive(), ...(state.isPolling ? [] : [setTimer(STALE, STALE_MS)])];
  // The place comes after what was heard there: whoever goes on from it has all that was before.
  const place = isEnd ? [] : keepPlace(link, heard.state);
  const told = { state: heard.state, effects: [...heard.effects, ...alive, ...effects, ...place] };
  return isEnd ? goOn(told, (after) => endReading(after, videoId, at)) : told;
}

/** The broadcast is over: nothing of it is left to go on with. */
export function endReading(state: YouTubeState, videoId: string, at: number): YouTubeReaction {
  return {
    state: {
      ...state,
      broadcast: null,
      ended: { videoId, at },
      isReading: false,
      isOnlineTold: false,
      isResumed: false,
      token: null,
      heardAt: null,
      missingSince: null,
    },
    effects: [{ type: "place-keep", place: null }],
  };
}
